"""A copy of an authority where nothing may be written is read, and is not written."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from authorities import ACTOR, PASSPHRASE
from command_line import QUIET

from netops.errors import AuthorityError
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.request import make_request
from netops.trust.authority import opened
from netops.trust.home import Home
from netops.trust.issuing import Job, issue
from netops.trust.lists import make_lists
from netops.trust.record import read_record
from netops.trust.store import Store

pytestmark = pytest.mark.sqlite_file(reason="a database of its own is no file on that disk")

PROVIDER = default_provider()
_MOUNTED = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
"""Mounts the folder over itself, read-only, for one command in a namespace of its own."""


def _read_only(home: Home) -> list[str]:
    """Return the words before a command that may not write in ``home``, whoever runs it."""
    if os.geteuid() != 0:
        for path in (*home.path.rglob("*"), home.path):
            path.chmod(stat.S_IMODE(path.stat().st_mode) & 0o555)
        return []
    words = ["unshare", "--mount", "sh", "-c", _MOUNTED, str(home.path)]
    if subprocess.run([*words, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no namespace for a read-only mount to be had")
    return words


@pytest.fixture
def copy(home: Home) -> Iterator[Home]:
    """Yield an authority with a certificate and a list; what may not be written can be deleted."""
    name = write_name((Attribute("C", "CN"), Attribute("CN", "vpn-1")))
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        request = make_request(PROVIDER, PROVIDER.generate(), name)
        issue(authority, authority.profile("device"), Job("a", request))
        make_lists(authority)
    yield home
    for path in (home.path, *home.path.rglob("*")):
        path.chmod(stat.S_IMODE(path.stat().st_mode) | 0o200)


def _ask(home: Home, *words: str) -> subprocess.CompletedProcess[str]:
    command = [*_read_only(home), sys.executable, "-m", "netops", "ca", *words, "--home",
               str(home.path)]  # fmt: skip
    return subprocess.run(
        command, check=False, capture_output=True, text=True, env=os.environ | QUIET
    )


def _files(home: Home) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(home.path.rglob("*")) if p.is_file()}


def test_a_copy_on_a_read_only_disk_is_listed_and_its_journal_verified(copy: Home) -> None:
    before = _files(copy)
    listed = _ask(copy, "list", "--format", "json")
    assert listed.returncode == 0, listed.stderr
    names = [row["subject"] for row in json.loads(listed.stdout)["certificates"]]
    assert "C=CN, CN=vpn-1" in names
    assert len(names) == 3
    found = _ask(copy, "log", "verify", "--format", "json")
    assert (found.returncode, json.loads(found.stdout)["faults"]) == (0, []), found.stderr
    assert _files(copy) == before


def test_a_copy_on_a_read_only_disk_is_examined(copy: Home) -> None:
    found = _ask(copy, "health", "--format", "json")
    assert found.returncode == 0, found.stderr
    grades = {row["part"]: row["message"] for row in json.loads(found.stdout)["checks"]}
    assert grades["record"] == "3 certificates"
    assert grades["journal"] == "unbroken"
    if os.geteuid() == 0:
        assert grades["disk"] == "read-only: nothing can be issued or published here"


@pytest.mark.parametrize("words", [("crl",), ("revoke", "1"), ("ocsp", "serve")])
def test_a_command_that_writes_is_refused_there_in_one_sentence(
    copy: Home, tmp_path: Path, words: tuple[str, ...]
) -> None:
    secret = tmp_path / "P"
    secret.touch(0o600)
    secret.write_bytes(PASSPHRASE)
    before = _files(copy)
    ended = _ask(copy, *words, "--passphrase-file", str(secret))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1
    assert str(copy.path) in ended.stderr
    assert _files(copy) == before


def _with_latest_changes(home: Home, target: Path, *left_out: str) -> Home:
    """Copy an authority while its record is open: the last change lies beside the file."""
    with closing(sqlite3.connect(home.store, isolation_level=None)) as live:
        live.execute("UPDATE certificates SET subject_text = 'changed last'")
        shutil.copytree(home.path, target, ignore=shutil.ignore_patterns(*left_out))
    assert (target / "store.db-wal").stat().st_size
    return Home(target)


def test_changes_that_lie_beside_the_record_are_read_with_it(copy: Home, tmp_path: Path) -> None:
    found = _ask(_with_latest_changes(copy, tmp_path / "copy"), "list")
    assert found.returncode == 0, found.stderr
    assert found.stdout.count("changed last") == 3


def test_changes_that_cannot_be_read_are_not_passed_over(copy: Home, tmp_path: Path) -> None:
    home = _with_latest_changes(copy, tmp_path / "copy", "store.db-shm")
    listed = _ask(home, "list")
    assert (listed.returncode, listed.stdout) == (2, "")
    assert "latest changes of the record lie beside it" in listed.stderr
    assert _ask(home, "log", "verify").returncode == 3


def test_a_record_that_changes_while_it_is_read_at_rest_is_refused(
    copy: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_arguments: False)
    with (
        pytest.raises(AuthorityError, match="changed while it was read"),
        read_record(copy),
        closing(Store.at(copy.store)) as writer,
        writer.transaction() as connection,
    ):
        connection.exec_driver_sql("UPDATE certificates SET subject_text = ''")
    with read_record(copy) as store:
        assert len(list(store.search())) == 3


def test_a_folder_of_any_name_keeps_its_record_in_it(
    copy: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "审计 100%41%?a=b#c")
    shutil.copytree(copy.path, home.path)
    for may_write in (True, False):
        monkeypatch.setattr(os, "access", lambda *_arguments, may=may_write: may)
        with read_record(home) as store:
            assert len(list(store.search())) == 3
        assert not list(home.path.glob("store.db-*"))
    assert not list(tmp_path.glob("审计 100A*"))


_FULL = (
    'mount -t tmpfs -o size=400k none "$0" && cp -r "$1/." "$0" && shift &&'
    ' { cat /dev/zero > "$0/filled" || "$@"; }'
)


@pytest.mark.parametrize("words", [("list",), ("log", "verify"), ("health",)])
def test_a_record_on_a_full_disk_is_read(
    copy: Home, tmp_path: Path, words: tuple[str, ...]
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = ["unshare", "--mount", "sh", "-c", _FULL, str(disk), str(copy.path)]
    if subprocess.run([*mounted, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no namespace for a small disk to be had")
    ended = subprocess.run(
        [*mounted, sys.executable, "-m", "netops", "ca", *words, "--home", str(disk)],
        check=False, capture_output=True, text=True, env=os.environ | QUIET,
    )  # fmt: skip
    assert ended.returncode == (1 if words == ("health",) else 0), ended.stderr
    said = {"list": "C=CN, CN=vpn-1", "log": "unbroken", "health": "0 MiB free"}
    assert said[words[0]] in ended.stdout
