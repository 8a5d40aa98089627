"""Simulated devices on loopback addresses, and an inventory that knows them.

The fixture that starts them stands beside the tests of collection.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, ip_network
from pathlib import Path

import asyncssh

from netops.addressing import AddressClass, AddressPlan, PlannedPrefix
from netops.collection.contact import Limits
from netops.divisions import Level
from netops.inventory.model import (
    Credential,
    Device,
    Government,
    Inventory,
    Node,
    SnmpAccess,
)
from netops.lab.model import Behaviour, Personality, SnmpUser
from netops.lab.server import LabServer

KEY = asyncssh.generate_private_key("ssh-ed25519")
VERSION = """Huawei Versatile Routing Platform Software
VRP (R) software, Version 5.170 (AR2200 V200R010C10SPC700)
Copyright (C) 2011-2024 HUAWEI TECH CO., LTD
Huawei AR2220E Router uptime is 3 weeks, 1 day, 4 hours, 9 minutes
"""
ROUTES = """Route Flags: R - relay, D - download to fib
------------------------------------------------------------------------------
Routing Tables: Public
         Destinations : 2        Routes : 2

Destination/Mask    Proto   Pre  Cost      Flags NextHop         Interface

      10.0.0.0/8    Static  60   0          RD   10.1.1.1        GigabitEthernet0/0/0
     10.1.1.0/30    Direct  0    0           D   10.1.1.2        GigabitEthernet0/0/0
"""
FAST = Limits(
    connect_s=2.0, login_s=2.0, silence_s=1.5, answer_s=20.0, device_s=60.0,
    answer_octets=1 << 20, pages=60, snmp_s=1.0, snmp_retries=0,
)  # fmt: skip
SNMP_ROWS = {
    "1.3.6.1.2.1.1.1.0": ("str", "Huawei AR2220E"),
    "1.3.6.1.2.1.1.3.0": ("ticks", "360000"),
    "1.3.6.1.2.1.1.5.0": ("str", "R1"),
    "1.3.6.1.2.1.2.1.0": ("int", "2"),
    "1.3.6.1.2.1.2.2.1.2.1": ("str", "GigabitEthernet0/0/0"),
    "1.3.6.1.2.1.2.2.1.2.7": ("str", "GigabitEthernet0/0/1"),
    "1.3.6.1.2.1.2.2.1.7.1": ("int", "1"),
    "1.3.6.1.2.1.2.2.1.7.7": ("int", "1"),
    "1.3.6.1.2.1.2.2.1.8.1": ("int", "1"),
    "1.3.6.1.2.1.2.2.1.8.7": ("int", "2"),
    "1.3.6.1.2.1.4.20.1.2.10.1.1.2": ("int", "1"),
    "1.3.6.1.2.1.4.24.7.1.7.1.4.0.0.0.0.0.2.0.0.1.4.10.1.1.1": ("int", "1"),
}


def personality(name: str, number: int, behaviour: Behaviour | None = None) -> Personality:
    """Return a VRP router called ``name`` at an address of its own."""
    return Personality(
        device=name,
        platform="huawei_vrp",
        hostname=f"R{number}",
        address=f"127.77.{number // 250}.{number % 250 + 1}",
        ssh_port=0,
        snmp_port=0,
        username="reader",
        password="made-up",
        host_key_pem=KEY.export_private_key().decode(),
        answers={"display version": VERSION, "display ip routing-table": ROUTES},
        snmp_rows=SNMP_ROWS,
        snmp_user=SnmpUser("v3", "monitor", "auth-made-up", "priv-made-up"),
        behaviour=behaviour or Behaviour(),
    )


@dataclass
class Net:
    """A running net of simulated devices."""

    server: LabServer
    folder: Path
    logins: dict[str, int] = field(default_factory=dict)
    legacy: frozenset[str] = frozenset()

    def inventory(self, **changes: object) -> Inventory:
        """Return the inventory that knows the devices; ``changes`` to every device."""
        devices = {}
        known_hosts = []
        for station in self.server.stations:
            one = station.personality
            port = station.ssh_port or 9
            key = asyncssh.import_private_key(one.host_key_pem)
            public = key.export_public_key().decode().split()[:2]
            known_hosts.append(f"[{one.address}]:{port} {' '.join(public)}")
            snmp = SnmpAccess("v3", station.snmp_port, "snmp") if station.snmp_port else None
            made = Device(
                id=one.device, name=one.hostname, node="n1", government="430000", role="router",
                platform=one.platform, address=IPv4Address(one.address), host=one.address,
                port=port, credential="ssh", snmp=snmp,
                ssh="legacy" if one.device in self.legacy else "modern",
            )  # fmt: skip
            devices[one.device] = replace(made, **changes)  # type: ignore[arg-type]
        plan = AddressPlan((PlannedPrefix(ip_network("10.0.0.0/8"), AddressClass.PRIVATE),))
        return Inventory(
            province="430000",
            title="made up",
            governments={"430000": Government("430000", "湖南省", Level.PROVINCE, None, 1)},
            nodes={"n1": Node("n1", "430000", "here")},
            devices=devices,
            links={},
            departments={},
            exits={},
            plan=plan,
            credentials={
                "ssh": Credential("ssh", "ssh", "reader", "file:secrets/ssh"),
                "snmp": Credential(
                    "snmp", "snmp_v3", "monitor", "file:secrets/auth", "file:secrets/priv",
                    "sha256", "aes128",
                ),
            },
            known_hosts="\n".join(known_hosts) + "\n",
            digest="sm3:made-up",
        )  # fmt: skip


def write_secrets(folder: Path) -> None:
    (folder / "secrets").mkdir(parents=True)
    for name, text in (("ssh", "made-up"), ("auth", "auth-made-up"), ("priv", "priv-made-up")):
        path = folder / "secrets" / name
        path.touch(mode=0o600)
        path.write_text(text + "\n")


Start = Callable[..., Net]
