"""The laboratory as somebody without any right: a fresh user with a range of subordinate ids."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
from real_lab import Person, living_in, spaces_of
from test_nothing_left import DIVISIONS, SPEC, host_view, pids_of


@pytest.fixture
def user() -> Iterator[Person]:
    """A user made for this test, removed after it."""
    if os.geteuid() != 0:
        pytest.skip("only root makes users; the other tests run as who you are")
    name = f"netlab{os.getpid()}"
    _as_root("useradd", "--create-home", name)
    try:
        yield _person(name)
    finally:
        _as_root("userdel", "--remove", name)


def _as_root(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)


def _person(name: str) -> Person:
    """Find an interpreter of this version that the user may run."""
    words = ("runuser", "-u", name, "--")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, shutil.which(version, path="/usr/local/bin:/usr/bin")):
        if python and subprocess.run([*words, python, "-c", "0"], check=False).returncode == 0:
            libraries = "" if python == sys.executable else sysconfig.get_path("purelib")
            return Person(Path(pwd.getpwnam(name).pw_dir), words, python, libraries)
    pytest.fail(f"an ordinary user can run no {version} here")


def test_an_ordinary_user_has_the_whole_laboratory(user: Person) -> None:
    before = host_view()
    (user.home / "divisions.csv").write_text(DIVISIONS, encoding="utf-8")
    (user.home / "tiny.yaml").write_text(SPEC, encoding="utf-8")
    assert user.run("lab", "plan", "tiny.yaml", "--out", "L").returncode == 0
    up = user.run("lab", "up", "L", "--deadline", "90")
    assert up.returncode == 0, up.stderr + up.stdout
    try:
        spaces = spaces_of(pids_of(user.home / "L")["init"])
        taken = user.run("lab", "exec", "L", "--", *user.netops("snapshot", "take")[4:], "--inventory",
                         "L/inventory")  # fmt: skip
        assert taken.returncode == 0, taken.stderr
        audited = user.run("audit", "exits")
        assert audited.returncode == 0, audited.stdout
    finally:
        down = user.run("lab", "down", "L")
    assert down.returncode == 0
    assert living_in(spaces) == []
    assert host_view() == before
