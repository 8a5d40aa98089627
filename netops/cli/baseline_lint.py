"""``netops baseline lint``: every mistake of a rule folder, its coverage, schemas for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netops.cli.options import DryRun, Form, FormOption, Yes, agree, default_rules, shortened
from netops.i18n import _, language, told

if TYPE_CHECKING:
    from netops.errors import Fault
    from netops.policy.baseline import CoverageRow, Linted, RuleSet

_WRONG_INPUT = 2

Site = Annotated[
    list[Path] | None,
    typer.Option("--site", help=_("A site's folder of rules, laid over; may be given again.")),
]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(lint)


def lint(
    folder: Annotated[Path | None, typer.Argument(help=_("Folder of rules."))] = None,
    site: Site = None,
    *,
    coverage: Annotated[
        bool, typer.Option("--coverage", help=_("Count the checks of each clause instead."))
    ] = False,
    level: Annotated[int, typer.Option(min=1, max=4, help=_("Level of --coverage."))] = 3,
    schemas: Annotated[
        Path | None, typer.Option(help=_("Write JSON Schemas for editors into this folder."))
    ] = None,
    form: FormOption = Form.TABLE,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Report every mistake of the rules at once, running each case; 2 if any must be mended."""
    if schemas is not None:
        _write_schemas(schemas, yes=yes, dry_run=dry_run)
        return
    base, overlays = _layers(folder, site or [])
    if coverage:
        from netops.policy.baseline import load_rules  # noqa: PLC0415 - keeps --help fast

        _print_coverage(load_rules(base, overlays), level, form)
        return
    linted = _linted(base, overlays)
    _print_faults(linted, form)
    raise typer.Exit(0 if linted.is_clean else _WRONG_INPUT)


def _layers(folder: Path | None, site: list[Path]) -> tuple[Path, list[Path]]:
    """Return the rules and what lies over them: a folder that is not whole lies over ours."""
    if folder is None or not folder.is_dir():
        return folder or default_rules(), site
    is_whole = (folder / "catalog").is_dir() and (folder / "evidence").is_dir()
    return (folder, site) if is_whole else (default_rules(), [folder, *site])


def _linted(base: Path, overlays: list[Path]) -> Linted:
    from netops.baselines import platform_of, run_case  # noqa: PLC0415 - keeps --help fast
    from netops.facts.answers import REGISTERED_LINKS  # noqa: PLC0415 - as above
    from netops.platforms.registry import platform  # noqa: PLC0415 - as above
    from netops.policy.baseline import COMPONENTS, lint_rules  # noqa: PLC0415 - as above

    commands = dict[str, tuple[str, ...]]()
    for component in COMPONENTS:
        offered = platform(platform_of(component)).baseline
        if offered is not None:
            sections = (section.command for section in offered.sections)
            commands[component] = (*offered.commands, *sections, REGISTERED_LINKS)
    return lint_rules(base, overlays, run=run_case, commands=commands)


def _print_faults(linted: Linted, form: Form) -> None:
    if form is Form.JSON:
        document = {
            "checks": len(linted.rules.checks),
            "cases": linted.cases,
            "faults": [_fault(fault) for fault in linted.faults],
        }
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    for fault in linted.faults:
        word = _("warning") if fault.warning else _("fault")
        typer.echo(shortened(f"{word}: {told(fault)}"))
    errors = sum(not fault.warning for fault in linted.faults)
    typer.echo(
        _("{checks} checks, {cases} cases: {errors} faults, {warnings} warnings.").format(
            checks=len(linted.rules.checks),
            cases=linted.cases,
            errors=errors,
            warnings=len(linted.faults) - errors,
        ),
        err=True,
    )


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "kind": fault.kind,
        "file": fault.place.file,
        "line": fault.place.line,
        "field": fault.place.field,
        "cause": fault.cause,
        "remedy": fault.remedy,
        "warning": fault.warning,
    }


def _print_coverage(rules: RuleSet, level: int, form: Form) -> None:
    from netops.policy.baseline import coverage_of  # noqa: PLC0415 - keeps --help fast

    rows = list(coverage_of(rules, level))
    if form is Form.JSON:
        typer.echo(json.dumps([_row(row) for row in rows], ensure_ascii=False, indent=1))
        return
    for row in rows:
        counts = ", ".join(f"{name} {number}" for name, number in row.checks.items())
        auto = row.item.auto.value
        typer.echo(
            f"{row.clause:<11} {auto:<20} {row.total:>3}  "
            f"{row.item.text.in_lang(language())}{_colon() if counts else ''}{counts}"
        )


def _colon() -> str:
    return "：" if language() == "zh" else ": "


def _row(row: CoverageRow) -> dict[str, Any]:
    return {
        "clause": row.clause,
        "item": row.item.id,
        "auto": row.item.auto.value,
        "checks": row.checks,
        "total": row.total,
        "whole": row.is_whole,
    }


def _write_schemas(folder: Path, *, yes: bool, dry_run: bool) -> None:
    from netops.policy.baseline import schema_texts  # noqa: PLC0415 - keeps --help fast

    texts = schema_texts()
    if not dry_run:
        agree(_("Write {n} schemas into {folder}?").format(
            n=len(texts), folder=shortened(str(folder))), yes=yes)  # fmt: skip
        folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        if not dry_run:
            (folder / name).write_text(text, encoding="utf-8")
        typer.echo(folder / name)
