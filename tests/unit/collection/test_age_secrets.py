"""Secrets in age files: the program's own when it is there, and how it is called by a stand-in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from outside_judges import judge

from netops.collection.credentials import resolve_reference
from netops.errors import SecretError

STAND_IN = f"""#!{sys.executable}
'''Not age: a stand-in for tests that notes its arguments and turns letters round.'''
import pathlib, sys
here = pathlib.Path(__file__).parent
(here / "arguments").write_text("\\n".join(sys.argv[1:]))
text = pathlib.Path(sys.argv[-1]).read_text()
if text.startswith("broken"):
    print(text, file=sys.stderr)
    sys.exit(1)
print(text[::-1])
"""


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a program called ``age`` that is none on the path, and an identity; return its folder."""
    home = tmp_path / "bin"
    home.mkdir()
    (home / "age").write_text(STAND_IN)
    (home / "age").chmod(0o755)
    (tmp_path / "identity").touch(mode=0o600)
    monkeypatch.setenv("PATH", str(home))
    monkeypatch.setenv("NETOPS_AGE_IDENTITY", str(tmp_path / "identity"))
    return home


def test_an_age_file_is_decrypted_by_the_program_and_read_from_its_output(
    stand_in: Path, tmp_path: Path
) -> None:
    (tmp_path / "ssh.age").write_text("pu-edam")

    assert resolve_reference("age:ssh.age", tmp_path) == "made-up"
    told = (stand_in / "arguments").read_text().splitlines()
    assert told == [
        "--decrypt", "--identity", str(tmp_path / "identity"), "--", str(tmp_path / "ssh.age"),
    ]  # fmt: skip


@pytest.mark.usefixtures("stand_in")
def test_what_a_failing_program_prints_is_not_repeated(tmp_path: Path) -> None:
    (tmp_path / "ssh.age").write_text("broken made-up")

    with pytest.raises(SecretError, match="cannot be decrypted") as caught:
        resolve_reference("age:ssh.age", tmp_path)

    assert "made-up" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.usefixtures("stand_in")
def test_an_empty_secret_is_none(tmp_path: Path) -> None:
    (tmp_path / "ssh.age").write_text("")

    with pytest.raises(SecretError, match="is empty"):
        resolve_reference("age:ssh.age", tmp_path)


@pytest.mark.usefixtures("stand_in")
def test_an_identity_that_others_can_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ssh.age").write_text("pu-edam")
    (tmp_path / "identity").chmod(0o644)

    with pytest.raises(SecretError, match="read by others"):
        resolve_reference("age:ssh.age", tmp_path)


def test_without_an_identity_the_variable_is_named(
    stand_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NETOPS_AGE_IDENTITY")

    with pytest.raises(SecretError, match="NETOPS_AGE_IDENTITY is not set"):
        resolve_reference("age:ssh.age", tmp_path)

    assert not (stand_in / "arguments").exists(), "the program was not even started"


def test_without_the_program_the_error_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SecretError, match="age is not installed"):
        resolve_reference("age:ssh.age", tmp_path)


def test_what_age_itself_encrypted_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    age, keygen = judge("age"), judge("age-keygen")
    identity, file = tmp_path / "identity", tmp_path / "ssh.age"
    subprocess.run([keygen, "-o", identity], check=True, capture_output=True)
    identity.chmod(0o600)
    shown = subprocess.run([keygen, "-y", identity], check=True, capture_output=True, text=True)
    to: list[str | Path] = ["--recipient", shown.stdout.strip(), "--output", file]
    subprocess.run([age, *to], input=b"made-up\n", check=True)
    monkeypatch.setenv("NETOPS_AGE_IDENTITY", str(identity))

    assert resolve_reference("age:ssh.age", tmp_path) == "made-up"
