"""``netops lab``: plan a simulated province, bring it up, see how it is, take it down."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netops.i18n import _

if TYPE_CHECKING:
    from netops.lab.control import LabStatus

app = typer.Typer(no_args_is_help=True)

NOT_ALL_ANSWER = 3
"""Exit code of ``status`` for a laboratory that is not up as a whole."""


class Format(StrEnum):
    """How ``status`` is printed."""

    TABLE = "table"
    JSON = "json"


Directory = Annotated[Path, typer.Argument(help=_("Folder of a planned laboratory."))]


@app.command(help=_("Write the inventory and the answer key of a laboratory."))
def plan(
    spec: Annotated[Path, typer.Argument(help=_("Specification (netops/lab/1)."))],
    out: Annotated[Path, typer.Option("--out", help=_("Folder to write."))],
) -> None:
    """Write the inventory and the answer key of a laboratory."""
    from netops.lab.control import refuse_while_up  # noqa: PLC0415 - heavy
    from netops.lab.inventory_writer import write  # noqa: PLC0415 - heavy
    from netops.lab.plan import plan as make_plan  # noqa: PLC0415 - heavy
    from netops.lab.spec import load_spec  # noqa: PLC0415 - heavy

    wanted = load_spec(spec)
    refuse_while_up(out)
    write(make_plan(wanted), out)
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
) -> None:
    """Start the laboratory; return when every device that should answer does."""
    from netops.lab import control  # noqa: PLC0415 - heavy

    start = control.Start(processes=processes, deadline_s=deadline)
    _tell(control.up(directory, start))


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
