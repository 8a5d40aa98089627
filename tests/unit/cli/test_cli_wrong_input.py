"""The user who does everything wrong: the right code, one clear sentence, nothing half-written.

Each case names what is done and what the sentence must hold: place, cause or remedy.
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import SMALL, netops
from wrong_use import MEBIBYTE, furnish, held, refused

from netops.evidence import DeviceRecord, SnapshotWriter
from netops.facts.device import Contact
from netops.inventory import load

POLICY = Path(__file__).parents[3] / "policies" / "province.yaml"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the small inventory and one of each kind of wrong thing."""
    return furnish(tmp_path, monkeypatch)


# Every command with a place for a file or folder of the user's.
READERS = {
    "inventory check": ("inventory", "check", "{}"),
    "inventory show": ("inventory", "show", "--inventory", "{}"),
    "inventory import": ("inventory", "import", "{}", "--out", "made"),
    "inventory template": ("inventory", "template", "--xlsx", "made.xlsx", "--from", "{}"),
    "keys scan": ("inventory", "keys", "scan", "{}"),
    "keys diff": ("inventory", "keys", "diff", "{}"),
    "keys approve": ("inventory", "keys", "approve", "{}", "--yes"),
    "exemption list": ("exemption", "list", "--inventory", "{}"),
    "exemption expire": ("exemption", "expire", "HN-2026-001", "--inventory", "{}"),
    "lab plan": ("lab", "plan", "{}", "--out", "made"),
    "lab up": ("lab", "up", "{}"),
    "lab up --dry-run": ("lab", "up", "{}", "--dry-run"),
    "lab exec": ("lab", "exec", "{}", "--", "true"),
    "lab status": ("lab", "status", "{}"),
    "lab down": ("lab", "down", "{}"),
    "exemption add": (
        "exemption",
        "add",
        "--inventory",
        "{}",
        "--number",
        "HN-2",
        "--rule",
        "exits.undeclared",
        "--subject",
        "department:D-1",
        "--reason",
        "x",
        "--approver",
        "x",
        "--begin",
        "2026-01-01",
        "--end",
        "2026-06-30",
    ),
    "snapshot list": ("snapshot", "list", "--workspace", "{}"),
    "snapshot take": ("snapshot", "take", "--inventory", "{}"),
    "snapshot show": ("snapshot", "show", "{}"),
    "snapshot verify": ("snapshot", "verify", "{}"),
    "snapshot diff": ("snapshot", "diff", "{}", "{}"),
    "snapshot export": ("snapshot", "export", "{}", "made"),
    "snapshot import": ("snapshot", "import", "{}"),
    "audit connectivity": ("audit", "connectivity", "--snapshot", "{}"),
    "audit all": ("audit", "all", "--workspace", "{}"),
    "audit exits --inventory": ("audit", "exits", "--snapshot", "whole", "--inventory", "{}"),
    "audit exits --policy": ("audit", "exits", "--snapshot", "whole", "--policy", "{}"),
    "report build --inventory": ("report", "build", "--snapshot", "whole", "--inventory", "{}"),
    "report build": ("report", "build", "--snapshot", "{}", "--output", "made"),
    "playbook run": ("playbook", "run", "{}"),
}


TEXTS = {
    "line": "x" * (50 * MEBIBYTE),
    "deep": "a: " + "[" * 100_000,
    "bytes": "schema: \udcff\udcfe\n",
    "a\nb\x1b[31mc": "schema: x\n",
    "locked": "schema: x\n",
}


def _wrong_thing(here: Path, name: str) -> Path:
    """Make a thing that cannot be what a command asks for."""
    if name in TEXTS:
        (here / name).write_bytes(TEXTS[name].encode("utf-8", "surrogateescape"))
    if name == "locked":
        (here / name).chmod(0)
    if "loop" in name:
        (here / "loop").symlink_to(here / "pool")
        (here / "pool").symlink_to(here / "loop")
    elsewhere = {"below a file": here / "empty" / "x", "below a loop": here / "loop" / "x",
                 "too long": here / ("x" * 300)}  # fmt: skip
    return elsewhere.get(name, here / name)


WRONG = ("missing", "folder", "empty", "binary", "huge", "line", "deep", "bytes", "a\nb\x1b[31mc",
         "locked", "loop", "below a file", "below a loop", "too long")  # fmt: skip
