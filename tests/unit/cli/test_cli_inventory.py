"""Inventory commands as people use them: workbook and back, views, keys, exemptions."""

from __future__ import annotations

import asyncio
import contextlib
import json
import queue
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path

import asyncssh
import openpyxl
import pytest
import yaml
from command_line import SMALL, netops

from netops.inventory import load
from netops.inventory.model import Inventory

NOT_COMPARED = {"digest", "plan"}
"""The digest is of the files' bytes; the plan is compared by its prefixes."""


def same(one: Inventory, other: Inventory) -> bool:
    names = [field.name for field in fields(Inventory) if field.name not in NOT_COMPARED]
    return one.plan.prefixes == other.plan.prefixes and all(
        getattr(one, name) == getattr(other, name) for name in names
    )


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(SMALL, tmp_path / "inventory"))


def test_a_workbook_brings_back_the_inventory_it_was_filled_from(site: Path) -> None:
    assert netops("inventory", "template", "--xlsx", "a.xlsx", "--from", site).code == 0
    assert netops("inventory", "import", "a.xlsx", "--out", "made").code == 0

    assert same(load(Path("made")), load(SMALL))


def test_the_inventory_of_a_laboratory_goes_through_a_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec.yaml").write_text(
        "schema: netops/lab/1\nseed: 3\nprovince: '430000'\nscope: {cities: ['430200']}\n"
        "townships_per_county: 1\ninnocents: [two_carriers, exempt_department, oob_card]\n",
        encoding="utf-8",
    )
    assert netops("lab", "plan", "spec.yaml", "--out", "lab").code == 0
    planned = tmp_path / "lab" / "inventory"

    assert netops("inventory", "template", "--xlsx", "a.xlsx", "--from", planned).code == 0
    assert netops("inventory", "import", "a.xlsx", "--out", "made").code == 0

    assert same(load(Path("made")), load(planned))


def test_a_workbook_filled_in_by_hand_may_hold_numbers_and_days(site: Path) -> None:
    """Spreadsheets turn codes into numbers, days into dates, and leave blank rows."""
    assert netops("inventory", "template", "--xlsx", "a.xlsx").code == 0
    book = openpyxl.load_workbook("a.xlsx")
    for name, rows in {
        "inventory": [[430000.0, "手填", True, "by hand"]],
        "governments": [[430000, "湖南省", "province", None, 1, "government"], [],
                        [430100.0, "长沙市", "city", 430000.0, 1.0, "government"]],
        "nodes": [["N1", 430100, None, 1]],
        "devices": [["C1", None, "N1", "core", "frr", "10.255.1.1", None, 2202.0, "ssh", "modern",
                     None, "audit"]],
        "departments": [["D-1", 430100, "市教育局", "A", None]],
        "subnets": [["D-1", "10.2.0.0/24", "public", None]],
        "address_plan": [["10.0.0.0/8", "local_public", 430000, "tests", "sample"]],
        "exemptions": [[20260001, "exits.class", "department", "D-1", "过渡", None, None, "办公厅",
                        date(2026, 1, 1), date(2026, 12, 31)]],
        "credentials": [["audit", "ssh", "audit", "env:SECRET"]],
    }.items():  # fmt: skip
        for number, row in enumerate(rows, start=2):
            for column, value in enumerate(row, start=1):
                book[name].cell(number, column, value)
    book.save("a.xlsx")

    ended = netops("inventory", "import", "a.xlsx", "--out", "made")

    assert site.is_dir()
    assert ended.code == 0, ended.err
    made = load(Path("made"))
    assert set(made.governments) == {"430000", "430100"}
    assert made.devices["C1"].port == 2202
    assert made.invented is True
    assert [(e.number, e.begin.isoformat(), e.end.isoformat()) for e in made.exemptions] == [
        ("20260001", "2026-01-01", "2026-12-31")
    ]


def test_a_template_is_not_written_over_somebodys_work(site: Path) -> None:
    Path("a.xlsx").write_bytes(b"a week of work")

    assert netops("inventory", "template", "--xlsx", "a.xlsx").code == 2
    assert Path("a.xlsx").read_bytes() == b"a week of work"
    assert netops("inventory", "template", "--xlsx", "a.xlsx", "--yes").code == 0
    assert Path("a.xlsx").read_bytes() != b"a week of work"
    assert sorted(path.name for path in site.parent.iterdir()) == ["a.xlsx", "inventory"]


def test_import_writes_only_when_asked_to(site: Path) -> None:
    Path("made").mkdir()
    Path("made/notes.txt").write_text("mine", encoding="utf-8")

    assert netops("inventory", "import", site, "--out", "made", "--dry-run").code == 0
    assert netops("inventory", "import", site, "--out", "made").code == 2
    assert [path.name for path in Path("made").iterdir()] == ["notes.txt"]
    assert netops("inventory", "import", site, "--out", "made", "--yes").code == 0
    assert same(load(Path("made")), load(SMALL))
    assert Path("made/notes.txt").read_text("utf-8") == "mine"


