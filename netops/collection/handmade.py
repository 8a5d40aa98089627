"""A folder of text collected by hand becomes a snapshot: ``device/command.txt`` or session logs.

For places without access. The command comes from the file's name, or from prompts inside a
log. Nothing is invented: an empty file is no answer, a file that fits no command is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

from netops.collection.host_evidence import artefacts, commands_of, sections_of
from netops.errors import InputError, Place, Sentence
from netops.evidence import layout
from netops.evidence.observation import DeviceRecord, Observation, Outcome
from netops.evidence.workspace import Workspace
from netops.evidence.writer import SnapshotWriter
from netops.facts.device import Contact
from netops.inventory.model import Device, Inventory
from netops.platforms.base import Command, Platform
from netops.platforms.registry import platform as registered
from netops.platforms.settings import Baseline
from netops.platforms.stream import is_evidence, split
from netops.platforms.transcript import unpaged, unstamped
from netops.text import decode, one_line, shown_lines

_MAX_PROMPT = 120
_PROMPT_ENDS = frozenset(">#$]%")
_SLOT = re.compile(r"\{[a-z]+\}")
_GAP = "[ _-]+"
_TEXTS = frozenset({".txt", ".log", ".cfg", ""})
_SNMP = {
    f"snmp_{name}": f"snmp {name}"
    for name in ("system", "interfaces", "addresses", "default-routes")
}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to; ``passed_over`` names files that fit no command."""

    id: str
    path: Path
    digest: str
    contacts: Mapping[str, Contact]
    passed_over: tuple[str, ...] = ()


@dataclass(slots=True)
class _Taken:
    """What was found in the folder of one device."""

    pieces: list[tuple[str, str, bytes, Outcome, str]] = field(default_factory=list)
    """Command, source, raw, outcome, time."""
    passed_over: list[str] = field(default_factory=list)


def import_folder(
    folder: Path, inventory: Inventory, inventory_folder: Path, workspace: Workspace
) -> Imported:
    """Make a snapshot of the hand-collected ``folder``; its devices must be in the inventory."""
    homes = _homes(folder, inventory)
    for _device, home in homes:
        for path in _files_of(home):
            _refuse_odd(path)
    passed_over: list[str] = []
    asked = [device.id for device, _ in homes]
    with SnapshotWriter.create(
        workspace.snapshots, inventory_folder, inventory.digest, asked
    ) as writer:
        for device, home in homes:
            record, unknown = read_home(device, home, registered(device.platform))
            passed_over.extend(f"{home.name}/{name}" for name in unknown)
            writer.add(record)
        digest = writer.finish()
        return Imported(writer.id, writer.path, digest, writer.contacts, tuple(passed_over))


def import_file(
    file: Path, device_id: str, inventory: Inventory, inventory_folder: Path, workspace: Workspace
) -> Imported:
    """Make a snapshot of one file of one device: the collector's output, or a session log."""
    device = inventory.devices.get(device_id)
    if device is None:
        raise InputError(
            Sentence("The inventory has no device “{name}”.", name=one_line(device_id)),
            remedy="Name a device of the inventory with --device.",
            place=Place(str(file)),
        )
    _refuse_odd(file)
    taken = _Taken()
    _take(file, registered(device.platform), taken)
    record = _record_of(device, taken)
    with SnapshotWriter.create(
        workspace.snapshots, inventory_folder, inventory.digest, [device.id]
    ) as writer:
        writer.add(record)
        digest = writer.finish()
        return Imported(writer.id, writer.path, digest, writer.contacts, tuple(taken.passed_over))


def _homes(folder: Path, inventory: Inventory) -> list[tuple[Device, Path]]:
    by_name = {device.name: device for device in inventory.devices.values()}
    found = []
    for home in sorted(path for path in folder.iterdir() if path.is_dir()):
        name = layout.device_of(home.name)
        device = inventory.devices.get(name) or by_name.get(name)
        if device is None and home.name == layout.PROBES:
            # What was measured is of its moment, and who measured it cannot be seen from a file.
            continue
        if device is None:
            raise InputError(
                Sentence("The inventory has no device “{name}”.", name=one_line(name)),
                remedy="Name each folder by the id or the name of its device.",
                place=Place(str(home)),
            )
        found.append((device, home))
    if not found:
        raise InputError(
            "The folder holds no folder of a device.",
            remedy="Lay it out as device/command.txt.",
            place=Place(str(folder)),
        )
    return found


