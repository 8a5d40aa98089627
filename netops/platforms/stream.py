"""From what the program printed to the octets of each section.

Knows the outer marks only. Lines that nobody of ours printed (a message of the day, the noise of
a log-in script) stand before the first mark or between sections and are passed over; inside a
section they cannot stand unseen, because every line of ours begins with ``=`` or ``|``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_HEAD = b"netops-evidence 1"
_END = b"netops-evidence end"
_FAILED = b"netops-evidence failed: "
_BEGIN = re.compile(rb"\[([a-z][a-z0-9_]{0,40})")
_OURS = (b"=", b"|")


@dataclass(frozen=True, slots=True)
class Stream:
    """What came of one run. ``cut`` holds the section that was broken off, if one was."""

    begun: bool = False
    whole: bool = False
    failure: str = ""
    sections: Mapping[str, bytes] = field(default_factory=dict)
    cut: Mapping[str, bytes] = field(default_factory=dict)


def is_evidence(raw: bytes) -> bool:
    """Whether ``raw`` is the output of the program (and not a log of another kind)."""
    return _HEAD in {line.rstrip(b"\r") for line in raw[:1_000_000].split(b"\n")}


def split(raw: bytes) -> Stream:
    """Take the output apart; the first section of a name counts."""
    lines = raw.split(b"\n")
    if _HEAD not in lines:
        # The file was carried through a system with other line ends: all lines have them.
        lines = [line.removesuffix(b"\r") for line in lines]
    if _HEAD not in lines:
        return Stream()
    # The last head is ours: whatever a log-in script prints, it prints before.
    lines = lines[len(lines) - lines[::-1].index(_HEAD) :]
    found: dict[str, bytes] = {}
    name, kept = "", list[bytes]()
    for line in lines:
        match = _BEGIN.fullmatch(line) if not name else None
        if match is not None:
            name, kept = match[1].decode(), []
        elif name and line == b"]" + name.encode():
            found.setdefault(name, b"".join(kept))
            name = ""
        elif name and line.startswith(_OURS):
            kept.append(line + b"\n")
    failed = next((one for one in lines if one.startswith(_FAILED)), b"")
    return Stream(
        begun=True,
        whole=_END in lines,
        failure=failed.removeprefix(_FAILED).decode("utf-8", "replace")[:200],
        sections=found,
        cut={name: b"".join(kept)} if name else {},
    )
