"""Writes the inventory of a few or many Linux hosts: the small sample with nothing else in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_SAMPLE = Path(__file__).parents[1] / "data" / "inventory_small"
_HEADER = (
    "id,name,node,role,platform,address,host,port,transport,ssh,via,credential,snmp,snmp_port,"
    "snmp_credential,department\n"
)
_EMPTY = {
    "departments.csv": "id,government,name,access_class,exit\n",
    "subnets.csv": "department,prefix,area,vpn\n",
    "links.csv": "id,kind,a_device,a_interface,b_device,b_interface,carrier,capacity_mbps\n",
    "exits.yaml": "exits: []\n",
    "exemptions.yaml": "exemptions: []\n",
}


@dataclass(frozen=True, slots=True)
class Host:
    """One host: its address in the plan, where it really listens, who logs in."""

    id: str
    address: str
    host: str
    port: int
    account: str


def write_hosts(folder: Path, hosts: Iterable[Host], known: Iterable[str], secret: str) -> None:
    """Write an inventory of ``hosts`` at level 3; ``known`` are lines of host keys."""
    members = list(hosts)
    shutil.copytree(_SAMPLE, folder)
    rows = [
        f"{h.id},{h.id},N-430102,host,linux_host,{h.address},{h.host},{h.port},ssh,modern,,"
        f"{h.account},,,,\n"
        for h in members
    ]
    accounts = [
        f'  {name}: {{kind: ssh, username: {name}, secret: "{secret}"}}\n'
        for name in sorted({h.account for h in members})
    ]
    graded = (
        'graded_objects:\n  - {id: G-1, name: 办公系统, government: "430102", s: 3, a: 3, '
        f"devices: [{', '.join(h.id for h in members)}]}}\n"
    )
    texts = _EMPTY | {
        "devices.csv": _HEADER + "".join(rows),
        "known_hosts": "".join(known),
        "credentials.yaml": "credentials:\n" + "".join(accounts),
        "graded.yaml": graded,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
