"""``netops inventory check|show|template|import|keys``."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from netops.cli.options import DryRun, Form, FormOption, Yes, agree, shortened
from netops.errors import UsageError
from netops.i18n import _, told

app = typer.Typer(no_args_is_help=True)
keys = typer.Typer(no_args_is_help=True)
app.add_typer(keys, name="keys", help=_("SSH host keys: scan, compare, approve."))

Folder = Annotated[Path, typer.Argument(help=_("Inventory folder."))]
DEFAULT = Path("inventory")


@app.command()
def check(folder: Folder = DEFAULT, form: FormOption = Form.TABLE) -> None:
    """Report all faults at once; 2 if there is any that is not a warning."""
    from netops.inventory import check as find_faults  # noqa: PLC0415 - keeps --help fast

    faults = find_faults(folder)
    errors = [fault for fault in faults if not fault.warning]
    if form is Form.JSON:
        typer.echo(json.dumps([_fault(fault) for fault in faults], ensure_ascii=False, indent=1))
    else:
        for fault in faults:
            word = _("warning") if fault.warning else _("fault")
            typer.echo(shortened(f"{word}: {told(fault)}"))
        typer.echo(
            _("{errors} faults, {warnings} warnings.").format(
                errors=len(errors), warnings=len(faults) - len(errors)
            ),
            err=True,
        )
    raise typer.Exit(2 if errors else 0)


def _fault(fault: Any) -> dict[str, Any]:  # noqa: ANN401 - a Fault; imported lazily
    return {
        "kind": fault.kind,
        "file": fault.place.file,
        "line": fault.place.line,
        "field": fault.place.field,
        "cause": fault.cause,
        "remedy": fault.remedy,
        "warning": fault.warning,
    }


@app.command()
def show(
    name: Annotated[str | None, typer.Argument(help=_("Government code or device id."))] = None,
    folder: Annotated[Path, typer.Option("--inventory", help=_("Inventory folder."))] = DEFAULT,
    form: FormOption = Form.TABLE,
) -> None:
    """Show the tree with counts, a government, or a device."""
    from netops.inventory import load  # noqa: PLC0415 - keeps --help fast
    from netops.inventory.show import device_view, government_view, overview  # noqa: PLC0415

    inventory = load(folder)
    if name is None:
        view = overview(inventory)
    elif name in inventory.governments:
        view = government_view(inventory, name)
    elif name in inventory.devices:
        view = device_view(inventory, name)
    else:
        raise UsageError(
            _("“{name}” is neither a government nor a device here.").format(name=name),
            remedy=_("`netops inventory show` lists the codes."),
        )
    if form is Form.JSON:
        typer.echo(json.dumps(view, ensure_ascii=False, indent=1))
    else:
        _print(view, 0)


def _print(value: Any, depth: int) -> None:  # noqa: ANN401 - plain data
    from netops.text import one_line  # noqa: PLC0415 - keeps --help fast

    indent = "  " * depth
    for name, item in value.items():
        if isinstance(item, dict):
            typer.echo(f"{indent}{name}: " + ", ".join(f"{k} {v}" for k, v in item.items()))
        elif isinstance(item, list) and item and isinstance(item[0], dict):
            typer.echo(f"{indent}{name}:")
            for entry in item:
                plain = {k: v for k, v in entry.items() if not isinstance(v, list)}
                typer.echo(
                    one_line(f"{indent}  - " + ", ".join(f"{k} {v}" for k, v in plain.items()))
                )
                _print({k: v for k, v in entry.items() if isinstance(v, list) and v}, depth + 2)
        else:
            shown = ", ".join(str(i) for i in item) if isinstance(item, list) else item
            typer.echo(one_line(f"{indent}{name}: {shown}"))


@app.command()
def template(
    xlsx: Annotated[Path, typer.Option("--xlsx", help=_("Workbook to write."))],
    source: Annotated[
        Path | None, typer.Option("--from", help=_("Fill it from this inventory folder."))
    ] = None,
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Write a workbook that people can fill in."""
    from netops.inventory import load  # noqa: PLC0415 - keeps --help fast
    from netops.inventory.workbook import write_template  # noqa: PLC0415 - heavy

    if xlsx.exists() and not xlsx.is_file():
        raise UsageError(
            _("{path} is not a file.").format(path=xlsx), remedy=_("Name a file with --xlsx.")
        )
    if source is not None:
        load(source)
    if dry_run:
        typer.echo(_("Would be written: {path}").format(path=xlsx), err=True)
        return
    if xlsx.exists():
        agree(_("{path} exists. Replace it?").format(path=xlsx), yes=yes)
    write_template(xlsx, source)
    typer.echo(_("Written: {path}").format(path=xlsx), err=True)


