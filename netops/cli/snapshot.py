"""``netops snapshot``: take, list, show, compare, verify, export, import evidence."""

from __future__ import annotations

import json
import sys
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netops.cli.options import DEFAULT_WORKSPACE, Quiet, Workspace
from netops.errors import UsageError
from netops.i18n import _, told

if TYPE_CHECKING:
    from netops.evidence import SnapshotDiff, SnapshotReader
    from netops.inventory.model import Device, Inventory

app = typer.Typer(no_args_is_help=True)

SOME_DID_NOT_ANSWER = 3
WRONG_INPUT = 2
_LINES_SHOWN = 20
_PIPED_WIDTH = 200


class Format(StrEnum):
    """How a listing is printed."""

    TABLE = "table"
    JSON = "json"


Form = Annotated[Format, typer.Option("--format", help=_("table or json."))]
Reference = Annotated[str, typer.Argument(help=_("Snapshot id, path, or latest."))]
InventoryFolder = Annotated[Path, typer.Option("--inventory", help=_("Inventory folder."))]
DEFAULT_INVENTORY = Path("inventory")


@app.command()
def take(
    workspace: Workspace = DEFAULT_WORKSPACE,
    inventory: InventoryFolder = DEFAULT_INVENTORY,
    filters: Annotated[
        list[str] | None,
        typer.Option(
            "--filter",
            help=_("KEY=VALUE, all must hold: device, government, under, level, platform, role."),
        ),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=1000, help=_("At once."))] = 40,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.5, help=_("Seconds of silence that end an answer."))
    ] = 10.0,
    rate: Annotated[
        float, typer.Option("--rate", min=0, help=_("Log-ins a second; 0: no limit."))
    ] = 0.0,
    domain_rate: Annotated[
        float, typer.Option("--domain-rate", min=0, help=_("Log-ins a second of one account."))
    ] = 0.0,
    resume: Annotated[
        str | None, typer.Option("--resume", help=_("Finish this snapshot: ask what is missing."))
    ] = None,
    *,
    no_snmp: Annotated[bool, typer.Option("--no-snmp", help=_("Ask nothing by SNMP."))] = False,
    quiet: Quiet = False,
) -> None:
    """Ask every device and write a snapshot. Ends 0 if all answered, 3 if some did not."""
    from netops.cli.progress import watcher  # noqa: PLC0415 - heavy
    from netops.collection.contact import Limits  # noqa: PLC0415 - heavy
    from netops.collection.run import Options, run_snapshot  # noqa: PLC0415 - heavy
    from netops.evidence import Workspace as Place  # noqa: PLC0415 - heavy
    from netops.inventory import load  # noqa: PLC0415 - heavy

    records = load(inventory)
    options = Options(
        devices=_chosen(records, filters or []),
        jobs=jobs,
        snmp=not no_snmp,
        rate=rate,
        domain_rate=domain_rate,
        resume=resume,
        limits=Limits(silence_s=timeout, login_s=timeout, connect_s=min(timeout, 5.0)),
    )
    with watcher(quiet=quiet) as watching:
        outcome = run_snapshot(records, inventory, Place(workspace), options, watching)
    if not quiet:
        counts = ", ".join(f"{c.value} {n}" for c, n in sorted(outcome.contacts.items()))
        typer.echo(
            _("Snapshot {id}: {answered} of {asked} devices answered ({counts}).").format(
                id=outcome.id, answered=outcome.answered, asked=outcome.asked, counts=counts
            ),
            err=True,
        )
    for fault in outcome.faults:
        typer.echo(fault, err=True)
    typer.echo(outcome.id)
    raise typer.Exit(0 if outcome.is_full else SOME_DID_NOT_ANSWER)


def _chosen(records: Inventory, filters: list[str]) -> tuple[str, ...] | None:
    if not filters:
        return None
    tests = [_condition(text) for text in filters]
    return tuple(
        device.id
        for device in records.devices.values()
        if all(_holds(records, device, key, value) for key, value in tests)
    )


_KEYS = ("device", "government", "under", "level", "platform", "role")


