"""Plays hand-made personalities in a thread, so that blocking clients can talk to them."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import asyncssh
import paramiko

from netops.lab.model import Behaviour, Personality, SnmpUser
from netops.lab.server import LabServer, Station

VERSION_TEXT = (
    "Huawei Versatile Routing Platform Software\n"
    "VRP (R) software, Version 5.170 (AR6280 V300R019C13SPC200)\n"
    "Huawei AR6280 Router uptime is 3 weeks, 2 days, 1 hour, 7 minutes\n"
)
CONFIG_TEXT = (
    "[V300R019C13SPC200]\n#\n sysname CITY07-R1\n#\n"
    + "".join(f"interface GigabitEthernet0/0/{n}\n description uplink {n}\n#\n" for n in range(40))
    + "return\n"
)
ANSWERS: Mapping[str, str] = {
    "display version": VERSION_TEXT,
    "display current-configuration": CONFIG_TEXT,
    "display ip routing-table": "Route Flags: R - relay, D - download to fib\n",
    "display nat session": "",
}
SNMP_ROWS = {
    "1.3.6.1.2.1.1.1.0": ("str", "Huawei AR6280"),
    "1.3.6.1.2.1.1.2.0": ("oid", "1.3.6.1.4.1.2011.2.224.279"),
    "1.3.6.1.2.1.1.3.0": ("ticks", "123456789"),
    "1.3.6.1.2.1.1.5.0": ("str", "CITY07-R1"),
    "1.3.6.1.2.1.2.2.1.1.1": ("int", "1"),
    "1.3.6.1.2.1.2.2.1.1.10": ("int", "10"),
    "1.3.6.1.2.1.2.2.1.1.2": ("int", "2"),
    "1.3.6.1.2.1.2.2.1.5.1": ("gauge", "4294967295"),
    "1.3.6.1.2.1.4.20.1.1.192.0.2.1": ("ip", "192.0.2.1"),
    "1.3.6.1.2.1.31.1.1.1.6.1": ("counter64", "18446744073709551615"),
}
COMMUNITY = SnmpUser("v2c", "lab-read")
USER_V3 = SnmpUser("v3", "auditor", "auth-passphrase", "priv-passphrase")


@cache
def pem(algorithm: str = "ssh-ed25519", number: int = 0) -> str:
    """Return a host key; ``number`` tells one from another."""
    del number
    return asyncssh.generate_private_key(algorithm).export_private_key("pkcs8-pem").decode()


def personality(**changes: object) -> Personality:
    """Return a Huawei router with ``changes``."""
    base = Personality(
        device="r1",
        platform="huawei_vrp",
        hostname="CITY07-R1",
        address="127.7.0.1",
        ssh_port=0,
        snmp_port=0,
        username="audit",
        password="lab-password",
        host_key_pem=pem(),
        answers=dict(ANSWERS),
        snmp_rows=SNMP_ROWS,
        snmp_user=COMMUNITY,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def misbehaving(ssh: str = "", **changes: object) -> Personality:
    """Return the router with a fault word and ``Behaviour`` fields."""
    return personality(behaviour=Behaviour(ssh=ssh, **changes))  # type: ignore[arg-type]


class Lab:
    """A served laboratory: its stations by device and how often each was logged in to."""

    def __init__(self, server: LabServer) -> None:
        self.stations: dict[str, Station] = {s.personality.device: s for s in server.stations}
        self.logins: list[str] = []

    def at(self, device: str = "r1") -> tuple[str, int]:
        """Return address and SSH port."""
        station = self.stations[device]
        assert station.ssh_port is not None
        return station.personality.address, station.ssh_port

    def agent_at(self, device: str = "r1") -> tuple[str, int]:
        """Return address and SNMP port."""
        station = self.stations[device]
        assert station.snmp_port is not None
        return station.personality.address, station.snmp_port


@contextlib.contextmanager
def serving(*personalities: Personality) -> Iterator[Lab]:
    """Serve until the block ends."""
    server = LabServer.of(personalities)
    lab = Lab(server)
    names = [p.device for p in personalities]
    server.count = lambda index: lab.logins.append(names[index])
    loop = asyncio.new_event_loop()

    async def begin() -> None:
        server.start()

    async def finish() -> None:
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)

    loop.run_until_complete(begin())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield lab
    finally:
        asyncio.run_coroutine_threadsafe(finish(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@contextlib.contextmanager
def logged_in(lab: Lab, device: str = "r1", **options: object) -> Iterator[paramiko.SSHClient]:
    """Log in with paramiko; the key is not looked at: it is not what these tests judge."""
    host, port = lab.at(device)
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # noqa: S507 - loopback only
    try:
        client.connect(
            host,
            port,
            username="audit",
            password="lab-password",
            look_for_keys=False,
            allow_agent=False,
            timeout=10,
            **options,  # type: ignore[arg-type]
        )
        yield client
    finally:
        client.close()


class Terminal:
    """A person at a terminal: types, and reads until a text appears."""

    def __init__(self, client: paramiko.SSHClient) -> None:
        self.channel = client.invoke_shell(width=256)
        self.channel.settimeout(10)

    def until(self, ending: str) -> str:
        """Read until the text so far ends in ``ending``."""
        seen = b""
        while not seen.endswith(ending.encode()):
            piece = self.channel.recv(65536)
            if not piece:
                raise EOFError(seen.decode("utf-8", "replace"))
            seen += piece
        return seen.decode("utf-8", "replace")

    def type(self, text: str) -> None:
        """Send keys."""
        self.channel.sendall(text.encode())

    def ask(self, line: str, ending: str = "<CITY07-R1>") -> str:
        """Send a line and read to the next prompt."""
        self.type(line + "\n")
        return self.until(ending)
