"""Builds an ``Inventory`` from a folder, or reports every fault of it at once."""

from __future__ import annotations

from pathlib import Path

from netops.errors import Fault, InventoryError, Place
from netops.gm import sm3_hex
from netops.inventory.build import Builder
from netops.inventory.columns import CSV_COLUMNS, OPTIONAL_YAML_FILES, YAML_FILES
from netops.inventory.model import Inventory
from netops.inventory.tables import Faults, Row, read_csv, read_text, read_yaml


def load(path: Path) -> Inventory:
    """Read the inventory folder ``path``; raise InventoryError that holds every fault."""
    inventory, faults = examine(path)
    errors = tuple(fault for fault in faults if not fault.warning)
    if errors or inventory is None:
        raise InventoryError(errors)
    return inventory


def check(path: Path) -> tuple[Fault, ...]:
    """Return every fault and warning of the inventory folder ``path``, by file and line."""
    return examine(path)[1]


def examine(path: Path) -> tuple[Inventory | None, tuple[Fault, ...]]:
    """Return the inventory, None where faults forbid it, and all faults in order."""
    faults = Faults()
    if not path.is_dir():
        faults.add(
            "no_inventory",
            Place(str(path)),
            "There is no such inventory folder.",
            "Name a folder with --inventory; `netops inventory template` writes one.",
        )
        return None, tuple(faults.found)
    builder = Builder(faults)
    for name, columns in CSV_COLUMNS.items():
        broken: list[Row] = []
        rows = tuple(read_csv(path / name, columns, faults, broken))
        builder.take_rows(name, rows, tuple(broken))
    for name in YAML_FILES:
        builder.take_yaml(name, read_yaml(path / name, faults, words=True))
    for name in OPTIONAL_YAML_FILES:
        is_there = (path / name).exists()
        builder.take_yaml(name, read_yaml(path / name, faults, words=True) if is_there else None)
    known_hosts = read_text(path / "known_hosts", "known_hosts", faults) or ""
    inventory = builder.build(known_hosts, folder_digest(path))
    ordered = sorted(faults.found, key=lambda f: (f.place.file, f.place.line or 0, f.kind))
    return inventory, tuple(ordered)


def folder_digest(path: Path) -> str:
    """Return ``sm3:`` over names and contents of the inventory's own files, secrets left out."""
    parts = []
    given = (name for name in OPTIONAL_YAML_FILES if (path / name).exists())
    for name in sorted((*CSV_COLUMNS, *YAML_FILES, *given, "known_hosts")):
        file = path / name
        body = file.read_bytes() if file.is_file() else b""
        parts.append(f"{name}\x1f{sm3_hex(body)}")
    return "sm3:" + sm3_hex("\n".join(parts).encode())
