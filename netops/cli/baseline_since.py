"""``--since``: what changed since an earlier snapshot, which is judged by the same rules.

An earlier snapshot is judged with its own inventory, on its own day. Snapshots before it are only
asked whether an item failed in them; one that cannot be read is passed over, and said to be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import typer

from netops.baseline.drift import compare
from netops.baselines import BaselineCase, run_baseline
from netops.cli.baseline_case import Asked, open_asked
from netops.cli.options import shortened
from netops.errors import InputError, Sentence, UsageError
from netops.evidence import SnapshotReader, Workspace
from netops.findings import AuditResult
from netops.i18n import _, told

_MOST_OLDER = 10


def earlier_of(workspace: Path, since: str, case: BaselineCase) -> SnapshotReader:
    """Return the snapshot to compare with; it must have been taken before the one judged."""
    earlier = Workspace(workspace).resolve(since)
    same = earlier.digest == case.reader.digest
    # Ids tell moments within a second.
    if same or (earlier.begin, earlier.id) > (case.reader.begin, case.reader.id):
        raise UsageError(
            Sentence("Snapshot {id} was not taken before {other}, which is judged.",
                     id=earlier.id, other=case.reader.id),
            remedy="Name an earlier one with --since; `netops snapshot list` shows them.",
        )  # fmt: skip
    return earlier


def with_drift(
    result: AuditResult, case: BaselineCase, asked: Asked, earlier: SnapshotReader
) -> AuditResult:
    """Add what changed since an earlier snapshot."""
    before = _judged(earlier, case, asked)
    drift = compare(before, result, list(_results(earlier, case, asked)))
    return replace(result, information={**result.information, "drift": drift})


def _judged(reader: SnapshotReader, case: BaselineCase, asked: Asked) -> AuditResult:
    then = replace(asked.of(str(reader.path)), inventory=None, as_of=None)
    return run_baseline(*open_asked(then, rules=case.rules))


def _results(earlier: SnapshotReader, case: BaselineCase, asked: Asked) -> Iterator[AuditResult]:
    """Yield the results of the complete snapshots before another; their ids are moments."""
    older = [one for one in Workspace(asked.workspace) if one.is_complete and one.id < earlier.id]
    for reader in older[::-1][:_MOST_OLDER]:
        try:
            yield _judged(reader, case, asked)
        except InputError as error:
            passed = _("Snapshot {id} was passed over: {cause}")
            typer.echo(shortened(passed.format(id=reader.id, cause=told(error))), err=True)
