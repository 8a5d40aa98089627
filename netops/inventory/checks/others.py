"""Exemptions, applications, the plan, secrets, and what must never be registered at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netops.errors import Sentence
from netops.inventory.checks.records import Records, unknown
from netops.inventory.model import Inventory
from netops.inventory.tables import Row

_CLASSIFIED = re.compile(r"涉密|政务内网|(?<!省)(?<!市)(?<!县)内网(?!络)|绝密|机密级|秘密级")
"""Marks of classified networks, which are outside this tool by law and design (extranet.md §1)."""

REFERENCE = re.compile(r"(?:env:[A-Za-z_]\w*|file:.+|keyring:[^/]+/.+|age:.+)")
"""The forms in which a secret is named."""


def check_classified(_inventory: Inventory, records: Records) -> None:
    """Refuse every record that is marked as belonging to a classified network."""
    for rows in records.rows.values():
        for row in rows:
            for name in row.values:
                _refuse_classified(records, row, name, row.text(name))
    for top in records.yaml.values():
        for row in _walk(top):
            for name, value in row.values.items():
                if isinstance(value, str):
                    _refuse_classified(records, row, name, value)


def _refuse_classified(records: Records, row: Row, name: str, text: str) -> None:
    found = _CLASSIFIED.search(text)
    if found:
        records.faults.add(
            "classified",
            row.place(name),
            Sentence("The mark “{mark}” names a classified network.", mark=found[0]),
            "Remove the record: classified networks are never registered here.",
        )


def _walk(value: object) -> Iterator[Row]:
    if isinstance(value, Row):
        yield value
        for inner in value.values.values():
            yield from _walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(inner)


def check_secrets(inventory: Inventory, records: Records) -> None:
    """A secret is a reference; a literal is refused without being repeated."""
    for credential in inventory.credentials.values():
        row = records.row_of("credential", credential.name)
        for field in ("secret", "privacy"):
            text = row.text(field)
            if text and not REFERENCE.fullmatch(text):
                records.faults.add(
                    "literal_secret",
                    row.place(field),
                    "A secret stands here in clear.",
                    "Write a reference: env:NAME, file:PATH or keyring:SERVICE/NAME, "
                    "and change the secret.",
                )
        if not credential.secret:
            records.faults.add(
                "missing_secret",
                row.place("secret"),
                "The reference to the secret is missing.",
                "Write env:NAME, file:PATH or keyring:SERVICE/NAME.",
            )


EXEMPTED = ("government", "department", "device", "exit", "asset", "graded_object")
"""The kinds of subject that an exemption can relieve."""


def check_exemptions(inventory: Inventory, records: Records) -> None:
    """An exemption names somebody registered and ends after it begins."""
    for exemption in inventory.exemptions:
        row = records.row_of("exemption", exemption.number)
        kind, name = exemption.subject_kind, exemption.subject_id
        # An asset is a device or a component of one: `device/component`.
        what, key = ("device", name.partition("/")[0]) if kind == "asset" else (kind, name)
        if kind not in EXEMPTED or not records.has_row(what, key):
            records.faults.add(
                "unknown_subject",
                row.place("subject"),
                Sentence(
                    "{kind} “{name}” is not registered.",
                    kind=kind,
                    name=name,
                ),
                Sentence("Use one of: {kinds}, and its id.", kinds=", ".join(EXEMPTED)),
            )
        if exemption.end < exemption.begin:
            records.faults.add(
                "exemption_ends_before_begin",
                row.place("end"),
                "The exemption ends before it begins.",
                "Correct the days.",
            )
        if exemption.exit is not None and exemption.exit not in inventory.exits:
            unknown(records, row, "exit", "exit", "exits.yaml")


def check_applications(inventory: Inventory, records: Records) -> None:
    """Applications are served by a registered government inside the plan."""
    for application in inventory.applications.values():
        row = records.row_of("application", application.id)
        if application.government not in inventory.governments:
            unknown(records, row, "government", "government", "governments.csv")
        if inventory.plan.prefixes and not inventory.plan.holds(application.prefix):
            records.faults.add(
                "prefix_outside_plan",
                row.place("prefix"),
                Sentence("{value} is not inside the address plan.", value=application.prefix),
                "Correct the prefix, or add it to address_plan.yaml.",
            )


def check_plan(inventory: Inventory, records: Records) -> None:
    """The plan names at least one prefix, and no prefix twice."""
    top = records.yaml["address_plan.yaml"]
    if top is not None and not inventory.plan.prefixes:
        records.faults.add(
            "empty_plan",
            top.place(),
            "The address plan is empty.",
            "List the extranet's prefixes: without them nothing is inside.",
        )
    seen: set[str] = set()
    for planned in inventory.plan.prefixes:
        text = str(planned.prefix)
        if text in seen:
            records.faults.add(
                "duplicate_prefix",
                records.row_of("planned", text).place("prefix"),
                Sentence("{prefix} stands twice in the plan.", prefix=text),
                "Remove one of the entries.",
            )
        seen.add(text)
