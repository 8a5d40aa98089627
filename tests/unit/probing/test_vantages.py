"""The same questions from three kinds of place, and places that cannot, or will not, ask them."""

from __future__ import annotations

import ast
import asyncio
import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from ipaddress import IPv4Network, ip_address, ip_network
from pathlib import Path

import pytest
from probe_sites import Process, access, host, inventory, router
from reflectors import KEY, honest

from netops.collection.guard import admit_bundle, admit_shell_probe
from netops.errors import GuardError
from netops.evidence import measurement
from netops.evidence.observation import DeviceRecord
from netops.facts.device import Contact
from netops.facts.measurements import Echoes, Egress, EgressState, Reach
from netops.facts.measurements import Path as Trace
from netops.inventory.model import Inventory, Probing, Vantage
from netops.probing import remote
from netops.probing.device import DeviceVantage
from netops.probing.egress import Errand
from netops.probing.exchanges import Interview
from netops.probing.host import HostVantage
from netops.probing.local import LocalVantage
from netops.probing.remote import by_shell
from netops.probing.vantage import Manner, Orders, PathOrder, ReachOrder
from netops.reading.measurements import measurements_of

HERE = ip_address("127.0.0.1")
NEXT = ip_address("127.0.0.2")
OUTSIDE = ip_address("192.0.2.99")
QUICK = Manner(count=2, timeout_s=0.5)


def interviews() -> dict[str, Interview]:
    return {"R-1": Interview("R-1", KEY)}


def values(record: DeviceRecord) -> list[measurement.Measurement]:
    return [measurement.decode(one.raw) for one in record.observations]


def far(port: int, folder: Path) -> HostVantage:
    records = inventory(port)
    return HostVantage("V", records.devices["far"], access(folder, records), QUICK, interviews())


REACH = Orders(reach=(ReachOrder((HERE, NEXT)),))
EVERYTHING = Orders(
    reach=(ReachOrder((HERE, NEXT), NEXT), ReachOrder((HERE,), None, 9)),
    paths=(PathOrder((HERE,)),),
)


@pytest.mark.parametrize("kind", ["local", "host"])
def test_a_machine_of_ours_measures_reach_path_and_egress(kind: str, tmp_path: Path) -> None:
    with honest() as reflector, host() as port:
        errands = tuple(Errand(reflector, p, 4, HERE, NEXT) for p in ("tcp", "udp", "http"))
        orders = replace(EVERYTHING, errands=errands)
        point = LocalVantage("V", QUICK, interviews()) if kind == "local" else far(port, tmp_path)
        record = point.measure(orders)

    found = values(record)
    assert record.contact is Contact.ANSWERED
    assert [type(one) for one in found] == [Echoes] * 3 + [Trace] + [Egress] * 3
    assert all(one.vantage == "V" for one in found)
    echoes = [one for one in found if isinstance(one, Echoes)]
    assert [(one.target, one.reach, one.sent) for one in echoes] == [
        (HERE, Reach.WORKS, 2), (NEXT, Reach.WORKS, 2), (HERE, Reach.WORKS, 2),
    ]  # fmt: skip
    assert [one.source for one in echoes] == [NEXT, NEXT, None]
    (path,) = (one for one in found if isinstance(one, Trace))
    assert (path.reached, [hop.addresses for hop in path.hops]) == (True, [(HERE,)])
    egresses = [one for one in found if isinstance(one, Egress)]
    assert [(one.protocol, one.state, one.seen) for one in egresses] == [
        (protocol, EgressState.CONFIRMED, NEXT) for protocol in ("tcp", "udp", "http")
    ]
    assert [one.command for one in record.observations][:4] == [
        "reach icmp 127.0.0.1 from 127.0.0.2",
        "reach icmp 127.0.0.2 from 127.0.0.2",
        "reach tcp/9 127.0.0.1",
        "path 127.0.0.1" if kind == "host" else record.observations[3].command,
    ]
    assert KEY not in b"".join(one.raw for one in record.observations)


