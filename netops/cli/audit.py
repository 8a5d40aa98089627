"""``netops audit connectivity|exits|all``: judge a snapshot, offline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netops.cli import options
from netops.errors import UsageError
from netops.i18n import Lang, _, chosen

if TYPE_CHECKING:
    from netops.audits import Case
    from netops.findings import AuditResult

app = typer.Typer(no_args_is_help=True)


class Form(StrEnum):
    """Output formats of judging commands."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    JUNIT = "junit"


FormOption = Annotated[Form, typer.Option("--format", "-f", help=_("Form of the output."))]

SinceOption = Annotated[
    str | None,
    typer.Option("--since", help=_("Only what this earlier snapshot did not say already.")),
]
WithdrawOption = Annotated[
    str | None,
    typer.Option("--withdraw", help=_("Exits: what if this declared exit went away (model).")),
]
FailureOption = Annotated[
    int,
    typer.Option(
        "--against-failure",
        min=0,
        max=1,
        help=_("Connectivity: 1 tells which single link or device failure cuts whom."),
    ),
]


@dataclass(frozen=True, slots=True)
class Request:
    """What a judging command was asked to judge."""

    snapshot: str
    workspace: Path
    inventory: Path | None
    policy: Path | None
    as_of: str | None


@dataclass(frozen=True, slots=True)
class Beside:
    """What was asked beside the verdicts, and since which snapshot changes are wanted."""

    withdraw: str | None = None
    since: str | None = None
    against_failure: int = 0


def _judge(name: str, audits: tuple[str, ...], doc: str) -> None:
    """Register a command that judges ``audits`` in turn; they differ in nothing else."""

    @app.command(name, help=doc)
    def judge(
        *,
        snapshot: options.SnapshotRef = "latest",
        workspace: options.Workspace = options.DEFAULT_WORKSPACE,
        inventory: options.InventoryDir = None,
        policy: options.PolicyPath = None,
        as_of: options.AsOf = None,
        form: FormOption = Form.TABLE,
        output: options.Output = None,
        yes: options.Yes = False,
        lang: options.Language = None,
        quiet: options.Quiet = False,
        since: SinceOption = None,
        withdraw: WithdrawOption = None,
        against_failure: FailureOption = 0,
    ) -> None:
        request = Request(snapshot, workspace, inventory, policy, as_of)
        beside = Beside(withdraw, since, against_failure)
        _refuse_strange(audits, beside)
        _may_write(form, output, workspace, yes=yes)
        raise typer.Exit(_run(audits, (request, beside), form, output, (chosen(lang), quiet)))


_judge(
    "connectivity",
    ("connectivity",),
    _("Four-level connectivity, redundancy, vertical applications."),
)
_judge("exits", ("exits",), _("Internet exits: who leaves where, and through what."))
_judge("all", ("connectivity", "exits"), _("Every audit in turn; programs get one document."))


def _may_write(form: Form, output: Path | None, workspace: Path, *, yes: bool) -> None:
    """Refuse or ask before the judging, not after it."""
    from netops.reports.write import refuse_table_file  # noqa: PLC0415 - heavy

    if output is None:
        return
    refuse_table_file(form.value)
    if not output.exists() or output.is_file():
        options.agree_to_replace(output, workspace, yes=yes)


def _run(
    names: tuple[str, ...],
    what: tuple[Request, Beside],
    form: Form,
    output: Path | None,
    manner: tuple[Lang, bool],
) -> int:
    from netops.audits import Asked, run_audit  # noqa: PLC0415 - heavy
    from netops.findings import exit_code_of  # noqa: PLC0415 - keeps --help fast

    request, beside = what
    case = open_request(request)
    asked = Asked(beside.withdraw, beside.against_failure)
    results = [run_audit(name, case, asked) for name in names]
    if beside.since is not None:
        results = _changes(results, case, replace(request, snapshot=beside.since))
    _write(results, form, output, manner)
    return max((exit_code_of(result.verdict) for result in results), key=_rank)


def _changes(results: list[AuditResult], case: Case, earlier: Request) -> list[AuditResult]:
    """Keep of each result what the earlier snapshot did not say already.

    The earlier one is judged by the same policy, with its own inventory and on its own day.
    """
    from netops.audits import run_audit  # noqa: PLC0415 - heavy
    from netops.findings import keep_changes  # noqa: PLC0415 - keeps --help fast

    before = open_request(replace(earlier, inventory=None, as_of=None))
    tolerated = case.policy.tolerated_unknown
    return [keep_changes(run_audit(r.audit, before), r, tolerated) for r in results]


def _refuse_strange(audits: tuple[str, ...], beside: Beside) -> None:
    """Refuse an option that the audits asked for know nothing of."""
    for option, given, audit in (
        ("--withdraw", beside.withdraw is not None, "exits"),
        ("--against-failure", beside.against_failure != 0, "connectivity"),
    ):
        if given and audit not in audits:
            raise UsageError(
                _("{option} belongs to `netops audit {audit}`.").format(option=option, audit=audit),
                remedy=_("Leave it out here."),
            )


def _write(
    results: list[AuditResult], form: Form, output: Path | None, manner: tuple[Lang, bool]
) -> None:
    from netops.cli.together import joined  # noqa: PLC0415 - heavy
    from netops.reports.write import replace_file, write_result  # noqa: PLC0415 - heavy

    lang, quiet = manner
    if form is Form.TABLE or len(results) == 1:
        for result in results:
            write_result(result, form.value, output, lang=lang, quiet=quiet)
        return
    text = joined(results, form.value, lang)
    if output is None:
        typer.echo(text, nl=False)
    else:
        replace_file(output, text.encode())


def _rank(code: int) -> int:
    """Order exit codes as design §4 does: a proven fault outranks a gap."""
    return {0: 0, 3: 1, 1: 2}[code]


def open_request(request: Request) -> Case:
    """Open what a judging command was asked to judge."""
    from netops.audits import Sources, open_case  # noqa: PLC0415 - heavy
    from netops.evidence import Workspace  # noqa: PLC0415 - heavy
    from netops.policy import load_policy  # noqa: PLC0415 - heavy

    as_of = options.parse_day(request.as_of)
    workspace = Workspace(request.workspace)
    return open_case(
        Sources(
            reader=workspace.resolve(request.snapshot),
            policy=load_policy(request.policy or options.default_policy()),
            inventory=request.inventory,
            as_of=as_of,
            cache=workspace.cache,
        )
    )
