"""``graded.yaml`` and ``confirmations.yaml``: what they say when right, and every fault of them."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from netops.errors import InventoryError
from netops.inventory import check, load
from netops.inventory.confirmations import add_confirmations
from netops.inventory.exemptions import add_exemption
from netops.inventory.graded import Confirmation, GradedObject
from netops.inventory.model import Exemption

SMALL = Path(__file__).parents[2] / "data" / "inventory_small"
DIGEST = "sm3:" + "0" * 64
GRADED = """\
graded_objects:
  - {id: oa, name: 办公系统, government: "430102", s: 3, a: 2, filing: 备001, devices: [K1], departments: [D-2]}
  - {id: web, name: 门户, government: "430102", s: 2, a: 2, devices: [K1, T1]}
"""
WRONG_GRADED = """\
graded_objects:
  - {id: oa, name: 办公系统, government: "430102", s: 5, a: 2, devices: [K1]}
  - {id: web, name: "", government: "439999", s: 2, a: 2, devices: [ghost, K1], departments: [D-none]}
  - {id: web, name: 门户, government: "430102", s: 2, a: 2, devices: [K1]}
  - {id: a/b, name: 门户, government: "430102", s: 2, a: 2, devices: [K1], colour: red}
  - {id: none, name: 空, government: "430102", s: 1, a: 1}
  - {id: half, name: 半, government: "430102", s: 1, devices: [K1]}
