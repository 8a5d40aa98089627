"""What lies where a command of ``netops ca`` would write is replaced only where nothing is lost."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from authorities import ACTOR, PASSPHRASE, ROOT_PASSPHRASE
from command_line import Ended, netops

from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.request import make_request
from netops.trust.authority import opened
from netops.trust.home import Home, write_whole
from netops.trust.keys import REQUEST, save_key, to_pem
from netops.trust.lists import make_lists

PROVIDER = default_provider()
KEPT = b"-----BEGIN PRIVATE KEY-----\nthe only copy\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    secret = tmp_path / "P"
    secret.touch(mode=0o600)
    secret.write_bytes(PASSPHRASE + b"\n")
    (tmp_path / "csrs").mkdir()
    for name in ("a", "b"):
        subject = write_name((Attribute("C", "CN"), Attribute("CN", name)))
        request = to_pem(make_request(PROVIDER, PROVIDER.generate(), subject), REQUEST)
        (tmp_path / f"csrs/{name}.csr").write_bytes(request)
    return tmp_path


def _ca(home: Home, *words: str, typed: str = "") -> Ended:
    common = ("--home", home.path, "--passphrase-file", "P")
    return netops("ca", *words, *common, typed=typed)


def _issue(home: Home, name: str, out: str, *more: str, typed: str = "") -> Ended:
    words = ("issue", "--profile", "device", "--csr", f"csrs/{name}.csr", "--out", out)
    return _ca(home, *words, *more, typed=typed)


def _batch(home: Home, *more: str) -> Ended:
    return _ca(home, "issue", "--profile", "device", "--batch", "csrs", "--out", "out", *more)


def _log(home: Home) -> bytes:
    return (home.journal / "journal.log").read_bytes()


@pytest.mark.parametrize(
    "words",
    [
        ("issue", "--profile", "device", "--csr", "csrs/a.csr", "--out", "kept"),
        ("crl", "--out", "kept"),
        ("renew", "5", "--out", "kept"),
    ],
)
def test_a_file_that_is_no_answer_of_ours_is_not_replaced_unasked(
    home: Home, folder: Path, words: tuple[str, ...]
) -> None:
    (folder / "kept").write_bytes(KEPT)
    before = _log(home)
    ended = _ca(home, *words)
    assert ended.code == 2
    assert ended.err.startswith("kept exists. Replace it?")
    assert "--yes" in ended.err
    assert ((folder / "kept").read_bytes(), _log(home)) == (KEPT, before)


def test_a_request_for_an_external_root_replaces_no_file(folder: Path) -> None:
    (folder / "kept").write_bytes(KEPT)
    words = ("--external-root", "--csr", "kept", "--name", "HN", "--passphrase-file", "P")
    ended = netops("ca", "init", "--home", "new", *words)
    assert (ended.code, (folder / "kept").read_bytes()) == (2, KEPT)
    assert not (folder / "new").exists()
    assert netops("ca", "init", "--home", "new", *words, "--yes").code == 0
    assert (folder / "kept").read_bytes() == (folder / "new/public/sub.csr").read_bytes()


def test_the_same_certificate_is_written_again_unasked_and_another_after_a_yes(
    home: Home, folder: Path
) -> None:
    assert _issue(home, "a", "a.pem").code == 0
    first = (folder / "a.pem").read_bytes()
    assert _issue(home, "a", "a.pem").code == 0
    assert _issue(home, "b", "a.pem").code == 2
    assert _issue(home, "b", "a.pem", typed="n\n").code == 2
    assert (folder / "a.pem").read_bytes() == first
    assert _issue(home, "b", "a.pem", typed="y\n").code == 0
    second = (folder / "a.pem").read_bytes()
    assert second != first
    assert _issue(home, "a", "a.pem", "--yes").code == 0
    assert (folder / "a.pem").read_bytes() == first


def test_a_list_replaces_an_earlier_one_of_its_kind_and_authority_unasked(
    home: Home, folder: Path
) -> None:
    assert _ca(home, "crl", "--out", "sub.crl").code == 0
    first = (folder / "sub.crl").read_bytes()
    assert _ca(home, "crl", "--out", "sub.crl").code == 0
    second = (folder / "sub.crl").read_bytes()
    assert second != first
    ended = _ca(home, "crl", "--delta", "--out", "sub.crl")
    assert (ended.code, (folder / "sub.crl").read_bytes()) == (2, second)
    assert _ca(home, "crl", "--delta", "--out", "delta.crl").code == 0
    assert _ca(home, "crl", "--delta", "--out", "delta.crl").code == 0


def test_a_list_of_another_authority_or_a_later_one_is_not_replaced_unasked(
    home: Home, folder: Path
) -> None:
    later = datetime.now(UTC) + timedelta(days=1)
    with opened(home, "sub", PASSPHRASE, ACTOR, lambda: later) as authority:
        make_lists(authority)
        made = (home.public / "sub.crl").read_bytes()
        with authority.store.transaction() as connection:
            connection.exec_driver_sql("DELETE FROM lists")
    with opened(home, "root", ROOT_PASSPHRASE, ACTOR) as root:
        make_lists(root)
    for content in (made, (home.public / "root.crl").read_bytes()):
        (folder / "there.crl").write_bytes(content)
        ended = _ca(home, "crl", "--out", "there.crl")
        assert (ended.code, "there.crl exists" in ended.err) == (2, True), ended.err
        assert (folder / "there.crl").read_bytes() == content


def test_a_batch_is_run_again_over_its_own_certificates_and_over_nothing_else(
    home: Home, folder: Path
) -> None:
    assert _batch(home).code == 0
    made = (folder / "out/a.pem").read_bytes()
    assert _batch(home).code == 0
    (folder / "out/b.pem").write_bytes((folder / "out/b.pem").read_bytes() + KEPT)
    before = _log(home)
    ended = _batch(home)
    assert ended.code == 2
    assert "1 files exist that are none of this authority's, out/b.pem among them" in ended.err
    assert (folder / "out/b.pem").read_bytes().endswith(KEPT)
    assert _log(home) == before
    assert _batch(home, "--yes").code == 0
    assert not (folder / "out/b.pem").read_bytes().endswith(KEPT)
    assert (folder / "out/a.pem").read_bytes() == made


def test_requests_are_not_replaced_by_their_certificates(home: Home, folder: Path) -> None:
    request = (folder / "csrs/a.csr").rename(folder / "csrs/a.pem").read_bytes()
    words = ("issue", "--profile", "device", "--batch", "csrs", "--out", "csrs")
    assert _ca(home, *words).code == 2
    assert (folder / "csrs/a.pem").read_bytes() == request


def test_a_report_of_somebody_else_is_not_replaced(home: Home, folder: Path) -> None:
    (folder / "out").mkdir()
    (folder / "out/report.json").write_text('{"schema": "other"}')
    assert _batch(home).code == 2
    assert (folder / "out/report.json").read_text() == '{"schema": "other"}'


@pytest.mark.parametrize("place", ["/dev/null", "csrs", "none/a.pem"])
def test_what_is_no_plain_file_is_no_place_to_write(home: Home, folder: Path, place: str) -> None:
    ended = _issue(home, "a", place, "--yes")
    assert (ended.code, "is no file that can be written" in ended.err) == (2, True)
    assert folder.exists()


def test_a_key_is_for_its_owner_alone_whatever_a_crash_left_in_its_place(tmp_path: Path) -> None:
    path, elsewhere = tmp_path / "a.key", tmp_path / "elsewhere"
    for leave in (lambda p: p.write_bytes(b"x" * 9999), lambda p: p.symlink_to(elsewhere)):
        leave(tmp_path / "a.key.part")
        save_key(path, PROVIDER, PROVIDER.generate(), b"secret")
        assert stat.S_IMODE(path.lstat().st_mode) == 0o600
        assert not path.is_symlink()
        assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert not elsewhere.exists()
    assert [one.name for one in tmp_path.iterdir()] == ["a.key"]


def test_a_file_stays_as_it_was_when_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pem"
    path.write_bytes(KEPT)

    def full(*_arguments: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"new")
    assert path.read_bytes() == KEPT
    assert [one.name for one in tmp_path.iterdir()] == ["a.pem"]


@pytest.mark.sqlite_file(reason="a database of its own is not copied")
def test_a_copy_is_for_its_owner_alone_and_gives_the_authority_back(
    home: Home, folder: Path
) -> None:
    assert netops("ca", "backup", "--home", home.path, "--out", "copy.tar").code == 0
    assert stat.S_IMODE((folder / "copy.tar").stat().st_mode) == 0o600
    assert netops("ca", "restore", "--home", "new", "--from", "copy.tar").code == 0
    made = Home(folder / "new")
    assert stat.S_IMODE(made.key_file("sub").stat().st_mode) == 0o600
    for path in (made.key_file("sub"), made.settings_file, made.certificate_file("root")):
        assert path.read_bytes() == (home.path / path.relative_to(made.path)).read_bytes()
    assert netops("ca", "log", "verify", "--home", "new").code == 0
    assert _issue(made, "a", "a.pem").code == 0


@pytest.mark.sqlite_file(reason="a database of its own is not copied")
@pytest.mark.parametrize("place", [0.02, 0.5, 0.9])
def test_a_copy_that_was_damaged_anywhere_is_not_restored(
    home: Home, folder: Path, place: float
) -> None:
    assert netops("ca", "backup", "--home", home.path, "--out", "copy.tar").code == 0
    data = bytearray((folder / "copy.tar").read_bytes())
    at = int(len(data) * place)
    data[at : at + 600] = bytes(one ^ 1 for one in data[at : at + 600])
    (folder / "copy.tar").write_bytes(data)
    ended = netops("ca", "restore", "--home", "new", "--from", "copy.tar")
    assert (ended.code, "The backup cannot be used" in ended.err) == (2, True), ended.err
    assert not (folder / "new").exists()
    (folder / "copy.tar").write_bytes(data[:at])
    assert netops("ca", "restore", "--home", "new", "--from", "copy.tar").code == 2
    assert not (folder / "new").exists()
