"""Words and numbers of configuration files as the programs themselves take them: ASCII alone.

Python's own ``split``, ``strip`` and ``int`` also take full-width blanks and digits, which the
programs take for letters: a line that only looks right must not count as right.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from netops.platforms.linux_host.baseline.sheet import Piece

BLANKS = " \t\r\n\f\v"
_GAPS = re.compile(r"[ \t\r\f\v]+")
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")
_ASSIGNMENT = re.compile(r"([^=]{1,200}?)[ \t]*=[ \t]*(.*)")
_MOST_LINE = 4_000
_JOINED = 200


def words(line: str) -> list[str]:
    """Split at ASCII blanks."""
    bare = line[:_MOST_LINE].strip(BLANKS)
    return _GAPS.split(bare) if bare else []


def number(text: str | None) -> int | None:
    """Return a decimal number in ASCII digits."""
    return int(text) if text is not None and _NUMBER.fullmatch(text) else None


def quoted_words(line: str) -> list[str]:
    """Split at blanks and keep what stands in quotes together; as they stand if unbalanced."""
    if '"' not in line and "'" not in line:
        return words(line)
    try:
        return shlex.split(line[:_MOST_LINE], comments=False)
    except ValueError:
        return words(line)


def statements(piece: Piece, comment: str = "#") -> Iterator[tuple[int, str]]:
    """Yield the lines that are neither blank nor a comment, stripped, with their numbers."""
    for at, text in piece.lines:
        bare = text.strip(BLANKS) if len(text) <= _MOST_LINE else text[:_MOST_LINE].strip(BLANKS)
        if bare and not bare.startswith(comment):
            yield at, bare


def joined(piece: Piece) -> Iterator[tuple[int, str]]:
    r"""Yield lines with those joined that end in ``\``; the number is the first one's."""
    first, held = 0, list[str]()
    for at, text in piece.lines:
        bare = text[:_MOST_LINE].rstrip("\r\n")
        first = first or at
        if bare.endswith("\\") and len(held) < _JOINED:
            held.append(bare[:-1])
            continue
        yield first, " ".join([*held, bare]) if held else bare
        first, held = 0, []
    if held:
        yield first, " ".join(held)


def assignments(piece: Piece) -> Iterator[tuple[int, str, str]]:
    """Yield ``key = value`` lines; a key alone has an empty value."""
    for at, bare in statements(piece):
        text = bare.partition(" #")[0].strip(BLANKS)
        match = _ASSIGNMENT.fullmatch(text)
        if match:
            yield at, match[1], match[2].strip(BLANKS)
        else:
            yield at, text, ""


def sections(piece: Piece) -> Iterator[tuple[int, str, str, str]]:
    """Yield (number, section, key, value) of a file in the manner of systemd."""
    section = ""
    for at, bare in statements(piece):
        if bare.startswith("[") and bare.endswith("]"):
            section = bare[1:-1]
        elif not bare.startswith(";"):
            key, sign, value = bare.partition("=")
            if sign:
                yield at, section, key.strip(BLANKS), value.strip(BLANKS)