def read_home(
    device: Device, home: Path, platform: Platform
) -> tuple[DeviceRecord, tuple[str, ...]]:
    """Read the folder of one device; return its record and the files that fit no command."""
    taken = _Taken()
    for path in _files_of(home):
        _take(path, platform, taken)
    return _record_of(device, taken), tuple(taken.passed_over)


def _files_of(home: Path) -> list[Path]:
    return sorted(path for path in home.iterdir() if path.is_file())


def _refuse_odd(path: Path) -> None:
    """Refuse what nobody collected by hand, before a snapshot is begun."""
    told = path.stat()
    if told.st_size > _MOST_OCTETS:
        raise InputError(
            "The file is larger than 64 MiB.",
            remedy="Check that this is the right file.",
            place=Place(str(path)),
        )
    if not 0 <= told.st_mtime < _LAST_TIME:
        raise InputError(
            "The time of the file is none at which anything was collected.",
            remedy="Set it to when the text was saved: touch FILE.",
            place=Place(str(path)),
        )


_MOST_OCTETS = 64 << 20
_LAST_TIME = datetime(2200, 1, 1, tzinfo=UTC).timestamp()


def _record_of(device: Device, taken: _Taken) -> DeviceRecord:
    observations = tuple(
        Observation(f"{device.id}#{n}", device.id, command, source, at, 0.0, outcome, raw)
        for n, (command, source, raw, outcome, at) in enumerate(taken.pieces, start=1)
    )
    answered = any(o.outcome is Outcome.ACCEPTED and o.source == "file" for o in observations)
    times = [o.at for o in observations]
    return DeviceRecord(
        device=device.id,
        platform=device.platform,
        contact=Contact.ANSWERED if answered else Contact.UNUSABLE,
        detail="collected by hand" if answered else "no usable text was collected",
        began=min(times, default=""),
        ended=max(times, default=""),
        observations=observations,
        notes=("collected by hand",),
    )


def _take(path: Path, platform: Platform, taken: _Taken) -> None:
    raw = path.read_bytes()
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
    if platform.baseline is not None and is_evidence(raw):
        _take_evidence(raw, at, platform.baseline, taken)
        return
    section = unquote(path.stem)
    if platform.baseline is not None and section in commands_of(platform.baseline):
        outcome = Outcome.ACCEPTED if raw.strip() else Outcome.NO_ECHO
        taken.pieces.append((section, "file", raw, outcome, at))
        return
    table = _SNMP.get(path.stem) if path.suffix == ".json" else None
    if table is not None:
        taken.pieces.append((table, "snmp", raw, Outcome.ACCEPTED, at))
        return
    command = command_of(path.stem, platform) if path.suffix.lower() in _TEXTS else None
    if command is not None:
        outcome = Outcome.ACCEPTED if raw.strip() else Outcome.NO_ECHO
        taken.pieces.append((command, "file", raw, outcome, at))
        return
    parts = list(split_log(raw, platform)) if path.suffix.lower() in _TEXTS else []
    taken.pieces.extend((line, "file", text, outcome, at) for line, text, outcome in parts)
    if not parts:
        taken.passed_over.append(path.name)


def _take_evidence(raw: bytes, at: str, baseline: Baseline, taken: _Taken) -> None:
    """Take what the collector printed on the host, section by section."""
    for piece in artefacts(split(raw), sections_of(baseline)):
        taken.pieces.append((piece.command, "file", piece.raw, piece.outcome, at))


def command_of(stem: str, platform: Platform) -> str | None:
    """Find the command that a file is named after; blanks, ``_`` and ``-`` count alike."""
    name = unquote(stem)
    for command in sorted(platform.commands, key=lambda c: ("{" in c.text, -len(c.text))):
        match = _tolerant(command).fullmatch(name)
        if match is not None:
            line = _filled(command.text, match.groups())
            if command.pattern.fullmatch(line):
                return line
    return expand(re.sub(_GAP, " ", name), platform)


