"""Adds a person's verdict to ``confirmations.yaml``; none is ever removed, the newest counts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from netops.inventory.graded import Confirmation
from netops.inventory.list_file import ListFile, alone

FILE = "confirmations.yaml"
_LIST = ListFile(FILE, "confirmations")


def add_confirmations(
    folder: Path, confirmations: Iterable[Confirmation], *, dry_run: bool = False
) -> None:
    """Append every confirmation; the inventory must still hold with all of them."""
    with alone(folder):
        _LIST.extend(folder, [_record(one) for one in confirmations], dry_run=dry_run)


def _record(confirmation: Confirmation) -> dict[str, Any]:
    item: dict[str, Any] = {
        "clause": confirmation.clause,
        "asset": confirmation.asset,
        "object": confirmation.object,
        "verdict": confirmation.verdict,
        "by": confirmation.by,
        "on": confirmation.on,
        "evidence": confirmation.evidence,
        "note": confirmation.note,
    }
    return {name: value for name, value in item.items() if value != ""}
