"""A record of the journal and its one line of JSON, which its digest covers.

Knows the form. Refuses to know files and signatures.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from netops.gm import sm3_hex

BEFORE_FIRST = "0" * 64
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
        return json.dumps(
            {
                "act": self.act.name,
                "actor": self.act.actor,
                "at": self.at,
                "authenticated": self.act.authenticated,
                "detail": self.act.detail,
                "n": self.number,
                "previous": self.previous,
            },
            ensure_ascii=False,
            separators=(",", ":"),
            sort_keys=True,
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


def read_line(line: bytes) -> Record:
    """Read one line; raise ``ValueError`` unless it is exactly what ``Record.line`` writes."""
    digest, _, body = line.decode("utf-8").partition(" ")
    told = json.loads(body)
    act = Act(told["actor"], told["act"], told["detail"], told["authenticated"])
    record = Record(told["n"], told["at"], act, told["previous"])
    if record.written != (digest, line):
        raise ValueError("the record is not what its digest says")
    return record
