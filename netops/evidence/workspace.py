"""The workspace: where snapshots live, how one is named, which is the latest."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from netops.errors import Place, Sentence, SnapshotError
from netops.evidence import layout
from netops.evidence.reader import SnapshotReader


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder of ours (``--workspace``, ``NETOPS_WORKSPACE``, ``./.netops``)."""

    path: Path

    @property
    def snapshots(self) -> Path:
        """Where snapshots lie."""
        return self.path / "snapshots"

    @property
    def cache(self) -> Path:
        """Facts that were read once; may be deleted at any time."""
        return self.path / "cache"

    def __iter__(self) -> Iterator[SnapshotReader]:
        """Yield the snapshots, oldest first, unfinished ones too."""
        if not self.snapshots.is_dir():
            return
        for path in sorted(self.snapshots.iterdir()):
            if layout.is_id(path.name) and (path / layout.META).is_file():
                try:
                    reader = SnapshotReader(path)
                except SnapshotError:
                    # A damaged one must not hide the others; who names it is told why.
                    continue
                yield reader

    def latest(self) -> SnapshotReader:
        """Return the newest complete snapshot."""
        complete = [reader for reader in self if reader.is_complete]
        if not complete:
            raise SnapshotError(
                "There is no complete snapshot in the workspace.",
                remedy="Run `netops snapshot take` first.",
                place=Place(str(self.snapshots)),
            )
        return complete[-1]

    def resolve(self, reference: str) -> SnapshotReader:
        """Find a snapshot by ``latest``, by its id here, or by the path of its folder."""
        if reference == "latest":
            self._refuse_file()
            return self.latest()
        here = self.snapshots / reference
        if layout.is_id(reference) and here.is_dir():
            return SnapshotReader(here)
        path = Path(reference)
        if reference and path.is_dir():
            return SnapshotReader(path)
        self._refuse_file()
        raise SnapshotError(
            Sentence("There is no snapshot {name!r}.", name=reference[:_MOST_QUOTED]),
            remedy="Name an id from `netops snapshot list`, a folder, or `latest`.",
            place=Place(str(self.snapshots)),
        )

    def _refuse_file(self) -> None:
        """Refuse what is no folder: nothing can be taken into it either."""
        if os.path.lexists(self.path) and not self.path.is_dir():
            raise SnapshotError(
                "The workspace is not a folder.",
                remedy="Name an existing folder with --workspace.",
                place=Place(str(self.path)),
            )


_MOST_QUOTED = 80
