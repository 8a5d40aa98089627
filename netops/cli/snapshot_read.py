"""The part of ``netops snapshot`` that only reads: list, show, diff, verify."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netops.cli.options import DEFAULT_WORKSPACE, Form, FormOption, Workspace
from netops.errors import SnapshotError, UsageError
from netops.i18n import _, told

if TYPE_CHECKING:
    from netops.evidence import DeviceRecord, SnapshotDiff, SnapshotReader

WRONG_INPUT = 2
_LINES_SHOWN = 20
_PIPED_WIDTH = 200

Reference = Annotated[str, typer.Argument(help=_("Snapshot id, path, or latest."))]


def add_to(app: typer.Typer) -> None:
    """Add these commands to ``netops snapshot``."""
    app.command("list")(list_snapshots)
    app.command()(show)
    app.command()(diff)
    app.command("verify")(verify_snapshot)


def list_snapshots(workspace: Workspace = DEFAULT_WORKSPACE, form: FormOption = Form.TABLE) -> None:
    """List the snapshots of the workspace, oldest first."""
    from netops.evidence import Workspace as Place  # noqa: PLC0415 - heavy

    _refuse_missing(workspace)
    rows = [_summary(reader) for reader in Place(workspace)]
    if form is Form.JSON:
        _print_json({"schema": "netops/snapshots/1", "snapshots": rows})
        return
    if not rows:
        typer.echo(_("There are no snapshots yet: `netops snapshot take` makes one."), err=True)
        return
    columns = (_("id"), _("begin"), _("end"), _("asked"), _("recorded"), _("answered"), _("digest"))
    _print_table(
        columns,
        [
            (
                row["id"],
                row["begin"],
                row["end"] or (_("damaged") if "fault" in row else _("unfinished")),
                row["asked"],
                row["recorded"],
                row["contacts"].get("answered", 0) if row["end"] else "-",
                row["digest"][:19],
            )
            for row in rows
        ],
    )
    for row in rows:
        if "fault" in row:
            typer.echo(row["fault"], err=True)


def _refuse_missing(workspace: Path) -> None:
    """Refuse a workspace that was named and is none; the default one appears when it is needed."""
    if workspace.is_dir() or (workspace == DEFAULT_WORKSPACE and not os.path.lexists(workspace)):
        return
    raise UsageError(
        _("The workspace {path} is not a folder.").format(path=workspace),
        remedy=_("Name an existing folder with --workspace."),
    )


def _summary(reader: SnapshotReader) -> dict[str, Any]:
    """Return a row of the list; of a snapshot that is damaged, what can still be said."""
    try:
        counts = reader.manifest.get("counts", {}) if reader.is_complete else {}
        return _whole(reader, counts)
    except SnapshotError as error:
        return {
            "id": reader.id, "begin": reader.begin, "end": "", "digest": "",
            "asked": len(reader.asked), "recorded": 0, "contacts": {},
            "inventory": reader.inventory_digest, "fault": told(error),
        }  # fmt: skip


def _whole(reader: SnapshotReader, counts: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": reader.id,
        "begin": reader.begin,
        "end": reader.end,
        "digest": reader.digest,
        "asked": len(reader.asked),
        "recorded": len(reader.devices),
        "contacts": counts.get("contacts", {}),
        "inventory": reader.inventory_digest,
    }


def show(
    snapshot: Reference = "latest",
    device: Annotated[str | None, typer.Option("--device", help=_("One device."))] = None,
    command: Annotated[str | None, typer.Option("--command", help=_("One answer's text."))] = None,
    workspace: Workspace = DEFAULT_WORKSPACE,
    form: FormOption = Form.TABLE,
) -> None:
    """Show a snapshot, one device of it, or the text of one answer."""
    from netops.evidence import Workspace as Place  # noqa: PLC0415 - heavy

    if command is not None and device is None:
        raise UsageError(
            _("{option} belongs to --device.").format(option="--command"),
            remedy=_("Name the device that was asked."),
        )
    reader = Place(workspace).resolve(snapshot)
    if device is None:
        _show_snapshot(reader, form)
    elif command is None:
        _show_device(reader, device, form)
    else:
        _show_answer(reader, device, command)


def _contact_row(record: DeviceRecord) -> dict[str, Any]:
    return {
        "device": record.device,
        "contact": record.contact.value,
        "observations": len(record.observations),
        "detail": record.detail,
    }


def _show_snapshot(reader: SnapshotReader, form: Form) -> None:
    from netops.cli.contacts import spoken_contact  # noqa: PLC0415 - with its command

    rows = [_contact_row(record) for record in reader]
    points = [_contact_row(record) for record in reader.probes()]
    counts = Counter(row["contact"] for row in rows)
    if form is Form.JSON:
        head = {"schema": "netops/snapshot-show/1", **_summary(reader)}
        _print_json({**head, "devices": rows, "vantages": points})
        return
    _print_table((_("contact"), _("devices")),
                 [(spoken_contact(word), n) for word, n in sorted(counts.items())])  # fmt: skip
    bad = [row for row in rows if row["contact"] != "answered"]
    if bad:
        lines = [(r["device"], spoken_contact(r["contact"]), r["detail"]) for r in bad]
        _print_table((_("device"), _("contact"), _("detail")), lines)
    if points:
        _print_table((_("vantage"), _("contact"), _("measurements"), _("detail")),
                     [tuple(point.values()) for point in points])  # fmt: skip


def _record(reader: SnapshotReader, name: str) -> DeviceRecord:
    """Return the record of a device, or of a vantage point of that name."""
    is_vantage = name in reader.vantages and name not in reader.devices
    return reader.read_probes(name) if is_vantage else reader.read(name)


def _show_device(reader: SnapshotReader, device: str, form: Form) -> None:
    from netops.cli.contacts import spoken_contact  # noqa: PLC0415 - with its command

    record = _record(reader, device)
    rows = [
        {
            "id": o.id,
            "command": o.command,
            "source": o.source,
            "outcome": o.outcome.value,
            "octets": len(o.raw),
            "at": o.at,
            "elapsed_s": o.elapsed_s,
            "digest": o.digest,
            "detail": o.detail,
        }
        for o in record.observations
    ]
    if form is Form.JSON:
        head = {"device": device, "contact": record.contact.value, "detail": record.detail}
        notes = list(record.notes)
        _print_json({"schema": "netops/record/1", **head, "notes": notes, "observations": rows})
        return
    typer.echo(f"{device}: {spoken_contact(record.contact)} {record.detail}")
    for note in record.notes:
        typer.echo(f"  {note}")
    _print_table(
        (_("id"), _("command"), _("source"), _("outcome"), _("octets"), _("seconds")),
        [(r["id"], r["command"], r["source"], r["outcome"], r["octets"], r["elapsed_s"])
         for r in rows],
    )  # fmt: skip


def _show_answer(reader: SnapshotReader, device: str, command: str) -> None:
    from netops.text import decode, shown_lines, visible  # noqa: PLC0415 - with its command

    for observation in _record(reader, device).observations:
        if command in (observation.command, observation.id):
            lines = shown_lines(decode(observation.raw))
            for number, line in enumerate(lines, start=1):
                typer.echo(f"{number:5} {visible(line)}")
            return
    raise UsageError(
        _("Device {device} was not asked “{command}”.").format(device=device, command=command),
        remedy=_("See `netops snapshot show --device {device}`.").format(device=device),
    )


def diff(
    before: Annotated[str, typer.Argument(help=_("Earlier snapshot."))],
    after: Annotated[str, typer.Argument(help=_("Later snapshot."))],
    workspace: Workspace = DEFAULT_WORKSPACE,
    form: FormOption = Form.TABLE,
) -> None:
    """Compare two snapshots: devices, contact, commands, lines, exits."""
    from dataclasses import asdict  # noqa: PLC0415 - with its command

    from netops.cli.exit_changes import changes_of_exits, tell_changes  # noqa: PLC0415 - heavy
    from netops.evidence import Workspace as Place  # noqa: PLC0415 - heavy
    from netops.evidence import diff_snapshots  # noqa: PLC0415 - heavy

    place = Place(workspace)
    left, right = place.resolve(before), place.resolve(after)
    found, exits = diff_snapshots(left, right), changes_of_exits(place, left, right)
    if form is Form.JSON:
        _print_json({"schema": "netops/snapshot-diff/1", **asdict(found), "exits": exits})
        return
    _tell_diff(found)
    if exits is not None:
        tell_changes(exits)


def _tell_diff(found: SnapshotDiff) -> None:
    for sign, devices in (("-", found.only_before), ("+", found.only_after)):
        for name in devices:
            typer.echo(f"{sign} {name}")
    for device in found.devices:
        typer.echo(device.device)
        if device.contacts:
            typer.echo(f"  {device.contacts[0]} → {device.contacts[1]}")
        for sign, commands in (("-", device.only_before), ("+", device.only_after)):
            for command in commands:
                typer.echo(f"  {sign} {command}")
        for change in device.commands:
            typer.echo(f"  {change.command}" + (f" {change.outcomes}" if change.outcomes else ""))
            _tell_lines("-", change.removed)
            _tell_lines("+", change.added)
    _tell_probes(found)


def _tell_probes(found: SnapshotDiff) -> None:
    for probe in found.probes:
        sides = f"{probe.before or '-'} → {probe.after or '-'}"
        typer.echo(f"{probe.vantage}: {probe.command}: {sides}")


def _tell_lines(sign: str, lines: tuple[str, ...]) -> None:
    for line in lines[:_LINES_SHOWN]:
        typer.echo(f"    {sign} {line}")
    if len(lines) > _LINES_SHOWN:
        typer.echo(f"    {sign} … {len(lines) - _LINES_SHOWN}")


def verify_snapshot(
    snapshot: Reference = "latest",
    workspace: Workspace = DEFAULT_WORKSPACE,
    form: FormOption = Form.TABLE,
) -> None:
    """Find any change made to a snapshot, and name it. Ends 2 if there is one."""
    from netops.evidence import Workspace as Place  # noqa: PLC0415 - heavy
    from netops.evidence import verify  # noqa: PLC0415 - heavy

    reader = Place(workspace).resolve(snapshot)
    faults = verify(reader.path)
    if form is Form.JSON:
        rows = [{"kind": f.kind, "file": f.place.file, "field": f.place.field, "cause": f.cause}
                for f in faults]  # fmt: skip
        _print_json({"schema": "netops/snapshot-verify/1", "id": reader.id, "faults": rows})
    else:
        for fault in faults:
            typer.echo(told(fault))
        if not faults:
            typer.echo(_("{id} is unchanged: {digest}").format(id=reader.id, digest=reader.digest))
    raise typer.Exit(WRONG_INPUT if faults else 0)


def _print_json(document: dict[str, Any]) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1))


def _print_table(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    from rich.console import Console  # noqa: PLC0415 - heavy
    from rich.table import Table  # noqa: PLC0415 - heavy

    from netops.text import one_line  # noqa: PLC0415 - with its command

    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(one_line(str(value)) for value in row))
    width = None if sys.stdout.isatty() else _PIPED_WIDTH
    Console(markup=False, highlight=False, width=width).print(table)