FINE = {("snapshot list", "folder"), ("lab status", "folder"), ("lab down", "folder")}
"""An empty folder is a workspace without snapshots, and a laboratory that is not up."""


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("command", READERS)
def test_what_cannot_be_read_is_named_and_nothing_is_written(
    command: str, wrong: str, here: Path
) -> None:
    place = _wrong_thing(here, wrong)
    name = snapshot_of(here, finished=True) if "whole" in READERS[command] else ""
    whole = here / ".netops" / "snapshots" / name
    before = held(here)

    ended = netops(*(str(whole) if word == "whole" else word.format(place)
                     for word in READERS[command]))  # fmt: skip

    if (command, wrong) in FINE:
        assert ended.code in (0, 3)
    else:
        refused(ended)
        assert len([line for line in ended.err.splitlines() if line.startswith("[E")]) <= 1
        assert "\x1b" not in ended.err
    assert held(here) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("colour",), "colour"),
        (("audit", "colours"), "colours"),
        (("audit", "exits", "--colour"), "--colour"),
        (("audit", "exits", "--format", "pdf"), "pdf"),
        (("audit", "exits", "--lang", "xx"), "zh or en"),
        (("audit", "exits", "--as-of", "2026-13-01"), "2026-12-31"),
        (("audit", "exits", "--as-of", "20260101"), "2026-12-31"),
        (("audit", "exits", "--snapshot", "20260101T000000000Z"), "snapshot list"),
        (("audit", "exits", "--snapshot", "../../etc"), "snapshot list"),
        (("audit", "exits", "--policy", "nowhere.yaml"), "E3"),
        (("report", "build", "--lang", "xx"), "E"),
        (("inventory", "show", "999999"), "inventory show"),
        (("inventory", "show", "--format", "xml"), "xml"),
        (("inventory", "check", "--format", "xml"), "xml"),
        (("inventory", "import"), "source"),
        (("inventory", "template"), "--xlsx"),
        (("inventory", "template", "--xlsx", "folder"), "not a file"),
        (("inventory", "template", "--xlsx", "empty"), "--yes"),
        (("inventory", "template", "--xlsx", "empty/x.xlsx"), "--xlsx"),
        (("inventory", "import", "inventory", "--out", "empty"), "--out"),
        (("inventory", "import", "inventory", "--out", "inventory"), "--yes"),
        (("inventory", "keys", "scan", "--jobs", "0"), "--jobs"),
        (("inventory", "keys", "diff"), "keys scan"),
        (("inventory", "keys", "approve", "--yes"), "keys scan"),
        (("exemption", "expire", "nobody"), "exemption list"),
        (("exemption", "expire", "HN-2026-001", "--on", "tomorrow"), "2026-12-31"),
        (("exemption", "expire", "HN-2026-001", "--on", "2027-12-31"), "exemption add"),
        (("exemption", "expire", "HN-2026-001", "--on", "2025-12-31"), "--on"),
        (("exemption", "list", "--as-of", "2026-02-30"), "2026-12-31"),
        (("snapshot", "take", "--jobs", "0"), "--jobs"),
        (("snapshot", "take", "--jobs", "many"), "--jobs"),
        (("snapshot", "take", "--timeout", "0"), "--timeout"),
        (("snapshot", "take", "--timeout", "inf"), "--timeout"),
        (("snapshot", "take", "--filter", "colour=red"), "KEY=VALUE"),
        (("snapshot", "take", "--filter", "device=nobody"), "--filter"),
        (("snapshot", "take", "--resume", "20260101T000000000Z"), "E330"),
        (("lab", "up", "folder", "--processes", "0"), "--processes"),
        (("playbook", "run", "folder/none.yaml", "--set", "x"), "E"),
        (("doctor", "--format", "xml"), "xml"),
    ],
)
def test_wrong_words_are_answered_with_the_right_ones(
    arguments: tuple[str, ...], said: str, here: Path
) -> None:
    before = held(here)

    refused(netops(*arguments), said)

    assert held(here) == before


EXEMPTION = {
    "--number": "HN-2", "--rule": "exits.undeclared", "--subject": "department:D-1",
    "--reason": "迁移", "--approver": "办公厅", "--begin": "2026-01-01", "--end": "2026-06-30",
}  # fmt: skip


