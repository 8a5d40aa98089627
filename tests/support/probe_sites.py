"""Places to measure from, on loopback: a Linux host with SSH, and a simulated router."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path

import asyncssh

from netops.addressing import AddressClass, AddressPlan, PlannedPrefix
from netops.collection.contact import Limits
from netops.collection.session import Access
from netops.divisions import Level
from netops.inventory.model import (
    AccessClass,
    Area,
    Credential,
    Department,
    Device,
    Government,
    Inventory,
    Node,
    Subnet,
)
from netops.lab.model import Behaviour, Personality
from netops.lab.server import LabServer

KEY = asyncssh.generate_private_key("ssh-ed25519")
FAST = Limits(connect_s=2.0, login_s=5.0, silence_s=2.0, answer_s=20.0)
Process = asyncssh.SSHServerProcess[bytes]


class _Door(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:  # noqa: ARG002 - asyncssh's form
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("reader", "made-up")


async def real_python(process: Process) -> None:
    """Run the command as a shell of a real host would, with this interpreter."""
    words = (process.command or "").split()
    run = await asyncio.create_subprocess_exec(
        sys.executable,
        *words[1:],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    out, err = await run.communicate(await process.stdin.read())
    process.stdout.write(out)
    process.stderr.write(err)
    process.exit(run.returncode or 0)


@contextlib.contextmanager
def host(behave: Callable[[Process], object] = real_python) -> Iterator[int]:
    """Run an SSH server whose commands do what ``behave`` does; yield its port."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def begin() -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(
            _Door, "127.0.0.1", 0, server_host_keys=[KEY], process_factory=behave, encoding=None
        )

    async def end(server: asyncssh.SSHAcceptor) -> None:
        server.close()
        await server.wait_closed()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(begin(), loop).result(10)
    try:
        yield server.get_port()
    finally:
        asyncio.run_coroutine_threadsafe(end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@contextlib.contextmanager
def router(answers: dict[str, str]) -> Iterator[int]:
    """Run a simulated VRP router at 127.0.0.1 that answers these lines; yield its port."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = LabServer.of([
        Personality(
            device="far", platform="huawei_vrp", hostname="R1", address="127.0.0.1", ssh_port=0,
            snmp_port=0, username="reader", password="made-up",
            host_key_pem=KEY.export_private_key().decode(), answers=answers, snmp_rows={},
            snmp_user=None, behaviour=Behaviour(),
        )
    ])  # fmt: skip

    async def begin() -> None:
        server.start()

    async def end() -> None:
        server.close()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    asyncio.run_coroutine_threadsafe(begin(), loop).result(10)
    try:
        yield next(iter(server.stations)).ssh_port
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def inventory(port: int, platform: str = "linux_host") -> Inventory:
    """Return an inventory whose device ``far`` is at that port of 127.0.0.1."""
    device = Device(
        id="far", name="far", node="n1", government="430000", role="host", platform=platform,
        address=ip_address("127.0.0.1"), host="127.0.0.1", port=port, credential="ssh",
        department="D-1",
    )  # fmt: skip
    public = " ".join(KEY.export_public_key().decode().split()[:2])
    subnets = tuple(
        Subnet("D-1", ip_network(text), Area.PUBLIC) for text in ("127.0.0.0/25", "10.1.0.0/24")
    )
    plan = AddressPlan((PlannedPrefix(ip_network("10.0.0.0/8"), AddressClass.PRIVATE),))
    return Inventory(
        province="430000",
        title="made up",
        governments={"430000": Government("430000", "湖南省", Level.PROVINCE, None, 1)},
        nodes={"n1": Node("n1", "430000", "here")},
        devices={"far": device},
        links={},
        departments={"D-1": Department("D-1", "430000", "甲", AccessClass.B, None, subnets)},
        exits={},
        plan=plan,
        credentials={"ssh": Credential("ssh", "ssh", "reader", "file:secrets/ssh")},
        known_hosts=f"[127.0.0.1]:{port} {public}\n",
        digest="sm3:made-up",
    )


def access(folder: Path, records: Inventory) -> Access:
    """Return the way to the devices, with their password in the folder."""
    (folder / "secrets").mkdir(parents=True, exist_ok=True)
    path = folder / "secrets" / "ssh"
    path.touch(mode=0o600)
    path.write_text("made-up\n")
    return Access.of(records, folder, FAST)
