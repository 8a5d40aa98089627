"""Facts that were read once, kept by the digest of the device's file; may be deleted at any time.

Pickle, because a second audit must read a device in two milliseconds; therefore sealed twice.
An entry is opened only if its HMAC fits a key that lies in the cache folder, readable to its
owner alone, so entries that travelled with somebody's archive are not ours; and the unpickler
builds nothing but facts, addresses and a few plain types, so that even a forged entry runs no
code. A snapshot never carries a cache. The key of an entry holds the digest of the device's
file, of the parsers' own sources and of the reduction: a change of any reads anew.
"""

from __future__ import annotations

import copyreg
import hashlib
import hmac
import io
import os
import pickle
import secrets
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
)
from operator import attrgetter
from pathlib import Path
from typing import Any

import netops
from netops.facts.device import DeviceFacts
from netops.facts.routes import RouteTable, make_row
from netops.gm import sm3_hex
from netops.reading.pack import Pack

_SOURCES = ("facts", "platforms", "reading", "evidence")
_SEAL = 32
_KEY = "key"
_ALLOWED_MODULES = ("netops.facts.",)
_NETWORKS = (IPv4Network, IPv6Network, IPv4Interface, IPv6Interface)
_ADDRESSES = (IPv4Address, IPv6Address)


@cache
def toolkit_fingerprint() -> str:
    """Return a digest over the sources that decide what is read from a text."""
    home = Path(netops.__file__).parent
    digest = hashlib.sha256(netops.__version__.encode())
    for package in _SOURCES:
        for path in sorted((home / package).rglob("*.py")):
            digest.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes())
    digest.update((home / "text.py").read_bytes())
    return digest.hexdigest()


class FactCache:
    """A folder of facts; ``keep`` in the calls is the digest of the reduction, or empty.

    ``snapshot`` names what belongs together: its facts lie in one file for each reduction.
    """

    def __init__(self, folder: Path, snapshot: str = "") -> None:
        self._folder = folder / toolkit_fingerprint()[:16]
        self._folder.mkdir(parents=True, exist_ok=True)
        self._snapshot = snapshot
        self._packs: dict[str, Pack] = {}
        self._key = _own_key(folder / _KEY)

    def get(self, device_digest: str, keep: str = "") -> DeviceFacts | None:
        """Return the facts read earlier from a device's file, if they are here and ours."""
        name = _name(device_digest, keep)
        data = self._pack(keep).get(name)
        body = data[_SEAL:]
        if not data or not hmac.compare_digest(data[:_SEAL], self._seal(name, body)):
            return None
        try:
            found = _Unpickler(io.BytesIO(body)).load()
        except (pickle.UnpicklingError, EOFError, TypeError, ValueError, AttributeError):
            return None
        return found if isinstance(found, DeviceFacts) else None

    def put(self, device_digest: str, facts: DeviceFacts, keep: str = "") -> None:
        """Keep ``facts``; a full disk or a lost folder costs time, never an audit."""
        name = _name(device_digest, keep)
        body = _pickle(facts)
        self._pack(keep).put(name, self._seal(name, body) + body)

    def _pack(self, keep: str) -> Pack:
        found = self._packs.get(keep)
        if found is None:
            found = self._packs[keep] = Pack(self._folder / _name(self._snapshot, keep).hex())
        return found

    def _seal(self, name: bytes, body: bytes) -> bytes:
        return hmac.digest(self._key, name + body, "sha256")


def _name(what: str, keep: str) -> bytes:
    return bytes.fromhex(sm3_hex(f"{what}\0{keep}".encode()))


def _own_key(path: Path) -> bytes:
    """Return the key of this cache; one that others may read or own is replaced."""
    try:
        state = path.stat()
        if state.st_uid == os.getuid() and not state.st_mode & 0o077:
            key = path.read_bytes()
            if len(key) == _SEAL:
                return key
        path.unlink()
    except FileNotFoundError:
        pass
    key = secrets.token_bytes(_SEAL)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _own_key(path)
    with os.fdopen(handle, "wb") as stream:
        stream.write(key)
    return key


def _build_table(head: tuple[Any, ...], rows: tuple[tuple[Any, ...], ...]) -> RouteTable:
    vpn, family, observation, complete = head
    return RouteTable(vpn, family, tuple(map(make_row, rows)), observation, complete)


def _reduce_table(table: RouteTable) -> tuple[Any, ...]:
    head = (table.vpn, table.family, table.observation, table.complete)
    return _build_table, (head, tuple(tuple(row) for row in table.rows))


def _reduce_address(address: IPv4Address | IPv6Address) -> tuple[Any, ...]:
    scope = getattr(address, "scope_id", None)
    return type(address), (str(address) if scope else int(address),)


def _reduce_network(network: Any) -> tuple[Any, ...]:  # noqa: ANN401 - four classes
    address = getattr(network, "network_address", None) or network.ip
    if getattr(address, "scope_id", None):
        return type(network), (str(network),)
    length = network.network.prefixlen if hasattr(network, "network") else network.prefixlen
    return type(network), ((int(address), length),)


class _Reducers(dict[type[Any], Callable[[Any], Any]]):
    """How each class is pickled; what is said of a class of facts is said once."""

    def __missing__(self, kind: type[Any]) -> Callable[[Any], Any]:
        """Pickle a frozen record by its constructor: twice as fast as by state."""
        if issubclass(kind, Enum):  # Python 3.11.2 would name the builtin ``getattr``
            by_value = self[kind] = lambda member: (kind, (member.value,))
            return by_value
        names = [f.name for f in fields(kind)] if is_dataclass(kind) else []
        if len(names) < _SEVERAL:  # the getter of a single name gives no tuple
            raise KeyError(kind)
        values = attrgetter(*names)
        made = self[kind] = lambda fact: (kind, values(fact))
        return made


_SEVERAL = 2


class _Pickler(pickle.Pickler):
    dispatch_table = _Reducers(
        copyreg.dispatch_table
        | {RouteTable: _reduce_table}
        | dict.fromkeys(_ADDRESSES, _reduce_address)
        | dict.fromkeys(_NETWORKS, _reduce_network)
    )


def _pickle(facts: DeviceFacts) -> bytes:
    stream = io.BytesIO()
    _Pickler(stream, protocol=5).dump(facts)
    return stream.getvalue()


class _Unpickler(pickle.Unpickler):
    """Finds facts and addresses, and nothing else that could be called."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - the signature of pickle
        if module == __name__ and name == _build_table.__name__:
            return _build_table
        if module == "ipaddress" and name in {kind.__name__ for kind in _ADDRESSES + _NETWORKS}:
            return super().find_class(module, name)
        if module.startswith(_ALLOWED_MODULES) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no fact")
