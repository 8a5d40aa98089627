"""``netops report build``: what people send on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netops.cli import options
from netops.cli.audit import Request, open_request
from netops.i18n import _, chosen

app = typer.Typer(no_args_is_help=True)

_QUOTED = 12
"""Lines of evidence quoted in a report; the snapshot holds the whole text."""
_FOLDER = "report"
"""Where a report goes that is given no place: beside the snapshots of its workspace."""


@app.callback()
def _noun() -> None:
    """Keep ``build`` a verb of its own."""


@app.command()
def build(
    *,
    snapshot: options.SnapshotRef = "latest",
    workspace: options.Workspace = options.DEFAULT_WORKSPACE,
    inventory: options.InventoryDir = None,
    policy: options.PolicyPath = None,
    as_of: options.AsOf = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=_("Folder to write to."))
    ] = None,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
    lang: options.Language = None,
) -> None:
    """Build the HTML report with JSON, CSV and a workbook beside it."""
    from netops.audits import AUDITS, run_audit  # noqa: PLC0415 - heavy
    from netops.evidence.quotes import Quotes  # noqa: PLC0415 - heavy
    from netops.reports.folder import write_folder  # noqa: PLC0415 - heavy
    from netops.reports.html import ReportInput  # noqa: PLC0415 - heavy

    folder = output or workspace / _FOLDER
    language = chosen(lang or "zh")
    if not dry_run:
        options.agree_to_replace(folder, workspace, yes=yes)
    case = open_request(Request(snapshot, workspace, inventory, policy, as_of))
    results = tuple(run_audit(name, case) for name in AUDITS)
    quotes = Quotes(case.reader, most=_QUOTED)
    given = ReportInput(case.inventory, results, quotes.lines, policy=case.policy)
    if dry_run:
        typer.echo(_("Would be written: {path}").format(path=folder.absolute()), err=True)
        return
    page = write_folder(given, folder, language)
    typer.echo(_("Report: {path}").format(path=page.resolve()))
