"""The `ca` commands as an operator gives them: folders of requests, lists of numbers, copies."""

from __future__ import annotations

import io
import json
import os
import tarfile
from pathlib import Path

import pytest
import yaml
from authorities import PASSPHRASE, PROFILES, ROOT_PASSPHRASE
from command_line import Ended, netops

from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.request import make_request
from netops.trust.drafting import partition_address
from netops.trust.home import Home
from netops.trust.keys import REQUEST, to_pem

PROVIDER = default_provider()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "csrs").mkdir()
    secret = tmp_path / "P"
    secret.touch(mode=0o600)
    secret.write_bytes(PASSPHRASE + b"\n")
    return tmp_path


def _request(name: str) -> bytes:
    subject = write_name((Attribute("C", "CN"), Attribute("CN", name)))
    return to_pem(make_request(PROVIDER, PROVIDER.generate(), subject), REQUEST)


def _ca(home: Home, *words: str | Path, lang: str = "en") -> Ended:
    signs = () if words[0] in {"show", "backup", "list"} else ("--passphrase-file", "P")
    return netops("ca", *words, "--home", home.path, *signs, environ={"NETOPS_LANG": lang})


def _batch(home: Home, lang: str = "en") -> tuple[Ended, list[dict[str, object]]]:
    ended = _ca(home, "issue", "--profile", "device", "--batch", "csrs", "--out", "out", lang=lang)
    return ended, json.loads(Path("out/report.json").read_text(encoding="utf-8"))["requests"]


def test_a_file_name_that_is_no_utf8_is_issued_and_reported(home: Home, folder: Path) -> None:
    name = os.fsencode(folder / "csrs") + "/网关".encode("gbk")
    Path(os.fsdecode(name + b".csr")).write_bytes(_request("a"))
    ended, (row,) = _batch(home)
    assert (ended.code, row["issued"]) == (0, True)
    assert row["request"] == r"\xcd\xf8\xb9\xd8"
    made = os.fsencode(folder / "out") + "/网关".encode("gbk") + b".pem"
    assert Path(os.fsdecode(made)).read_bytes().startswith(b"-----BEGIN CERTIFICATE-----")


@pytest.mark.parametrize("name", ["a.CSR", "a.req", "a.p10", "a.PEM", "a.der"])
def test_requests_are_known_by_the_endings_that_others_give_them(
    home: Home, folder: Path, name: str
) -> None:
    (folder / "csrs" / name).write_bytes(_request("a"))
    ended, (row,) = _batch(home)
    assert (ended.code, row["issued"]) == (0, True)


def test_what_is_passed_over_in_a_folder_is_told(home: Home, folder: Path) -> None:
    (folder / "csrs" / "a.csr").write_bytes(_request("a"))
    (folder / "csrs" / "readme.txt").write_text("x")
    ended, rows = _batch(home)
    assert len(rows) == 1
    assert "Passed over 1 files" in ended.err


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "文件中没有证书申请。"),
        (b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", "文件中没有证书申请。"),
        (_request("a") + _request("b"), "文件中有 2 个申请。"),
    ],
)
def test_a_file_without_one_request_is_refused_in_the_language_of_the_operator(
    home: Home, folder: Path, content: bytes, reason: str
) -> None:
    (folder / "csrs" / "a.csr").write_bytes(content)
    ended, (row,) = _batch(home, "zh")
    assert (ended.code, row["issued"], row["reason"]) == (1, False, reason)
    assert reason in ended.err


def test_nothing_is_issued_where_the_certificate_cannot_be_written(
    home: Home, folder: Path
) -> None:
    (folder / "a.csr").write_bytes(_request("a"))
    words = ("issue", "--profile", "device", "--csr", "a.csr", "--out", "nosuch/a.pem")
    assert _ca(home, *words).code == 2
    assert (home.journal / "journal.log").read_bytes().count(b'"issue"') == 0


def _issued(home: Home) -> str:
    Path("a.csr").write_bytes(_request("a"))
    words = ("issue", "--profile", "device", "--csr", "a.csr", "--out", "a.pem")
    return _ca(home, *words).err.rpartition(" ")[2].strip(".\n")


def test_a_number_listed_twice_is_revoked_once_for_its_first_final_reason(
    home: Home, folder: Path
) -> None:
    serial = _issued(home)
    text = f"{serial} certificateHold\n{serial} keyCompromise\n{serial} superseded\n{serial}\n"
    (folder / "L").write_text(text)
    ended = _ca(home, "revoke", "--from", "L")
    assert (ended.code, ended.err) == (0, "Revoked 1. Publish it: netops ca crl.\n")
    assert (home.journal / "journal.log").read_bytes().count(b'"act":"revoke"') == 1
    shown = json.loads(_ca(home, "show", serial, "--format", "json").out)
    assert (shown["state"], shown["reason"]) == ("revoked", "keyCompromise")
    assert "Nothing changed" in _ca(home, "revoke", "--from", "L").err


