"""A workbook carries a whole inventory there and back; host keys get in by approval only."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from netops.errors import InputError, InventoryError
from netops.inventory import load
from netops.inventory.importing import import_inventory
from netops.inventory.keys import compare_keys, merge_keys
from netops.inventory.workbook import write_template

SMALL = Path(__file__).parents[2] / "data" / "inventory_small"

OLD = "10.0.0.1 ssh-ed25519 AAAA1"
NEW = "10.0.0.1 ssh-ed25519 AAAA2"
OTHER = "10.0.0.2 ssh-rsa AAAA3"


def test_an_inventory_survives_the_way_through_a_workbook(tmp_path: Path) -> None:
    write_template(tmp_path / "book.xlsx", SMALL)

    import_inventory(tmp_path / "book.xlsx", tmp_path / "back")

    before, after = load(SMALL), load(tmp_path / "back")
    assert after.plan.prefixes == before.plan.prefixes
    same = replace(after, digest=before.digest, plan=before.plan, known_hosts=before.known_hosts)
    assert same == before


def test_a_fault_in_a_workbook_names_the_row_of_the_sheet_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    write_template(tmp_path / "book.xlsx", SMALL)
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    book["nodes"]["B3"] = "439999"
    book.save(tmp_path / "book.xlsx")

    with pytest.raises(InventoryError) as caught:
        import_inventory(tmp_path / "book.xlsx", tmp_path / "back")

    faults = {(f.place.file, f.place.line, f.kind) for f in caught.value.faults}
    assert ("nodes.csv", 3, "unknown_government") in faults
    assert not (tmp_path / "back").exists()


def test_an_empty_template_says_what_must_be_filled_in(tmp_path: Path) -> None:
    write_template(tmp_path / "book.xlsx")

    with pytest.raises(InventoryError) as caught:
        import_inventory(tmp_path / "book.xlsx", tmp_path / "back", dry_run=True)

    assert {fault.kind for fault in caught.value.faults} == {"empty_plan", "missing_value"}


def test_a_workbook_without_a_sheet_is_refused(tmp_path: Path) -> None:
    write_template(tmp_path / "book.xlsx", SMALL)
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    del book["links"]
    book.save(tmp_path / "book.xlsx")

    with pytest.raises(InputError, match="no sheet “links”"):
        import_inventory(tmp_path / "book.xlsx", tmp_path / "back", dry_run=True)


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(b"not a zip")

    with pytest.raises(InputError, match="not a workbook"):
        import_inventory(tmp_path / "book.xlsx", tmp_path / "back", dry_run=True)


GRADED = (
    'graded_objects:\n- {id: oa, name: 办公, government: "430102", s: 3, a: 2, devices: [K1]}\n'
)
EXEMPTION = """\
exemptions:
- {number: "007", rule: x, subject: {kind: graded_object, id: oa}, reason: r, approver: a,
   begin: 2026-01-01, end: 2026-12-31}
"""


def test_what_has_no_sheet_stays_and_is_checked_with_what_comes_in(tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(SMALL, out)
    (out / "graded.yaml").write_text(GRADED, encoding="utf-8")
    (out / "exemptions.yaml").write_text(EXEMPTION, encoding="utf-8")
    write_template(tmp_path / "book.xlsx", out)

    import_inventory(tmp_path / "book.xlsx", out)

    after = load(out)
    assert [(one.number, one.subject_id) for one in after.exemptions] == [("007", "oa")]
    assert (out / "graded.yaml").read_text(encoding="utf-8") == GRADED


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_workbook_that_what_stays_does_not_fit_is_refused(
    tmp_path: Path, *, dry_run: bool
) -> None:
    out = tmp_path / "out"
    shutil.copytree(SMALL, out)
    write_template(tmp_path / "book.xlsx", out)
    (out / "graded.yaml").write_text(GRADED.replace("K1", "GONE"), encoding="utf-8")
    before = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}

    with pytest.raises(InventoryError) as caught:
        import_inventory(tmp_path / "book.xlsx", out, dry_run=dry_run)

    assert {fault.place.file for fault in caught.value.faults} == {"graded.yaml"}
    assert before == {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}


def test_a_scan_is_held_against_the_approved_keys() -> None:
    found = compare_keys(f"# head\n{OLD}\n", [NEW, OTHER])

    assert found.new == (OTHER,)
    assert found.changed == ((OLD, NEW),)
    assert compare_keys(f"{OLD}\n", [OLD]).same == 1


def test_another_type_of_key_of_a_known_host_is_a_change_not_a_new_host() -> None:
    found = compare_keys(f"{OLD}\n", ["10.0.0.1 ssh-rsa AAAA9"])

    assert found.new == ()
    assert found.changed == (("", "10.0.0.1 ssh-rsa AAAA9"),)


def test_an_approved_key_takes_the_place_of_all_older_ones_of_its_host() -> None:
    merged = merge_keys(f"# head\n{OLD}\n{OTHER}\n", [NEW])

    assert merged == f"# head\n{OTHER}\n{NEW}\n"
