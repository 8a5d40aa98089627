"""A record of the journal and its one line of JSON, which its digest covers.

Knows the form. Refuses to know files and signatures.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from netops.gm import sm3_hex

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)
_DIGITS = 64
"""Of a digest, which a line begins with."""
BEFORE_FIRST = "0" * _DIGITS
"""What the first record names as its predecessor."""


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did. ``detail`` is plain JSON without secrets.

    ``authenticated`` is False where the actor's name was only claimed.
    """

    actor: str
    name: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    authenticated: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """An act on record: its number from 1, its time, the digest of the record before."""

    number: int
    at: str
    act: Act
    previous: str

    @property
    def body(self) -> str:
        """The JSON that the digest covers: keys sorted, nothing between."""
        return _ENCODER.encode(
            {
                "act": self.act.name,
                "actor": self.act.actor,
                "at": self.at,
                "authenticated": self.act.authenticated,
                "detail": self.act.detail,
                "n": self.number,
                "previous": self.previous,
            }
        )

    @property
    def digest(self) -> str:
        """SM3 of the body, 64 hexadecimal digits."""
        return sm3_hex(self.body.encode())

    @property
    def line(self) -> bytes:
        """The line of the file: the digest, a blank, the body."""
        return self.written[1]

    @property
    def written(self) -> tuple[str, bytes]:
        """The digest and the line, the body made once for both."""
        body = self.body
        digest = sm3_hex(body.encode())
        return digest, f"{digest} {body}\n".encode()


def follows(line: bytes, number: int, previous: str) -> bool:
    """Whether a line is what its digest says and comes after record ``number``.

    Nothing else of it is read. That suffices where a seal over a later digest holds: nobody else
    could have written these octets.
    """
    behind = f',"n":{number + 1},"previous":"{previous}"}}\n'.encode()
    return (
        line[64:65] == b" " and line.endswith(behind) and line[:64] == sm3_hex(line[65:-1]).encode()
    )


def read_line(line: bytes) -> Record:
    """Read one line; raise ``ValueError`` unless it is exactly what ``Record.line`` writes."""
    record = read_body(line)
    if record.written != (line[:_DIGITS].decode(), line):
        raise ValueError("the record is not what its digest says")
    return record


def read_body(line: bytes) -> Record:
    """Read what a line says, whose digest somebody else holds against it.

    Raises ``ValueError``, ``KeyError`` or ``TypeError`` where it is no record.
    """
    try:
        told = json.loads(line[_DIGITS + 1 :].decode("utf-8"))
    except RecursionError as error:
        raise ValueError("the record is nested without end") from error
    act = Act(told["actor"], told["act"], told["detail"], told["authenticated"])
    record = Record(told["n"], told["at"], act, told["previous"])
    words = (record.at, record.previous, act.actor, act.name)
    is_shaped = type(record.number) is int and isinstance(act.detail, dict)
    if not (is_shaped and all(isinstance(word, str) for word in words)):
        raise ValueError("the record holds other kinds of values")
    return record
