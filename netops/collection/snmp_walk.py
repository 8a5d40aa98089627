"""Tables walked by GETBULK: columns side by side, each until it has left its prefix.

Holds what every walk must: rows go forward, and each question brings some. An agent that turns
in a circle, says nothing or has no end is an error with a name, never a walk without end.
Knows no socket and no version; a ``Conversation`` asks.
"""

from __future__ import annotations

from collections.abc import Sequence

from netops.collection.snmp_exchange import Conversation, SnmpError
from netops.collection.snmp_rows import (
    END,
    NO_INSTANCE,
    NO_OBJECT,
    Varbinds,
    encoded,
    increases,
)
from netops.evidence.observation import Outcome

REPETITIONS = 50
"""Rows of one column in a response: what mostly fits one packet."""
_NO_ROW = bytes((NO_OBJECT, NO_INSTANCE, END))
_MOST = 1_000_000


class Walk:
    """Columns by their prefixes. ``at`` holds those that go on, with the last name of each."""

    def __init__(self, columns: Sequence[bytes]) -> None:
        self.at = {column: column for column in columns}
        self.found = {column: Varbinds() for column in columns}

    def ask(self, conversation: Conversation, repetitions: int) -> None:
        """Ask for the next rows of all columns that go on."""
        asked = tuple(self.at)
        rows = conversation.bulk((), tuple(self.at.values()), repetitions)
        if not rows.names:
            raise SnmpError(Outcome.CLOSED, "the agent answered without rows")
        self.take(asked, rows)

    def take(self, asked: Sequence[bytes], rows: Varbinds) -> None:
        """Take rows that came in the order of the columns asked, over and over."""
        for number, column in enumerate(asked):
            if column in self.at:
                self._take(column, rows.part(number, step=len(asked)))

    def _take(self, column: bytes, rows: Varbinds) -> None:
        """Take the rows of one column; drop the column where it has been left."""
        names = rows.names
        end = _first_of(_NO_ROW, rows.kinds)
        # Each name is looked at: an agent may leave the column and come back within one answer.
        end = next((n for n, name in enumerate(names[:end]) if not name.startswith(column)), end)
        here = rows if end == len(rows) else rows.part(0, end)
        if not increases(self.at[column], here.names, len(column)):
            raise SnmpError(Outcome.TOO_LONG, "the agent's rows do not go forward")
        self.found[column].extend(here)
        if end < len(rows):
            del self.at[column]
        elif end:
            self.at[column] = names[-1]


def subtree(
    conversation: Conversation, oid: str, repetitions: int = REPETITIONS, most: int = _MOST
) -> Varbinds:
    """Return all rows below ``oid``, or raise ``SnmpError``: half a table is none."""
    column = encoded(oid)
    walk = Walk((column,))
    while walk.at:
        walk.ask(conversation, repetitions)
        if len(walk.found[column]) > most:
            raise SnmpError(Outcome.TOO_LONG, "the table does not end")
    return walk.found[column]


def _first_of(kinds: bytes, among: bytearray) -> int:
    """Return where the first of ``kinds`` stands, or the length where none does."""
    places = (among.find(kind) for kind in kinds)
    return min((place for place in places if place >= 0), default=len(among))
