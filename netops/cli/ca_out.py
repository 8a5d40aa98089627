"""Where commands of ``netops ca`` write: asked about, or refused, before anything is signed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from netops.cli.options import agree, shortened
from netops.errors import UsageError
from netops.i18n import _

if TYPE_CHECKING:
    from netops.trust.issuing import Job

REPORT = "report.json"


def refuse_no_place(out: Path) -> None:
    """Refuse a file that cannot be written before anything is signed for it."""
    is_other = out.exists() and not out.is_file()
    if is_other or not out.absolute().parent.is_dir():
        raise UsageError(
            _("“{path}” is no file that can be written.").format(path=shortened(str(out))),
            remedy=_("Name a file in a folder that exists."),
        )


def agree_to_file(
    out: Path, *, yes: bool, loses_nothing: Callable[[], bool] = lambda: False
) -> None:
    """Ask before a file is replaced, unless nothing is lost by that."""
    refuse_no_place(out)
    if (out.exists() or out.is_symlink()) and not (yes or loses_nothing()):
        agree(_("{path} exists. Replace it?").format(path=shortened(str(out))), yes=yes)


def agree_to_certificate(home: Path, out: Path, job: Job, profile: str, *, yes: bool) -> None:
    """Ask before a file is replaced by another certificate than it holds."""
    from netops.trust.home import Home  # noqa: PLC0415 - heavy
    from netops.trust.replacing import is_answer  # noqa: PLC0415 - heavy

    def loses_nothing() -> bool:
        return is_answer(Home(home), out, job.der, profile, datetime.now(UTC))

    agree_to_file(out, yes=yes, loses_nothing=loses_nothing)


def agree_to_list(home: Path, out: Path, authority: str, *, is_delta: bool, yes: bool) -> None:
    """Ask before anything but an earlier list of this authority is replaced by a list."""
    from netops.trust.home import Home  # noqa: PLC0415 - heavy
    from netops.trust.replacing import is_earlier_list  # noqa: PLC0415 - heavy

    def loses_nothing() -> bool:
        at = datetime.now(UTC)
        return is_earlier_list(Home(home), authority, out, at, is_delta=is_delta)

    agree_to_file(out, yes=yes, loses_nothing=loses_nothing)


def agree_to_folder(home: Path, out: Path, names: Iterable[str], *, yes: bool) -> None:
    """Ask before anything but certificates on record is replaced in the folder of a batch."""
    from netops.trust.home import Home  # noqa: PLC0415 - heavy
    from netops.trust.replacing import not_on_record  # noqa: PLC0415 - heavy

    if yes:
        return
    places = [out / REPORT, *(out / f"{name}.pem" for name in names)]
    others = not_on_record(Home(home), places)
    if others:
        text = _("{count} files exist that are none of this authority's, {path} among them. "
                 "Replace them?")  # fmt: skip
        agree(text.format(count=len(others), path=shortened(str(others[0]))), yes=yes)
