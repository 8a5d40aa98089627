"""Simulated Linux hosts for the benches: real SSH, one recorded evidence for all of them.

``python -m tests.bench.hosts FOLDER COUNT EVIDENCE`` writes an inventory of COUNT hosts into FOLDER
and serves them until its standard input ends. A host reads the program that it is sent, throws it
away and prints EVIDENCE: this measures the collector and its judgement, not the host.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from pathlib import Path

import asyncssh

from tests.support.few_hosts import Host, write_hosts

USERNAME, PASSWORD = "bench", "made-up"
_PROCESSES = 2
_PORT = 22022


def address_of(number: int) -> str:
    """Return where host ``number`` listens."""
    return f"127.91.{number // 250}.{number % 250 + 1}"


def write_inventory(folder: Path, count: int, key: str) -> None:
    """Write an inventory of ``count`` hosts, all with one host key, one graded object of all."""
    hosts = [
        Host(
            f"H{n}",
            f"10.{n // 62500}.{n // 250 % 250}.{n % 250 + 1}",
            address_of(n),
            _PORT,
            USERNAME,
        )
        for n in range(count)
    ]
    known = [f"[{address_of(n)}]:{_PORT} {key}\n" for n in range(count)]
    write_hosts(folder, hosts, known, secret="env:NETOPS_BENCH")


class _Door(asyncssh.SSHServer):
    """Lets one account in by password."""

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USERNAME, PASSWORD)


async def _serve(key: asyncssh.SSHKey, numbers: range, evidence: bytes) -> None:
    async def play(process: asyncssh.SSHServerProcess[bytes]) -> None:
        await process.stdin.read()
        process.stdout.write(evidence)
        await process.stdout.drain()
        process.exit(0)

    for number in numbers:
        await asyncssh.listen(
            address_of(number),
            _PORT,
            server_factory=_Door,
            server_host_keys=[key],
            process_factory=play,
            encoding=None,
        )
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


def main(folder: Path, count: int, evidence: Path) -> None:
    """Write the inventory, fork the servers, end with standard input."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    key = asyncssh.generate_private_key("ssh-ed25519")
    public = " ".join(key.export_public_key().decode().split()[:2])
    write_inventory(folder, count, public)
    children = []
    for share in range(_PROCESSES):
        child = os.fork()
        if not child:
            asyncio.run(_serve(key, range(share, count, _PROCESSES), evidence.read_bytes()))
        children.append(child)
    sys.stdin.read()
    for child in children:
        os.kill(child, 9)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
