"""Texts that a colleague collected by hand and sent by mail: imported, audited, or refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from whole_line import DATA, POLICY, Line

SENT = DATA / "handmade" / "text"
INVENTORY = DATA / "handmade" / "inventory"


@pytest.fixture
def line(tmp_path: Path) -> Line:
    shutil.copytree(SENT, tmp_path / "sent")
    return Line(tmp_path)


def imported(line: Line) -> tuple[int, str, str]:
    done = line.run("snapshot", "import", "sent", "--inventory", INVENTORY)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout.strip(), done.stderr.strip()


def audited(line: Line, name: str) -> tuple[int, dict[str, Any]]:
    done = line.run("audit", name, "--snapshot", "latest", "--policy", POLICY, "--format", "json")
    document: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, document


def test_the_exits_in_hand_collected_texts_are_found_with_their_lines(line: Line) -> None:
    """VRP came a file a command, Comware as the log of one session under the device's name."""
    assert imported(line)[0] == 0
    code, document = audited(line, "exits")
    assert code == 1
    found = {
        (f["observed"]["device"], f["observed"]["mechanism"], f["observed"]["lines"][0])
        for f in document["findings"]
        if f["rule"] == "exits.undeclared"
    }
    assert found == {
        ("K1", "static_default", "GigabitEthernet0/0/8"),
        ("C1", "split_default", "GigabitEthernet0/7"),
    }
    quoted = {
        (e["device"], e["command"], tuple(e["lines"]))
        for f in document["findings"]
        if f["rule"] == "exits.undeclared"
        for e in f["evidence"]
    }
    assert ("K1", "display ip routing-table", (10, 10)) in quoted
    assert ("C1", "display ip routing-table", (7, 7)) in quoted
    strengths = {s["id"]: s["strength"] for s in document["subjects"] if s["kind"] == "department"}
    assert strengths == {"D-1": "violated", "D-2": "violated"}


def test_what_was_not_sent_is_unknown_and_never_met(line: Line) -> None:
    imported(line)
    _, document = audited(line, "connectivity")
    verdicts = {s["verdict"] for s in document["subjects"] if s["kind"] == "government"}
    assert verdicts == {"unknown"}


def rename_device(sent: Path) -> None:
    (sent / "K1").rename(sent / "K9")


def no_device(sent: Path) -> None:
    shutil.rmtree(sent)
    sent.mkdir()
    (sent / "display version.txt").write_text("VRP", encoding="utf-8")


def missing(sent: Path) -> None:
    shutil.rmtree(sent)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (rename_device, "The inventory has no device “K9”"),
        (no_device, "holds no folder of a device"),
        (missing, "sent"),
    ],
)
def test_a_folder_that_fits_no_device_is_refused(
    line: Line, spoil: Callable[[Path], None], said: str
) -> None:
    spoil(line.folder / "sent")
    code, out, err = imported(line)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("display weather.txt", b"sunny\r\n", "K1/display weather.txt"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "K1/picture.png"),
        ("notes.txt", "请查收".encode("gbk"), "K1/notes.txt"),
    ],
)
def test_a_file_that_fits_no_command_is_told_and_the_rest_is_taken(
    line: Line, name: str, raw: bytes, said: str
) -> None:
    (line.folder / "sent" / "K1" / name).write_bytes(raw)
    code, out, err = imported(line)
    assert code == 3
    assert out
    assert err == f"Fits no command and holds no prompt: {said}"
    assert len(audited(line, "exits")[1]["findings"]) >= 2


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\n", bytes(range(256)) * 40])
def test_an_empty_or_binary_answer_is_no_answer(line: Line, raw: bytes) -> None:
    """Without the routing table the county cannot be judged; its neighbour still is."""
    (line.folder / "sent" / "K1" / "display-ip-routing-table.txt").write_bytes(raw)
    imported(line)
    _, document = audited(line, "exits")
    assert document["coverage"]["understood"] < 2
    assert any(f["rule"] == "exits.unknown" and f["observed"]["device"] == "K1"
               for f in document["findings"])  # fmt: skip
    strengths = {s["id"]: s["strength"] for s in document["subjects"]}
    assert strengths["D-1"] == "violated"
    assert strengths["D-2"] == "unknown"


def test_a_device_whose_files_are_all_empty_gave_nothing(line: Line) -> None:
    for path in (line.folder / "sent" / "K1").iterdir():
        path.write_bytes(b"")
    code, _, _ = imported(line)
    assert code == 3
    _, document = audited(line, "exits")
    assert document["coverage"]["answered"] == 1


def test_a_log_that_breaks_off_in_the_middle_is_not_clean(line: Line) -> None:
    log = line.folder / "sent" / "HN-C1" / "session.log"
    text = log.read_text(encoding="utf-8")
    log.write_text(text[: text.index("interface GigabitEthernet0/7")], encoding="utf-8")
    imported(line)
    _, document = audited(line, "exits")
    unknown = {
        f["observed"]["device"] for f in document["findings"] if f["rule"] == "exits.unknown"
    }
    assert "C1" in unknown