@pytest.mark.parametrize(
    ("option", "text", "said"),
    [
        ("--number", "HN-2026-001", "taken"),
        ("--number", " ", "--number"),
        ("--number", "HN\u202e2", "--number"),
        ("--reason", "one\ntwo", "--reason"),
        ("--reason", "涉密单位", "classified"),
        ("--subject", "D-1", "KIND:ID"),
        ("--subject", "planet:D-1", "government"),
        ("--subject", "department:D-9", "D-9"),
        ("--begin", "2026-07-01", "before it begins"),
        ("--end", "someday", "2026-12-31"),
        ("--exit", "X-9", "X-9"),
    ],
)
def test_an_exemption_that_does_not_hold_leaves_the_file_alone(
    option: str, text: str, said: str, here: Path
) -> None:
    before = held(here)
    given = {**EXEMPTION, option: text}

    refused(netops("exemption", "add", *(word for pair in given.items() for word in pair)), said)

    assert held(here) == before


LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(9)
)
WRONG_YAML = {
    "syntax": ("exits: [\n", "not YAML"),
    "billion laughs": (LAUGHS, "aliases"),
    "alias to itself": ("a: &a [*a]\n", "*a"),
    "a hundred thousand levels": ("a: " + "[" * 100_000, "too deeply"),
    "python object": ("a: !!python/object/apply:os.system [id]\n", "os.system"),
    "key twice": ("schema: x\nschema: y\n", ":2: The key “schema” stands already at line 1"),
    "two documents": ("a: 1\n---\nb: 2\n", "second document"),
    "a list": ("- 1\n", "not a mapping"),
    "a text": ("hello\n", "not a mapping"),
    "unknown key": ("colour: red\n", "colour"),
    "a list as key": ("[1, 2]: 3\n", "plain word"),
    "empty": ("", "not a mapping"),
    "zero bytes": ("a: \0\n", ":1"),
}


@pytest.mark.parametrize("wrong", WRONG_YAML)
def test_wrong_yaml_in_an_inventory_is_told_with_file_and_line(wrong: str, here: Path) -> None:
    text, said = WRONG_YAML[wrong]
    (here / "inventory" / "exits.yaml").write_text(text, encoding="utf-8")
    said = "invisible" if wrong == "zero bytes" else said

    refused(netops("inventory", "check"), "exits.yaml", said)


@pytest.mark.parametrize("wrong", WRONG_YAML)
def test_wrong_yaml_in_a_policy_is_told_with_file_and_line(wrong: str, here: Path) -> None:
    text, said = WRONG_YAML[wrong]
    (here / "site.yaml").write_text(text, encoding="utf-8")
    snapshot_of(here, finished=True)
    said = "schema" if wrong == "unknown key" else said

    refused(netops("audit", "exits", "--policy", "site.yaml"), "site.yaml", said)


@pytest.mark.parametrize("wrong", WRONG_YAML)
def test_wrong_yaml_in_a_playbook_is_told_with_file_and_line(wrong: str, here: Path) -> None:
    text, said = WRONG_YAML[wrong]
    (here / "book.yaml").write_text(text, encoding="utf-8")
    said = "schema" if wrong == "unknown key" else said

    refused(netops("playbook", "run", "book.yaml"), "book.yaml", said)


@pytest.mark.parametrize("wrong", WRONG_YAML)
def test_wrong_yaml_in_a_laboratory_is_told_with_the_file(wrong: str, here: Path) -> None:
    (here / "spec.yaml").write_text(WRONG_YAML[wrong][0], encoding="utf-8")

    refused(netops("lab", "plan", "spec.yaml", "--out", "made"), "spec.yaml")

    assert not (here / "made").exists()


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("[{title: {zh: a, en: a}, run: [$nobody]}]", "nobody"),
        ("[{title: {zh: a, en: a}, run: ['$']}]", "$$"),
        ("[{title: {zh: a, en: a}, run: [doctor], expect: exits}]", "answer_key"),
        ("[{title: {zh: a, en: a}, run: doctor}]", "book.yaml:3: steps.0.run"),
        ("[{title: {zh: a}, run: [], colour: 1}]", "book.yaml:3"),
    ],
)
def test_a_playbook_is_read_whole_before_its_first_step(steps: str, said: str, here: Path) -> None:
    head = "schema: netops/playbook/1\ntitle: {zh: t, en: t}\n"
    (here / "book.yaml").write_text(f"{head}steps: {steps}\n", encoding="utf-8")

    ended = netops("playbook", "run", "book.yaml")

    refused(ended, said)
    assert "==" not in ended.err


