"""``netops audit connectivity|exits|all``: judge a snapshot, offline."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netops.cli import options
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


@dataclass(frozen=True, slots=True)
class Request:
    """What a judging command was asked to judge."""

    snapshot: str
    workspace: Path
    inventory: Path | None
    policy: Path | None
    as_of: str | None


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
        lang: options.Language = None,
        quiet: options.Quiet = False,
    ) -> None:
        request = Request(snapshot, workspace, inventory, policy, as_of)
        raise typer.Exit(_run(audits, request, form, output, (chosen(lang), quiet)))


_judge(
    "connectivity",
    ("connectivity",),
    _("Four-level connectivity, redundancy, vertical applications."),
)
_judge("exits", ("exits",), _("Internet exits: who leaves where, and through what."))
_judge("all", ("connectivity", "exits"), _("Every audit in turn; programs get one document."))


def _run(
    names: tuple[str, ...],
    request: Request,
    form: Form,
    output: Path | None,
    manner: tuple[Lang, bool],
) -> int:
    from netops.audits import run_audit  # noqa: PLC0415 - heavy
    from netops.findings import exit_code_of  # noqa: PLC0415 - keeps --help fast

    case = open_request(request)
    results = [run_audit(name, case) for name in names]
    _write(results, form, output, manner)
    return max((exit_code_of(result.verdict) for result in results), key=_rank)


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
