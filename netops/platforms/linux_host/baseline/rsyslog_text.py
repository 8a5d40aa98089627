"""rsyslog's language as text: comments taken out, lines joined, read from the front.

Knows words, signs and brackets. Refuses to know what any of them does with a message.
"""

from __future__ import annotations

import re

from netops.facts.source import Source
from netops.platforms.linux_host.baseline.rsyslog_tests import Test
from netops.platforms.linux_host.baseline.sheet import Piece

_WHOLE = re.compile(r"[A-Za-z]{1,10}(?![\w.*,])")
_THEN = re.compile(r"\bthen\b", re.IGNORECASE)


class Text:
    """One file without its comments, read from the front."""

    def __init__(self, piece: Piece) -> None:
        self._piece = piece
        self._text = _without_comments("\n".join(text for _, text in piece.lines))
        self._at = 0
        self.last: Test | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing but blanks is left."""
        return not self.skip()

    def skip(self) -> bool:
        """Pass over blanks and ends of lines; False: nothing is left."""
        self._pass(" \t\r\n\f\v;")
        return self._at < len(self._text)

    def skip_blanks(self) -> None:
        """Pass over blanks of this line."""
        self._pass(" \t")

    def _pass(self, blanks: str) -> None:
        while self._at < len(self._text) and self._text[self._at] in blanks:
            self._at += 1

    def peek(self, sign: str) -> bool:
        """Whether a sign comes next."""
        return self._text.startswith(sign, self._at)

    def take(self, sign: str) -> bool:
        """Take a sign if it comes next."""
        found = self.peek(sign)
        self._at += len(sign) if found else 0
        return found

    def take_word(self, word: str) -> bool:
        """Take a word if it comes next and is not part of a longer one."""
        found = _WHOLE.match(self._text, self._at)
        if found is None or found[0].lower() != word:
            return False
        self._at = found.end()
        return True

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Take what a pattern fits next."""
        found = pattern.match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def rest_of_line(self) -> str:
        """Take the line to its end, or to a bracket that closes a block it stands in."""
        end = self._text.find("\n", self._at)
        end = len(self._text) if end < 0 else end
        line = self._text[self._at : end]
        closed = line.find("}")
        if closed >= 0 and '"' not in line[:closed]:
            end = self._at + closed
        found = self._text[self._at : end]
        self._at = max(end, self._at + (not found))
        return found

    def until_then(self) -> str:
        """Take a condition."""
        found = _THEN.search(self._text, self._at)
        end = found.start() if found is not None else len(self._text)
        said = self._text[self._at : end]
        self._at = found.end() if found is not None else end
        return said

    def until_closed(self) -> str:
        """Take what stands in round brackets, of which the first is open already."""
        depth, quote, began = 1, "", self._at
        while self._at < len(self._text) and depth:
            sign = self._text[self._at]
            if quote:
                quote = "" if sign == quote else quote
            elif sign in "\"'":
                quote = sign
            else:
                depth += {"(": 1, ")": -1}.get(sign, 0)
            self._at += 1
        return self._text[began : self._at - 1]

    def source(self) -> Source:
        """Name the line that is read just now."""
        line = self._text.count("\n", 0, self._at)
        return self._piece.at(self._piece.lines[line][0] if self._piece.lines else 0)


def _without_comments(text: str) -> str:
    """Return the text with comments blanked and lines joined; lines keep their numbers."""
    kept: list[str] = []
    is_remark = False
    for line in text.split("\n"):
        bare = line.rstrip("\r")
        if not is_remark and bare.lstrip(" \t").startswith("#"):
            bare = ""
        elif is_remark or "#" in bare or "/*" in bare:
            bare, is_remark = _bare(bare, is_remark=is_remark)
        kept.append(bare)
    return _joined(kept)


def _bare(line: str, *, is_remark: bool) -> tuple[str, bool]:
    """Return a line without its comments, and whether a comment goes on behind it."""
    out, quote, at = list[str](), "", 0
    while at < len(line):
        sign, pair = line[at], line[at : at + 2]
        is_first = at == 0 or line[at - 1] in " \t;(){}"
        if is_remark:
            is_remark = pair != "*/"
            at += 1 if is_remark else 2
        elif not quote and is_first and pair == "/*":
            is_remark, at = True, at + 2
        elif not quote and is_first and sign == "#":
            break
        else:
            if sign in "\"'":
                quote = "" if quote == sign else quote or sign
            out.append(sign)
            at += 1
    return "".join(out), is_remark


def _joined(lines: list[str]) -> str:
    """Join lines that end in a backslash; empty lines take their places."""
    kept: list[str] = []
    first = -1
    for line in lines:
        goes_on = line.endswith("\\")
        bare = line[:-1] + " " if goes_on else line
        if first >= 0:
            kept[first] += bare
            kept.append("")
        else:
            kept.append(bare)
        first = (first if first >= 0 else len(kept) - 1) if goes_on else -1
    return "\n".join(kept)