"""
WRONG_CONFIRMATIONS = f"""\
confirmations:
  - {{clause: 8.1.4.1.a, asset: K1/nginx, verdict: met, by: 张三, on: 2026-01-01, evidence: "{DIGEST}"}}
  - {{clause: "8.1.4", asset: K1, verdict: met, by: 张三, on: 2026-01-01}}
  - {{clause: 8.1.4.1.a, asset: ghost, verdict: met, by: 张三, on: 2026-01-01}}
  - {{clause: 8.1.4.1.a, object: ghost, verdict: met, by: 张三, on: 2026-01-01}}
  - {{clause: 8.1.4.1.a, asset: K1, object: oa, verdict: met, by: 张三, on: 2026-01-01}}
  - {{clause: 8.1.4.1.a, verdict: met, by: 张三, on: 2026-01-01}}
  - {{clause: 8.1.4.1.a, asset: K1, verdict: fine, by: 张三, on: 2026-01-01}}
  - {{clause: 8.1.4.1.a, asset: K1, verdict: not_applicable, by: 张三, on: 2026-01-01}}
  - {{clause: 8.1.4.1.a, asset: K1, verdict: met, by: "", on: 2026-01-01}}
  - {{clause: 8.1.4.1.a, asset: K1, verdict: met, by: 张三, on: soon}}
  - {{clause: 8.1.4.1.a, asset: K1, verdict: met, by: 张三, on: 2026-01-01, evidence: abc}}
  - {{clause: 8.1.4.1.a, asset: K1, verdict: met, by: 张三, on: 2026-01-01, mood: good}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "inventory"
    shutil.copytree(SMALL, made)
    return made


def faults(folder: Path, file: str) -> list[tuple[int | None, str, str | None]]:
    return [(f.place.line, f.kind, f.place.field) for f in check(folder) if f.place.file == file]


def test_graded_objects_are_read_with_their_two_levels(folder: Path) -> None:
    (folder / "graded.yaml").write_text(GRADED, encoding="utf-8")
    found = load(folder)

    assert found.graded["oa"] == GradedObject(
        "oa", "办公系统", "430102", 3, 2, "备001", ("K1",), ("D-2",)
    )
    assert (found.graded["oa"].level, found.graded["oa"].mark) == (3, "S3A2")
    assert [item.id for item in found.graded_of["K1"]] == ["oa", "web"]
    assert [item.id for item in found.graded_of["T1"]] == ["web"]
    assert "P1" not in found.graded_of


def test_without_the_files_nothing_is_graded_and_nothing_confirmed(folder: Path) -> None:
    found = load(folder)

    assert (found.graded, found.confirmations) == ({}, ())


def test_a_device_of_a_department_serves_what_the_department_serves(folder: Path) -> None:
    (folder / "graded.yaml").write_text(GRADED, encoding="utf-8")
    devices = (folder / "devices.csv").read_text(encoding="utf-8").splitlines()
    changed = [f"{line}D-2" if line.startswith("T1,") else line for line in devices]
    (folder / "devices.csv").write_text("\n".join(changed) + "\n", encoding="utf-8")

    assert [item.id for item in load(folder).graded_of["T1"]] == ["web", "oa"][::-1]


def test_every_fault_of_graded_objects_is_told_with_its_line(folder: Path) -> None:
    (folder / "graded.yaml").write_text(WRONG_GRADED, encoding="utf-8")

    assert sorted(faults(folder, "graded.yaml"), key=str) == sorted(
        [
            (2, "bad_number", "s"),
            (3, "missing_value", "name"),
            (3, "unknown_government", "government"),
            (3, "unknown_device", "devices"),
            (3, "unknown_department", "departments"),
            (4, "duplicate_id", "id"),
            (5, "bad_id", "id"),
            (5, "unknown_key", "colour"),
            (6, "empty_graded_object", "devices"),
            (7, "missing_value", "a"),
        ],
        key=str,
    )


def test_every_fault_of_confirmations_is_told_with_its_line(folder: Path) -> None:
    (folder / "graded.yaml").write_text(GRADED, encoding="utf-8")
    (folder / "confirmations.yaml").write_text(WRONG_CONFIRMATIONS, encoding="utf-8")

    assert sorted(faults(folder, "confirmations.yaml"), key=str) == sorted(
        [
            (3, "bad_clause", "clause"),
            (4, "unknown_device", "asset"),
            (5, "unknown_graded_object", "object"),
            (6, "confirmation_subject", "asset"),
            (7, "confirmation_subject", "object"),
            (8, "unknown_value", "verdict"),
            (9, "missing_value", "note"),
            (10, "missing_value", "by"),
            (11, "bad_date", "on"),
            (12, "bad_digest", "evidence"),
            (13, "unknown_key", "mood"),
        ],
        key=str,
    )


MADE = Confirmation("8.1.4.1.a", "met", "张三", date(2026, 6, 1), asset="K1", evidence=DIGEST)


def test_a_confirmation_is_written_into_a_file_that_was_not_there(folder: Path) -> None:
    add_confirmations(folder, [MADE])

    assert load(folder).confirmations == (MADE,)


def test_comments_and_older_confirmations_stay(folder: Path) -> None:
    file = folder / "confirmations.yaml"
    file.write_text(
        "# kept by the office\nconfirmations:\n"
        "- {clause: 8.1.4.1.b, asset: K1, verdict: met, by: 李四, on: 2026-01-01} # by interview\n",
        encoding="utf-8",
    )

    add_confirmations(folder, [MADE, MADE])

    text = file.read_text(encoding="utf-8")
    assert text.startswith("# kept by the office\n")
    assert "# by interview" in text
    assert [one.by for one in load(folder).confirmations] == ["李四", "张三", "张三"]


def test_a_confirmation_of_nothing_registered_is_refused_and_nothing_written(folder: Path) -> None:
    wrong = Confirmation("8.1.4.1.a", "met", "张三", date(2026, 6, 1), asset="ghost")

    with pytest.raises(InventoryError):
        add_confirmations(folder, [MADE, wrong])
    assert not (folder / "confirmations.yaml").exists()


@pytest.mark.parametrize(("kind", "name"), [("asset", "K1/nginx"), ("graded_object", "oa")])
def test_an_exemption_can_be_for_an_asset_or_a_graded_object(
    folder: Path, kind: str, name: str
) -> None:
    (folder / "graded.yaml").write_text(GRADED, encoding="utf-8")
    made = Exemption(
        "2026-8", "8.1.4.1.a", kind, name, "reason", "office", date(2026, 1, 1), date(2026, 2, 1)
    )

    add_exemption(folder, made)

    assert load(folder).exemptions[-1] == made


def test_an_exemption_for_an_asset_of_nobody_is_refused(folder: Path) -> None:
    made = Exemption(
        "2026-8", "x", "asset", "ghost/nginx", "r", "o", date(2026, 1, 1), date(2026, 2, 1)
    )

    with pytest.raises(InventoryError) as refused:
        add_exemption(folder, made)
    assert refused.value.faults[0].kind == "unknown_subject"
