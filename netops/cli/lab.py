"""``netops lab``: plan a laboratory, bring it up, break and mend it, take it down.

Knows both backends by name only; what differs between them stands behind ``lab``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netops.cli import options
from netops.i18n import _

if TYPE_CHECKING:
    from netops.errors import Sentence
    from netops.lab.control import LabStatus

app = typer.Typer(no_args_is_help=True)

NOT_ALL_ANSWER = 3
"""Exit code of ``status`` for a laboratory that is not up as a whole."""


_TRUTH = "truth.json"
"""What a plan leaves in its folder, and nothing else does."""


class Format(StrEnum):
    """How ``status`` is printed."""

    TABLE = "table"
    JSON = "json"


Directory = Annotated[Path, typer.Argument(help=_("Folder of a planned laboratory."))]


class Backend(StrEnum):
    """Who plays the devices."""

    SIMULATED = "simulated"
    ROUTERS = "routers"


@app.command(help=_("Write the inventory and the answer key of a laboratory."))
def plan(
    spec: Annotated[Path, typer.Argument(help=_("Specification (netops/lab/1)."))],
    out: Annotated[Path, typer.Option("--out", help=_("Folder to write."))],
    backend: Annotated[
        Backend | None,
        typer.Option("--backend", help=_("simulated or routers; left out: as it says itself.")),
    ] = None,
    *,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
) -> None:
    """Write the inventory and the answer key of a laboratory."""
    from netops.lab import planning  # noqa: PLC0415 - heavy

    wanted, notices = planning.choose_backend(spec, None if backend is None else backend.value)
    _notice(notices)
    if dry_run:
        typer.echo(_("Would be written: {path}").format(path=out), err=True)
        return
    if not (out / _TRUTH).is_file():
        # An earlier plan is made again from its specification; anything else is somebody's work.
        options.agree_to_replace(out, options.own_workspace(), yes=yes)
    planning.write_plan(wanted, out)
    typer.echo(_("The laboratory is planned in {path}.").format(path=out), err=True)


@app.command(help=_("Start the laboratory; return when every device that should answer does."))
def up(
    directory: Directory,
    processes: Annotated[
        int, typer.Option("--processes", min=1, max=64, help=_("Server processes."))
    ] = 2,
    deadline: Annotated[
        float, typer.Option("--deadline", min=1, help=_("Seconds until every device answers."))
    ] = 300.0,
    backend: Annotated[
        Backend | None,
        typer.Option("--backend", help=_("simulated or routers; left out: as it was planned.")),
    ] = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Tell what would be made, and make nothing."))
    ] = False,
) -> None:
    """Start the laboratory; return when every device that should answer does."""
    from netops.lab import control, planning  # noqa: PLC0415 - heavy

    chosen = None if backend is None else backend.value
    prepared = planning.prepare(directory, chosen, write=not dry_run)
    _notice(prepared.notices)
    if dry_run and prepared.spec is not None:
        typer.echo("\n".join(str(line) for line in planning.describe(prepared.spec)))
        return
    start = control.Start(processes=processes, deadline_s=deadline, backend=prepared.backend)
    _tell(control.up(directory, start))


@app.command(
    "exec",
    help=_("Run a command at the operations host of the laboratory; its exit code is ours."),
)
def execute(
    directory: Directory,
    command: Annotated[list[str], typer.Argument(help=_("After --: the command and its words."))],
    at: Annotated[
        str,
        typer.Option(
            "--at", help=_("A device of the inventory instead, or servers, inet, outside.")
        ),
    ] = "",
) -> None:
    """Run a command at the operations host of the laboratory; its exit code is ours."""
    from netops.lab import control  # noqa: PLC0415 - heavy

    control.execute(directory, command, at)


@app.command("break", help=_("Break devices, links or exits of a running laboratory."))
def break_(
    directory: Directory,
    fault: Annotated[
        Path | None, typer.Argument(help=_("File with `faults:` as in a specification."))
    ] = None,
    node: Annotated[list[str] | None, typer.Option("--node", help=_("Device to cut off."))] = None,
    link: Annotated[list[str] | None, typer.Option("--link", help=_("Link to cut."))] = None,
    exit_: Annotated[
        list[str] | None, typer.Option("--exit", help=_("Declared exit to withdraw."))
    ] = None,
) -> None:
    """Break devices, links or exits of a running laboratory."""
    from netops.lab import breaking  # noqa: PLC0415 - heavy
    from netops.lab.broken import KEY_NOW, Orders  # noqa: PLC0415 - heavy

    orders = Orders(fault, node or (), link or (), exit_ or ())
    broken = breaking.break_things(directory, orders)
    names = ", ".join((*broken.nodes, *broken.links))
    typer.echo(_("Broken now: {names}.").format(names=names), err=True)
    if not (directory / KEY_NOW).is_file():
        typer.echo(_("Note: no answer key tells of a cut between two routers of a government."),
                   err=True)  # fmt: skip


@app.command(help=_("Mend everything that was broken; return when all works as planned."))
def mend(
    directory: Directory,
    deadline: Annotated[
        float, typer.Option("--deadline", min=1, help=_("Seconds until everything works again."))
    ] = 60.0,
) -> None:
    """Mend everything that was broken; return when all works as planned."""
    from netops.lab import breaking  # noqa: PLC0415 - heavy

    was_broken = breaking.mend(directory, deadline)
    text = _("The laboratory is mended.") if was_broken else _("Nothing was broken.")
    typer.echo(text, err=True)


@app.command(help=_("Tell how the laboratory is; 0 when it is up as a whole."))
def status(
    directory: Directory,
    style: Annotated[Format, typer.Option("--format", help=_("table or json."))] = Format.TABLE,
) -> None:
    """Tell how the laboratory is; 0 when it is up as a whole."""
    from netops.lab import control  # noqa: PLC0415 - heavy

    found = control.status(directory)
    if style is Format.JSON:
        typer.echo(json.dumps(_document(found), ensure_ascii=False, indent=1))
    else:
        _tell(found)
    raise typer.Exit(0 if found.condition == "up" else NOT_ALL_ANSWER)


@app.command(help=_("End the laboratory with all its processes; may be said twice."))
def down(directory: Directory) -> None:
    """End the laboratory with all its processes; may be said twice."""
    from netops.lab import control  # noqa: PLC0415 - heavy

    ended = control.down(directory)
    text = _("The laboratory is down.") if ended else _("The laboratory was not up.")
    typer.echo(text, err=True)


def _notice(notices: Iterable[Sentence]) -> None:
    for notice in notices:
        typer.echo(_("Note: {text}").format(text=notice), err=True)


def _tell(found: LabStatus) -> None:
    words = {
        "up": _("up"),
        "down": _("down"),
        "starting": _("starting"),
        "degraded": _("degraded: a server process has ended"),
        "failed": _("failed"),
        "stale": _("stale: its supervisor runs no more"),
    }
    lines = [_("Laboratory: {condition}").format(condition=words[found.condition])]
    if found.state is not None:
        endpoints = found.state.endpoints
        listening = sum(endpoint.ssh_port is not None for endpoint in endpoints)
        lines.append(
            _("Devices: {devices}, listening: {listening}, sessions: {sessions}").format(
                devices=len(endpoints), listening=listening, sessions=sum(found.sessions.values())
            )
        )
        lines += [
            _("Process {pid} ({role}, devices: {devices}): {life}").format(
                pid=mark.pid,
                role=mark.role,
                devices=mark.devices,
                life=_("running") if mark.is_alive else mark.ended or _("ended"),
            )
            for mark in found.state.processes
        ]
    typer.echo("\n".join(lines))


def _document(found: LabStatus) -> dict[str, Any]:
    """Return the machine-readable form (``netops/lab-status/1``)."""
    document: dict[str, Any] = {"schema": "netops/lab-status/1", "condition": found.condition}
    state = found.state
    if state is None:
        return {**document, "processes": [], "devices": [], "sessions": 0}
    processes = [
        {
            "pid": mark.pid,
            "role": mark.role,
            "devices": mark.devices,
            "running": mark.is_alive,
            "ended": mark.ended or None,
        }
        for mark in state.processes
    ]
    devices = [
        {
            "device": endpoint.device,
            "address": endpoint.address,
            "port": endpoint.ssh_port,
            "snmp_port": endpoint.snmp_port,
            "sessions": found.sessions[endpoint.device],
        }
        for endpoint in state.endpoints
    ]
    total = sum(found.sessions.values())
    return {
        **document,
        "began": state.began,
        "cause": state.cause or None,
        "processes": processes,
        "devices": devices,
        "sessions": total,
    }
