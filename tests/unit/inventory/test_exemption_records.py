"""Exemptions are added and ended in the file that people keep; none is ever removed."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from netops.errors import UsageError
from netops.inventory import load
from netops.inventory.exemptions import add_exemption, expire_exemption
from netops.inventory.model import Exemption

SMALL = Path(__file__).parents[2] / "data" / "inventory_small"

MADE = Exemption(
    number="2026-007",
    rule="exits.undeclared",
    subject_kind="department",
    subject_id="D-1",
    reason="迁移期内保留",
    approver="office",
    begin=date(2026, 1, 1),
    end=date(2026, 12, 31),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "inventory"
    shutil.copytree(SMALL, made)
    return made


def test_an_added_exemption_is_loaded_beside_the_others(folder: Path) -> None:
    before = load(folder).exemptions

    add_exemption(folder, MADE)

    assert load(folder).exemptions == (*before, MADE)


def test_a_number_is_given_once(folder: Path) -> None:
    add_exemption(folder, MADE)

    with pytest.raises(UsageError, match="2026-007 is taken"):
        add_exemption(folder, MADE)


def test_an_ended_exemption_stays_on_record(folder: Path) -> None:
    add_exemption(folder, MADE)

    expire_exemption(folder, "2026-007", date(2026, 6, 30))

    found = load(folder).exemptions[-1]
    assert (found.number, found.end) == ("2026-007", date(2026, 6, 30))
    assert found.is_in_force(date(2026, 6, 30))
    assert not found.is_in_force(date(2026, 7, 1))


def test_ending_an_unknown_exemption_is_refused(folder: Path) -> None:
    with pytest.raises(UsageError, match="no exemption 1999-001"):
        expire_exemption(folder, "1999-001", date(2026, 6, 30))


def test_comments_at_the_head_of_the_file_stay(folder: Path) -> None:
    file = folder / "exemptions.yaml"
    file.write_text("# kept by the office\n# since 2026\n" + file.read_text(encoding="utf-8"),
                    encoding="utf-8")  # fmt: skip

    add_exemption(folder, MADE)

    assert file.read_text(encoding="utf-8").startswith("# kept by the office\n# since 2026\n")
