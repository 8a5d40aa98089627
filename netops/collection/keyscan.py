"""Asks devices for their SSH host keys, without logging in: no user name, no password is sent.

A device behind jump hosts is asked through them; those are logged in to, as for reading, and so
their own keys must have been approved before.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from netops.collection.contact import ContactError, Turn
from netops.collection.hostkeys import SSH_PORT
from netops.collection.session import Access, reach
from netops.collection.ssh import host_key, open_transport
from netops.inventory.model import Device


@dataclass(frozen=True, slots=True)
class ScannedKey:
    """What a device showed: a line for ``known_hosts``, or why there is none."""

    device: str
    line: str | None
    detail: str = ""


def scan_keys(devices: Iterable[Device], access: Access, jobs: int = 50) -> Iterator[ScannedKey]:
    """Yield one result a device, in the order given."""
    with contextlib.closing(access), ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(lambda device: _scan(device, access), devices)


def _scan(device: Device, access: Access) -> ScannedKey:
    turn, limits = Turn.alone(), access.limits
    try:
        way = reach(device, access, turn)
        with contextlib.closing(
            open_transport(way, (), limits, turn, legacy=device.ssh == "legacy")
        ) as transport:
            key = host_key(transport)
    except ContactError as error:
        return ScannedKey(device.id, None, f"{error.contact.value}: {error.detail}")
    name = device.host if device.port == SSH_PORT else f"[{device.host}]:{device.port}"
    return ScannedKey(device.id, f"{name} {key.get_name()} {key.get_base64()}")
