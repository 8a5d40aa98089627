"""Adds an exemption to ``exemptions.yaml`` and ends one, keeping every other line of the file.

The file is edited as text, because people keep comments in it. The edited text is read again
before it replaces the old one: it must hold what was there, the one change, and no fault.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from netops.errors import Fault, InputError, InventoryError, Place, Sentence, UsageError
from netops.inventory.columns import CSV_COLUMNS, OPTIONAL_YAML_FILES, YAML_FILES
from netops.inventory.loader import check
from netops.inventory.model import Exemption
from netops.inventory.tables import Faults, read_text
from netops.plainyaml import PlainYamlError, flow, parse_yaml

FILE = "exemptions.yaml"
_LIST = "exemptions"


def add_exemption(folder: Path, exemption: Exemption, *, dry_run: bool = False) -> None:
    """Append ``exemption``; its number must be new and the inventory must still hold."""
    text = _read(folder)
    items = _items(text)
    if any(str(item.get("number")) == exemption.number for item in items):
        raise UsageError(
            Sentence("The number {number} is taken.", number=exemption.number),
            remedy="Each approval has a number of its own.",
            place=Place(FILE),
        )
    item = _record(exemption)
    _replace(folder, _appended(text, item), [*items, item], dry_run=dry_run)


def expire_exemption(folder: Path, number: str, last_day: date, *, dry_run: bool = False) -> None:
    """Let an exemption end on ``last_day``; it stays on record."""
    text = _read(folder)
    items = _items(text)
    for index, item in enumerate(items):
        if str(item.get("number")) == number:
            _refuse_day(item, number, last_day)
            changed = [*items[:index], {**item, "end": last_day}, *items[index + 1 :]]
            _replace(folder, _ended(text, index, last_day), changed, dry_run=dry_run)
            return
    raise UsageError(
        Sentence("There is no exemption {number}.", number=number),
        remedy="`netops exemption list` shows the numbers.",
        place=Place(FILE),
    )


def _refuse_day(item: dict[str, Any], number: str, last_day: date) -> None:
    """To prolong what was approved, or to end it before it began, is no ending."""
    begin, end = item.get("begin"), item.get("end")
    if isinstance(end, date) and last_day > end:
        raise UsageError(
            Sentence("Exemption {number} ends on {day} already.", number=number, day=end),
            remedy="To prolong it takes a new approval: `netops exemption add`.",
            place=Place(FILE),
        )
    if isinstance(begin, date) and last_day < begin:
        raise UsageError(
            Sentence("Exemption {number} begins only on {day}.", number=number, day=begin),
            remedy="Name that day or a later one with --on.",
            place=Place(FILE),
        )


def _record(exemption: Exemption) -> dict[str, Any]:
    item: dict[str, Any] = {
        "number": exemption.number,
        "rule": exemption.rule,
        "subject": {"kind": exemption.subject_kind, "id": exemption.subject_id},
        "reason": exemption.reason,
        "relief": exemption.relief,
        "exit": exemption.exit,
        "approver": exemption.approver,
        "begin": exemption.begin,
        "end": exemption.end,
    }
    return {name: value for name, value in item.items() if value is not None}


def _read(folder: Path) -> str:
    faults = Faults()
    text = read_text(folder / FILE, FILE, faults)
    if text is None:
        raise InventoryError(tuple(faults.found))
    return text


def _items(text: str) -> list[dict[str, Any]]:
    try:
        document = parse_yaml(text)
    except PlainYamlError as error:
        fault = Fault("bad_yaml", Place(FILE, error.line), error.cause, error.remedy)
        raise InventoryError((fault,)) from error
    items = document.get(_LIST) if isinstance(document, dict) else document
    if items is None:
        return []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise InputError(
            "The file does not hold a list of records.",
            remedy="`netops inventory check` says what is wrong with it.",
            place=Place(FILE),
        )
    return [dict(item) for item in items]


def _appended(text: str, item: dict[str, Any]) -> str:
    """Return the text with one more record at the end of the list."""
    node = _list_node(text)
    record = flow(item)
    if node is None:
        head = "" if re.search(rf"^{_LIST}:", text, re.MULTILINE) else f"{_LIST}:\n"
        return f"{_ended_line(text)}{head}- {record}\n"
    first = node.start_mark
    if not node.flow_style:
        return f"{_ended_line(text)}{' ' * first.column}- {record}\n"
    last = node.end_mark.index - 1
    return f"{text[:last]}{', ' if node.value else ''}{record}{text[last:]}"


def _ended_line(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


def _ended(text: str, index: int, last_day: date) -> str:
    """Return the text with another ``end`` in the record at ``index``."""
    node = _list_node(text)
    record = None if node is None else node.value[index]
    for name, value in record.value if isinstance(record, yaml.MappingNode) else ():
        if name.value == "end":
            return text[: value.start_mark.index] + str(last_day) + text[value.end_mark.index :]
    raise InputError(
        "The record has no day at which it ends.",
        remedy="`netops inventory check` says what is wrong with it.",
        place=Place(FILE),
    )


def _list_node(text: str) -> yaml.SequenceNode | None:
    """Return where the list stands; its marks count characters of ``text``."""
    top = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(top, yaml.MappingNode):
        return None
    found = [value for name, value in top.value if name.value == _LIST]
    return found[0] if found and isinstance(found[0], yaml.SequenceNode) else None


def _replace(folder: Path, text: str, wanted: list[dict[str, Any]], *, dry_run: bool) -> None:
    """Put the new text in place, if it says exactly what it should and the inventory holds."""
    try:
        held = _items(text) == wanted
    except (InputError, InventoryError):
        held = False
    if not held:
        raise InputError(
            "The list is written in a way that cannot be edited line by line.",
            remedy="Write a record a line, each beginning with `- `, as the last of the file.",
            place=Place(FILE),
        )
    errors = tuple(fault for fault in _faults_with(folder, text) if not fault.warning)
    if errors:
        raise InventoryError(errors)
    if dry_run:
        return
    path = folder / FILE
    temporary = path.with_name(f".{FILE}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(text.encode())
        shutil.copymode(path, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _faults_with(folder: Path, text: str) -> tuple[Fault, ...]:
    """Check the inventory as it would be."""
    with tempfile.TemporaryDirectory(prefix="netops-exemption-") as name:
        for file in _others(folder):
            (Path(name) / file).symlink_to((folder / file).resolve())
        (Path(name) / FILE).write_bytes(text.encode())
        return check(Path(name))


def _others(folder: Path) -> Iterator[str]:
    yield from (file for file in (*CSV_COLUMNS, *YAML_FILES, "known_hosts") if file != FILE)
    yield from (file for file in OPTIONAL_YAML_FILES if (folder / file).exists())