def test_an_import_that_does_not_hold_leaves_the_old_inventory(site: Path) -> None:
    Path("a").mkdir()
    before = {path.name: path.read_bytes() for path in site.iterdir()}
    for path in site.iterdir():
        shutil.copy(path, "a")
    Path("a/nodes.csv").write_text("id,government,site,disjoint_paths\nN,999999,,1\n", "utf-8")

    assert netops("inventory", "import", "a", "--out", site, "--yes").code == 2
    assert {path.name: path.read_bytes() for path in site.iterdir()} == before


def test_show_tells_the_tree_a_government_and_a_device(site: Path) -> None:
    tree = json.loads(netops("inventory", "show", "-f", "json").out)
    county = json.loads(netops("inventory", "show", "430102", "-f", "json").out)
    device = json.loads(netops("inventory", "show", "P1", "-f", "json").out)

    assert site.is_dir()
    assert tree["governments"] == {"province": 1, "city": 1, "county": 1, "township": 1}
    assert tree["tree"][0]["counties"] == [{"code": "430102", "name": "芙蓉区", "townships": 1}]
    assert [d["id"] for d in county["departments"]] == ["D-2", "D-3"]
    assert county["below"] == ["430102001"]
    assert [link["id"] for link in device["links"]] == ["L-P1-C1", "I-P1"]
    assert device["transport"] == "ssh://127.0.1.1:2201"
    shown = netops("inventory", "show", "430102").out
    assert "name: 芙蓉区" in shown
    assert "env:" not in shown


class KeyServer(asyncssh.SSHServer):
    """Lets nobody in; a scan needs no more than the key exchange."""


