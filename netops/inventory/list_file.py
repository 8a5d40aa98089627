"""Edits a file that holds one list of records, and keeps every other line of it.

The file is edited as text, because people keep comments in it. The edited text is read again
before it replaces the old one: it must hold what was there, the one change, and no fault.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from netops.errors import Fault, InputError, InventoryError, Place, Sentence, UsageError
from netops.inventory.columns import CSV_COLUMNS, OPTIONAL_YAML_FILES, YAML_FILES
from netops.inventory.loader import check
from netops.inventory.tables import Faults, read_text
from netops.plainyaml import PlainYamlError, flow, parse_yaml

Record = dict[str, Any]

_PATIENCE_S = 30.0
_PAUSE_S = 0.05


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let no other command change a list of ``folder`` between its reading and its writing.

    The folder itself is locked: what is locked must not be replaced, and nothing is left behind
    when a process dies. Where a file system knows no locks, there is none.
    """
    try:
        holder = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        # Whoever reads the list next says what is wrong with the folder.
        yield
        return
    try:
        _lock(holder, folder)
        yield
    finally:
        os.close(holder)


def _lock(holder: int, folder: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            fcntl.flock(holder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EINTR):
                return
        else:
            return
        if time.monotonic() > until:
            raise UsageError(
                "Another process is writing to this inventory.",
                remedy="Wait until it has ended, then repeat the command.",
                place=Place(str(folder)),
            )
        time.sleep(_PAUSE_S)


@dataclass(frozen=True, slots=True)
class ListFile:
    """``name`` is the file in an inventory folder, ``key`` the list in it."""

    name: str
    key: str

    def read(self, folder: Path) -> str:
        """Return the text of the file; an optional file that is absent is empty."""
        if self.name in OPTIONAL_YAML_FILES and not (folder / self.name).exists():
            return ""
        faults = Faults()
        text = read_text(folder / self.name, self.name, faults)
        if text is None:
            raise InventoryError(tuple(faults.found))
        return text

    def items(self, text: str) -> list[Record]:
        """Return the records that a text holds."""
        try:
            document = parse_yaml(text, words=True)
        except PlainYamlError as error:
            fault = Fault("bad_yaml", Place(self.name, error.line), error.cause, error.remedy)
            raise InventoryError((fault,)) from error
        items = document.get(self.key) if isinstance(document, dict) else document
        if items is None:
            return []
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise InputError(
                "The file does not hold a list of records.",
                remedy="`netops inventory check` says what is wrong with it.",
                place=Place(self.name),
            )
        return [dict(item) for item in items]

    def append(self, folder: Path, item: Record, *, dry_run: bool) -> None:
        """Put one more record at the end of the list."""
        self.extend(folder, [item], dry_run=dry_run)

    def extend(self, folder: Path, items: Sequence[Record], *, dry_run: bool) -> None:
        """Put records at the end of the list, all or none."""
        text = self.read(folder)
        wanted = [*self.items(text), *items]
        for item in items:
            text = self._appended(text, item)
        self._replace(folder, text, wanted, dry_run=dry_run)

    def change(self, folder: Path, index: int, change: tuple[str, Any], *, dry_run: bool) -> None:
        """Give a field of the record at ``index`` another value."""
        text = self.read(folder)
        wanted = self.items(text)
        wanted[index] = {**wanted[index], change[0]: change[1]}
        self._replace(folder, self._changed(text, index, change), wanted, dry_run=dry_run)

    def _appended(self, text: str, item: Record) -> str:
        node = self._node(text)
        record = flow(item)
        if node is None:
            there = re.search(rf"^{self.key}:", text, re.MULTILINE)
            head = "" if there else f"{self.key}:\n"
            return f"{_ended_line(text)}{head}- {record}\n"
        first = node.start_mark
        if not node.flow_style:
            return f"{_ended_line(text)}{' ' * first.column}- {record}\n"
        last = node.end_mark.index - 1
        return f"{text[:last]}{', ' if node.value else ''}{record}{text[last:]}"

    def _changed(self, text: str, index: int, change: tuple[str, Any]) -> str:
        node = self._node(text)
        record = None if node is None else node.value[index]
        for name, value in record.value if isinstance(record, yaml.MappingNode) else ():
            if name.value == change[0]:
                before, after = text[: value.start_mark.index], text[value.end_mark.index :]
                return before + str(change[1]) + after
        raise InputError(
            "The record lacks the field that is to be changed.",
            remedy="`netops inventory check` says what is wrong with it.",
            place=Place(self.name, field=change[0]),
        )

    def _node(self, text: str) -> yaml.SequenceNode | None:
        """Return where the list stands; its marks count characters of ``text``."""
        top = yaml.compose(text, Loader=yaml.SafeLoader)
        if not isinstance(top, yaml.MappingNode):
            return None
        found = [value for name, value in top.value if name.value == self.key]
        return found[0] if found and isinstance(found[0], yaml.SequenceNode) else None

    def _replace(self, folder: Path, text: str, wanted: list[Record], *, dry_run: bool) -> None:
        """Put the new text in place, if it says exactly what it should and the inventory holds."""
        try:
            held = self.items(text) == wanted
        except (InputError, InventoryError):
            held = False
        if not held:
            raise InputError(
                "The list is written in a way that cannot be edited line by line.",
                remedy="Write a record a line, each beginning with `- `, as the last of the file.",
                place=Place(self.name),
            )
        errors = tuple(fault for fault in self._faults_with(folder, text) if not fault.warning)
        if errors:
            raise InventoryError(errors)
        if not dry_run:
            self._write(folder / self.name, text)

    def _write(self, path: Path, text: str) -> None:
        """Put the text in place, whole and on the disk; a link stays one."""
        target = Path(os.path.realpath(path))
        temporary = target.with_name(f".{self.name}.{os.getpid()}.tmp")
        try:
            with temporary.open("wb") as stream:
                stream.write(text.encode())
                stream.flush()
                os.fsync(stream.fileno())
            if target.exists():
                shutil.copymode(target, temporary)
            temporary.replace(target)
        except OSError as error:
            raise UsageError(
                Sentence("The file cannot be written: {reason}.", reason=error.strerror),
                remedy="Look at the permissions of its folder and the space left; it stands as "
                "it was.",
                place=Place(str(path)),
            ) from error
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)

    def _faults_with(self, folder: Path, text: str) -> tuple[Fault, ...]:
        """Check the inventory as it would be."""
        with tempfile.TemporaryDirectory(prefix="netops-inventory-") as name:
            for file in self._others(folder):
                (Path(name) / file).symlink_to((folder / file).resolve())
            (Path(name) / self.name).write_bytes(text.encode())
            return check(Path(name))

    def _others(self, folder: Path) -> Iterator[str]:
        listed = (*CSV_COLUMNS, *YAML_FILES, "known_hosts", *OPTIONAL_YAML_FILES)
        needed = (name for name in listed if name != self.name)
        yield from (n for n in needed if n not in OPTIONAL_YAML_FILES or (folder / n).exists())


def _ended_line(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"
