"""How a run goes on, to stderr and only on a terminal: counts, rate, time left."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from netops.collection.run import Unwatched, Watcher
from netops.evidence.observation import DeviceRecord
from netops.facts.device import Contact
from netops.i18n import _


class Bar:
    """A bar that counts devices, and those that did not answer."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._counts: Counter[Contact] = Counter()

    def begin(self, snapshot: str, total: int) -> None:
        """Show the bar."""
        self._task = self._progress.add_task(snapshot, total=total, bad="", rate="")

    def advance(self, record: DeviceRecord) -> None:
        """Count a device."""
        self._counts[record.contact] += 1
        bad = self._counts.total() - self._counts[Contact.ANSWERED]
        speed = self._progress.tasks[self._task].speed or 0.0
        self._progress.update(
            self._task,
            advance=1,
            bad=_("{n} did not answer").format(n=bad) if bad else "",
            rate=f"{speed:.0f}/s",
        )


@contextlib.contextmanager
def watcher(*, quiet: bool) -> Iterator[Watcher]:
    """Return a progress bar on a terminal, and nobody elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield Unwatched()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[bad]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Bar(progress)
