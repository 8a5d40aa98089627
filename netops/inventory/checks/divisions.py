"""Governments and nodes: codes, levels, parents (GB/T 2260, GB/T 10114)."""

from __future__ import annotations

from netops.divisions import is_code, level_of, parent_of
from netops.errors import Sentence
from netops.inventory.checks.records import Records, is_known, unknown
from netops.inventory.model import Government, Inventory
from netops.inventory.tables import Row


def check_governments(inventory: Inventory, records: Records) -> None:
    """Hold every government to the form of its code."""
    for code, government in inventory.governments.items():
        row = records.row_of("government", code)
        if not is_code(code):
            records.faults.add(
                "bad_code",
                row.place("code"),
                Sentence("“{code}” is not an administrative code.", code=code),
                "Write six digits, nine for a township (GB/T 2260, GB/T 10114).",
            )
            continue
        _check_place(inventory, records, government, row)
    if inventory.province and inventory.province not in inventory.governments:
        top = records.yaml["inventory.yaml"]
        if top is not None:
            unknown(records, top, "province", "government", "governments.csv")


def _check_place(inventory: Inventory, records: Records, government: Government, row: Row) -> None:
    code, faults = government.code, records.faults
    if inventory.province and code[:2] != inventory.province[:2]:
        faults.add(
            "foreign_code",
            row.place("code"),
            Sentence(
                "{code} does not belong to the province {province}.",
                code=code,
                province=inventory.province,
            ),
            "Remove the row, or correct the code.",
        )
        return
    if government.level is not level_of(code):
        faults.add(
            "wrong_level",
            row.place("level"),
            Sentence(
                "{code} has the form of a {expected}, not of a {level}.",
                code=code,
                expected=level_of(code),
                level=government.level,
            ),
            Sentence("Write {value}.", value=level_of(code)),
        )
    _check_parent(records, government, row)


def _check_parent(records: Records, government: Government, row: Row) -> None:
    code, expected = government.code, parent_of(government.code)
    if government.parent != expected:
        records.faults.add(
            "wrong_parent",
            row.place("parent"),
            Sentence(
                "The superior of {code} is {expected}, not {parent}.",
                code=code,
                expected=expected or Sentence("nobody"),
                parent=government.parent or Sentence("nobody"),
            ),
            "Correct the parent, or the code.",
        )
    elif expected is not None and not records.has_row("government", expected):
        records.faults.add(
            "unknown_parent",
            row.place("parent"),
            Sentence("The superior {expected} is not in this file.", expected=expected),
            "Add the superior government.",
        )


def check_nodes(inventory: Inventory, records: Records) -> None:
    """Every node belongs to a registered government; a government has one node at most."""
    seen: dict[str, str] = {}
    for node in inventory.nodes.values():
        row = records.row_of("node", node.id)
        if not is_known(node.government, inventory.governments):
            unknown(records, row, "government", "government", "governments.csv")
        elif node.government in seen:
            records.faults.add(
                "second_node",
                row.place("government"),
                Sentence(
                    "{government} has the node “{node}” already.",
                    government=node.government,
                    node=seen[node.government],
                ),
                "Give a government one node.",
            )
        seen.setdefault(node.government, node.id)
