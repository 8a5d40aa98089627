"""Asks devices for their SSH host keys, without logging in: no user name, no password is sent."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from netops.collection.hostkeys import SSH_PORT
from netops.collection.ssh import open_transport
from netops.inventory.model import Device

_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class ScannedKey:
    """What a device showed: a line for ``known_hosts``, or why there is none."""

    device: str
    line: str | None
    detail: str = ""


def scan_keys(devices: Iterable[Device], jobs: int = 50) -> Iterator[ScannedKey]:
    """Yield one result a device, in the order given."""
    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(_scan, devices)


def _scan(device: Device) -> ScannedKey:
    try:
        sock = socket.create_connection((device.host, device.port), _TIMEOUT_S)
    except OSError as error:
        return ScannedKey(device.id, None, f"{type(error).__name__}")
    transport = open_transport(sock, (), legacy=device.ssh == "legacy")
    try:
        transport.start_client(timeout=_TIMEOUT_S)
        key = transport.get_remote_server_key()
    except Exception as error:  # noqa: BLE001 - paramiko hands on whatever a peer's bytes raised
        return ScannedKey(device.id, None, f"{type(error).__name__}: {error}")
    finally:
        transport.close()
        sock.close()
    name = device.host if device.port == SSH_PORT else f"[{device.host}]:{device.port}"
    return ScannedKey(device.id, f"{name} {key.get_name()} {key.get_base64()}")