def test_a_list_of_numbers_as_windows_writes_it_is_read(home: Home, folder: Path) -> None:
    serial = _issued(home)
    (folder / "L").write_bytes(b"\xef\xbb\xbf" + serial.encode() + b"\r\n")
    assert _ca(home, "revoke", "--from", "L").code == 0


def test_an_empty_list_of_numbers_is_refused(home: Home, folder: Path) -> None:
    (folder / "L").write_text("# nothing\n\n")
    ended = _ca(home, "revoke", "--from", "L")
    assert ended.code == 2
    assert "is empty" in ended.err


def test_one_file_for_several_lists_is_refused_before_any_is_signed(
    home: Home, folder: Path
) -> None:
    told = yaml.safe_load(home.settings_file.read_text())
    home.settings_file.write_text(yaml.safe_dump({**told, "crl_partitions": 2}))
    assert _ca(home, "crl", "--out", "sub.crl").code == 2
    assert (home.journal / "journal.log").read_bytes().count(b'"act":"list"') == 0
    assert _ca(home, "crl").code == 0
    assert (folder / "sub.crl").exists() is False


@pytest.mark.sqlite_file(reason="a database of its own is not copied")
def test_a_copy_does_not_lie_in_the_folder_that_it_is_of(home: Home, folder: Path) -> None:
    ended = _ca(home, "backup", "--out", home.path / "copy.tar")
    assert ended.code == 2
    assert "in the folder that it is of" in ended.err
    assert folder.joinpath("P").exists()


def test_an_archive_that_is_no_copy_of_an_authority_is_not_restored(folder: Path) -> None:
    digest = "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"  # SM3 of nothing
    manifest = json.dumps({"schema": "netops/ca-backup/1", "files": {"a": digest}}).encode()
    with tarfile.open(folder / "copy.tar", "w") as tar:
        for name, data in (("a", b""), ("manifest.json", manifest)):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    ended = netops("ca", "restore", "--home", "new", "--from", "copy.tar")
    assert ended.code == 2
    assert "no backup of an authority" in ended.err
    assert not (folder / "new").exists()


@pytest.mark.parametrize(
    "address",
    ["nowhere", "javascript:alert(1)", "http://x y/", "http://例.cn/a.crl", "http:///a\nb"],
)
def test_an_address_that_is_none_is_refused_before_anything_is_made(
    folder: Path, address: str
) -> None:
    words = ("init", "--home", "new", "--name", "HN", "--passphrase-file", "P")
    ended = netops("ca", *words, "--crl-url", address)
    assert ended.code == 2
    assert "is no address" in ended.err
    assert not (folder / "new").exists()


def test_lists_in_parts_without_an_address_are_refused(home: Home, folder: Path) -> None:
    told = yaml.safe_load(home.settings_file.read_text())
    told["addresses"]["crl"] = ""
    home.settings_file.write_text(yaml.safe_dump({**told, "crl_partitions": 2}))
    ended = _ca(home, "crl")
    assert ended.code == 2
    assert "need an address" in ended.err
    assert folder.exists()


@pytest.mark.sqlite_file(reason="writes into the file of the record")
def test_a_journal_whose_record_cannot_be_read_is_not_called_good(home: Home, folder: Path) -> None:
    home.store.write_bytes(b"no database" * 1000)
    ended = netops("ca", "log", "verify", "--home", home.path)
    assert ended.code == 3
    assert "cannot be held against the record" in ended.out
    assert folder.exists()


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("http://crl.example.cn/sub.crl", "http://crl.example.cn/sub-1.crl"),
        ("http://crl.example.cn/list", "http://crl.example.cn/list-1"),
        ("sub.crl", "sub-1.crl"),
    ],
)
def test_a_part_of_the_lists_stays_on_the_host_of_the_whole(address: str, part: str) -> None:
    assert partition_address(address, 1, 2) == part


def test_tables_are_in_the_language_of_the_operator(home: Home, folder: Path) -> None:
    serial = _issued(home)
    shown = _ca(home, "show", serial, lang="zh").out.partition("-----")[0]
    assert shown.splitlines()[:5] == [
        "机构: sub",
        f"序列号: {serial}",
        "主体: C=CN, CN=a",
        "模板: device",
        "状态: 已签发",
    ]
    trust = ("--trust", home.public / "root.pem", "--untrusted", home.public / "sub.pem")
    ended = netops("ca", "verify", "a.pem", *trust, environ={"NETOPS_LANG": "zh"})
    assert ended.out.startswith("证书: 有效\n  主体: C=CN, CN=a\n")
    assert "  路径: C=CN, CN=a < C=CN, O=湖南, CN=湖南 Sub CA < " in ended.out
    health = netops("ca", "health", "--home", home.path, environ={"NETOPS_LANG": "zh"}).out
    assert health.startswith("正常     证书 root: 有效至 ")
    assert folder.exists()


