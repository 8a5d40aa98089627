"""Adds an exemption to ``exemptions.yaml`` and ends one; none is ever removed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from netops.errors import Place, Sentence, UsageError
from netops.inventory.list_file import ListFile, alone
from netops.inventory.model import Exemption

FILE = "exemptions.yaml"
_LIST = ListFile(FILE, "exemptions")


def add_exemption(folder: Path, exemption: Exemption, *, dry_run: bool = False) -> None:
    """Append ``exemption``; its number must be new and the inventory must still hold."""
    with alone(folder):
        items = _LIST.items(_LIST.read(folder))
        if any(str(item.get("number")) == exemption.number for item in items):
            raise UsageError(
                Sentence("The number {number} is taken.", number=exemption.number),
                remedy="Each approval has a number of its own.",
                place=Place(FILE),
            )
        _LIST.append(folder, _record(exemption), dry_run=dry_run)


def expire_exemption(folder: Path, number: str, last_day: date, *, dry_run: bool = False) -> None:
    """Let an exemption end on ``last_day``; it stays on record."""
    with alone(folder):
        for index, item in enumerate(_LIST.items(_LIST.read(folder))):
            if str(item.get("number")) == number:
                _refuse_day(item, number, last_day)
                _LIST.change(folder, index, ("end", last_day), dry_run=dry_run)
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
