"""What ``baseline judge`` and ``scan`` are both asked: how to judge, and how to write it down.

Each option stands here once; ``judging`` gives them all to a command, which receives one value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import wraps
from inspect import Signature, signature
from pathlib import Path
from typing import Annotated, Any

import typer

from netops.cli import options
from netops.cli.baseline_case import Asked, Profile, Rules, Sites
from netops.cli.filters import Filters
from netops.errors import UsageError
from netops.i18n import Lang, _, chosen


class Format(StrEnum):
    """Output formats of a baseline."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    JUNIT = "junit"
    SARIF = "sarif"
    OSCAL = "oscal"
    HTML = "html"
    XLSX = "xlsx"
    DOCX = "docx"


class ReportForm(StrEnum):
    """The report form whose conclusion is drawn."""

    REPORT_2025 = "report-2025"
    REPORT_2021 = "report-2021"


FormatOption = Annotated[Format, typer.Option("--format", "-f", help=_("Form of the output."))]
ReportOption = Annotated[
    ReportForm, typer.Option("--form", help=_("Report form whose conclusion is drawn."))
]
PartlyOption = Annotated[
    str,
    typer.Option(
        "--partly", help=_("What a partly met item counts in the rate: 0, 1/2 (not public).")
    ),
]
TemplateOption = Annotated[
    Path | None,
    typer.Option("--template", help=_("Template of an office, for xlsx and docx (default: ours).")),
]
SinceOption = Annotated[
    str | None, typer.Option("--since", help=_("Tell what changed since this earlier snapshot."))
]


@dataclass(frozen=True, slots=True)
class Written:
    """How and whereto a result is written."""

    shape: Format
    output: Path | None
    template: Path | None
    yes: bool


@dataclass(frozen=True, slots=True)
class Judging:
    """What was asked; ``asked`` names no snapshot and no inventory yet."""

    asked: Asked
    since: str | None
    written: Written
    lang: Lang
    quiet: bool


def _shared(
    *,
    workspace: options.Workspace = options.DEFAULT_WORKSPACE,
    rules: Rules = None,
    sites: Sites = None,
    profile: Profile = None,
    filters: Filters = None,
    form: ReportOption = ReportForm.REPORT_2025,
    partly: PartlyOption = "0",
    since: SinceOption = None,
    shape: FormatOption = Format.TABLE,
    template: TemplateOption = None,
    output: options.Output = None,
    yes: options.Yes = False,
    lang: options.Language = None,
    quiet: options.Quiet = False,
) -> Judging:
    asked = Asked(
        "", workspace, None, rules, tuple(sites or ()), profile,
        tuple(filters or ()), None, form.value, _share(partly),
    )  # fmt: skip
    return Judging(asked, since, Written(shape, output, template, yes), chosen(lang), quiet)


def judging(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of judging; they come to it as its first argument."""
    own = list(signature(command, eval_str=True).parameters.values())[1:]
    shared = signature(_shared, eval_str=True).parameters

    @wraps(command)
    def called(**given: Any) -> None:  # noqa: ANN401 - options of many types
        command(_shared(**{name: given.pop(name) for name in shared}), **given)

    parameters = [*own, *shared.values()]
    called.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    called.__annotations__ = {one.name: one.annotation for one in parameters}
    return called


def _share(text: str) -> str:
    """Read a share, exactly."""
    try:
        share = Fraction(text) if len(text) < 12 else Fraction(-1)  # noqa: PLR2004 - a short number
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if not 0 <= share <= 1:
        raise UsageError(
            _("“{text}” is not a share.").format(text=text[:40]),
            remedy=_("Write a number from 0 to 1, like 0.5 or 1/2."),
        )
    return str(share)
