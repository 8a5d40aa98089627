"""``netops baseline confirm`` and ``form``: what persons decide, into ``confirmations.yaml``."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from netops.cli import options
from netops.cli.baseline_case import Asked, Profile, Rules, Sites
from netops.errors import Sentence, UsageError
from netops.i18n import _

if TYPE_CHECKING:
    from netops.inventory.graded import Confirmation

form_app = typer.Typer(no_args_is_help=True)
DEFAULT = Path("inventory")
FILE = "confirmations.yaml"


class Said(StrEnum):
    """What a person can decide."""

    MET = "met"
    PARTLY_MET = "partly_met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"


Folder = Annotated[Path, typer.Option("--inventory", help=_("Inventory folder."))]
By = Annotated[str, typer.Option("--by", help=_("Who decided."))]
On = Annotated[str | None, typer.Option("--on", help=_("Day of the decision (default: today)."))]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(confirm)
    app.add_typer(form_app, name="form", help=_("Forms for what only a person can decide."))


def confirm(
    clause: Annotated[str, typer.Argument(help=_("Clause, for example 8.1.4.1.a."))],
    *,
    by: By,
    verdict: Annotated[Said, typer.Option("--verdict", help=_("What was decided."))],
    asset: Annotated[
        str | None, typer.Option("--asset", help=_("For this asset: device or device/component."))
    ] = None,
    graded: Annotated[
        str | None, typer.Option("--object", help=_("For this graded object as a whole."))
    ] = None,
    note: Annotated[str, typer.Option("--note", help=_("Why, or where it is written."))] = "",
    document: Annotated[
        Path | None,
        typer.Option("--document", help=_("What was looked at, where no machine evidence is.")),
    ] = None,
    on: On = None,
    snapshot: options.SnapshotRef = "latest",
    workspace: options.Workspace = options.DEFAULT_WORKSPACE,
    folder: Folder = DEFAULT,
    rules: Rules = None,
    sites: Sites = None,
    profile: Profile = None,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
) -> None:
    """Record a person's verdict, valid for the evidence that the snapshot shows."""
    from netops.cli.baseline_record import Given, confirmation_for  # noqa: PLC0415 - heavy

    if (asset is None) == (graded is None):
        raise UsageError(
            _("Name an asset or a graded object."), remedy=_("Give --asset or --object, not both.")
        )
    options.refuse_unwritable({"--by": by} | ({"--note": note} if note else {}))
    asked = Asked(snapshot, workspace, folder, rules, tuple(sites or ()), profile)
    given = Given(clause, verdict.value, by, _day(on), asset or "", graded or "", note, document)
    made = confirmation_for(asked, given)
    _write(folder, [made], yes=yes, dry_run=dry_run)


@form_app.command("import")
def import_form(
    path: Annotated[Path, typer.Argument(help=_("A filled form: .xlsx, .docx or .yaml."))],
    *,
    graded: Annotated[
        str | None, typer.Option("--object", help=_("Graded object, if the form names none."))
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help=_("Who decided, if not named."))] = None,
    on: On = None,
    snapshot: options.SnapshotRef = "latest",
    workspace: options.Workspace = options.DEFAULT_WORKSPACE,
    folder: Folder = DEFAULT,
    rules: Rules = None,
    sites: Sites = None,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
) -> None:
    """Take in what persons decided: physical, management, interviews, or with --all every item.

    Where checks bear on an item, the verdict is for the evidence that the snapshot shows.
    """
    from netops.cli.baseline_case import rules_of  # noqa: PLC0415 - heavy
    from netops.cli.baseline_form import FormDefaults, read_form  # noqa: PLC0415 - heavy
    from netops.cli.baseline_record import Machine  # noqa: PLC0415 - heavy
    from netops.inventory import load  # noqa: PLC0415 - keeps --help fast

    asked = Asked(snapshot, workspace, folder, rules, tuple(sites or ()))
    defaults = FormDefaults(graded or "", by or "", _day(on), _today())
    made = read_form(path, defaults, (rules_of(asked), load(folder)), Machine(asked))
    _write(folder, made, yes=yes, dry_run=dry_run)


