"""Simulated devices that answer from the mocked data of the drivers, and their host keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import asyncssh
from napalm.base.test.double import BaseTestDouble

from netops.drivers.driver import Dialect
from netops.lab.model import Behaviour, Personality
from netops.lab.server import Station

MOCKED = Path(__file__).parents[1] / "unit" / "drivers"
KEY = asyncssh.generate_private_key("ssh-ed25519")
USERNAME, PASSWORD = "reader", "made-up"
Serve = Callable[[Personality], Station]


def recorded(dialect: Dialect, *getters: str) -> dict[str, str]:
    """Return the mocked answers to every command that these getters may ask."""
    folder = MOCKED / dialect.name.removeprefix("netops_") / "mocked_data"
    asks = [ask for getter in getters for ask in dialect.asks[getter]]
    found: dict[str, str] = {}
    for command in (c for ask in asks for c in (ask.command, *ask.instead)):
        name = f"{BaseTestDouble.sanitize_text(command)}.txt"
        for getter in getters:
            path = folder / f"test_{getter}" / "normal" / name
            if command not in found and path.exists():
                found[command] = path.read_text("utf-8")
    return found


def playing(
    dialect: Dialect, answers: dict[str, str], behaviour: Behaviour | None = None
) -> Personality:
    """Return a device of the driver's platform that gives these answers."""
    return Personality(
        device="d1",
        platform=dialect.platform,
        hostname="edge-1",
        address="127.79.0.1",
        ssh_port=0,
        snmp_port=None,
        username=USERNAME,
        password=PASSWORD,
        host_key_pem=KEY.export_private_key().decode(),
        answers=answers,
        snmp_rows={},
        snmp_user=None,
        behaviour=behaviour or Behaviour(),
    )


def known_hosts(station: Station, path: Path, key: asyncssh.SSHKey = KEY) -> str:
    """Write the file that pins ``key`` for the station, and return its name."""
    public = " ".join(key.export_public_key().decode().split()[:2])
    path.write_text(f"[{station.personality.address}]:{station.ssh_port} {public}\n", "utf-8")
    return str(path)