DEVICES = (SMALL / "devices.csv").read_bytes()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ((SMALL / "devices.csv").read_text("utf-8").replace("HN-P1", "省核心").encode("gbk"),
         ("devices.csv:2", "GBK", "iconv -f GB18030")),
        (DEVICES.decode().encode("utf-16"), ("devices.csv:1", "UTF-16")),
        (DEVICES.replace(b"HN-P1", b"\xff\xfe\x00"), ("devices.csv:2", "UTF-8")),
        (DEVICES.replace(b"HN-P1", b"HN\x00P1"), ("devices.csv:2", "U+0000")),
        (DEVICES.replace(b"HN-P1", "HN\u202e1P".encode()), ("devices.csv:2", "U+202E")),
        (DEVICES.replace(b"HN-P1", "HN\u200bP1".encode()), ("devices.csv:2", "U+200B")),
        (DEVICES.replace(b"HN-P1", b'"HN-P1'), ("devices.csv:2", "quot")),
        (DEVICES.replace(b"HN-P1", b'"HN"P1'), ("devices.csv:2", "quot")),
        (DEVICES.replace(b"HN-P1", b"HN,P1"), ("devices.csv:2", "cells")),
        (DEVICES.replace(b"P1,HN-P1", b"../../etc,HN-P1"), ("devices.csv:2", "bad_id")),
        (DEVICES.replace(b"P1,HN-P1", b"-rf,HN-P1"), ("devices.csv:2", "bad_id")),
        (DEVICES.replace(b"P1,HN-P1", "湘".encode() * 30 + b",HN-P1"), ("devices.csv:2", "bad_id")),
        (DEVICES.replace(b"P1,HN-P1", b"x" * 100_000 + b",HN-P1"), ("devices.csv:2", "bad_id")),
        (DEVICES.replace(b"P1,HN-P1", b"x" * 200_000 + b",HN-P1"), ("devices.csv:2", "field")),
        (DEVICES.replace(b"id,name", b"id,id,name"), ("devices.csv:1", "twice")),
        (DEVICES.replace(b"id,name", b"id,colour"), ("devices.csv:1", "colour")),
        (DEVICES.replace(b"\n", b"\r"), ("devices.csv:1",)),
        (DEVICES.replace(b"127.0.1.1", b"a" * 70 + b".org"), ("devices.csv:2", "bad_host")),
        (DEVICES.replace(b"127.0.1.1", b"-oProxyCommand=id"), ("devices.csv:2", "bad_host")),
        (b"", ("devices.csv:1", "missing")),
    ],
    ids=["gbk", "utf16", "latin", "nul", "bidi", "zero-width", "open-quote", "quote", "comma",
         "path", "option", "chinese-id", "long-id", "long-cell", "column-twice", "column", "mac",
         "long-host", "option-host",
         "empty"],
)  # fmt: skip
def test_wrong_csv_is_told_with_its_line(body: bytes, said: tuple[str, ...], here: Path) -> None:
    (here / "inventory" / "devices.csv").write_bytes(body)

    refused(netops("inventory", "check"), *said)


def test_line_ends_and_a_mark_of_windows_do_no_harm(here: Path) -> None:
    for path in (here / "inventory").iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))

    ended = netops("inventory", "check")

    assert (ended.code, ended.out) == (0, "")


def test_a_formula_in_a_list_is_only_a_text(here: Path) -> None:
    body = (SMALL / "departments.csv").read_text("utf-8").replace("省财政厅", "=cmd|' /C calc'!A0")
    (here / "inventory" / "departments.csv").write_text(body, encoding="utf-8")

    assert netops("inventory", "check").code == 0


def test_a_file_that_may_not_be_read_is_told(here: Path) -> None:
    path = here / "inventory" / "links.csv"
    path.chmod(0)
    if os.access(path, os.R_OK):
        path.unlink()  # an administrator may read everything; a missing file takes the same way

    refused(netops("inventory", "check"), "links.csv", "permissions")