def _condition(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign or key not in _KEYS:
        raise UsageError(
            _("“{text}” is not a filter.").format(text=text),
            remedy=_("Write KEY=VALUE with one of: {keys}.").format(keys=", ".join(_KEYS)),
        )
    return key, value


def _holds(records: Inventory, device: Device, key: str, value: str) -> bool:
    if key == "under":
        return value == device.government or value in records.superiors(device.government)
    if key == "level":
        return str(records.governments[device.government].level.value) == value
    return bool({"device": device.id, **_plain(device)}[key] == value)


def _plain(device: Device) -> dict[str, str]:
    return {"government": device.government, "platform": device.platform, "role": device.role}


@app.command("list")
def list_snapshots(workspace: Workspace = DEFAULT_WORKSPACE, form: Form = Format.TABLE) -> None:
    """List the snapshots of the workspace, oldest first."""
    from netops.evidence import Workspace as Place  # noqa: PLC0415 - heavy

    rows = [_summary(reader) for reader in Place(workspace)]
    if form is Format.JSON:
        _print_json({"schema": "netops/snapshots/1", "snapshots": rows})
        return
    columns = (_("id"), _("begin"), _("end"), _("asked"), _("recorded"), _("answered"), _("digest"))
    _print_table(
        columns,
        [
            (
                row["id"],
                row["begin"],
                row["end"] or _("unfinished"),
                row["asked"],
                row["recorded"],
                row["contacts"].get("answered", 0) if row["end"] else "-",
                row["digest"][:19],
            )
            for row in rows
        ],
    )


def _summary(reader: SnapshotReader) -> dict[str, Any]:
    counts = reader.manifest.get("counts", {}) if reader.is_complete else {}
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


@app.command()
def show(
    snapshot: Reference = "latest",
    device: Annotated[str | None, typer.Option("--device", help=_("One device."))] = None,
    command: Annotated[str | None, typer.Option("--command", help=_("One answer's text."))] = None,
    workspace: Workspace = DEFAULT_WORKSPACE,
    form: Form = Format.TABLE,
) -> None:
    """Show a snapshot, one device of it, or the text of one answer."""
    from netops.evidence import Workspace as Place  # noqa: PLC0415 - heavy

    reader = Place(workspace).resolve(snapshot)
    if device is None:
        _show_snapshot(reader, form)
    elif command is None:
        _show_device(reader, device, form)
    else:
        _show_answer(reader, device, command)


def _show_snapshot(reader: SnapshotReader, form: Format) -> None:
    rows = [
        {
            "device": record.device,
            "contact": record.contact.value,
            "observations": len(record.observations),
            "detail": record.detail,
        }
        for record in reader
    ]
    counts = Counter(row["contact"] for row in rows)
    if form is Format.JSON:
        _print_json({"schema": "netops/snapshot-show/1", **_summary(reader), "devices": rows})
        return
    _print_table((_("contact"), _("devices")), sorted(counts.items()))
    bad = [row for row in rows if row["contact"] != "answered"]
    if bad:
        _print_table((_("device"), _("contact"), _("detail")),
                     [(r["device"], r["contact"], r["detail"]) for r in bad])  # fmt: skip


def _show_device(reader: SnapshotReader, device: str, form: Format) -> None:
    record = reader.read(device)
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
    if form is Format.JSON:
        head = {"device": device, "contact": record.contact.value, "detail": record.detail}
        notes = list(record.notes)
        _print_json({"schema": "netops/record/1", **head, "notes": notes, "observations": rows})
        return
    typer.echo(f"{device}: {record.contact.value} {record.detail}")
    for note in record.notes:
        typer.echo(f"  {note}")
    _print_table(
        (_("id"), _("command"), _("source"), _("outcome"), _("octets"), _("seconds")),
        [(r["id"], r["command"], r["source"], r["outcome"], r["octets"], r["elapsed_s"])
         for r in rows],
    )  # fmt: skip


def _show_answer(reader: SnapshotReader, device: str, command: str) -> None:
    from netops.text import decode, shown_lines, visible  # noqa: PLC0415 - with its command

    for observation in reader.read(device).observations:
        if command in (observation.command, observation.id):
            lines = shown_lines(decode(observation.raw))
            for number, line in enumerate(lines, start=1):
                typer.echo(f"{number:5} {visible(line)}")
            return
    raise UsageError(
        _("Device {device} was not asked “{command}”.").format(device=device, command=command),
        remedy=_("See `netops snapshot show --device {device}`.").format(device=device),
    )


@app.command()
def diff(
    before: Annotated[str, typer.Argument(help=_("Earlier snapshot."))],
    after: Annotated[str, typer.Argument(help=_("Later snapshot."))],
    workspace: Workspace = DEFAULT_WORKSPACE,
    form: Form = Format.TABLE,
) -> None:
    """Compare two snapshots: devices, contact, commands, lines."""
    from dataclasses import asdict  # noqa: PLC0415 - with its command

    from netops.evidence import Workspace as Place  # noqa: PLC0415 - heavy
    from netops.evidence import diff_snapshots  # noqa: PLC0415 - heavy

    place = Place(workspace)
    found = diff_snapshots(place.resolve(before), place.resolve(after))
    if form is Format.JSON:
        _print_json({"schema": "netops/snapshot-diff/1", **asdict(found)})
    else:
        _tell_diff(found)


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


def _tell_lines(sign: str, lines: tuple[str, ...]) -> None:
    for line in lines[:_LINES_SHOWN]:
        typer.echo(f"    {sign} {line}")
    if len(lines) > _LINES_SHOWN:
        typer.echo(f"    {sign} … {len(lines) - _LINES_SHOWN}")


@app.command("verify")
def verify_snapshot(
    snapshot: Reference = "latest",
    workspace: Workspace = DEFAULT_WORKSPACE,
    form: Form = Format.TABLE,
) -> None:
    """Find any change made to a snapshot, and name it. Ends 2 if there is one."""
    from netops.evidence import Workspace as Place  # noqa: PLC0415 - heavy
    from netops.evidence import verify  # noqa: PLC0415 - heavy

    reader = Place(workspace).resolve(snapshot)
    faults = verify(reader.path)
    if form is Format.JSON:
        rows = [{"kind": f.kind, "file": f.place.file, "field": f.place.field, "cause": f.cause}
                for f in faults]  # fmt: skip
        _print_json({"schema": "netops/snapshot-verify/1", "id": reader.id, "faults": rows})
    else:
        for fault in faults:
            typer.echo(told(fault))
        if not faults:
            typer.echo(_("{id} is unchanged: {digest}").format(id=reader.id, digest=reader.digest))
    raise typer.Exit(WRONG_INPUT if faults else 0)


@app.command()
def export(
    snapshot: Reference,
    folder: Annotated[Path, typer.Argument(help=_("New folder to write."))],
    workspace: Workspace = DEFAULT_WORKSPACE,
) -> None:
    """Write the raw answers as plain files: device/command.txt."""
    from netops.evidence import Workspace as Place  # noqa: PLC0415 - heavy
    from netops.evidence import export_snapshot  # noqa: PLC0415 - heavy

    count = export_snapshot(Place(workspace).resolve(snapshot), folder)
    typer.echo(_("{count} answers written to {folder}.").format(count=count, folder=folder),
               err=True)  # fmt: skip


@app.command("import")
def import_snapshot(
    folder: Annotated[Path, typer.Argument(help=_("Folder laid out as device/command.txt."))],
    workspace: Workspace = DEFAULT_WORKSPACE,
    inventory: InventoryFolder = DEFAULT_INVENTORY,
) -> None:
    """Make a snapshot of text that was collected by hand."""
    from netops.collection.handmade import import_folder  # noqa: PLC0415 - heavy
    from netops.evidence import Workspace as Place  # noqa: PLC0415 - heavy
    from netops.facts.device import Contact  # noqa: PLC0415 - heavy
    from netops.inventory import load  # noqa: PLC0415 - heavy

    found = import_folder(folder, load(inventory), inventory, Place(workspace))
    for name in found.passed_over:
        typer.echo(_("Fits no command and holds no prompt: {name}").format(name=name), err=True)
    typer.echo(found.id)
    full = all(contact is Contact.ANSWERED for contact in found.contacts.values())
    raise typer.Exit(0 if full and not found.passed_over else SOME_DID_NOT_ANSWER)


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
