"""One section's answer as pieces: files and commands with their lines, refusals, short facts.

Knows the inner marks. Content lines begin with ``|``, so no file can pretend to be another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from netops.facts.answers import AnswerState
from netops.facts.source import Source
from netops.platforms.answer import Answer

_REFUSAL = re.compile(
    r"permission denied|operation not permitted|not permitted to|must be root|you must be"
    r"|are you root|need to be root|access denied",
    re.IGNORECASE,
)
_KINDS = frozenset({"file", "absent", "refused", "other", "missing", "run", "say"})
_TIMED_OUT = frozenset({124, 137})
_LOOKED_AT = 50


class UnreliableError(Exception):
    """A section's text does not show what it should: what is missing there is not absent."""

    def __init__(self, section: str, detail: str) -> None:
        super().__init__(detail)
        self.section = section
        self.detail = detail


@dataclass(slots=True)
class Piece:
    """One file, one command's output, or one remark. ``lines`` carry the answer's numbers."""

    kind: str
    name: str
    observation: str
    first: int
    lines: list[tuple[int, str]] = field(default_factory=list)
    rc: int | None = None
    cut: bool = False
    parts: object = field(default=None, compare=False, repr=False)
    """What a reader took the lines apart into, who needs them more than once."""

    def at(self, first: int = 0, last: int = 0) -> Source:
        """Name lines as the source of a setting; without numbers: the whole piece."""
        begin = first or self.first
        whole = self.lines[-1][0] if self.lines else self.first
        return Source(self.observation, begin, last or (first or whole))

    @property
    def refusal(self) -> str:
        """Why it is no answer but a refusal; empty where it is an answer."""
        if self.kind == "refused":
            return self.name
        if self.kind == "run" and self.rc not in {0, None}:
            for _, text in self.lines[:_LOOKED_AT]:
                if _REFUSAL.search(text[:400]):
                    return f"{self.name}: {text[:120]}"
        return ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The pieces of one section, in order."""

    name: str
    pieces: tuple[Piece, ...] = ()
    observation: str = ""
    late: bool = False
    ended_early: bool = False

    @staticmethod
    def of(name: str, answer: Answer) -> Sheet:
        """Read an answer's lines; those without a mark of ours were not printed by us."""
        pieces: list[Piece] = []
        late = early = False
        rows = tuple(answer.lines)
        marks = [at for at, row in enumerate(rows) if row[1][:1] != "|"]
        for at, end in zip(marks, [*marks[1:], len(rows)], strict=False):
            number, text = rows[at]
            word, _, rest = text[1:].partition(" ") if text[:1] == "=" else ("", "", "")
            if word in _KINDS:
                pieces.append(Piece(word, rest.strip(), answer.observation, number))
            elif word == "rc" and pieces:
                pieces[-1].rc = int(rest) if rest.isascii() and rest.isdigit() else 1
            elif word == "cut":
                early = early or not pieces
                for piece in pieces[-1:]:
                    piece.cut = True
            late = late or word == "late"
            if end > at + 1 and pieces:
                pieces[-1].lines += [(n, shown[1:]) for n, shown in rows[at + 1 : end]]
        return Sheet(name, tuple(pieces), answer.observation, late, early)

    def piece(self, kind: str, name: str) -> Piece | None:
        """Return the first piece of that kind and name."""
        return next((p for p in self.pieces if p.kind == kind and p.name == name), None)

    def file(self, name: str) -> Piece | None:
        """Return a file that was shown."""
        return self.piece("file", name)

    def files(self, prefix: str = "/") -> Iterator[Piece]:
        """Yield the files shown whose path begins so, in the order shown."""
        return (p for p in self.pieces if p.kind == "file" and p.name.startswith(prefix))

    def run(self, prefix: str) -> Piece | None:
        """Return the first command that begins so and ended well."""
        return next(
            (p for p in self.pieces
             if p.kind == "run" and p.name.startswith(prefix) and p.rc == 0), None)  # fmt: skip

    def says(self) -> Iterator[Piece]:
        """Yield the short facts."""
        return (p for p in self.pieces if p.kind == "say")

    def said(self, topic: str) -> str | None:
        """Return what was said of ``topic`` (the first word); None: nothing was said."""
        for piece in self.says():
            word, _, rest = piece.name.partition(" ")
            if word == topic:
                return rest.strip()
        return None

    def trouble(self) -> tuple[AnswerState, str] | None:
        """Return why the section shows nothing reliable, if it does not."""
        if self.late:
            return AnswerState.NOT_ASKED, "not collected: the time for it was over"
        refusals = [why for piece in self.pieces if (why := piece.refusal)]
        if refusals:
            more = f" and {len(refusals) - 1} more" if len(refusals) > 1 else ""
            return AnswerState.REFUSED, f"no right to read {refusals[0]}{more}"[:300]
        slow = [p.name for p in self.pieces if p.kind == "run" and p.rc in _TIMED_OUT]
        if slow:
            return AnswerState.ERROR, f"it did not end in time: {slow[0]}"[:300]
        if self.ended_early or any(p.cut for p in self.pieces):
            return AnswerState.NOT_UNDERSTOOD, "the text was cut: it is longer than is kept"
        if not self.pieces:
            return AnswerState.NOT_UNDERSTOOD, "the section is empty"
        return None


def sheets_of(answers: dict[str, Answer]) -> dict[str, Sheet]:
    """Return the sheets of all answers of sections, by the section's name."""
    prefix = "baseline/"
    return {
        command.removeprefix(prefix): Sheet.of(command.removeprefix(prefix), answer)
        for command, answer in answers.items()
        if command.startswith(prefix)
    }
