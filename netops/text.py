"""Text from devices, made safe: decoding that cannot fail, controls made visible, table cells.

Device text is hostile. What a person or a spreadsheet is shown passes here; HTML is escaped
by jinja. Nothing here knows a vendor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_MAX_CELL = 32_000
"""Below the 32,767 characters that a spreadsheet cell holds."""


def decode(data: bytes) -> str:
    """Decode device bytes: UTF-8, else GB18030, else Latin-1.

    The choice falls line by line once the whole is not UTF-8: one configuration may hold
    descriptions typed from several terminals. A line feed is never part of a longer character
    in any of the three, so lines keep their numbers.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return "\n".join(_decode_line(line) for line in data.split(b"\n"))


def _decode_line(line: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode("latin-1")


_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]"
)
_FIRST_C1, _DELETE, _SPACE = 0x80, 0x7F, 0x20


def _picture(match: re.Match[str]) -> str:
    number = ord(match[0])
    if number < _SPACE:
        return chr(0x2400 + number)
    return "\u2421" if number == _DELETE else f"<U+{number:04X}>"


def visible(text: str) -> str:
    r"""Make ESC, C0, C1, bidi and zero-width controls visible; ``\n`` and ``\t`` stay."""
    return _CONTROL.sub(_picture, text)


def one_line(text: str) -> str:
    """Make ``text`` visible and a single line, for tables and messages."""
    return visible(text.replace("\r\n", "\n")).replace("\n", "\u23ce").replace("\t", " ")


_FORMULA_START = tuple("=+-@\t\r\n＝＋－＠|%")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?%?")


def cell(text: str) -> str:
    """Return ``text`` as a CSV or XLSX cell that no spreadsheet takes for a formula."""
    shown = visible(text)[:_MAX_CELL]
    if shown.lstrip(" ").startswith(_FORMULA_START) and not _NUMBER.fullmatch(shown):
        return "'" + shown
    return shown


def cells(row: Iterable[object]) -> list[object]:
    """Return a row with every text made a safe cell; numbers and None stay what they are."""
    return [cell(value) if isinstance(value, str) else value for value in row]


_MOVES = re.compile(
    r"(\x1b\[[0-?]{0,16}[ -/]{0,4}[@-~]"  # CSI: cursor, erase, colour
    r"|\x1b\][^\x07\x1b]{0,256}(?:\x07|\x1b\\)"  # OSC: window title
    r"|\x1b.|[\x00-\x08\x0a-\x1f\x7f])"
)
_MAX_SHOWN = 100_000
"""No terminal line is longer; above this only the sequences are dropped."""
_NEEDS_MOVES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_CONTROLS = bytes([*range(0x09), *range(0x0B, 0x20), 0x7F])
"""The same as octets: to strike them all out is faster than to look for one."""


def shown_line(line: str) -> str:
    r"""Return what a terminal shows of one line after cursor moves and erasures.

    A pager is wiped with ``ESC[16D``, blanks, ``ESC[16D``; a long echo holds `` ESC[1D``;
    both come out right when the moves are simply carried out. Other sequences (colours,
    titles) and control characters show nothing. Linear in the length of the line.
    """
    if _NEEDS_MOVES.search(line) is None:
        return line
    if len(line) > _MAX_SHOWN:
        return _MOVES.sub("", line)
    screen: list[str] = []
    at = 0
    for number, part in enumerate(_MOVES.split(line)):
        if number % 2:
            at = _move(screen, at, part)
        elif part:
            screen[at : at + len(part)] = part
            at += len(part)
    return "".join(screen).rstrip(" ") if screen else ""


def _move(screen: list[str], at: int, part: str) -> int:
    """Carry out one control sequence; return where the cursor stands after it."""
    if part == "\b":
        return max(0, at - 1)
    if part == "\r":
        return 0
    if not part.startswith("\x1b["):
        return at
    final, argument = part[-1], part[2:-1]
    count = int(argument) if argument.isascii() and argument.isdigit() else 1
    if final == "D":
        return max(0, at - count)
    if final == "C":
        return min(len(screen), at + count)
    if final == "K" and argument in ("", "0"):
        del screen[at:]
    return at


def shown_text(text: str) -> str:
    r"""Carry out the moves of all lines; only line feeds end a line, so that numbers hold."""
    octets = text.encode("utf-8", "surrogatepass")
    plain = octets.translate(None, _CONTROLS)
    if len(octets) - len(plain) == octets.count(b"\r\n"):
        return plain.decode("utf-8", "surrogatepass")
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(shown_line(line.rstrip("\r")) for line in lines)


def shown_lines(text: str) -> list[str]:
    r"""Split at line feeds (and nowhere else) and carry out moves."""
    return shown_text(text).split("\n")
