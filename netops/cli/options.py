"""Options that many commands share, and where a workspace lies."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from netops.errors import UsageError
from netops.i18n import _
from netops.text import one_line

Workspace = Annotated[
    Path,
    typer.Option(
        "--workspace", envvar="NETOPS_WORKSPACE", help=_("Where snapshots and reports are kept.")
    ),
]
DEFAULT_WORKSPACE = Path(".netops")

InventoryDir = Annotated[
    Path | None, typer.Option("--inventory", help=_("Inventory folder (default: the snapshot's)."))
]
SnapshotRef = Annotated[str, typer.Option("--snapshot", help=_("Snapshot id, path, or latest."))]
PolicyPath = Annotated[Path | None, typer.Option("--policy", help=_("Policy file."))]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help=_("Day (YYYY-MM-DD) that decides exemptions and deadlines.")),
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help=_("Write to this file."))]
Language = Annotated[str | None, typer.Option("--lang", help=_("Language: zh or en."))]
Yes = Annotated[bool, typer.Option("--yes", help=_("Do not ask."))]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help=_("Tell what would be written, and write nothing."))
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help=_("Say only what is asked for."))]


_MOST_SAID = 2000


class Form(StrEnum):
    """How a listing is printed."""

    TABLE = "table"
    JSON = "json"


FormOption = Annotated[Form, typer.Option("--format", "-f", help=_("table or json."))]


def shortened(text: str) -> str:
    """Return a message as one line that a terminal shows as it stands, and no screen of it."""
    line = one_line(text[: _MOST_SAID + 1])
    return line if len(line) <= _MOST_SAID else f"{line[:_MOST_SAID]}…"


def own_workspace() -> Path:
    """Return the workspace of commands that have no option for it."""
    return Path(os.environ.get("NETOPS_WORKSPACE") or DEFAULT_WORKSPACE)


def agree(question: str, *, yes: bool) -> None:
    """Go on if the user agrees. Silence is no agreement: where nobody answers, --yes is asked for.

    Everything that changes or replaces what lies outside the workspace comes through here.
    """
    if yes:
        return
    typer.echo(f"{question} [y/N] ", err=True, nl=False)
    answer = "" if sys.stdin is None else sys.stdin.readline()
    if not answer:
        typer.echo(err=True)
        raise UsageError(
            _("Nobody answered, so nothing was written."),
            remedy=_("Add --yes where nobody can be asked."),
        )
    if answer.strip().lower() not in _AGREEMENT:
        raise typer.Exit(_WRONG_USE)


_AGREEMENT = frozenset({"y", "yes", "是"})
_WRONG_USE = 2


def agree_to_replace(path: Path, workspace: Path, *, yes: bool) -> None:
    """Ask before a file, or a folder that holds something, is replaced outside the workspace."""
    if is_within(path, workspace) or not _is_occupied(path):
        return
    agree(_("{path} exists. Replace it?").format(path=shortened(str(path))), yes=yes)


def is_within(path: Path, folder: Path) -> bool:
    """Whether a path lies in a folder, wherever links lead."""
    whole = Path(os.path.realpath(path))
    return whole.is_relative_to(os.path.realpath(folder))


def _is_occupied(path: Path) -> bool:
    return any(path.iterdir()) if path.is_dir() else path.exists()


def refuse_unwritable(given: Mapping[str, str]) -> None:
    """Refuse texts for a record that are empty, endless, or hold characters that nobody sees."""
    for option, text in given.items():
        if not text.strip() or not text.replace("\u3000", " ").isprintable():
            raise UsageError(
                _("{option} is empty or holds invisible characters.").format(option=option),
                remedy=_("Write one line of plain text."),
            )
        if len(text) > _LONGEST_TEXT:
            raise UsageError(
                _("{option} is longer than {bound} characters.").format(
                    option=option, bound=_LONGEST_TEXT
                ),
                remedy=_("Write one line of plain text."),
            )


_LONGEST_TEXT = 2000
"""As in a form: what is longer belongs into a document."""


def parse_day(text: str | None) -> date | None:
    """Read a day given on the command line."""
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise UsageError(
            _("“{text}” is not a day.").format(text=text), remedy=_("Write it like 2026-12-31.")
        ) from None


def default_policy() -> Path:
    """Return the policy of this folder, else the sample that comes with the package."""
    here = Path("policies/province.yaml")
    sample = Path(__file__).parents[1] / "samples" / "policies" / "province.yaml"
    return here if here.exists() else sample


def default_rules() -> Path:
    """Return the rules of this folder, else those that come with the package."""
    here = Path("policies")
    sample = Path(__file__).parents[1] / "samples" / "policies"
    return here if (here / "catalog").is_dir() else sample
