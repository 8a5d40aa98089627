"""``netops snapshot``: take, export and import evidence.

What only reads snapshots stands in ``snapshot_read``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netops import errors
from netops.cli import snapshot_read
from netops.cli.filters import Filters, chosen_devices
from netops.cli.options import DEFAULT_WORKSPACE, DryRun, Quiet, Workspace
from netops.i18n import _, spoken

if TYPE_CHECKING:
    from netops.collection.run import SnapshotOutcome
    from netops.inventory.model import Inventory

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
    filters: Filters = None,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=1000, help=_("At once."))] = 40,
    timeout: Annotated[
        float,
        typer.Option(
            "--timeout", min=0.5, max=3600, help=_("Seconds of silence that end an answer.")
        ),
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
    baseline: Annotated[
        bool,
        typer.Option("--baseline", help=_("Ask only what a baseline needs, in one round trip.")),
    ] = False,
    walk: Annotated[
        bool,
        typer.Option("--walk", help=_("With --baseline: let hosts walk their file systems too.")),
    ] = False,
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
        devices=chosen_devices(records, filters),
        jobs=jobs,
        snmp=not no_snmp,
        rate=rate,
        domain_rate=domain_rate,
        resume=resume,
        limits=Limits(silence_s=timeout, login_s=timeout, connect_s=min(timeout, 5.0)),
        vantages=_points(records) if active else (),
        baseline=baseline or walk,
        walk=walk,
    )
    measure = None
    if active or flows or resume is not None:
        # A snapshot that is resumed may have been begun with something to measure.
        from netops.cli.measuring import measuring  # noqa: PLC0415 - heavy

        measure = measuring(records, inventory, flows or [], options.limits)
    with watcher(quiet=quiet) as watching:
        outcome = run_snapshot(records, inventory, Place(workspace), options, watching, measure)
    tell_outcome(outcome, quiet=quiet)
    typer.echo(outcome.id)
    raise typer.Exit(0 if outcome.is_full else SOME_DID_NOT_ANSWER)


def _points(records: Inventory) -> tuple[str, ...]:
    from netops.cli.measuring import points  # noqa: PLC0415 - heavy

    return points(records)


def tell_outcome(outcome: SnapshotOutcome, *, quiet: bool) -> None:
    """Say on stderr how a snapshot ended."""
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
    typer.echo(_("Answers written to {folder}: {count}.").format(count=count, folder=folder),
               err=True)  # fmt: skip


@app.command("import")
def import_snapshot(
    folder: Annotated[
        Path,
        typer.Argument(help=_("Folder laid out as device/command.txt, or one file (--device).")),
    ],
    workspace: Workspace = DEFAULT_WORKSPACE,
    inventory: InventoryFolder = DEFAULT_INVENTORY,
    device: Annotated[
        str | None, typer.Option("--device", help=_("Whose file it is, where it is one file."))
    ] = None,
) -> None:
    """Make a snapshot of text that was collected by hand."""
    from netops.collection.handmade import import_file, import_folder  # noqa: PLC0415 - heavy
    from netops.evidence import Workspace as Place  # noqa: PLC0415 - heavy
    from netops.facts.device import Contact  # noqa: PLC0415 - heavy
    from netops.inventory import load  # noqa: PLC0415 - heavy

    if not folder.is_dir() and not folder.is_file():
        raise errors.UsageError(
            _("There is no such file or folder, or it is neither."),
            remedy=_("Write: netops snapshot import FILE --device ID."),
            place=errors.Place(str(folder)),
        )
    if folder.is_file() != (device is not None):
        raise errors.UsageError(
            _("A single file needs --device, a folder does not."),
            remedy=_("Write: netops snapshot import FILE --device ID."),
        )
    if device is not None:
        found = import_file(folder, device, load(inventory), inventory, Place(workspace))
    else:
        found = import_folder(folder, load(inventory), inventory, Place(workspace))
    for name in found.passed_over:
        typer.echo(_("Fits no command and holds no prompt: {name}").format(name=name), err=True)
    typer.echo(found.id)
    full = all(contact is Contact.ANSWERED for contact in found.contacts.values())
    raise typer.Exit(0 if full and not found.passed_over else SOME_DID_NOT_ANSWER)
