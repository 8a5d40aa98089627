"""``netops snapshot``: take, export and import evidence.

What only reads snapshots stands in ``snapshot_read``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netops.cli import snapshot_read
from netops.cli.options import DEFAULT_WORKSPACE, DryRun, Quiet, Workspace
from netops.errors import UsageError
from netops.i18n import _, spoken

if TYPE_CHECKING:
    from netops.collection.run import SnapshotOutcome
    from netops.inventory.model import Device, Inventory

app = typer.Typer(no_args_is_help=True)
snapshot_read.add_to(app)

SOME_DID_NOT_ANSWER = 3
WRONG_INPUT = 2


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
    flows: Annotated[
        list[Path] | None,
        typer.Option("--flows", help=_("Keep this export of flow records or NAT logs too.")),
    ] = None,
    *,
    active: Annotated[
        bool,
        typer.Option("--active", help=_("Measure from the vantage points of probing.yaml too.")),
    ] = False,
    no_snmp: Annotated[bool, typer.Option("--no-snmp", help=_("Ask nothing by SNMP."))] = False,
    quiet: Quiet = False,
) -> None:
    """Ask every device and write a snapshot. Ends 0 if all answered, 3 if some did not."""
    from netops.cli.measuring import measuring, points  # noqa: PLC0415 - heavy
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
        vantages=points(records) if active else (),
    )
    measure = measuring(records, inventory, flows or [], options.limits)
    with watcher(quiet=quiet) as watching:
        outcome = run_snapshot(records, inventory, Place(workspace), options, watching, measure)
    _tell(outcome, quiet=quiet)
    raise typer.Exit(0 if outcome.is_full else SOME_DID_NOT_ANSWER)


def _tell(outcome: SnapshotOutcome, *, quiet: bool) -> None:
    from netops.cli.contacts import spoken_contact  # noqa: PLC0415 - with its command

    if not quiet:
        counts = ", ".join(f"{spoken_contact(c)} {n}" for c, n in sorted(outcome.contacts.items()))
        typer.echo(
            _("Snapshot {id}: {answered} of {asked} devices answered ({counts}).").format(
                id=outcome.id, answered=outcome.answered, asked=outcome.asked, counts=counts
            ),
            err=True,
        )
    for note in outcome.notes:
        typer.echo(spoken(note), err=True)
    for fault in outcome.faults:
        typer.echo(fault, err=True)
    typer.echo(outcome.id)


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


@app.command()
def export(
    snapshot: snapshot_read.Reference,
    folder: Annotated[Path, typer.Argument(help=_("New folder to write."))],
    workspace: Workspace = DEFAULT_WORKSPACE,
    *,
    dry_run: DryRun = False,
) -> None:
    """Write the raw answers as plain files: device/command.txt."""
    from netops.evidence import Workspace as Place  # noqa: PLC0415 - heavy
    from netops.evidence import export_snapshot  # noqa: PLC0415 - heavy

    reader = Place(workspace).resolve(snapshot)
    if dry_run:
        typer.echo(_("Would be written: {path}").format(path=folder), err=True)
        return
    count = export_snapshot(reader, folder)
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
