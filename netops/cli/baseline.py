"""``netops baseline``: scan, judge, explain, confirm hosts and devices against tiered protection.

Arguments, wiring, exit codes. What explains stands in ``baseline_explain``, what writes down a
person's verdict in ``baseline_confirm``, what looks after rules in ``baseline_rules``.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netops.cli import baseline_confirm, baseline_explain, options
from netops.cli.baseline_case import Asked, Profile, Rules, Sites, open_asked
from netops.cli.baseline_lint import lint
from netops.cli.filters import Filters
from netops.errors import UsageError
from netops.i18n import Lang, _, chosen

if TYPE_CHECKING:
    from netops.baselines import BaselineCase
    from netops.evidence import Workspace
    from netops.findings import AuditResult

app = typer.Typer(no_args_is_help=True)
app.command()(lint)
baseline_explain.add_to(app)
baseline_confirm.add_to(app)

_MOST_OLDER = 10
SNAPSHOT_FOLDER = Path("inventory")


class Format(StrEnum):
    """Output formats of a baseline."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    JUNIT = "junit"
    SARIF = "sarif"
    OSCAL = "oscal"
    HTML = "html"
    XLSX = "xlsx"
    DOCX = "docx"


@dataclass(frozen=True, slots=True)
class Written:
    """How and whereto a result is written."""

    shape: Format
    output: Path | None
    template: Path | None


_BINARY = (Format.XLSX, Format.DOCX)


class ReportForm(StrEnum):
    """The report form whose conclusion is drawn."""

    REPORT_2025 = "report-2025"
    REPORT_2021 = "report-2021"


FormatOption = Annotated[Format, typer.Option("--format", "-f", help=_("Form of the output."))]
ReportOption = Annotated[
    ReportForm, typer.Option("--form", help=_("Report form whose conclusion is drawn."))
]
PartlyOption = Annotated[
    str,
    typer.Option(
        "--partly", help=_("What a partly met item counts in the rate: 0, 1/2 (not public).")
    ),
]
TemplateOption = Annotated[
    Path | None,
    typer.Option("--template", help=_("Template of an office, for xlsx and docx (default: ours).")),
]
SinceOption = Annotated[
    str | None, typer.Option("--since", help=_("Tell what changed since this earlier snapshot."))
]


@app.command()
def judge(
    *,
    snapshot: options.SnapshotRef = "latest",
    workspace: options.Workspace = options.DEFAULT_WORKSPACE,
    inventory: options.InventoryDir = None,
    rules: Rules = None,
    sites: Sites = None,
    profile: Profile = None,
    filters: Filters = None,
    form: ReportOption = ReportForm.REPORT_2025,
    partly: PartlyOption = "0",
    since: SinceOption = None,
    as_of: options.AsOf = None,
    shape: FormatOption = Format.TABLE,
    template: TemplateOption = None,
    output: options.Output = None,
    yes: options.Yes = False,
    lang: options.Language = None,
    quiet: options.Quiet = False,
) -> None:
    """Judge a snapshot, offline; the same snapshot gives the same bytes."""
    asked = Asked(
        snapshot, workspace, inventory, rules, tuple(sites or ()), profile,
        tuple(filters or ()), as_of, form.value, _share(partly),
    )  # fmt: skip
    written = Written(shape, output, template)
    _may_write(written, workspace, yes=yes)
    raise typer.Exit(_judge(asked, since, written, (chosen(lang), quiet)))


