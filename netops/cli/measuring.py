"""What ``snapshot take`` measures beside asking devices: vantage points, and exports of flows."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from netops.cli.probe import helper
from netops.collection.contact import Limits
from netops.collection.flow_files import flow_record
from netops.collection.run import Measure
from netops.errors import Place, UsageError
from netops.evidence.writer import SnapshotWriter
from netops.inventory.model import Inventory
from netops.probing.run import measure_all, open_field
from netops.probing.vantage import Manner


def points(inventory: Inventory) -> tuple[str, ...]:
    """Return the vantage points to measure from; there must be one."""
    names = tuple(inventory.probing.vantages)
    if not names:
        raise UsageError(
            "The inventory names no vantage point to measure from.",
            remedy="Add one to probing.yaml: - {id: here, kind: local}",
            place=Place("probing.yaml", field="vantages"),
        )
    return names


def measuring(inventory: Inventory, folder: Path, flows: Sequence[Path], limits: Limits) -> Measure:
    """Return what measures for a snapshot: whatever it was to measure and has not yet."""
    exports = flow_record(flows) if flows else None

    def measure(writer: SnapshotWriter) -> tuple[str, ...]:
        if exports is not None:
            writer.add_probes(exports)
        missing = writer.missing_vantages
        if not missing:
            return ()
        manner = Manner(pace=inventory.probing.pace)
        with (
            helper() as giver,
            contextlib.closing(open_field(inventory, folder, manner, giver, limits)) as field,
        ):
            return measure_all(field, missing, writer.add_probes)

    return measure