@app.command("import")
def import_(
    source: Annotated[Path, typer.Argument(help=_("Workbook (.xlsx) or inventory folder."))],
    out: Annotated[Path, typer.Option("--out", help=_("New inventory folder."))],
    *,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Make an inventory folder from a workbook or a folder; nothing is written unless it holds."""
    from netops.inventory.importing import import_inventory  # noqa: PLC0415 - heavy

    if out.exists() and not out.is_dir():
        raise UsageError(
            _("{path} is not a folder.").format(path=out), remedy=_("Name a folder with --out.")
        )
    if not dry_run and out.exists() and any(out.iterdir()):
        agree(_("{path} exists. Replace it?").format(path=out), yes=yes)
    inventory = import_inventory(source, out, dry_run=dry_run)
    typer.echo(
        _("The inventory holds: devices {devices}, governments {governments}.").format(
            devices=len(inventory.devices), governments=len(inventory.governments)
        ),
        err=True,
    )


@keys.command()
def scan(
    folder: Folder = DEFAULT,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=1000, help=_("At once."))] = 50,
    *,
    dry_run: DryRun = False,
) -> None:
    """Ask every device for its host key and keep what it shows for approval."""
    from netops.collection.keyscan import scan_keys  # noqa: PLC0415 - heavy
    from netops.collection.session import Access  # noqa: PLC0415 - heavy
    from netops.inventory import load  # noqa: PLC0415 - keeps --help fast
    from netops.inventory.keys import PENDING, write_keys  # noqa: PLC0415

    records = load(folder)
    devices = [d for d in records.devices.values() if d.transport == "ssh"]
    lines, failed = [], 0
    for found in scan_keys(devices, Access.of(records, folder), jobs):
        if found.line is None:
            failed += 1
            typer.echo(shortened(f"{found.device}: {found.detail}"), err=True)
        else:
            lines.append(found.line)
            if dry_run:
                typer.echo(found.line)
    if not dry_run:
        write_keys(folder, PENDING, "".join(f"{line}\n" for line in lines))
    typer.echo(
        _("Keys seen: {seen}; devices that showed none: {failed}.").format(
            seen=len(lines), failed=failed
        ),
        err=True,
    )
    raise typer.Exit(3 if failed else 0)


@keys.command()
def diff(folder: Folder = DEFAULT) -> None:
    """Compare the last scan with the approved keys; 1 if a key has changed."""
    from netops.inventory.keys import approved_text, compare_keys, pending_lines  # noqa: PLC0415

    found = compare_keys(approved_text(folder), pending_lines(folder))
    for line in found.new:
        typer.echo(f"+ {line}")
    for before, after in found.changed:
        typer.echo(f"- {before}\n! {after}")
    typer.echo(
        _("{same} the same, {new} new, {changed} changed.").format(
            same=found.same, new=len(found.new), changed=len(found.changed)
        ),
        err=True,
    )
    raise typer.Exit(1 if found.changed else 0)


@keys.command()
def approve(
    folder: Folder = DEFAULT,
    *,
    host: Annotated[
        list[str] | None, typer.Option("--host", help=_("Only these hosts, as printed."))
    ] = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Approve scanned keys: new ones, and changed ones if named with --host."""
    from netops.inventory import keys as files  # noqa: PLC0415 - keeps --help fast

    approved = files.approved_text(folder)
    found = files.compare_keys(approved, files.pending_lines(folder))
    candidates = (*found.new, *(after for _before, after in found.changed))
    _refuse_unseen(host or (), {line.partition(" ")[0] for line in candidates})
    chosen = [line for line in candidates if line.partition(" ")[0] in host] if host else found.new
    if not chosen:
        typer.echo(_("Nothing to approve."), err=True)
        return
    for line in chosen:
        typer.echo(line)
    if dry_run:
        return
    agree(_("Approve these {n} keys?").format(n=len(chosen)), yes=yes)
    files.write_keys(folder, files.KNOWN_HOSTS, files.merge_keys(approved, chosen))


def _refuse_unseen(hosts: Iterable[str], seen: Container[str]) -> None:
    for host in hosts:
        if host not in seen:
            raise UsageError(
                _("The last scan saw no new or changed key of “{host}”.").format(host=host),
                remedy=_("`netops inventory keys diff` prints the names."),
            )
