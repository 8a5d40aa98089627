"""PostgreSQL's pg_hba.conf: which connections are let in by which method, first match first.

A line behind one that catches all of its connections never comes to bear and is no setting.
A file with a line that is not understood yields nothing: the server would refuse it as well.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from netops.platforms.linux_host.baseline.product_text import Settings, unique_key
from netops.platforms.linux_host.baseline.sheet import Piece

_TOKEN = re.compile(r'(?:"[^"]*"|[^\s",#]|,[ \t]*)+')
_TYPES = frozenset({"local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc"})
_METHODS = frozenset({
    "trust", "reject", "scram-sha-256", "md5", "password", "gss", "sspi", "ident", "peer", "ldap",
    "radius", "cert", "pam", "bsd", "oauth",
})  # fmt: skip
_CATCHING = 50
_LOCAL_FIELDS = 4

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Admission:
    """One line that lets in or rejects."""

    kind: str
    databases: str
    users: str
    address: str
    method: str
    number: int

    @property
    def key(self) -> str:
        """The line without its method."""
        return " ".join(p for p in (self.kind, self.databases, self.users, self.address) if p)

    @property
    def network(self) -> Network | None:
        """The addresses it speaks of; None: told by name."""
        return _network(self.address)

    @property
    def is_remote(self) -> bool:
        """Whether it may let in somebody who is not on this host."""
        if self.kind == "local" or self.method == "reject" or self.address == "samehost":
            return False
        network = self.network
        return network is None or not network.is_loopback

    def catches(self, other: Admission) -> bool:
        """Whether no connection that ``other`` speaks of gets past this line."""
        if self.databases != "all" or self.users != "all" or other.databases == "replication":
            return False
        if self.kind not in {other.kind, "host"} or (self.kind == "host") == (
            other.kind == "local"
        ):
            return False
        return self.covers(other)

    def refuses_plain(self, other: Admission) -> bool:
        """Whether this line rejects whatever of ``other`` would come without TLS."""
        is_all = self.databases == self.users == "all" and other.databases != "replication"
        is_refusal = self.kind == "hostnossl" and self.method == "reject"
        return is_all and is_refusal and other.kind == "host" and self.covers(other)

    def covers(self, other: Admission) -> bool:
        """Whether its addresses hold those of ``other``."""
        if self.address in {"all", other.address}:
            return True
        mine, theirs = self.network, other.network
        if mine is None or theirs is None or mine.version != theirs.version:
            return False
        return int(mine.network_address) <= int(theirs.network_address) and (
            int(theirs.broadcast_address) <= int(mine.broadcast_address)
        )


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _admission(number: int, text: str) -> Admission | None:
    fields = [re.sub(r",[ \t]+", ",", field) for field in _TOKEN.findall(text)]
    if fields[-1:] == ["clientcert"]:
        fields.pop()
    kind = fields[0] if fields else ""
    if kind not in _TYPES:
        return None
    if kind == "local":
        fields.insert(3, "")
    elif len(fields) > _LOCAL_FIELDS + 1 and _network(f"{fields[3]}/{fields[4]}") is not None:
        fields[3:5] = [str(_network(f"{fields[3]}/{fields[4]}"))]
    if len(fields) != _LOCAL_FIELDS + 1 or fields[4] not in _METHODS:
        return None
    _, databases, users, address, method = fields
    return Admission(kind, databases, users, address, method, number)


def admissions(piece: Piece) -> list[Admission] | None:
    """Return the lines that come to bear, in order; None: one was not understood."""
    found: list[Admission] = []
    catching: list[Admission] = []
    held, first = "", 0
    for number, text in piece.lines:
        first = first or number
        held += text[:400].rstrip("\r")
        if held.endswith("\\"):
            held = held[:-1]
            continue
        admission = _admission(first, held.partition("#")[0] if '"' not in held else held)
        held, first = "", 0
        if admission is None:
            return None
        if any(one.catches(admission) for one in catching):
            continue
        found.append(admission)
        if admission.databases == admission.users == "all" and len(catching) < _CATCHING:
            catching.append(admission)
    return None if held else found


def add_admission(settings: Settings, piece: Piece | None) -> None:
    """Add the lines of pg_hba.conf; nothing where it is not understood."""
    lines = admissions(piece) if piece is not None else None
    if lines is None or piece is None:
        return
    settings.add("postgresql.hba.lines", len(lines), piece.at())
    keys: list[str] = []
    for line in lines:
        key = unique_key(line.key, keys) if len(keys) < _CATCHING else f"{line.key} #{line.number}"
        keys.append(key)
        at = piece.at(line.number)
        settings.add("postgresql.hba.method", line.method, at, key)
        if line.is_remote:
            settings.add("postgresql.hba.remote_method", line.method, at, key)
            before = (one for one in lines[:_CATCHING] if one.number < line.number)
            kind = "hostssl" if any(one.refuses_plain(line) for one in before) else line.kind
            settings.add("postgresql.hba.remote_type", kind, at, key)
            settings.add("postgresql.hba.remote_address", _address(line), at, key)
            settings.add("postgresql.hba.remote_users", line.users, at, key)


def _address(line: Admission) -> str:
    """Return the address, ``any`` where it is every address in one of its spellings."""
    network = line.network
    if line.address == "all" or (network is not None and network.prefixlen == 0):
        return "any"
    return line.address
