"""``netops baseline``: scan, judge, explain, confirm hosts and devices against tiered protection.

Arguments, wiring, exit codes. What explains stands in ``baseline_explain``, what writes down a
person's verdict in ``baseline_confirm``, what looks after rules in ``baseline_lint``.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netops.cli import baseline_confirm, baseline_explain, baseline_lint, options
from netops.cli.baseline_case import Asked, open_asked
from netops.cli.baseline_options import Format, Judging, Written, judging
from netops.errors import UsageError
from netops.i18n import _

if TYPE_CHECKING:
    from netops.findings import AuditResult

app = typer.Typer(no_args_is_help=True)
baseline_lint.add_to(app)
baseline_explain.add_to(app)
baseline_confirm.add_to(app)

_BINARY = (Format.XLSX, Format.DOCX)
_FOLDER = Path("inventory")


@app.command()
@judging
def judge(
    given: Judging,
    *,
    snapshot: options.SnapshotRef = "latest",
    inventory: options.InventoryDir = None,
    as_of: options.AsOf = None,
) -> None:
    """Judge a snapshot, offline; the same snapshot gives the same bytes."""
    _may_write(given.written, given.asked.workspace)
    asked = replace(given.asked, snapshot=snapshot, inventory=inventory, as_of=as_of)
    raise typer.Exit(_judge(asked, given))


@app.command()
@judging
def scan(
    given: Judging,
    *,
    inventory: Annotated[Path, typer.Option("--inventory", help=_("Inventory folder."))] = _FOLDER,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=1000, help=_("At once."))] = 40,
    timeout: Annotated[
        float,
        typer.Option(
            "--timeout", min=0.5, max=3600, help=_("Seconds of silence that end an answer.")
        ),
    ] = 10.0,
    walk: Annotated[
        bool, typer.Option("--walk", help=_("Let hosts walk their file systems too."))
    ] = False,
) -> None:
    """Take a snapshot of what baselines need, in one round trip a host, and judge it."""
    from netops.cli.baseline_scan import Taking, take_evidence  # noqa: PLC0415 - heavy
    from netops.evidence import Workspace  # noqa: PLC0415 - heavy

    _may_write(given.written, given.asked.workspace)
    # Wrong rules or filters are told before any device is asked.
    first = replace(given.asked, inventory=inventory)
    if given.since is not None:
        # Named before there is a newer one, and looked for before any device is asked.
        earlier = Workspace(first.workspace).resolve(given.since)
        given = replace(given, since=str(earlier.path))
    name = take_evidence(first, Taking(jobs, timeout, walk), quiet=given.quiet)
    raise typer.Exit(_judge(first.of(name), given))


class Collected(StrEnum):
    """Platforms whose evidence a script can collect."""

    LINUX = "linux"


@app.command()
def collector(
    platform: Annotated[
        Collected, typer.Option("--platform", help=_("What the script is to run on."))
    ] = Collected.LINUX,
) -> None:
    """Print a script that collects the evidence of a host where nobody can log in from here."""
    from netops.platforms.linux_host.baseline import collector as script  # noqa: PLC0415 - heavy

    scripts = {Collected.LINUX: script}
    sys.stdout.buffer.write(scripts[platform]())
    sys.stdout.flush()


def _may_write(written: Written, workspace: Path) -> None:
    """Refuse or ask before the judging, not after it."""
    from netops.reports.write import refuse_table_file  # noqa: PLC0415 - heavy

    output, shape = written.output, written.shape
    if shape in _BINARY and output is None:
        raise UsageError(
            _("A document is for a file, not for a terminal."),
            remedy=_("Name the file with --output."),
        )
    if written.template is not None and shape not in _BINARY:
        raise UsageError(
            _("{option} belongs to --format xlsx or docx.").format(option="--template"),
            remedy=_("Leave it out here."),
        )
    if output is None:
        return
    refuse_table_file(shape.value)
    if not output.exists() or output.is_file():
        options.agree_to_replace(output, workspace, yes=written.yes)


def _judge(asked: Asked, given: Judging) -> int:
    from netops.baselines import run_baseline  # noqa: PLC0415 - heavy
    from netops.cli.baseline_since import earlier_of, with_drift  # noqa: PLC0415 - heavy
    from netops.findings import exit_code_of  # noqa: PLC0415 - keeps --help fast

    case, choice = open_asked(asked)
    earlier = None if given.since is None else earlier_of(asked.workspace, given.since, case)
    result = run_baseline(case, choice)
    if earlier is not None:
        result = with_drift(result, case, asked, earlier)
    _write(result, given)
    return exit_code_of(result.verdict)


def _write(result: AuditResult, given: Judging) -> None:
    from netops.reports.write import write_forms, write_result  # noqa: PLC0415 - heavy

    written, lang = given.written, given.lang
    output = written.output
    if output is not None and written.shape is Format.XLSX:
        write_forms(result, "xlsx", lang, (output, written.template))
    elif output is not None and written.shape is Format.DOCX:
        write_forms(result, "docx", lang, (output, written.template))
    else:
        write_result(result, written.shape.value, output, lang=lang, quiet=given.quiet)
