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
from dataclasses import dataclass

from netops.collection.artefact import Artefact, now
from netops.collection.contact import Limits, Turn
from netops.collection.credentials import Secrets
from netops.collection.snmp_exchange import Conversation, Plain, Post, Secure, SnmpError
from netops.collection.snmp_rows import Row, Varbinds, encoded
from netops.collection.snmp_security import User
from netops.collection.snmp_walk import Walk
from netops.errors import SecretError
from netops.evidence.observation import Outcome
from netops.inventory.model import Device, SnmpAccess


def _names(*oids: str) -> tuple[bytes, ...]:
    return tuple(map(encoded, oids))


_SYSTEM = _names("1.3.6.1.2.1.1.1", "1.3.6.1.2.1.1.3", "1.3.6.1.2.1.1.5")
_ROUTES = _names(
    "1.3.6.1.2.1.4.24.4.1.5.0.0.0.0.0.0.0.0",
    "1.3.6.1.2.1.4.24.7.1.7.1.4.0.0.0.0.0",
    "1.3.6.1.2.1.4.24.7.1.7.2.16" + ".0" * 17,
)
_TABLES = {
    "snmp interfaces": _names("1.3.6.1.2.1.2.2.1.2", "1.3.6.1.2.1.2.2.1.7", "1.3.6.1.2.1.2.2.1.8"),
    "snmp addresses": _names("1.3.6.1.2.1.4.20.1.2"),
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
        walk = Walk((*_ROUTES, *columns))
        try:
            walk.take(_ROUTES, rows.part(len(_SYSTEM), len(once)))
            walk.take(columns, rows.part(len(once)))
        except SnmpError as error:
            return (_system(rows, begin), *_all_failed(error, begin))
        return (_system(rows, begin), *self._finish(walk, begin))

    def _finish(self, walk: Walk, begin: float) -> tuple[Artefact, ...]:
        """Ask on while a table goes on, all tables side by side."""
        try:
            for _ in range(_ROUNDS):
                if not walk.at:
                    break
                walk.ask(self.conversation, _ROWS)
        except SnmpError as error:
            return _all_failed(error, begin)
        if walk.at:
            return _all_failed(SnmpError(Outcome.TOO_LONG, "the table does not end"), begin)
        return tuple(
            _taken(name, [row for column in of for row in walk.found[column].texts()], begin)
            for name, of in _TABLES.items()
        )


def _system(rows: Varbinds, begin: float) -> Artefact:
    """Make the system group of the rows that were asked for once."""
    told = zip(rows.texts(), rows.names, _SYSTEM, strict=False)
    found = [row for row, name, of in told if row[0] and name.startswith(of)]
    return _taken("snmp system", found, begin)


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
