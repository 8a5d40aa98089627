"""Every `ca` command with wrong inputs: exit code 2, one sentence, nothing of the machinery."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from authorities import PASSPHRASE
from command_line import Ended, netops

from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.request import make_request
from netops.trust.home import Home
from netops.trust.keys import REQUEST, to_pem

PROVIDER = default_provider()
READING = {
    "show": ("show", "1f"),
    "list": ("list",),
    "search": ("search", "x"),
    "health": ("health",),
    "log": ("log", "verify"),
    "backup": ("backup", "--out", "copy.tar"),
}
SIGNING = {
    "issue": ("issue", "--profile", "device", "--csr", "a.csr", "--out", "made.pem"),
    "batch": ("issue", "--profile", "device", "--batch", "csrs", "--out", "certs"),
    "renew": ("renew", "1f", "--out", "made.pem"),
    "revoke": ("revoke", "1f"),
    "crl": ("crl",),
    "serve": ("ocsp", "serve", "--listen", "127.0.0.1:0"),
    "install": ("install", "--cert", "a.pem", "--chain", "a.pem"),
    "rollover": ("rollover", "--yes"),
}


def _request(name: str) -> bytes:
    subject = write_name((Attribute("C", "CN"), Attribute("CN", name)))
    return to_pem(make_request(PROVIDER, PROVIDER.generate(), subject), REQUEST)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "csrs").mkdir()
    for name in ("a.csr", "a.pem", "csrs/a.csr"):
        (tmp_path / name).write_bytes(_request("a"))
    _secret(tmp_path / "P", PASSPHRASE)
    return tmp_path


def _secret(path: Path, text: bytes, mode: int = 0o600) -> None:
    path.touch()
    path.chmod(mode)
    path.write_bytes(text)


def _is_one_sentence(ended: Ended) -> None:
    assert ended.code == 2, (ended.out, ended.err)
    assert "Traceback" not in ended.err
    assert len(ended.err.strip().splitlines()) == 1, ended.err


@pytest.mark.parametrize("command", [*READING, *SIGNING])
@pytest.mark.parametrize("where", ["missing", "file"])
def test_a_home_that_is_missing_or_a_file(folder: Path, command: str, where: str) -> None:
    if where == "file":
        (folder / "home").write_text("x")
    words = READING.get(command) or (*SIGNING[command], "--passphrase-file", "P")
    _is_one_sentence(netops("ca", *words, "--home", "home"))
    assert where == "file" or not (folder / "home").exists()


@pytest.mark.parametrize("command", [c for c in SIGNING if c != "install"])
@pytest.mark.parametrize("fault", ["wrong", "empty", "missing", "readable", "folder"])
def test_a_passphrase_that_does_not_open_the_key(
    home: Home, folder: Path, command: str, fault: str
) -> None:
    secret = folder / "S"
    if fault == "folder":
        secret.mkdir(mode=0o700)
    elif fault != "missing":
        text = {"wrong": b"other", "empty": b"\n", "readable": PASSPHRASE}[fault]
        _secret(secret, text, 0o644 if fault == "readable" else 0o600)
    words = (*SIGNING[command], "--passphrase-file", "S")
    _is_one_sentence(netops("ca", *words, "--home", home.path))
    assert (home.path / "journal" / "journal.log").read_bytes().count(b"\n") == 2


@pytest.mark.parametrize(
    "words",
    [
        ("issue", "--profile", "nosuch", "--csr", "a.csr", "--out", "o.pem"),
        ("issue", "--profile", "device", "--csr", "nosuch.csr", "--out", "o.pem"),
        ("issue", "--profile", "device", "--csr", "csrs", "--out", "o.pem"),
        ("issue", "--profile", "device", "--csr", "P", "--out", "o.pem"),
        ("issue", "--profile", "device", "--csr", "a.csr", "--out", "nosuch/o.pem"),
        ("issue", "--profile", "device", "--csr", "a.csr", "--out", "csrs"),
        ("issue", "--profile", "device", "--batch", "empty", "--out", "o"),
        ("issue", "--profile", "device", "--batch", "csrs", "--out", "a.csr"),
        ("issue", "--profile", "device", "--out", "o.pem"),
        ("renew", "zz", "--out", "o.pem"),
        ("renew", "1f", "--out", "o.pem"),
        ("revoke", "1f"),
        ("revoke", "-1"),
        ("revoke",),
        ("revoke", "1f", "--reason", "because"),
        ("revoke", "--from", "nosuch"),
        ("revoke", "--from", "csrs"),
        ("revoke", "1f", "--release"),
        ("crl", "--out", "nosuch/x.crl"),
        ("ocsp", "serve", "--listen", "nonsense"),
        ("ocsp", "serve", "--listen", "203.0.113.1:2560"),
    ],
)
def test_arguments_that_cannot_be_used(home: Home, folder: Path, words: tuple[str, ...]) -> None:
    (folder / "empty").mkdir()
    ended = netops("ca", *words, "--home", home.path, "--passphrase-file", "P")
    assert ended.code == 2, (ended.out, ended.err)
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ("verify", "nosuch"),
        ("verify", "csrs"),
        ("verify", "P"),
        ("verify", "a.csr", "--trust", "a.csr"),
        ("verify", "a.csr", "--crl", "a.csr"),
        ("verify", "a.csr", "--at", "yesterday"),
        ("restore", "--home", "new", "--from", "nosuch"),
        ("restore", "--home", "csrs", "--from", "P"),
        ("restore", "--home", "new", "--from", "a.csr"),
        ("init", "--home", "new", "--name", "", "--passphrase-file", "P"),
        ("init", "--home", "new", "--name", "x" * 200, "--passphrase-file", "P"),
        ("init", "--home", "new", "--name", "x", "--passphrase-file", "nosuch"),
        ("init", "--home", "new", "--name", "x", "--passphrase-file", "P", "--profiles", "csrs"),
        ("init", "--home", "new", "--name", "x", "--passphrase-file", "P", "--store", "mysql://x"),
        ("init", "--home", "new", "--name", "x", "--passphrase-file", "P", "--store",
         "postgresql+psycopg://a:secret@h/d"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_used(folder: Path, words: tuple[str, ...]) -> None:
    ended = netops("ca", *words)
    assert ended.code == 2, (ended.out, ended.err)
    assert "Traceback" not in ended.err
    assert "secret" not in ended.err
    assert not (folder / "new" / "ca.yaml").exists()


def test_files_of_a_batch_that_are_none_stop_no_other(home: Home, folder: Path) -> None:
    csrs = folder / "csrs"
    (csrs / "folder.csr").mkdir()
    (csrs / "huge.csr").write_bytes(b"x" * 1_000_000)
    (csrs / "empty.csr").touch()
    (csrs / "gone.csr").symlink_to("nowhere")
    (csrs / "notes.txt").write_text("not a request")
    ended = netops("ca", "issue", "--home", home.path, "--profile", "device", "--batch", "csrs",
                   "--out", "certs", "--passphrase-file", "P")  # fmt: skip
    assert ended.code == 1
    assert "Issued 1, refused 4." in ended.err
    assert {path.name for path in (folder / "certs").iterdir()} == {"a.pem", "report.json"}


def test_two_requests_of_one_name_are_refused_before_anything_is_issued(
    home: Home, folder: Path
) -> None:
    (folder / "csrs" / "a.der").write_bytes(b"x")
    ended = netops("ca", "issue", "--home", home.path, "--profile", "device", "--batch", "csrs",
                   "--out", "certs", "--passphrase-file", "P")  # fmt: skip
    _is_one_sentence(ended)
    assert not (folder / "certs").exists()


@contextmanager
def _files_of_at_most(size: int) -> Iterator[None]:
    """Refuse writing beyond ``size``, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("command", ["issue", "batch", "crl"])
