"""BouncyCastle judges what we issue: the good is valid, the revoked and the mutated is not."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from authorities import Amended, Issued

from netops.gm.certificate import Certificate
from netops.trust.home import Home
from netops.trust.keys import CERTIFICATE, from_pem, to_pem

JARS = [Path("/usr/share/java") / f"{name}.jar" for name in ("bcprov", "bcpkix", "bcutil")]
CLASSPATH = ":".join(map(str, JARS))
_MISSING = shutil.which("javac") is None or not all(jar.exists() for jar in JARS)

pytestmark = pytest.mark.skipif(
    _MISSING and os.environ.get("NETOPS_CI") != "1",
    reason="apt-get install default-jdk-headless libbcprov-java libbcpkix-java",
)


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert not _MISSING, "BouncyCastle must be installed in CI (.ci/authority)"
    folder = tmp_path_factory.mktemp("judge")
    source = Path(__file__).with_name("Judge.java")
    subprocess.run(["javac", "-cp", CLASSPATH, "-d", folder, source], check=True, timeout=300)  # noqa: S607 - found above
    return folder


def _judged(
    judge: Path, home: Home, files: Iterable[Path], deltas: Sequence[Path] = ()
) -> dict[str, str]:
    public = home.public
    lists = [public / "sub.crl", public / "root.crl", *deltas]
    words = ["java", "-cp", f"{CLASSPATH}:{judge}", "Judge", public / "root.pem", public / "sub.pem",
             ":".join(map(str, lists)), *files]  # fmt: skip
    done = subprocess.run(words, check=True, capture_output=True, text=True, timeout=300)
    return dict(line.split(" ", 1) for line in done.stdout.splitlines())


def test_every_profile_is_valid_and_the_revoked_and_the_mutated_are_not(
    judge: Path, made: Issued, tmp_path: Path
) -> None:
    good = from_pem(made.leaves["device"].read_bytes(), CERTIFICATE)
    leaf = Certificate.from_der(good)
    digit = good.index(b"device.example.cn")
    mutants = {
        "name": good[:digit] + b"D" + good[digit + 1 :],
        "signature": good[:-1] + bytes((good[-1] ^ 1,)),
        "serial": good.replace(leaf.serial.to_bytes(17), (leaf.serial ^ 1).to_bytes(17)),
    }
    for name, der in mutants.items():
        (tmp_path / f"{name}.pem").write_bytes(to_pem(der, CERTIFICATE))
    files = [*made.leaves.values(), made.revoked, *tmp_path.glob("*.pem")]
    verdicts = _judged(judge, made.home, files)
    assert {name for name, said in verdicts.items() if said == "OK"} == {
        path.name for path in made.leaves.values()
    }
    assert "revoked" in verdicts["revoked.pem"].lower() or "reason" in verdicts["revoked.pem"]
    assert set(verdicts) == {path.name for path in files}


def test_a_delta_revokes_and_takes_a_hold_back_and_a_mutated_one_is_refused(
    judge: Path, amended: Amended
) -> None:
    def good(*deltas: Path) -> set[str]:
        verdicts = _judged(judge, amended.home, amended.leaves.values(), deltas)
        assert len(verdicts) == len(amended.leaves)
        return {name for name, said in verdicts.items() if said == "OK"}

    assert good() == {"good.pem", "fresh.pem"}
    assert good(amended.delta) == {"good.pem", "lifted.pem"}
    assert good(amended.mutant) == set()
