"""``netops exemption add|list|expire``: records in ``inventory/exemptions.yaml``."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netops.cli.options import (
    AsOf,
    DryRun,
    Form,
    FormOption,
    Yes,
    agree,
    parse_day,
    refuse_unwritable,
)
from netops.errors import UsageError
from netops.i18n import _

if TYPE_CHECKING:
    from netops.inventory.model import Exemption, Inventory

app = typer.Typer(no_args_is_help=True)

Folder = Annotated[Path, typer.Option("--inventory", help=_("Inventory folder."))]
DEFAULT = Path("inventory")
FILE = "exemptions.yaml"


def _today() -> date:
    """Return the day in Asia/Shanghai, by which exemptions begin and end."""
    return datetime.now(UTC).astimezone(timezone(timedelta(hours=8))).date()


@app.command("list")
def list_(folder: Folder = DEFAULT, as_of: AsOf = None, form: FormOption = Form.TABLE) -> None:
    """List exemptions and whether they are in force."""
    from netops.inventory import load  # noqa: PLC0415 - keeps --help fast

    day = parse_day(as_of) or _today()
    found = load(folder).exemptions
    if form is Form.JSON:
        rows = [_row(item, day) for item in found]
        document = {"schema": "netops/exemptions/1", "as_of": day.isoformat(), "exemptions": rows}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    for item in found:
        state = _("in force") if item.is_in_force(day) else _("not in force")
        typer.echo(
            f"{item.number}  {item.rule}  {item.subject_kind} {item.subject_id}  "
            f"{item.begin} – {item.end}  {state}  {item.approver}"
        )


def _row(item: Exemption, day: date) -> dict[str, Any]:
    return {
        "number": item.number,
        "rule": item.rule,
        "subject": {"kind": item.subject_kind, "id": item.subject_id},
        "reason": item.reason,
        "relief": item.relief,
        "exit": item.exit,
        "approver": item.approver,
        "begin": item.begin.isoformat(),
        "end": item.end.isoformat(),
        "in_force": item.is_in_force(day),
    }


@app.command()
def add(
    number: Annotated[str, typer.Option(help=_("Approval number."))],
    rule: Annotated[str, typer.Option(help=_("Rule id or clause."))],
    subject: Annotated[str, typer.Option(help=_("KIND:ID, for example department:D-430100-03."))],
    reason: Annotated[str, typer.Option(help=_("Why."))],
    approver: Annotated[str, typer.Option(help=_("Who approved it."))],
    begin: Annotated[str, typer.Option(help=_("First day, YYYY-MM-DD."))],
    end: Annotated[str, typer.Option(help=_("Last day, YYYY-MM-DD."))],
    *,
    exit_id: Annotated[str | None, typer.Option("--exit", help=_("The exit it allows."))] = None,
    relief: Annotated[
        str | None, typer.Option(help=_("What it relieves from, if not all."))
    ] = None,
    folder: Folder = DEFAULT,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Add an exemption; it must name somebody registered and end after it begins."""
    from netops.inventory import load  # noqa: PLC0415 - keeps --help fast
    from netops.inventory.exemptions import add_exemption  # noqa: PLC0415
    from netops.inventory.model import Exemption  # noqa: PLC0415

    given = {"--number": number, "--rule": rule, "--reason": reason, "--approver": approver}
    refuse_unwritable(given | ({} if relief is None else {"--relief": relief}))
    first, last = parse_day(begin), parse_day(end)
    if ":" not in subject or first is None or last is None:
        raise UsageError(
            _("“{text}” is not KIND:ID.").format(text=subject),
            remedy=_("Write it like department:D-430100-03."),
        )
    inventory = load(folder)
    kind, name = _registered(inventory, subject)
    if last < first:
        raise UsageError(_("It ends before it begins."), remedy=_("Correct the days."))
    if exit_id is not None and exit_id not in inventory.exits:
        raise UsageError(
            _("There is no exit “{name}”.").format(name=exit_id),
            remedy=_("`netops inventory show CODE` lists the exits."),
        )
    made = Exemption(number, rule, kind, name, reason, approver, first, last, relief, exit_id)
    add_exemption(folder, made, dry_run=True)
    if not dry_run:
        agree(_("Write this to {path}?").format(path=folder / FILE), yes=yes)
        add_exemption(folder, made)
    _tell(number, first, last, dry_run=dry_run)


def _registered(inventory: Inventory, subject: str) -> tuple[str, str]:
    """Return kind and id of a subject, or refuse one that nobody registered."""
    kind, _separator, name = subject.partition(":")
    known = {
        "government": inventory.governments,
        "department": inventory.departments,
        "device": inventory.devices,
        "exit": inventory.exits,
        "asset": inventory.devices,
        "graded_object": inventory.graded,
    }
    # An asset is a device or a component of one: `device/component`.
    key = name.partition("/")[0] if kind == "asset" else name
    if key not in known.get(kind, ()):
        raise UsageError(
            _("{kind} “{name}” is not registered.").format(kind=kind, name=name),
            remedy=_("Use one of: {kinds}, and its id.").format(kinds=", ".join(known)),
        )
    return kind, name


@app.command()
def expire(
    number: Annotated[str, typer.Argument(help=_("Approval number."))],
    on: Annotated[str | None, typer.Option(help=_("Last day (default: yesterday)."))] = None,
    *,
    folder: Folder = DEFAULT,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """End an exemption; it stays on record."""
    from netops.inventory.exemptions import expire_exemption  # noqa: PLC0415 - keeps --help fast

    last = parse_day(on) or _today() - timedelta(days=1)
    expire_exemption(folder, number, last, dry_run=True)
    if not dry_run:
        agree(_("Write this to {path}?").format(path=folder / FILE), yes=yes)
        expire_exemption(folder, number, last)
    _tell(number, None, last, dry_run=dry_run)


def _tell(number: str, first: date | None, last: date, *, dry_run: bool) -> None:
    days = f"– {last}" if first is None else f"{first} – {last}"
    typer.echo(f"{number}  {days}" + (f"  ({_('not written')})" if dry_run else ""), err=True)
