"""Writes drawn ports into a laboratory's inventory, so that a collector finds the devices.

Knows the columns ``host, port, snmp_port`` of ``devices.csv`` and the form of ``known_hosts``.
A device that does not answer gets a drawn port too: the default one could lead to a service of
the machine that listens on every address.
"""

from __future__ import annotations

import csv
import io
import socket
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from netops.errors import LaboratoryError, Sentence
from netops.lab.state import Endpoint

_DEVICES = "devices.csv"
_KNOWN_HOSTS = "known_hosts"
_KEY_FIELDS = 2


def published(inventory: Path) -> dict[str, tuple[int, int]]:
    """Return the ports (SSH, SNMP; 0: none) that the inventory names for each device."""
    _, table = _read(inventory / _DEVICES)
    return {row["id"]: (int(row["port"] or 0), int(row["snmp_port"] or 0)) for row in table}


def publish(
    inventory: Path,
    endpoints: Iterable[Endpoint],
    pinned: Callable[[str], str],
    *,
    again: bool = False,
) -> None:
    """Write the ports of ``endpoints`` into the inventory folder.

    ``pinned`` gives the public key (``type key``) of a device that ``known_hosts`` lacks.
    ``again``: a device that does not answer now keeps the ports that it had.
    """
    by_device = {endpoint.device: endpoint for endpoint in endpoints}
    ports = _write_devices(inventory / _DEVICES, by_device, again=again)
    _write_known_hosts(inventory / _KNOWN_HOSTS, ports, by_device, pinned)


def _read(place: Path) -> tuple[list[str], csv.DictReader[str]]:
    """Return the remarks above a device list, and its rows."""
    try:
        lines = place.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise LaboratoryError(
            Sentence("{place} cannot be read: {reason}.", place=place, reason=error.strerror),
            remedy="Plan the laboratory again.",
        ) from error
    head = [line for line in lines if line.startswith("#")]
    return head, csv.DictReader(line for line in lines if not line.startswith("#"))


def _write_devices(
    place: Path, endpoints: Mapping[str, Endpoint], *, again: bool
) -> dict[str, int]:
    """Rewrite the device list; return the SSH port of every transport address in it."""
    head, table = _read(place)
    ports: dict[str, int] = {}
    rows = []
    for row in table:
        rows.append(_with_ports(row, endpoints.get(row["id"]), again=again))
        if row["host"] and row["port"]:
            ports[row["host"]] = int(row["port"])
    text = io.StringIO()
    writer = csv.DictWriter(text, table.fieldnames or (), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    _replace(place, "".join(f"{line}\n" for line in head) + text.getvalue())
    return ports


def _with_ports(row: dict[str, str], endpoint: Endpoint | None, *, again: bool) -> dict[str, str]:
    if endpoint is not None:
        row["host"] = endpoint.address
    host = row["host"] or row["address"]
    if not host.startswith("127."):
        return row
    ssh = None if endpoint is None else endpoint.ssh_port
    kept = (row["port"], row["snmp_port"]) if again else ("", "")
    row["port"] = str(ssh or kept[0] or _unused_port(host, socket.SOCK_STREAM))
    if row["snmp"]:
        snmp = None if endpoint is None else endpoint.snmp_port
        row["snmp_port"] = str(snmp or kept[1] or _unused_port(host, socket.SOCK_DGRAM))
    return row


def _unused_port(address: str, kind: int) -> int:
    """Draw a port where nothing listens, and leave it so."""
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.bind((address, 0))
        port: int = sock.getsockname()[1]
    return port


def _write_known_hosts(
    place: Path,
    ports: Mapping[str, int],
    endpoints: Mapping[str, Endpoint],
    pinned: Callable[[str], str],
) -> None:
    old = place.read_text(encoding="utf-8").splitlines() if place.exists() else []
    lines = [_with_port(line, ports) for line in old]
    named = {line.split()[0] for line in lines if line and not line.startswith("#")}
    for endpoint in endpoints.values():
        host = f"[{endpoint.address}]:{ports.get(endpoint.address)}"
        if endpoint.address in ports and host not in named:
            lines.append(f"{host} {pinned(endpoint.device)}")
    _replace(place, "".join(f"{line}\n" for line in lines))


def _with_port(line: str, ports: Mapping[str, int]) -> str:
    fields = line.split(maxsplit=1)
    if line.startswith("#") or len(fields) < _KEY_FIELDS:
        return line
    address = fields[0].removeprefix("[").partition("]")[0]
    return f"[{address}]:{ports[address]} {fields[1]}" if address in ports else line


def _replace(place: Path, text: str) -> None:
    draft = place.with_name(f".{place.name}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(place)