@pytest.mark.parametrize("kind", ["local", "host"])
def test_a_source_that_is_not_there_means_not_measured(kind: str, tmp_path: Path) -> None:
    with honest() as reflector, host() as port:
        orders = Orders(
            reach=(ReachOrder((HERE,), OUTSIDE), ReachOrder((HERE,), OUTSIDE, 9)),
            paths=(PathOrder((HERE,), OUTSIDE),),
            errands=(Errand(reflector, "tcp", 4, HERE, OUTSIDE),),
        )
        point = LocalVantage("V", QUICK, interviews()) if kind == "local" else far(port, tmp_path)
        icmp, tcp, path, egress = values(point.measure(orders))

    assert isinstance(icmp, Echoes)
    assert isinstance(tcp, Echoes)
    assert isinstance(path, Trace)
    assert isinstance(egress, Egress)
    assert (icmp.reach, tcp.reach) == (Reach.NOT_MEASURED, Reach.NOT_MEASURED)
    assert (path.hops, path.reached, egress.state) == ((), False, EgressState.NOT_MEASURED)
    assert all(one.detail for one in (icmp, tcp, path, egress))


def test_a_host_is_sent_no_key_and_one_plain_command(tmp_path: Path) -> None:
    seen: list[tuple[str | None, bytes]] = []

    async def watch(process: Process) -> None:
        seen.append((process.command, await process.stdin.read()))
        process.exit(0)

    with honest() as reflector, host(watch) as port:
        far(port, tmp_path).measure(Orders(errands=(Errand(reflector, "udp", 4, HERE),)))

    ((command, text),) = seen
    assert command == "python3 -I -"
    assert KEY not in text
    assert KEY.hex().encode() not in text


async def _no_python(process: Process) -> None:
    process.stderr.write(b"bash: python3: command not found\n")
    process.exit(127)


async def _shell_only(process: Process) -> None:
    """A host without Python: what comes for its shell is really run, here."""
    if process.command != "sh -s":
        await _no_python(process)
        return
    text = await process.stdin.read()
    done = await asyncio.to_thread(
        subprocess.run, ["sh", "-s"], input=text, capture_output=True, timeout=30, check=False
    )
    process.stdout.write(done.stdout)
    process.exit(done.returncode)


@pytest.mark.skipif(not shutil.which("ping"), reason="needs ping")
def test_a_host_without_python_is_asked_by_its_shell_and_carries_no_question(
    tmp_path: Path,
) -> None:
    with honest() as reflector, host(_shell_only) as port:
        orders = Orders(
            reach=(ReachOrder((HERE, NEXT), NEXT), ReachOrder((HERE,), OUTSIDE)),
            paths=(PathOrder((HERE,)),),
            errands=(Errand(reflector, "tcp", 4, HERE),),
        )
        record = far(port, tmp_path).measure(orders)

    first, second, elsewhere, path, egress = values(record)
    assert isinstance(first, Echoes)
    assert isinstance(second, Echoes)
    assert isinstance(elsewhere, Echoes)
    assert isinstance(path, Trace)
    assert isinstance(egress, Egress)
    assert record.contact is Contact.ANSWERED
    assert [(one.target, one.reach, one.sent) for one in (first, second)] == [
        (HERE, Reach.WORKS, 2), (NEXT, Reach.WORKS, 2),
    ]  # fmt: skip
    assert elsewhere.reach is Reach.NOT_MEASURED
    assert "assign" in elsewhere.detail
    if shutil.which("traceroute", path=f"{os.environ['PATH']}:/usr/sbin:/sbin"):
        assert (path.reached, [hop.addresses for hop in path.hops]) == (True, [(HERE,)])
    else:
        assert "traceroute" in path.detail
    assert egress.state is EgressState.NOT_MEASURED
    assert egress.detail == "the host has no python3, and its shell cannot ask this"
    assert "the host has no python3: asked with its own ping and traceroute" in record.notes


def test_the_guard_admits_the_shell_program_by_its_digest_and_plain_data_alone() -> None:
    text = by_shell.TEXT.encode()
    assert admit_shell_probe(text, "ZWNobw==").text.endswith(b'\nrun "ZWNobw=="\n')
    for program, order in ((text + b" ", "ZWNobw=="), (text, 'x"; reboot; "'), (text, "$(x)")):
        with pytest.raises(GuardError):
            admit_shell_probe(program, order)