@form_app.command("template")
def template(
    output: Annotated[Path, typer.Argument(help=_("New template to write: .xlsx or .docx."))],
    *,
    workspace: options.Workspace = options.DEFAULT_WORKSPACE,
    yes: options.Yes = False,
    lang: options.Language = None,
) -> None:
    """Write our template of the assessment's forms, for an office to change (--template)."""
    from netops.i18n import chosen  # noqa: PLC0415 - with its only use
    from netops.reports.forms import default_template  # noqa: PLC0415 - heavy
    from netops.reports.write import replace_file  # noqa: PLC0415 - heavy

    kinds: dict[str, Literal["docx", "xlsx"]] = {".docx": "docx", ".xlsx": "xlsx"}
    kind = kinds.get(output.suffix.lower())
    if kind is None:
        raise UsageError(
            _("“{text}” is no form of template.").format(text=output.name[:80]),
            remedy=_("Name a file that ends in .xlsx or .docx."),
        )
    options.agree_to_replace(output, workspace, yes=yes)
    replace_file(output, default_template(kind, chosen(lang)))


@form_app.command("blank")
def blank(
    output: Annotated[Path, typer.Argument(help=_("New form to write: .xlsx, .docx or .yaml."))],
    *,
    graded: Annotated[str, typer.Option("--object", help=_("Graded object."))],
    folder: Folder = DEFAULT,
    rules: Rules = None,
    sites: Sites = None,
    workspace: options.Workspace = options.DEFAULT_WORKSPACE,
    every: Annotated[bool, typer.Option("--all", help=_("Technical items of assets too."))] = False,
    yes: options.Yes = False,
    lang: options.Language = None,
) -> None:
    """Write an empty form with the items of an object that only a person can decide."""
    from netops.cli.baseline_blank import write_form  # noqa: PLC0415 - heavy
    from netops.cli.baseline_case import rules_of  # noqa: PLC0415 - heavy
    from netops.i18n import chosen  # noqa: PLC0415 - with its only use
    from netops.inventory import load  # noqa: PLC0415 - keeps --help fast

    asked = Asked("", Path(), folder, rules, tuple(sites or ()))
    if output.suffix.lower() not in (".xlsx", ".docx", ".yaml", ".yml"):
        raise UsageError(
            _("“{text}” is no form of template.").format(text=output.name[:80]),
            remedy=_("Name a file that ends in .xlsx, .docx or .yaml."),
        )
    options.agree_to_replace(output, workspace, yes=yes)
    count = write_form(output, graded, (rules_of(asked), load(folder)), chosen(lang), every=every)
    typer.echo(_("{path}: {n} items.").format(path=output, n=count), err=True)


def _day(text: str | None) -> date:
    """Return a day given, else today; what is still to come nobody has decided."""
    today = _today()
    day = options.parse_day(text) or today
    if day > today:
        raise UsageError(
            Sentence("{day} is still to come.", day=day.isoformat()),
            remedy="Give the day on which it was decided.",
        )
    return day


def _today() -> date:
    return datetime.now(UTC).astimezone(_SHANGHAI).date()


_SHANGHAI = timezone(timedelta(hours=8))


def _write(folder: Path, made: list[Confirmation], *, yes: bool, dry_run: bool) -> None:
    from netops.inventory.confirmations import add_confirmations  # noqa: PLC0415 - heavy

    add_confirmations(folder, made, dry_run=True)
    if not dry_run:
        options.agree(_("Write this to {path}?").format(path=folder / FILE), yes=yes)
        add_confirmations(folder, made)
    for one in made[:20]:
        subject = one.asset or one.object
        typer.echo(f"{one.clause}  {subject}  {one.verdict}  {one.evidence or '–'}", err=True)
    word = (
        _("not written")
        if dry_run
        else _("judge with --inventory {folder} to use them").format(folder=folder)
    )
    typer.echo(_("{n} confirmations ({word})").format(n=len(made), word=word), err=True)
