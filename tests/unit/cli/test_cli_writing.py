"""Nothing outside the workspace is changed without a word: it is asked, or --yes is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from command_line import SMALL, Ended, netops

from netops.evidence import DeviceRecord, SnapshotWriter
from netops.evidence.observation import Observation, Outcome
from netops.facts.device import Contact
from netops.inventory import load

SPEC = {
    "schema": "netops/lab/1", "seed": 5, "province": "430000", "scope": {"cities": ["430300"]},
    "townships_per_county": 1, "routes_per_device": 3, "faults": [],
    "departments": {"province": 1, "city": 1, "county": 1, "township": 0},
    "platforms": {"province": "frr", "city": "frr", "county": "frr", "township": "frr"},
    "uplinks": {"city": 2, "county": 2, "township": 1},
}  # fmt: skip
ADD = ("exemption", "add", "--number", "HN-2", "--rule", "exits.undeclared", "--subject",
       "department:D-1", "--reason", "x", "--approver", "x", "--begin", "2026-01-01",
       "--end", "2026-06-30")  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the small inventory, a judged snapshot, and what must not be lost."""
    shutil.copytree(SMALL, tmp_path / "inventory")
    registered = load(SMALL)
    with SnapshotWriter.create(
        tmp_path / ".netops" / "snapshots", SMALL, registered.digest, registered.devices
    ) as writer:
        for device in registered.devices.values():
            seen = Observation(
                f"{device.id}#1",
                device.id,
                "display version",
                "ssh",
                "2026-06-01T00:00:00+08:00",
                0.1,
                Outcome.ACCEPTED,
                b"x\r\n",
            )
            writer.add(DeviceRecord(device.id, device.platform, Contact.ANSWERED,
                                    observations=(seen,)))  # fmt: skip
        writer.finish()
    (tmp_path / "spec.yaml").write_text(yaml.safe_dump(SPEC), encoding="utf-8")
    (tmp_path / "kept.json").write_text("a week of work", encoding="utf-8")
    for folder in ("kept", ".netops/kept"):
        (tmp_path / folder / "inventory").mkdir(parents=True)
        (tmp_path / folder / "inventory" / "devices.csv").write_text("mine", encoding="utf-8")
    (tmp_path / ".netops" / "kept.json").write_text("made again at any time", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def held(here: Path) -> dict[str, bytes]:
    """Return every file but the cache, which may come and go."""
    return {
        path.relative_to(here).as_posix(): path.read_bytes()
        for path in sorted(here.rglob("*"))
        if path.is_file() and "cache" not in path.parts
    }


CHANGING = {
    "audit": ("audit", "exits", "--format", "json", "--output", "kept.json"),
    "report": ("report", "build", "--output", "kept"),
    "plan": ("lab", "plan", "spec.yaml", "--out", "kept"),
    "template": ("inventory", "template", "--xlsx", "kept.json"),
    "import": ("inventory", "import", "inventory", "--out", "kept"),
    "add": ADD,
    "expire": ("exemption", "expire", "HN-2026-001", "--on", "2026-06-30"),
}


@pytest.mark.parametrize("name", CHANGING)
def test_what_lies_there_is_not_touched_unless_somebody_agrees(name: str, here: Path) -> None:
    before = held(here)

    silent = netops(*CHANGING[name])
    refused = netops(*CHANGING[name], typed="n\n")

    assert (silent.code, refused.code) == (2, 2)
    assert "--yes" in silent.err
    assert "[y/N]" in refused.err
    assert held(here) == before


@pytest.mark.parametrize("name", CHANGING)
@pytest.mark.parametrize("agreed", ["y\n", "yes\n", "是\n", "--yes"])
def test_it_is_changed_once_somebody_agrees(name: str, agreed: str, here: Path) -> None:
    before = held(here)

    if agreed == "--yes":
        ended = netops(*CHANGING[name], agreed)
    else:
        ended = netops(*CHANGING[name], typed=agreed)

    assert ended.code in (0, 1, 3), ended.err
    assert held(here) != before


NEW = {
    "audit": ("audit", "exits", "--format", "json", "--output", "new.json"),
    "report": ("report", "build", "--output", "new"),
    "plan": ("lab", "plan", "spec.yaml", "--out", "new"),
    "template": ("inventory", "template", "--xlsx", "new.xlsx"),
    "import": ("inventory", "import", "inventory", "--out", "new"),
    "export": ("snapshot", "export", "latest", "new"),
    "inside": ("audit", "exits", "--format", "json", "--output", ".netops/kept.json"),
    "report inside": ("report", "build", "--output", ".netops/kept"),
    "plan inside": ("lab", "plan", "spec.yaml", "--out", ".netops/kept"),
}


@pytest.mark.parametrize("name", NEW)
def test_a_new_place_and_the_workspace_need_no_question(name: str, here: Path) -> None:
    before = held(here)

    ended = netops(*NEW[name])

    assert ended.code in (0, 1, 3), ended.err
    assert "[y/N]" not in ended.err
    assert held(here) != before


def test_a_plan_is_made_again_without_a_question(here: Path) -> None:
    first, second = (netops("lab", "plan", "spec.yaml", "--out", "lab") for _ in range(2))

    assert (first.code, second.code) == (0, 0)
    assert (here / "lab" / "truth.json").is_file()


DRY = ("report", "plan", "template", "import", "add", "expire")


@pytest.mark.parametrize("name", [*DRY, "export"])
def test_a_dry_run_writes_nothing_and_asks_nothing(name: str, here: Path) -> None:
    before = held(here)
    words = {**CHANGING, "export": NEW["export"]}[name]

    ended: Ended = netops(*words, "--dry-run")

    assert ended.code == 0, ended.err
    assert "[y/N]" not in ended.err
    assert held(here) == before


def test_a_link_out_of_the_workspace_is_outside(here: Path) -> None:
    (here / ".netops" / "way").symlink_to(here / "kept.json")

    assert netops(*CHANGING["audit"][:-1], ".netops/way").code == 2


def test_a_workspace_without_snapshots_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)

    fresh, listed = netops("snapshot", "list"), netops("snapshot", "list", "--format", "json")
    named = netops("snapshot", "list", "--workspace", "typo")
    by_variable = netops("snapshot", "list", environ={"NETOPS_WORKSPACE": "typo"})

    assert (fresh.code, fresh.out) == (0, "")
    assert "no snapshots yet" in fresh.err
    assert listed.code == 0
    assert '"snapshots": []' in listed.out
    assert (named.code, by_variable.code) == (2, 2)
    assert "typo" in named.err
    assert "--workspace" in named.err


def test_a_dry_scan_of_keys_keeps_nothing_for_approval(here: Path) -> None:
    before = held(here)

    ended = netops("inventory", "keys", "scan", "--dry-run")

    assert ended.code == 3  # nobody listens at the addresses of the small inventory
    assert held(here) == before