async def _noise(process: Process) -> None:
    process.stdout.write(b"\xff\x00{[[[\n{}\nnull\n7\n" + b'{"id": 0, "target": 5}\n')
    process.exit(0)


async def _half(process: Process) -> None:
    process.stdout.write(
        b'{"id": 0, "target": "127.0.0.1", "sent": 2, "round_trips_ms": [1.0, 1.0]}\n'
    )
    process.exit(9)


async def _closes(process: Process) -> None:
    process.channel.get_connection().abort()


async def _flood(process: Process) -> None:
    while True:
        process.stdout.write(b"x" * 65536)
        await process.stdout.drain()


async def _liar(process: Process) -> None:
    process.stdout.write(
        b'{"id": 0, "target": "127.0.0.1", "sent": 900, "round_trips_ms": [1, 2, 3, 4]}\n'
        b'{"id": 0, "target": "127.0.0.2", "sent": true, "round_trips_ms": [-5, "x", 1e99]}\n'
    )
    process.exit(0)


@pytest.mark.parametrize("behave", [_no_python, _noise, _half, _closes, _flood, _liar])
def test_a_host_that_gives_no_proper_answer_gives_no_measurement(
    behave: object, tmp_path: Path
) -> None:
    with host(behave) as port:  # type: ignore[arg-type]
        record = far(port, tmp_path).measure(REACH)

    first, second = values(record)
    assert isinstance(first, Echoes)
    assert isinstance(second, Echoes)
    assert (first.target, second.target) == (HERE, NEXT)
    assert second.reach is Reach.NOT_MEASURED
    if behave is _half:
        assert first.reach is Reach.WORKS
        assert second.detail.endswith("it ended with status 9")  # it complained of nothing
    elif behave is _liar:
        assert (first.sent, first.round_trips_ms) == (2, (1.0, 2.0))
    else:
        assert first.reach is Reach.NOT_MEASURED
    if behave is _no_python:
        assert "status 127" in first.detail
        assert "not found" in first.detail
        assert record.contact is Contact.UNUSABLE


def test_an_unknown_host_key_ends_it_before_the_password(tmp_path: Path) -> None:
    with host() as port:
        records = replace(inventory(port), known_hosts="")
        point = HostVantage("V", records.devices["far"], access(tmp_path, records), QUICK)
        record = point.measure(REACH)

    assert record.contact is Contact.HOST_KEY_UNKNOWN
    assert [type(one) for one in values(record)] == [Echoes, Echoes]


def test_the_program_for_hosts_is_of_python_3_6_and_its_library_alone() -> None:
    text = (Path(remote.__file__).parent / "program.py").read_text(encoding="utf-8")

    tree = ast.parse(text, feature_version=(3, 6))

    imported = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    assert imported == {
        "base64", "errno", "json", "os", "re", "select", "signal", "socket", "struct",
        "subprocess", "sys", "time", "typing",
    }  # fmt: skip


def test_the_program_ends_by_itself_when_its_time_is_over() -> None:
    program = (Path(remote.__file__).parent / "program.py").read_bytes()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        job = {
            "do": "carry", "id": 0, "protocol": "udp", "target": "127.0.0.1", "question": "00",
            "port": silent.getsockname()[1], "limit": 9, "timeout_s": 60,
        }  # fmt: skip
        order = json.dumps({"deadline_s": 1, "jobs": [job]}).encode()
        text = admit_bundle(program, base64.b64encode(order).decode()).text

        done = subprocess.run(
            [sys.executable, "-I", "-"], input=text, capture_output=True, timeout=30, check=False
        )

    assert (done.returncode, done.stdout) == (-signal.SIGALRM, b"")


PING = "ping -a 10.1.0.9 -c 2 -m 200 -t 2000 127.0.0.1"
PONG = """  PING 127.0.0.1: 56  data bytes, press CTRL_C to break
    Reply from 127.0.0.1: bytes=56 Sequence=1 ttl=255 time=4 ms
    Request time out

  --- 127.0.0.1 ping statistics ---
    2 packet(s) transmitted
    1 packet(s) received
    50.00% packet loss
    round-trip min/avg/max = 4/4/4 ms
"""


