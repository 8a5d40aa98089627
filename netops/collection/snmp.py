"""SNMP v2c and v3: only the rows needed, in as few exchanges as can be, stored as they came.

Asks with GETBULK alone; there is no code here that sets. Keys, digests and encryption are
pysnmp's (``snmp_security``). The rows go to evidence as JSON and become facts in
``netops.reading.snmp``.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from netops.collection.artefact import Artefact, now
from netops.collection.contact import Limits, Turn
from netops.collection.credentials import Secrets
from netops.collection.snmp_exchange import Conversation, Plain, Post, Secure, SnmpError
from netops.collection.snmp_message import Row
from netops.collection.snmp_security import User
from netops.errors import SecretError
from netops.evidence.observation import Outcome
from netops.inventory.model import Device, SnmpAccess

_SYSTEM = ("1.3.6.1.2.1.1.1", "1.3.6.1.2.1.1.3", "1.3.6.1.2.1.1.5")
_ROUTES = (
    "1.3.6.1.2.1.4.24.4.1.5.0.0.0.0.0.0.0.0",
    "1.3.6.1.2.1.4.24.7.1.7.1.4.0.0.0.0.0",
    "1.3.6.1.2.1.4.24.7.1.7.2.16" + ".0" * 17,
)
_TABLES = {
    "snmp interfaces": ("1.3.6.1.2.1.2.2.1.2", "1.3.6.1.2.1.2.2.1.7", "1.3.6.1.2.1.2.2.1.8"),
    "snmp addresses": ("1.3.6.1.2.1.4.20.1.2",),
    "snmp default-routes": _ROUTES,
}
_ROUNDS = 200
_ROWS_AT_FIRST = 8
"""Rows of each table in the first response, which with them still fits one packet."""
_ROWS = 20


class SnmpAgent:
    """Asks devices by SNMP. Many threads may ask at once."""

    def __init__(self, secrets: Secrets, limits: Limits) -> None:
        self._secrets = secrets
        self._limits = limits
        self._lock = threading.Lock()
        self._users: dict[str, User] = {}

    def ask(self, device: Device, turn: Turn) -> tuple[Artefact, ...]:
        """Ask a device that the inventory gives SNMP access to; whatever goes wrong is told."""
        access = device.snmp
        if access is None:
            return ()
        begin = time.monotonic()
        try:
            with contextlib.closing(
                Post(device.host, access.port, self._limits, turn)
            ) as post:  # fmt: skip
                return Questions(self._conversation(access, post)).ask()
        except SecretError as error:
            return (_failed("snmp system", SnmpError(Outcome.CLOSED, str(error))),)
        except SnmpError as error:
            return (_failed("snmp system", error, time.monotonic() - begin),)

    def _conversation(self, access: SnmpAccess, post: Post) -> Conversation:
        if access.version == "v2c":
            credential = self._secrets.credential(access.credential)
            return Plain(post, self._secrets.resolve(credential.secret).encode())
        with self._lock:
            return Secure(post, self._user(access.credential))

    def _user(self, name: str) -> User:
        """Return the user of a credential; its passwords are stretched the first time."""
        if name not in self._users:
            credential = self._secrets.credential(name)
            self._users[name] = User.of(
                credential.username,
                (
                    self._secrets.resolve(credential.secret),
                    self._secrets.resolve(credential.privacy),
                ),
                (credential.auth_protocol or "sha256", credential.privacy_protocol or "aes128"),
            )
        return self._users[name]


@dataclass(slots=True)
class Questions:
    """What one device is asked, table by table."""

    conversation: Conversation

    def ask(self) -> tuple[Artefact, ...]:
        """Ask for system, interfaces, addresses, default routes; stop where nothing answers."""
        begin = time.monotonic()
        once = (*_SYSTEM, *_ROUTES)
        columns = (*_TABLES["snmp interfaces"], *_TABLES["snmp addresses"])
        try:
            rows = self.conversation.bulk(once, columns, _ROWS_AT_FIRST)
        except SnmpError as error:
            return (_failed("snmp system", error, time.monotonic() - begin),)
        system = [row for of, row in zip(_SYSTEM, rows, strict=False) if _below(row[0], of)]
        done = _taken("snmp system", system, begin)
        walk = _Walk((*_ROUTES, *columns))
        walk.take(_ROUTES, rows[len(_SYSTEM) : len(once)])
        walk.take(columns, rows[len(once) :])
        return (done, *self._finish(walk, begin))

    def _finish(self, walk: _Walk, begin: float) -> tuple[Artefact, ...]:
        """Ask on while a table goes on, all tables side by side."""
        try:
            for _ in range(_ROUNDS):
                if not walk.at:
                    break
                columns = tuple(walk.at)
                after = tuple(walk.at.values())
                walk.take(columns, self.conversation.bulk((), after, _ROWS))
        except SnmpError as error:
            return _all_failed(error, begin)
        if walk.at:
            return _all_failed(SnmpError(Outcome.TOO_LONG, "the table does not end"), begin)
        return tuple(
            _taken(name, [row for column in of for row in walk.found[column]], begin)
            for name, of in _TABLES.items()
        )


class _Walk:
    """Columns walked side by side, each until it has left its prefix."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.at = {column: column for column in columns}
        self.found: dict[str, list[Row]] = {column: [] for column in columns}

    def take(self, asked: Sequence[str], rows: Sequence[Row]) -> None:
        """Take rows that came in the order of the columns asked, over and over."""
        for number, row in enumerate(rows):
            column = asked[number % len(asked)]
            if column not in self.at:
                continue
            if _below(row[0], column) and row[0] != self.at[column]:
                self.found[column].append(row)
                self.at[column] = row[0]
            else:
                del self.at[column]


def _taken(name: str, rows: list[Row], begin: float) -> Artefact:
    document = {"schema": "netops/snmp/1", "rows": rows}
    raw = json.dumps(document, ensure_ascii=False).encode()
    return Artefact(name, Outcome.ACCEPTED, raw, now(), round(time.monotonic() - begin, 4))


def _failed(name: str, error: SnmpError, elapsed_s: float = 0.0) -> Artefact:
    """Record that a table was asked and did not come."""
    return Artefact(name, error.outcome, b"", now(), round(elapsed_s, 4), error.detail)


def _all_failed(error: SnmpError, begin: float) -> tuple[Artefact, ...]:
    elapsed = time.monotonic() - begin
    return tuple(_failed(name, error, elapsed) for name in _TABLES)


def _below(oid: str, prefix: str) -> bool:
    return oid.startswith(prefix + ".")
