"""Simulated devices for the benches, in processes of their own: the same for every client.

``python -m tests.bench.devices FILE`` reads what to play from FILE, writes where it listens to
FILE.ready and serves until its standard input ends.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

import asyncssh

from netops.lab.model import Behaviour, Personality
from netops.lab.server import LabServer

USERNAME, PASSWORD = "bench", "made-up"
LAST = "the last line of {command}"
"""How every answer ends: an answer without it is not whole."""
_PROCESSES = 2


def body(command: str, octets: int) -> str:
    """Return an answer of so many octets that parses as nothing in particular."""
    line = " 192.0.2.{n:<3}  GigabitEthernet0/0/{n:<4} up   up     0.01%  0.01%  description {n}\n"
    count = max(1, octets // len(line.format(n=1)))
    return "".join(line.format(n=n) for n in range(count)) + LAST.format(command=command) + "\n"


def personalities(plan: dict[str, Any]) -> list[Personality]:
    """Make the devices: ``count`` good ones, then ``hanging`` ones."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    pem = key.export_private_key("pkcs8-pem").decode()
    answers = {command: body(command, plan["octets"]) for command in plan["commands"]}
    good = Behaviour(delay_s=plan["delay_s"])
    count, hanging = plan["count"], plan["hanging"]
    return [
        Personality(
            device=f"d{n}",
            platform=plan["platform"],
            hostname=f"R{n}",
            address=f"127.90.{n // 250}.{n % 250 + 1}",
            ssh_port=0,
            snmp_port=None,
            username=USERNAME,
            password=PASSWORD,
            host_key_pem=pem,
            answers=answers,
            snmp_rows={},
            snmp_user=None,
            behaviour=good if n < count else Behaviour(ssh="hang"),
        )
        for n in range(count + hanging)
    ]


async def _serve(server: LabServer) -> None:
    server.start()
    await asyncio.Event().wait()


def main(path: Path) -> None:
    """Bind all devices, fork the servers, tell where they listen, end with standard input."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    made = personalities(json.loads(path.read_text()))
    servers = [LabServer.of(made[share::_PROCESSES]) for share in range(_PROCESSES)]
    stations = [station for server in servers for station in server.stations]
    children = []
    for server in servers:
        child = os.fork()
        if not child:
            asyncio.run(_serve(server))
        children.append(child)
    key = asyncssh.import_private_key(made[0].host_key_pem).export_public_key().decode()
    places = [(s.personality.device, s.personality.address, s.ssh_port) for s in stations]
    ready = path.with_suffix(".part")
    ready.write_text(json.dumps({"devices": sorted(places), "key": " ".join(key.split()[:2])}))
    ready.replace(path.with_suffix(".ready"))
    sys.stdin.read()
    for child in children:
        os.kill(child, 9)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
