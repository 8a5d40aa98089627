"""Graded objects and confirmations against the rest of the inventory."""

from __future__ import annotations

import re

from netops.errors import Sentence
from netops.inventory.checks.records import Records, unknown
from netops.inventory.graded import Confirmation, GradedObject
from netops.inventory.model import Inventory
from netops.inventory.tables import Row

CLAUSE = re.compile(r"[6-9]\.\d{1,2}(?:\.\d{1,2}){2}(?:\.[a-z])?")
"""The form of a clause of GB/T 22239: 8.1.4.1.a, or 8.1.3.6 where the item has no letter."""
DIGEST = re.compile(r"sm3:[0-9a-f]{64}")


def check_graded(inventory: Inventory, records: Records) -> None:
    """A graded object belongs to a government and is served by something registered."""
    for item in inventory.graded.values():
        row = records.row_of("graded_object", item.id)
        if item.government and item.government not in inventory.governments:
            unknown(records, row, "government", "government", "governments.csv")
        _check_served(item, row, inventory, records)
        if not item.devices and not item.departments:
            records.faults.warn(
                "empty_graded_object",
                row.place("devices"),
                Sentence("No device serves the graded object “{name}”.", name=item.id),
                "List its devices or departments: until then no machine evidence bears on it.",
            )


def _check_served(item: GradedObject, row: Row, inventory: Inventory, records: Records) -> None:
    for field, what, known, file in (
        ("devices", "device", inventory.devices, "devices.csv"),
        ("departments", "department", inventory.departments, "departments.csv"),
    ):
        for name in getattr(item, field):
            if name not in known and not records.has_row(what, name):
                records.faults.add(
                    f"unknown_{what}",
                    row.place(field),
                    Sentence(
                        "“{name}” is not a {what} of this inventory.",
                        name=name,
                        what=Sentence(what),
                    ),
                    Sentence("Add it to {file}, or correct the id.", file=file),
                )


def check_confirmations(inventory: Inventory, records: Records) -> None:
    """A confirmation names a clause, one registered subject, and evidence by its digest."""
    for confirmation, row in zip(inventory.confirmations, records.confirmation_rows, strict=True):
        _check_form(confirmation, row, records)
        _check_subject(confirmation, row, inventory, records)


def _check_form(confirmation: Confirmation, row: Row, records: Records) -> None:
    if confirmation.clause and not CLAUSE.fullmatch(confirmation.clause):
        records.faults.add(
            "bad_clause",
            row.place("clause"),
            Sentence("“{text}” is not a clause.", text=confirmation.clause[:40]),
            "Write it like 8.1.4.1.a.",
        )
    if confirmation.evidence and not DIGEST.fullmatch(confirmation.evidence):
        records.faults.add(
            "bad_digest",
            row.place("evidence"),
            Sentence("“{text}” is not a digest.", text=confirmation.evidence[:80]),
            "Let `netops baseline confirm` write it: sm3: and 64 hexadecimal digits.",
        )
    if confirmation.verdict == "not_applicable" and not confirmation.note:
        records.faults.add(
            "missing_value",
            row.place("note"),
            "Why the clause is not applicable is not given.",
            "Give the reason as `note`.",
        )


def _check_subject(
    confirmation: Confirmation, row: Row, inventory: Inventory, records: Records
) -> None:
    if bool(confirmation.asset) == bool(confirmation.object):
        records.faults.add(
            "confirmation_subject",
            row.place("asset" if confirmation.asset else "object"),
            "A confirmation names an asset or a graded object, and not both.",
            "Keep one of the two.",
        )
    elif confirmation.object:
        if confirmation.object not in inventory.graded:
            unknown(records, row, "object", "graded_object", "graded.yaml")
    elif not records.has_row("device", confirmation.device):
        records.faults.add(
            "unknown_device",
            row.place("asset"),
            Sentence(
                "“{name}” is not a {what} of this inventory.",
                name=confirmation.device,
                what=Sentence("device"),
            ),
            Sentence("Add it to {file}, or correct the id.", file="devices.csv"),
        )
