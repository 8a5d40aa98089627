"""Observations and the snapshot bundle: written as they arrive, read, verified, compared."""

from netops.evidence.diff import DeviceDiff, SnapshotDiff, diff_snapshots
from netops.evidence.export import export_snapshot
from netops.evidence.observation import DeviceRecord, Observation, Outcome
from netops.evidence.reader import SnapshotReader
from netops.evidence.verify import verify
from netops.evidence.workspace import Workspace
from netops.evidence.writer import SnapshotWriter

__all__ = [
    "DeviceDiff",
    "DeviceRecord",
    "Observation",
    "Outcome",
    "SnapshotDiff",
    "SnapshotReader",
    "SnapshotWriter",
    "Workspace",
    "diff_snapshots",
    "export_snapshot",
    "verify",
]