def probed(records: Inventory, **vantage: object) -> Inventory:
    given = Vantage(**{"id": "V", "kind": "device", "device": "far", **vantage})  # type: ignore[arg-type]
    return replace(records, probing=Probing(vantages={"V": given}))


def test_a_router_asks_by_its_own_ping_and_its_text_is_the_evidence(tmp_path: Path) -> None:
    source = ip_address("10.1.0.9")
    with router({PING: PONG}) as port:
        records = probed(inventory(port, "huawei_vrp"), sources=(source,))
        point = DeviceVantage("V", records.devices["far"], access(tmp_path, records), QUICK)
        orders = Orders(
            reach=(ReachOrder((HERE,), source), ReachOrder((HERE,), source, 22)),
            errands=(Errand(reflector_nowhere(), "tcp", 4, HERE),),
        )
        record = point.measure(orders)

    found = measurements_of([record], records)
    by_ping, by_tcp = sorted(found.echoes, key=lambda one: one.protocol)
    assert (by_ping.reach, by_ping.sent, by_ping.round_trips_ms) == (Reach.FLAPS, 2, (4.0,))
    assert (by_ping.vantage, by_ping.source, by_ping.target) == ("V", source, HERE)
    assert by_ping.at.tzinfo is not None
    assert (by_tcp.reach, by_tcp.detail) == (
        Reach.NOT_MEASURED,
        "its own commands cannot ask that",
    )
    (egress,) = found.egresses
    assert egress.state is EgressState.NOT_MEASURED
    (ping,) = (one for one in record.observations if one.source == "ssh")
    assert (ping.command, b"Request time out" in ping.raw) == (PING, True)
    assert found.digests[by_ping.evidence.observation] == ping.digest


def reflector_nowhere() -> object:
    from netops.inventory.model import Reflector  # noqa: PLC0415 - used here alone

    return Reflector("R-1", (HERE,), 9, "env:NONE")


def test_a_vantage_stands_for_the_subnets_that_hold_its_sources() -> None:
    records = inventory(22)
    nothing = DeviceRecord("V", "probe", Contact.ANSWERED)

    def subnets(**vantage: object) -> tuple[object, ...]:
        found = measurements_of([nothing], probed(records, **vantage))
        return found.vantages["V"].subnets

    assert subnets(sources=(ip_address("10.1.0.9"),)) == (ip_network("10.1.0.0/24"),)
    assert subnets(sources=(ip_address("10.2.0.9"),)) == ()
    assert subnets(device="far") == (IPv4Network("127.0.0.0/25"), IPv4Network("10.1.0.0/24"))
    assert subnets(kind="local", device=None, department="D-1") == subnets(device="far")
    assert subnets(kind="local", device=None) == ()


def test_a_line_that_loses_the_session_costs_itself_and_not_the_others(tmp_path: Path) -> None:
    broken = PING.replace("127.0.0.1", "127.0.0.2")
    with router({broken: "  half an answer\n<R1>\nand more", PING: PONG}) as port:
        records = probed(inventory(port, "huawei_vrp"), sources=(ip_address("10.1.0.9"),))
        point = DeviceVantage("V", records.devices["far"], access(tmp_path, records), QUICK)
        record = point.measure(Orders(reach=(ReachOrder((NEXT, HERE), ip_address("10.1.0.9")),)))

    found = {one.target: one for one in measurements_of([record], records).echoes}
    assert record.contact is Contact.ANSWERED
    assert (found[NEXT].reach, found[HERE].reach) == (Reach.NOT_MEASURED, Reach.FLAPS)
    assert "prompt" in found[NEXT].detail


def test_a_device_that_is_not_there_leaves_everything_unmeasured(tmp_path: Path) -> None:
    records = probed(inventory(1, "huawei_vrp"))
    point = DeviceVantage("V", records.devices["far"], access(tmp_path, records), QUICK)

    record = point.measure(EVERYTHING)

    found = measurements_of([record], records)
    assert record.contact is Contact.UNREACHABLE
    assert {one.reach for one in found.echoes} == {Reach.NOT_MEASURED}
    assert [(path.hops, path.reached) for path in found.paths] == [((), False)]
    assert all("unreachable" in one.detail for one in (*found.echoes, *found.paths))