@pytest.fixture
def ssh_server() -> Iterator[tuple[int, str]]:
    """Serve SSH on loopback; give its port and its key."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    ready: queue.Queue[tuple[asyncio.AbstractEventLoop, asyncio.Event, int]] = queue.Queue()

    async def serve() -> None:
        done = asyncio.Event()
        server = await asyncssh.create_server(KeyServer, "127.0.0.1", 0, server_host_keys=[key])
        ready.put((asyncio.get_running_loop(), done, server.get_port()))
        await done.wait()
        server.close()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    loop, done, port = ready.get(timeout=10)
    yield port, key.export_public_key().decode().strip()
    loop.call_soon_threadsafe(done.set)
    thread.join(10)


def test_a_key_is_scanned_compared_and_approved(site: Path, ssh_server: tuple[int, str]) -> None:
    port, key = ssh_server
    text = (site / "devices.csv").read_text("utf-8")
    (site / "devices.csv").write_text(
        text.replace("127.0.1.1,2201", f"127.0.0.1,{port}"), encoding="utf-8"
    )
    name = f"[127.0.0.1]:{port}"
    line = f"{name} {' '.join(key.split()[:2])}"
    old = (site / "known_hosts").read_text("utf-8").strip()

    scanned = netops("inventory", "keys", "scan", site)
    assert scanned.code == 3  # the other three devices listen nowhere
    assert "Keys seen: 1; devices that showed none: 3." in scanned.err
    assert netops("inventory", "keys", "diff", site).out.splitlines() == [f"+ {line}"]
    assert (site / "known_hosts").read_text("utf-8").strip() == old

    assert netops("inventory", "keys", "approve", site, "--yes").code == 0
    assert (site / "known_hosts").read_text("utf-8").splitlines() == [old, line]
    same_now = netops("inventory", "keys", "diff", site)
    assert (same_now.code, same_now.out) == (0, "")

    forged = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8Zq0x1rN1fVqJm8b3n0t9l2cQeQ3bq0xkq8l9a1b2c"
    (site / "known_hosts").write_text(f"{name} {forged}\n", encoding="utf-8")
    changed = netops("inventory", "keys", "diff", site)
    assert (changed.code, changed.out.splitlines()) == (1, [f"- {name} {forged}", f"! {line}"])
    assert netops("inventory", "keys", "approve", site, "--yes").code == 0
    assert forged in (site / "known_hosts").read_text("utf-8")
    assert netops("inventory", "keys", "approve", site, "--yes", "--host", name).code == 0
    assert (site / "known_hosts").read_text("utf-8").splitlines() == [line]


HOSTILE = {
    "closes": b"",
    "speaks another protocol": b"hello\r\n" * 100,
    "is of the nineties": b"SSH-1.5-x\r\n",
    "sends bytes that are no text": b"SSH-2.0-x\r\n\0\0\x01\x0c\x04\x14" + b"\xff" * 270,
}


@pytest.mark.parametrize("manner", HOSTILE)
def test_a_hostile_peer_shows_no_key_and_stops_no_scan(manner: str, site: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        text = (site / "devices.csv").read_text("utf-8")
        (site / "devices.csv").write_text(
            text.replace("127.0.1.1,2201", f"127.0.0.1,{port}"), encoding="utf-8"
        )
        thread = threading.Thread(target=_answer_once, args=(server, HOSTILE[manner]), daemon=True)
        thread.start()

        ended = netops("inventory", "keys", "scan", site)
        thread.join(10)

    assert ended.code == 3
    assert "Keys seen: 0; devices that showed none: 4." in ended.err
    assert [line.partition(":")[0] for line in ended.err.splitlines()[:4]] == [
        "P1",
        "C1",
        "K1",
        "T1",
    ]


def _answer_once(server: socket.socket, said: bytes) -> None:
    peer, _ = server.accept()
    with peer, contextlib.suppress(OSError):
        peer.sendall(said)
        while said and peer.recv(4096):  # until the scan has had enough
            pass


def add(**changed: str) -> tuple[str, ...]:
    given = {"number": "HN-2026-002", "rule": "exits.undeclared", "subject": "government:430102",
             "reason": '专线: 过渡 # 期内 "一年"', "approver": "省政府办公厅", "begin": "2026-02-01",
             "end": "2026-02-01", **changed}  # fmt: skip
    return ("exemption", "add", "--yes", *(w for k, v in given.items() for w in (f"--{k}", v)))


FORMS = {
    "flow records": (SMALL / "exemptions.yaml").read_text("utf-8"),
    "block records": "# 第一类\nexemptions:\n- number: HN-2026-001\n  rule: exits.undeclared\n"
    "  subject:\n    kind: department   # 单位\n    id: D-2\n  reason: 迁移过渡\n"
    "  approver: 省政府办公厅\n  begin: 2026-01-01\n  end: 2026-12-31   # 一年\n# 完\n",
    "a list in brackets": "exemptions: [{number: HN-2026-001, rule: r, subject: {kind: department,"
    " id: D-2}, reason: 迁移, approver: 办公厅, begin: 2026-01-01, end: 2026-12-31}]  # all\n",
    "windows": (SMALL / "exemptions.yaml").read_text("utf-8").replace("\n", "\r\n"),
    "no end of line": (SMALL / "exemptions.yaml").read_text("utf-8").rstrip("\n"),
}


@pytest.mark.parametrize("form", FORMS)
def test_an_exemption_is_added_and_ended_and_nothing_else_is_lost(form: str, site: Path) -> None:
    path = site / "exemptions.yaml"
    path.write_bytes(FORMS[form].encode())
    before = load(site).exemptions

    assert netops(*add(exit="X-K", relief="一条专线")).code == 0
    assert netops("exemption", "expire", "HN-2026-001", "--on", "2026-06-30", "--yes").code == 0

    after = load(site).exemptions
    assert [e.number for e in after] == ["HN-2026-001", "HN-2026-002"]
    assert (after[1].reason, after[1].exit) == ('专线: 过渡 # 期内 "一年"', "X-K")
    assert (after[0].end.isoformat(), after[0].begin) == ("2026-06-30", before[0].begin)
    text = path.read_bytes().decode()
    for comment in [part for part in FORMS[form].splitlines() if "#" in part]:
        assert comment[comment.index("#") :] in text


@pytest.mark.parametrize(
    "body", ["", "exemptions:\n", "exemptions: []\n", "# none\nexemptions: []  # yet\n"]
)
def test_the_first_exemption_of_a_file_is_added(body: str, site: Path) -> None:
    (site / "exemptions.yaml").write_text(body, encoding="utf-8")
    if not body:
        assert netops(*add()).code == 2  # an inventory with an empty file does not hold
        return

    assert netops(*add()).code == 0

    assert [e.number for e in load(site).exemptions] == ["HN-2026-002"]
    assert body.count("#") == (site / "exemptions.yaml").read_text("utf-8").count("# ") - 1


def test_dry_run_adds_and_ends_nothing(site: Path) -> None:
    before = (site / "exemptions.yaml").read_bytes()

    assert netops(*add(), "--dry-run").code == 0
    assert netops("exemption", "expire", "HN-2026-001", "--on", "2026-06-30", "--dry-run").code == 0

    assert (site / "exemptions.yaml").read_bytes() == before


@pytest.mark.usefixtures("site")
def test_list_says_which_exemptions_are_in_force() -> None:
    assert netops(*add()).code == 0

    def in_force(day: str) -> list[bool]:
        text = netops("exemption", "list", "--as-of", day, "--format", "json").out
        return [row["in_force"] for row in json.loads(text)["exemptions"]]

    assert in_force("2026-02-01") == [True, True]
    assert in_force("2026-02-02") == [True, False]
    assert in_force("2027-01-01") == [False, False]
    shown = netops("exemption", "list", "--as-of", "2026-02-02").out.splitlines()
    assert [line.split("  ")[-2] for line in shown] == ["in force", "not in force"]


def test_a_file_made_by_another_program_can_be_edited(site: Path) -> None:
    path = site / "exemptions.yaml"
    document = yaml.safe_load(path.read_bytes())
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")

    assert netops(*add()).code == 0

    assert len(load(site).exemptions) == 2
