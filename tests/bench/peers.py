"""One client over the devices of a bench, in a process of its own, so that its CPU is its own.

``python -m tests.bench.peers CLIENT FILE`` prints one JSON object. Importing is not counted, for
none of the clients; logging in, asking, and looking whether answers are whole is.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from tests.bench.devices import LAST, PASSWORD, USERNAME

WORKERS = 50
_NETMIKO = {"frr": "cisco_ios", "huawei_vrp": "huawei"}
"""For vtysh there is no better driver than that of the command line it is modelled on."""


@dataclass
class Tally:
    """What became of the devices."""

    whole: int = 0
    failed: int = 0
    silently_empty: int = 0
    last_good_s: float = 0.0


def _is_whole(command: str, text: str) -> bool:
    return LAST.format(command=command) in text


def ours(job: dict[str, Any], tally: Tally) -> Callable[[], None]:
    """Prepare the collection of netops over the job's devices and commands."""
    from nornir.core import Nornir  # noqa: PLC0415 - not for the other clients
    from nornir.core.configuration import Config  # noqa: PLC0415
    from nornir.core.inventory import Defaults, Groups, Host, Hosts  # noqa: PLC0415
    from nornir.core.inventory import Inventory as NornirInventory  # noqa: PLC0415
    from nornir.core.processor import Processors  # noqa: PLC0415

    from netops.collection.contact import Limits  # noqa: PLC0415
    from netops.collection.nornir_plugins import PatientRunner, ToDisk  # noqa: PLC0415
    from netops.collection.pace import Pace  # noqa: PLC0415
    from netops.collection.run import _collect, _quiet_interpreter  # noqa: PLC0415
    from netops.collection.session import Access  # noqa: PLC0415
    from netops.evidence.codec import encode  # noqa: PLC0415
    from netops.evidence.observation import DeviceRecord  # noqa: PLC0415
    from netops.facts.device import Contact  # noqa: PLC0415
    from netops.platforms.answer import Parsed  # noqa: PLC0415
    from netops.platforms.base import Command  # noqa: PLC0415
    from netops.platforms.registry import platform  # noqa: PLC0415

    commands = tuple(Command(text, lambda _: Parsed()) for text in job["commands"])
    asked = replace(platform(job["platform"]), commands=commands, followups=lambda _: ())
    folder = Path(tempfile.mkdtemp())
    inventory = _inventory(job, folder)
    access = Access.of(inventory, folder, Limits())
    access = replace(access, platform_of=lambda _: asked)
    lock = threading.Lock()
    begin = time.monotonic()

    def keep(record: DeviceRecord) -> None:
        (folder / f"{record.device}.gz").write_bytes(encode(record))
        texts = {o.command: o.raw.decode() for o in record.observations}
        whole = all(_is_whole(c, texts.get(c, "")) for c in job["commands"])
        with lock:
            if record.contact is Contact.ANSWERED and whole:
                tally.whole += 1
                tally.last_good_s = time.monotonic() - begin
            elif record.contact is Contact.ANSWERED and not record.notes:
                tally.silently_empty += 1
            else:
                tally.failed += 1

    hosts = Hosts({name: Host(name, platform=job["platform"]) for name in inventory.devices})
    nornir = Nornir(
        inventory=NornirInventory(hosts, Groups(), Defaults()),
        config=Config(),
        processors=Processors([ToDisk(keep)]),
        runner=PatientRunner(),
    )

    def run() -> None:
        nonlocal begin
        begin = time.monotonic()
        with _quiet_interpreter():
            nornir.run(_collect, access=access, pace=Pace(), agent=None)

    return run


def _inventory(job: dict[str, Any], folder: Path) -> Any:  # noqa: ANN401 - imported late
    from netops.addressing import AddressPlan  # noqa: PLC0415
    from netops.inventory.model import Credential, Device, Inventory  # noqa: PLC0415

    secret = folder / "secret"
    secret.touch(mode=0o600)
    secret.write_text(PASSWORD)
    return Inventory(
        province="430000", title="bench", governments={}, nodes={}, links={}, departments={},
        exits={}, plan=AddressPlan(()),
        devices={
            name: Device(name, name, "n", "430000", "router", job["platform"],
                         IPv4Address(address), address, port=port, credential="c")
            for name, address, port in job["devices"]
        },
        credentials={"c": Credential("c", "ssh", USERNAME, "file:secret")},
        known_hosts="".join(f"[{a}]:{p} {job['key']}\n" for _, a, p in job["devices"]),
    )  # fmt: skip


def nornir_netmiko(job: dict[str, Any], tally: Tally) -> Callable[[], None]:
    """Prepare nornir with nornir-netmiko, as its documentation uses it."""
    from nornir.core import Nornir  # noqa: PLC0415 - not for the other clients
    from nornir.core.inventory import Defaults, Groups, Host, Hosts, Inventory  # noqa: PLC0415
    from nornir.core.plugins.connections import ConnectionPluginRegister  # noqa: PLC0415
    from nornir.core.task import Result, Task  # noqa: PLC0415
    from nornir.plugins.runners import ThreadedRunner  # noqa: PLC0415
    from nornir_netmiko.connections import Netmiko  # noqa: PLC0415
    from nornir_netmiko.tasks import netmiko_send_command  # noqa: PLC0415

    ConnectionPluginRegister.register("netmiko", Netmiko)
    hosts = Hosts(
        {
            name: Host(name, address, port, USERNAME, PASSWORD, _NETMIKO[job["platform"]])
            for name, address, port in job["devices"]
        }
    )
    nornir = Nornir(
        inventory=Inventory(hosts, Groups(), Defaults()), runner=ThreadedRunner(WORKERS)
    )

    def read(task: Task) -> Result:
        texts = {
            c: str(task.run(netmiko_send_command, command_string=c)[0].result)
            for c in job["commands"]
        }
        task.host.close_connections()
        return Result(task.host, result=all(_is_whole(c, t) for c, t in texts.items()))

    def run() -> None:
        for result in nornir.run(read).values():
            if result.failed:
                tally.failed += 1
            elif result[0].result:
                tally.whole += 1
            else:
                tally.silently_empty += 1

    return run


def netmiko(job: dict[str, Any], tally: Tally) -> Callable[[], None]:
    """Prepare stock netmiko in a pool of threads."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    from netmiko import ConnectHandler  # noqa: PLC0415 - not for the other clients

    def read(place: tuple[str, str, int]) -> str:
        try:
            with ConnectHandler(
                device_type=_NETMIKO[job["platform"]], host=place[1], port=place[2],
                username=USERNAME, password=PASSWORD,
            ) as connection:  # fmt: skip
                whole = [_is_whole(c, str(connection.send_command(c))) for c in job["commands"]]
        except Exception:  # noqa: BLE001 - whatever it raises is a device that failed
            return "failed"
        return "whole" if all(whole) else "silently_empty"

    def run() -> None:
        with ThreadPoolExecutor(WORKERS) as pool:
            for outcome in pool.map(read, job["devices"]):
                setattr(tally, outcome, getattr(tally, outcome) + 1)

    return run


CLIENTS = {"ours": ours, "nornir-netmiko": nornir_netmiko, "netmiko": netmiko}


def main(client: str, path: Path) -> None:
    """Run a client and print what it took."""
    job = json.loads(path.read_text())
    tally = Tally()
    run = CLIENTS[client](job, tally)
    before, begin = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    run()
    wall, after = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = {"devices": len(job["devices"]), "wall_s": wall, "cpu_s": cpu}
    sys.stdout.write(json.dumps({**told, "rss_mb": after.ru_maxrss / 1024, **vars(tally)}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
