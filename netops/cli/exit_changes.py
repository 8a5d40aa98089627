"""What changed of exits between two snapshots, for ``netops snapshot diff``.

Both are judged offline by the policy of this folder; where one cannot be judged, the rest of the
comparison stands and the reason is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from netops.errors import NetopsError
from netops.i18n import _, told

if TYPE_CHECKING:
    from netops.evidence import SnapshotReader, Workspace
    from netops.findings import AuditResult


def changes_of_exits(
    workspace: Workspace, before: SnapshotReader, after: SnapshotReader
) -> dict[str, Any] | None:
    """Return new and vanished exit points and moved departments; None where nobody can say."""
    from netops.findings import compare_exits  # noqa: PLC0415 - heavy

    try:
        return compare_exits(_judged(workspace, before), _judged(workspace, after))
    except NetopsError as error:
        typer.echo(_("Exits were not compared: {reason}").format(reason=told(error)), err=True)
        return None


def _judged(workspace: Workspace, reader: SnapshotReader) -> AuditResult:
    from netops.audits import Sources, open_case, run_audit  # noqa: PLC0415 - heavy
    from netops.cli.options import default_policy  # noqa: PLC0415 - with its command
    from netops.policy import load_policy  # noqa: PLC0415 - heavy

    policy = load_policy(default_policy())
    return run_audit("exits", open_case(Sources(reader, policy, cache=workspace.cache)))


def tell_changes(found: dict[str, Any]) -> None:
    """Print what changed, a line each."""
    for sign, points in (("-", found["vanished_points"]), ("+", found["new_points"])):
        for point in points:
            where = f"{point['device']} {point['line']} {point['family']}"
            typer.echo(f"{sign} {_('exit point')} {where} ({point['mechanism']})")
    for moved in found["moved"]:
        before, after = moved["before"], moved["after"]
        typer.echo(f"{moved['department']}: {_side(before)} → {_side(after)}")


def _side(side: dict[str, str | None]) -> str:
    return " ".join(word for word in (side["strength"], side["exit"]) if word) or "-"