@app.command()
def scan(
    *,
    workspace: options.Workspace = options.DEFAULT_WORKSPACE,
    inventory: Annotated[
        Path, typer.Option("--inventory", help=_("Inventory folder."))
    ] = SNAPSHOT_FOLDER,
    rules: Rules = None,
    sites: Sites = None,
    profile: Profile = None,
    filters: Filters = None,
    form: ReportOption = ReportForm.REPORT_2025,
    partly: PartlyOption = "0",
    since: SinceOption = None,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=1000, help=_("At once."))] = 40,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.5, help=_("Seconds of silence that end an answer."))
    ] = 10.0,
    walk: Annotated[
        bool, typer.Option("--walk", help=_("Let hosts walk their file systems too."))
    ] = False,
    shape: FormatOption = Format.TABLE,
    template: TemplateOption = None,
    output: options.Output = None,
    yes: options.Yes = False,
    lang: options.Language = None,
    quiet: options.Quiet = False,
) -> None:
    """Take a snapshot of what baselines need, in one round trip a host, and judge it."""
    from netops.cli.baseline_scan import Taking, take_evidence  # noqa: PLC0415 - heavy

    written = Written(shape, output, template)
    _may_write(written, workspace, yes=yes)
    # Wrong rules or filters are told before any device is asked.
    first = Asked(
        "", workspace, inventory, rules, tuple(sites or ()), profile,
        tuple(filters or ()), None, form.value, _share(partly),
    )  # fmt: skip
    name = take_evidence(first, Taking(jobs, timeout, walk), quiet=quiet)
    raise typer.Exit(_judge(first.of(name), since, written, (chosen(lang), quiet)))


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


def _share(text: str) -> str:
    """Read a share, exactly."""
    try:
        share = Fraction(text) if len(text) < 12 else Fraction(-1)  # noqa: PLR2004 - a short number
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if not 0 <= share <= 1:
        raise UsageError(
            _("“{text}” is not a share.").format(text=text[:40]),
            remedy=_("Write a number from 0 to 1, like 0.5 or 1/2."),
        )
    return str(share)


def _may_write(written: Written, workspace: Path, *, yes: bool) -> None:
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
        options.agree_to_replace(output, workspace, yes=yes)


def _judge(asked: Asked, since: str | None, written: Written, manner: tuple[Lang, bool]) -> int:
    from netops.baselines import run_baseline  # noqa: PLC0415 - heavy
    from netops.findings import exit_code_of  # noqa: PLC0415 - keeps --help fast

    case, choice = open_asked(asked)
    result = run_baseline(case, choice)
    if since is not None:
        result = _with_drift(result, case, asked, since)
    _write(result, written, manner)
    return exit_code_of(result.verdict)


def _write(result: AuditResult, written: Written, manner: tuple[Lang, bool]) -> None:
    from netops.reports.write import write_forms, write_result  # noqa: PLC0415 - heavy

    lang, quiet = manner
    output = written.output
    if output is not None and written.shape is Format.XLSX:
        write_forms(result, "xlsx", lang, (output, written.template))
    elif output is not None and written.shape is Format.DOCX:
        write_forms(result, "docx", lang, (output, written.template))
    else:
        write_result(result, written.shape.value, output, lang=lang, quiet=quiet)


def _with_drift(result: AuditResult, case: BaselineCase, asked: Asked, since: str) -> AuditResult:
    """Add what changed since an earlier snapshot, judged with its own inventory, on its own day."""
    from dataclasses import replace  # noqa: PLC0415 - with its only use

    from netops.baseline.drift import compare  # noqa: PLC0415 - heavy
    from netops.baselines import run_baseline  # noqa: PLC0415 - heavy
    from netops.evidence import Workspace  # noqa: PLC0415 - heavy

    place = Workspace(asked.workspace)
    earlier = place.resolve(since)
    results = []
    for name in (str(earlier.path), *_older(place, earlier.id)):
        then, choice = open_asked(
            replace(asked.of(name), inventory=None, as_of=None), rules=case.rules
        )
        results.append(run_baseline(then, choice))
    drift = compare(results[0], result, results[1:])
    return replace(result, information={**result.information, "drift": drift})


def _older(place: Workspace, before: str) -> list[str]:
    """Return the complete snapshots before another, newest first; their ids are moments."""
    found = [str(reader.path) for reader in place if reader.is_complete and reader.id < before]
    return found[::-1][:_MOST_OLDER]
