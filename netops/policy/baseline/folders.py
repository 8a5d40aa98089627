"""Finds the files of a rule folder, by their places; nothing outside it, nothing but files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from netops.errors import Place, PolicyError, Sentence
from netops.policy.baseline.fields import COMPONENTS
from netops.policy.baseline.noting import Notes

PARTS = ("catalog", "checks", "profiles", "evidence")
MAX_FILES = 5_000
"""Rule files of one folder; ours has some hundreds."""


class Folder:
    """One layer of rules: ours, or a site's over it."""

    def __init__(self, path: Path, notes: Notes) -> None:
        if not path.is_dir():
            raise PolicyError(
                Sentence("There is no folder “{path}”.", path=path),
                remedy="Name a folder of rules; ours is policies.",
            )
        self.path = path
        self._root = os.path.realpath(path)
        self._notes = notes
        self._count = 0
        if not any((path / name).is_dir() for name in PARTS):
            notes.add(
                "no_rules", Place(str(path)),
                Sentence("The folder holds no rules: none of {values}.", values=", ".join(PARTS)),
                "Name a folder of rules; ours is policies.",
            )  # fmt: skip

    def catalogs(self) -> Iterator[Path]:
        """Yield the files of ``catalog/``."""
        return self._yaml(self.path / "catalog")

    def evidence(self) -> Iterator[Path]:
        """Yield the files of ``evidence/``."""
        return self._yaml(self.path / "evidence")

    def profiles(self) -> Iterator[Path]:
        """Yield the files of ``profiles/``."""
        return self._yaml(self.path / "profiles")

    def checks(self) -> Iterator[tuple[str, Path]]:
        """Yield the component and ``check.yaml`` of each check."""
        for component in self._entries(self.path / "checks"):
            if not component.is_dir():
                continue
            if component.name not in COMPONENTS:
                self._stray(component, "unknown_component")
                continue
            for folder in self._entries(Path(component.path)):
                yield from self._check(component.name, folder)

    def _check(self, component: str, folder: os.DirEntry[str]) -> Iterator[tuple[str, Path]]:
        file = Path(folder.path) / "check.yaml"
        if not folder.is_dir():
            self._unread(folder)
            return
        if not file.exists():
            self._notes.add(
                "missing_check", Place(folder.path), "The folder holds no check.yaml.",
                "Write one, or remove the folder.",
            )  # fmt: skip
        elif self._is_ours(file):
            yield component, file

    def _yaml(self, folder: Path) -> Iterator[Path]:
        for entry in self._entries(folder):
            if not entry.name.endswith(".yaml"):
                self._unread(entry)
            elif self._is_ours(Path(entry.path)):
                yield Path(entry.path)

    def _unread(self, entry: os.DirEntry[str]) -> None:
        """Note a file that looks as if it were read and is not."""
        if entry.name.endswith((".yaml", ".yml")):
            self._notes.add(
                "stray_file", Place(entry.path), "No rule is read from a file of this name here.",
                "Name it NAME.yaml; a check is checks/COMPONENT/ID/check.yaml.",
            )  # fmt: skip

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        if not folder.is_dir() or not self._stays(folder):
            return []
        with os.scandir(folder) as found:
            entries = [entry for entry in found if not entry.name.startswith(".")]
        kept = [e for e in entries if not e.is_symlink() or self._stays(Path(e.path))]
        return sorted(kept, key=lambda entry: entry.name)

    def _stays(self, path: Path) -> bool:
        real = os.path.realpath(path)
        if real == self._root or real.startswith(self._root + os.sep):
            return True
        self._notes.add(
            "link_outside", Place(str(path)), "The link leads out of the folder.",
            "Replace it by the file itself.",
        )  # fmt: skip
        return False

    def _is_ours(self, file: Path) -> bool:
        """Whether a file may be opened: a plain one, inside, and not one too many."""
        self._count += 1
        if self._count > MAX_FILES:
            raise PolicyError(
                Sentence("The folder holds more than {bound} rule files.", bound=MAX_FILES),
                remedy="Name a folder of rules; ours is policies.",
                place=Place(str(self.path)),
            )
        if file.is_symlink() and not self._stays(file):
            return False
        if not file.is_file():
            self._notes.add(
                "file_unreadable", Place(str(file)), "This is not a plain file.", "Remove it."
            )
            return False
        return True

    def _stray(self, entry: os.DirEntry[str], kind: str) -> None:
        self._notes.add(
            kind, Place(entry.path),
            Sentence("“{text}” is none of: {values}.",
                     text=entry.name, values=", ".join(COMPONENTS)),
            "Name the folder after a component.",
        )  # fmt: skip