def snapshot_of(here: Path, *, finished: bool) -> str:
    """Make a snapshot of the small inventory in which nobody answered."""
    registered = load(here / "inventory") if (here / "inventory").is_dir() else load(SMALL)
    with SnapshotWriter.create(
        here / ".netops" / "snapshots", SMALL, registered.digest, registered.devices
    ) as writer:
        for device in registered.devices.values():
            writer.add(DeviceRecord(device.id, device.platform, Contact.UNREACHABLE))
        if finished:
            writer.finish()
        return writer.id


def test_an_unfinished_snapshot_is_never_judged(here: Path) -> None:
    name = snapshot_of(here, finished=False)

    refused(netops("audit", "exits", "--policy", POLICY), "complete")
    refused(netops("audit", "exits", "--policy", POLICY, "--snapshot", name), "--resume")
    refused(netops("report", "build", "--policy", POLICY, "--snapshot", name), "--resume")


def test_a_table_is_not_written_to_a_file(here: Path) -> None:
    snapshot_of(here, finished=True)

    refused(netops("audit", "exits", "--policy", POLICY, "--output", "x"), "--format")

    assert not (here / "x").exists()


def test_output_that_cannot_be_written_is_told(here: Path) -> None:
    snapshot_of(here, finished=True)

    for place in ("folder", "empty/x.json"):
        refused(
            netops("audit", "all", "--policy", POLICY, "-f", "json", "--output", here / place),
            "--output",
        )


def outside(
    *arguments: str, stdout: int | io.IOBase | None = subprocess.PIPE, cwd: Path
) -> subprocess.Popen[bytes]:
    """Start ``netops`` as a process of its own."""
    environ = {"PATH": os.environ["PATH"], "NETOPS_LANG": "en", "HOME": ""}
    return subprocess.Popen(
        [sys.executable, "-m", "netops", *arguments],
        stdout=stdout, stderr=subprocess.PIPE, cwd=cwd, env=environ,
    )  # fmt: skip


@pytest.mark.parametrize("arguments", [("--help",), ("inventory", "show"), ("doctor",)])
def test_a_full_disk_behind_the_output_is_told(arguments: tuple[str, ...], here: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        process = outside(*arguments, stdout=full, cwd=here)
        said = process.communicate()[1].decode()

    assert process.returncode == 2
    assert "No space left on device" in said
    assert "Traceback" not in said
    assert len(said.splitlines()) == 1


def test_a_reader_who_goes_away_is_no_fault_and_no_success(here: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    process = outside("inventory", "show", "--format", "json", stdout=write, cwd=here)
    os.close(write)

    assert process.communicate()[1] == b""
    assert process.returncode == 141


def test_an_interrupt_ends_with_130(here: Path) -> None:
    os.mkfifo(here / "waiting.yaml")
    process = outside("playbook", "run", "waiting.yaml", cwd=here)
    writer = os.open(here / "waiting.yaml", os.O_WRONLY)  # returns when the command reads
    process.send_signal(signal.SIGINT)
    said = process.communicate()[1].decode()
    os.close(writer)

    assert process.returncode == 130
    assert "Traceback" not in said


def test_questions_are_not_answered_by_silence(here: Path) -> None:
    pending = here / "inventory" / "known_hosts.pending"
    pending.write_text("[127.0.9.9]:2222 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==\n", "utf-8")
    before = held(here)

    refused(netops("inventory", "keys", "approve"), "--yes")
    assert netops("inventory", "keys", "approve", typed="n\n").code == 2
    assert netops("inventory", "keys", "approve", "--dry-run").code == 0
    refused(netops("inventory", "keys", "approve", "--host", "nobody", "--yes"), "keys diff")
    assert held(here) == before


def test_a_name_that_the_terminal_cannot_print_does_not_stop_the_output(here: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "latin-1", "HOME": ""}

    done = subprocess.run(
        [sys.executable, "-m", "netops", "inventory", "show", "430100"],
        capture_output=True, cwd=here, env=environ, check=False,
    )  # fmt: skip

    assert done.returncode == 0
    assert rb"\u957f\u6c99\u5e02" in done.stdout