def test_a_full_disk(home: Home, folder: Path, command: str) -> None:
    assert folder.is_dir()
    with _files_of_at_most(512):
        ended = netops("ca", *SIGNING[command], "--home", home.path, "--passphrase-file", "P")
    _is_one_sentence(ended)
    assert netops("ca", "log", "verify", "--home", home.path).code == 0
    assert not (folder / "certs" / "a.pem").exists()


@pytest.mark.parametrize("purpose", ["serverauth", "foo", "", "1.2.x", "9.9", "1.2."])
def test_a_purpose_that_does_not_exist_is_wrong_use_and_no_verdict(
    home: Home, purpose: str
) -> None:
    leaf = home.public / "sub.pem"
    ended = netops("ca", "verify", leaf, "--trust", home.public / "root.pem", "--purpose", purpose)
    _is_one_sentence(ended)
    assert ended.out == ""
    assert "serverAuth" in ended.err


@pytest.mark.parametrize("name", ["", "a" * 57, "湘" * 57, "a\nb"])
def test_an_authority_of_an_impossible_name_leaves_no_folder(folder: Path, name: str) -> None:
    (folder / "R").touch(mode=0o600)
    (folder / "R").write_bytes(b"root")
    words = ("--home", "new", "--name", name, "--passphrase-file", "P")
    ended = netops("ca", "init", *words, "--root-passphrase-file", "R")
    _is_one_sentence(ended)
    assert "--name" in ended.err
    assert not (folder / "new").exists()
