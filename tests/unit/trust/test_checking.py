"""A large batch is checked by a process beside: the same answers, whatever becomes of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from authorities import ACTOR, PASSPHRASE, PROFILES

from netops.errors import AuthorityError, CryptoError
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.request import make_request
from netops.trust import checking, issuing
from netops.trust.authority import opened
from netops.trust.checking import Checker
from netops.trust.drafting import Applied
from netops.trust.home import Home
from netops.trust.issuing import Job, issue_batch
from netops.trust.profile import load_profiles

PROVIDER = default_provider()
DEVICE = load_profiles(PROFILES)["device"]
_LONGEST_S = 60


def _request(name: str) -> bytes:
    subject = write_name((Attribute("C", "CN"), Attribute("CN", name)))
    return make_request(PROVIDER, PROVIDER.generate(), subject)


def _broken(der: bytes) -> bytes:
    return der[:-1] + bytes([der[-1] ^ 1])


def _await(checker: Checker) -> int:
    """Wait for the process beside; return its number."""
    beside = checker._beside
    assert beside is not None
    deadline = time.monotonic() + _LONGEST_S
    while not beside.is_ready:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    number = beside._process.pid
    assert number is not None
    return number


def _is_gone(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.fixture
def _every_batch_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MANY", 2)
    monkeypatch.setattr(issuing, "_GROUP", 2)


@pytest.mark.usefixtures("_every_batch_is_large")
def test_the_process_beside_tells_what_this_one_would(monkeypatch: pytest.MonkeyPatch) -> None:
    good = _request("vpn-1")
    with Checker(PROVIDER, DEVICE, PROVIDER.generate().point, 2) as checker:
        _await(checker)
        here: list[bytes] = []
        monkeypatch.setattr(checking, "check", lambda *given: here.append(given[2]) or CryptoError)
        (found,) = checker.requests([good])()
        checker.requests([good, _broken(good)])()
    assert isinstance(found, Applied)
    assert found.subject == write_name((Attribute("C", "CN"), Attribute("CN", "vpn-1")))
    assert here == [_broken(good)]


@pytest.mark.usefixtures("_every_batch_is_large")
def test_a_batch_checked_beside_is_issued_and_its_bad_requests_are_told(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers: list[int] = []

    def entered(checker: Checker) -> Checker:
        numbers.append(_await(checker))
        return checker

    monkeypatch.setattr(Checker, "__enter__", entered)
    ders = [_request(f"vpn-{number}") for number in range(7)]
    ders[3] = _broken(ders[3])
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        jobs = [Job(str(number), der) for number, der in enumerate(ders)]
        made = list(issue_batch(authority, authority.profile("device"), jobs))
    assert [one.refusal is None for one in made] == [True, True, True, False, True, True, True]
    assert "does not fit its key" in str(made[3].refusal)
    assert [_is_gone(number) for number in numbers] == [True]


@pytest.mark.usefixtures("_every_batch_is_large")
def test_a_process_that_is_killed_is_done_without() -> None:
    ders = [_request("vpn-1"), _request("vpn-2")]
    with Checker(PROVIDER, DEVICE, PROVIDER.generate().point, 2) as checker:
        number = _await(checker)
        asked = checker.requests(ders)
        os.kill(number, signal.SIGKILL)
        found = [*asked(), *checker.requests(ders)()]
    assert all(isinstance(one, Applied) for one in found)
    assert len(found) == 4


@pytest.mark.usefixtures("_every_batch_is_large")
def test_a_signature_that_the_process_refuses_is_refused_here() -> None:
    key, other = PROVIDER.generate(), PROVIDER.generate()
    signed = make_request(PROVIDER, key, write_name((Attribute("CN", "a"),)))
    for point, is_good in ((key.point, True), (other.point, False)):
        with Checker(PROVIDER, DEVICE, point, 2) as checker:
            _await(checker)
            verified = checker.signatures([signed])
            if is_good:
                verified()
                continue
            with pytest.raises(AuthorityError, match="second implementation"):
                verified()


_KILLED = """
import os, signal, sys
sys.path.insert(0, {support!r})
if __name__ == "__main__":
    from authorities import PROFILES
    from netops.gm.choice import default_provider
    from netops.trust.checking import Checker
    from netops.trust.profile import load_profiles
    provider = default_provider()
    checker = Checker(provider, load_profiles(PROFILES)["device"], provider.generate().point, 10**6)
    while not checker._beside.is_ready:
        pass
    print(checker._beside._process.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_process_ends_with_the_one_that_began_it(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(_KILLED.format(support=str(PROFILES.parents[1] / "tests" / "support")))
    ran = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=_LONGEST_S, check=False
    )
    assert ran.returncode == -signal.SIGKILL, ran.stderr
    deadline = time.monotonic() + _LONGEST_S
    while not _is_gone(int(ran.stdout)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
