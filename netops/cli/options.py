"""Options that many commands share, and where a workspace lies."""

from __future__ import annotations

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
    """Return the sample policy that comes with the repository, or the one of this folder."""
    here = Path("policies/province.yaml")
    return here if here.exists() else Path(__file__).parents[2] / "policies" / "province.yaml"