def _filled(text: str, values: tuple[str, ...]) -> str:
    for value in values:
        slot = _SLOT.search(text)
        if slot is not None:
            text = text[: slot.start()] + value + text[slot.end() :]
    return text


def _tolerant(command: Command) -> re.Pattern[str]:
    parts = re.split(r"(\{[a-z]+\})", command.text)
    return re.compile(
        "".join("(.+)" if _SLOT.fullmatch(part) else _loose(part) for part in parts), re.IGNORECASE
    )


def _loose(text: str) -> str:
    return "".join(
        _GAP if re.fullmatch(_GAP, p) else re.escape(p) for p in re.split(r"([ _-]+)", text)
    )


def expand(line: str, platform: Platform) -> str | None:
    """Return the platform's command that ``line`` is or abbreviates (``dis ver``), if just one.

    As on the devices: a whole keyword goes before one that it only begins, and a keyword
    before a name in its place (``dis ip int br`` is not about IPv6, nor an interface ``br``).
    """
    words = line.split()
    if platform.command_for(" ".join(words)) is not None:
        return " ".join(words)
    found: dict[str, tuple[int, ...]] = {}
    for command in platform.commands:
        found.update(_expanded(words, command))
    best = min(found.values(), default=())
    nearest = [full for full, fit in found.items() if fit == best]
    return nearest[0] if len(nearest) == 1 else None


_WHOLE, _BEGINNING, _NAME = range(3)


def _expanded(words: list[str], command: Command) -> dict[str, tuple[int, ...]]:
    """Return the full line of a command that ``words`` may stand for, and how each word fits."""
    wanted = command.text.split()
    if len(words) != len(wanted):
        return {}
    full, fit = [], []
    for word, whole in zip(words, wanted, strict=True):
        is_slot = _SLOT.fullmatch(whole) is not None
        if not is_slot and not whole.lower().startswith(word.lower()):
            return {}
        full.append(word if is_slot else whole)
        is_whole = word.lower() == whole.lower()
        fit.append(_NAME if is_slot else _WHOLE if is_whole else _BEGINNING)
    line = " ".join(full)
    return {line: tuple(fit)} if command.pattern.fullmatch(line) else {}


def split_log(raw: bytes, platform: Platform) -> Iterator[tuple[str, bytes, Outcome]]:
    """Yield command, raw text and outcome for each answer found in a log of a whole session.

    An answer lasts from the line with prompt and command to the next line with that prompt;
    one that the log breaks off is kept as such.
    """
    pieces = raw.split(b"\n")
    shown = unstamped(shown_lines(decode(raw)))
    shown = [unpaged(line, platform.pager) for line in shown]
    marks = list(_marks(shown, platform))
    ends = [*(at for at, _ in marks[1:]), len(pieces)]
    for (begin, command), end in zip(marks, ends[: len(marks)], strict=True):
        if command is not None:
            is_whole = end < len(pieces)
            text = b"\n".join(pieces[begin:end]) + (b"\n" if is_whole else b"")
            yield command, text, Outcome.ACCEPTED if is_whole else Outcome.NO_PROMPT


def _marks(lines: list[str], platform: Platform) -> Iterator[tuple[int, str | None]]:
    """Yield the lines that begin with the prompt, and the command behind it if it is known."""
    prompt = ""
    for number, line in enumerate(lines):
        if not prompt:
            prompt = _prompt_of(line, platform)
        if prompt and line.lstrip().startswith(prompt):
            typed = line.lstrip()[len(prompt) :].strip()
            yield number, expand(typed, platform) if typed else None


def _prompt_of(line: str, platform: Platform) -> str:
    """Return the prompt at the head of a line on which a known command was typed."""
    text = line.lstrip()
    for at, letter in enumerate(text[:_MAX_PROMPT]):
        if letter in _PROMPT_ENDS:
            head, typed = text[: at + 1], text[at + 1 :].strip()
            is_prompt = platform.prompt.fullmatch(head) or platform.prompt.fullmatch(head + " ")
            if is_prompt and typed and expand(typed, platform):
                return head
    return ""
