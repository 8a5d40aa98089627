"""Exemptions are added and ended in the file that people keep; none is ever removed."""

from __future__ import annotations

import errno
import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from netops.errors import InventoryError, UsageError
from netops.inventory import list_file, load
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


def test_what_many_write_at_once_is_all_kept(folder: Path) -> None:
    before = len(load(folder).exemptions)
    made = [replace(MADE, number=f"2026-{n}") for n in range(100, 108)]

    with ThreadPoolExecutor(len(made)) as many:
        list(many.map(lambda one: add_exemption(folder, one), made))

    assert {one.number for one in load(folder).exemptions[before:]} == {m.number for m in made}


def test_a_list_that_somebody_else_is_writing_is_waited_for_and_then_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_file, "_PATIENCE_S", 0.0)

    with list_file.alone(folder), pytest.raises(UsageError, match="Another process is writing"):
        add_exemption(folder, MADE)

    add_exemption(folder, MADE)


def test_a_list_that_is_a_link_stays_one(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.yaml"
    (folder / "exemptions.yaml").rename(kept)
    (folder / "exemptions.yaml").symlink_to(kept)

    add_exemption(folder, MADE)

    assert (folder / "exemptions.yaml").is_symlink()
    assert "2026-007" in kept.read_text(encoding="utf-8")


def test_a_full_disk_leaves_the_list_as_it_was_and_nothing_beside_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted((path.name, path.read_bytes()) for path in folder.iterdir() if path.is_file())

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="No space left") as caught:
        add_exemption(folder, MADE)

    after = sorted((path.name, path.read_bytes()) for path in folder.iterdir() if path.is_file())
    assert after == before
    assert str(caught.value.place).endswith("exemptions.yaml")


@pytest.mark.parametrize("number", ["1.10", "yes", "off", "1e3", "2026-007", "430102"])
def test_a_number_is_what_the_office_wrote_and_no_number_of_yaml(folder: Path, number: str) -> None:
    file = folder / "exemptions.yaml"
    file.write_text(
        f"exemptions:\n- {{number: {number}, rule: x, subject: {{kind: department, id: D-1}}, "
        "reason: r, approver: no, begin: 2026-01-01, end: 2026-12-31}\n",
        encoding="utf-8",
    )

    (found,) = load(folder).exemptions

    assert (found.number, found.approver) == (number, "no")
    expire_exemption(folder, number, date(2026, 6, 30))
    with pytest.raises(UsageError, match="is taken"):
        add_exemption(folder, replace(MADE, number=number))


def test_a_number_that_yaml_would_read_as_another_is_refused(folder: Path) -> None:
    (folder / "exemptions.yaml").write_text(
        "exemptions:\n- {number: 007, rule: x}\n", encoding="utf-8"
    )

    with pytest.raises(InventoryError) as caught:
        load(folder)

    assert str(caught.value.faults[0].place) == "exemptions.yaml:2"
    assert "“007” means 7 to YAML" in caught.value.faults[0].cause


@pytest.mark.parametrize(("word", "expected"), [("yes", True), ("no", False), ("true", True)])
def test_whether_a_network_is_invented_may_be_said_in_words(
    folder: Path, word: str, *, expected: bool
) -> None:
    file = folder / "inventory.yaml"
    text = re.sub(r"(?m)^invented: .*$", f"invented: {word}", file.read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8")
    assert load(folder).invented is expected

    file.write_text(text.replace(f"invented: {word}", "invented: perhaps"), encoding="utf-8")
    with pytest.raises(InventoryError, match="“perhaps” is not known here"):
        load(folder)