def test_a_passphrase_that_comes_through_a_pipe_is_read_once(home: Home, folder: Path) -> None:
    ends = [_piped(secret) for secret in (PASSPHRASE, ROOT_PASSPHRASE)]
    names = [f"/dev/fd/{end}" for end in ends]
    words = ("--passphrase-file", names[0], "--root-passphrase-file", names[1])
    ended = netops("ca", "rollover", "--home", home.path, "--yes", *words)
    for end in ends:
        os.close(end)
    assert (ended.code, folder.exists()) == (0, True), ended.err


def _piped(secret: bytes) -> int:
    reader, writer = os.pipe()
    os.write(writer, secret + b"\n")
    os.close(writer)
    return reader


def test_a_chain_in_any_order_is_installed_from_our_certificate_to_the_root(folder: Path) -> None:
    one, other = ("--passphrase-file", "P"), Path("root")
    netops("ca", "init", "--home", other, "--root-only", "--name", "HN", *one)
    netops("ca", "init", "--home", "sub", "--external-root", "--csr", "s.csr", "--name", "S", *one)
    words = ("--profile", "sub", "--csr", "s.csr", "--out", "s.pem")
    assert netops("ca", "issue", "--home", other, *words, *one).code == 0
    root, given = (other / "public/root.pem").read_bytes(), Path("s.pem").read_bytes()
    Path("chain.pem").write_bytes(root + given)
    words = ("--cert", "s.pem", "--chain", "chain.pem")
    assert netops("ca", "install", "--home", "sub", *words, *one).code == 0
    assert (folder / "sub/public/root.pem").read_bytes() == root
    assert (folder / "sub/public/chain.pem").read_bytes() == given + root
    assert netops("ca", "log", "verify", "--home", "sub").code == 0


def test_a_request_is_written_only_for_an_external_root(folder: Path) -> None:
    words = ("--home", "new", "--name", "HN", "--passphrase-file", "P", "--csr", "s.csr")
    assert netops("ca", "init", *words).code == 2
    assert not (folder / "new").exists()


def test_a_root_does_not_answer_for_status(home: Home, folder: Path) -> None:
    (folder / "P").write_bytes(ROOT_PASSPHRASE)
    ended = _ca(home, "ocsp", "serve", "--authority", "root")
    assert ended.code == 2
    assert "its list tells" in ended.err


@pytest.mark.parametrize("name", ["", "a\nb", "\udcff", "x" * 201])
def test_who_acts_has_a_name_that_shows(home: Home, folder: Path, name: str) -> None:
    ended = _ca(home, "crl", "--as", name)
    assert ended.code == 2
    assert "is no name of who acts" in ended.err
    assert folder.exists()


def test_a_search_for_octets_that_are_no_text_finds_nothing(home: Home) -> None:
    ended = netops("ca", "search", "--home", home.path, "\udcff")
    assert (ended.code, ended.out) == (0, "")


@pytest.mark.parametrize(
    ("reason", "code"),
    [("keyCompromise", 1), ("certificateHold", 1), ("superseded", 0)],
)
def test_a_batch_that_is_run_again_does_not_undo_a_revocation(
    home: Home, folder: Path, reason: str, code: int
) -> None:
    (folder / "csrs" / "a.csr").write_bytes(_request("a"))
    _, (row,) = _batch(home)
    assert _ca(home, "revoke", str(row["serial"]), "--reason", reason).code == 0
    ended, (again,) = _batch(home)
    assert (ended.code, again["issued"]) == (code, code == 0)
    if reason == "certificateHold":
        assert _ca(home, "revoke", str(row["serial"]), "--release").code == 0
        _, (back,) = _batch(home)
        assert (back["serial"], back["new"]) == (row["serial"], False)


def test_profiles_without_the_authoritys_own_are_refused_before_anything_is_made(
    folder: Path,
) -> None:
    (folder / "profiles").mkdir()
    (folder / "profiles" / "server.yaml").write_bytes((PROFILES / "server.yaml").read_bytes())
    words = ("--home", "new", "--name", "HN", "--passphrase-file", "P", "--profiles", "profiles")
    ended = netops("ca", "init", *words)
    assert ended.code == 2
    assert "There is no profile “root” here" in ended.err
    assert not (folder / "new").exists()
