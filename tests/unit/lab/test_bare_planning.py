"""Townships without routing daemons, and hosts' own resolvers, as they are planned and written."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import pytest
from lab_worlds import HEAD

from netops.divisions import Level
from netops.errors import SpecError
from netops.lab.plan import World, plan
from netops.lab.planning import choose_backend
from netops.lab.routers.admission import admit
from netops.lab.routers.bare import is_bare
from netops.lab.routers.fabric import weave
from netops.lab.routers.node_files import files_of
from netops.lab.routers.resolver import answered
from netops.lab.spec_file import load_spec
from netops.probing import dns_wire

FAULTS = """faults:
  - {kind: exit, mechanism: floating_static, at: "430121001"}
  - {kind: exit, mechanism: isp_bgp, at: "430121002"}
"""


def write(folder: Path, more: str = "") -> Path:
    path = folder / "spec.yaml"
    head = HEAD.format(seed=7, township=0)
    path.write_text(f"{head}bare_townships: true\n{FAULTS}{more}", encoding="utf-8")
    return path


@pytest.fixture
def world(tmp_path: Path) -> World:
    return plan(admit(load_spec(write(tmp_path)))[0])


def township(world: World, code: str) -> str:
    return world.net.seats[code].routers[0]


def test_a_bare_township_has_its_routes_told_and_no_routing_daemon(world: World) -> None:
    files = files_of(weave(world), township(world, "430121001"))
    started = "\n".join(files.start)
    assert files.frr == ""
    assert "/usr/sbin/sshd" in started
    assert not any(word in started for word in ("zebra", "ospfd", "vtysh", "snmpd"))
    routes = [line for line in files.files["routes"].splitlines() if line.startswith("route")]
    defaults = [line for line in routes if " 0.0.0.0/0 " in line]
    # The one that is selected, and the planted one behind it: the kernel goes by the metric.
    assert len(defaults) == 2
    metrics = [int(line.split(" metric ")[1].split()[0]) for line in defaults]
    assert metrics[0] < metrics[1]
    told = {line.split()[2] for line in routes}
    assert told == {"0.0.0.0/0", "10.0.0.0/8", "59.192.0.0/11", "100.64.0.0/10"}


def test_the_router_above_tells_the_others_of_a_bare_township(world: World) -> None:
    name = township(world, "430121001")
    wire = next(w for w in world.net.wires.values() if w.child == "430121001")
    config = files_of(weave(world), wire.a[0]).frr
    hop = world.net.routers[name].ports[wire.b[1]].address(4) if wire.b else None
    block = world.net.seats["430121001"].block
    assert f"ip route {block} {hop}\n" in config
    assert " redistribute static metric-type 1 route-map INSIDE\n" in config


def test_a_township_with_a_providers_session_runs_its_own_daemons(world: World) -> None:
    name = township(world, "430121002")
    assert not is_bare(world.net, world.net.routers[name])
    config = files_of(weave(world), name).frr
    assert " ip ospf hello-interval 1\n" in config


def test_no_device_of_such_a_laboratory_has_an_agent(world: World) -> None:
    assert set(world.planted.behaviours.values()) == {"no_snmp"}
    assert set(world.planted.behaviours) == set(world.net.routers)


def test_bare_townships_are_linux_machines_with_one_uplink(tmp_path: Path) -> None:
    spec = load_spec(write(tmp_path))
    changed, notices = admit(spec)
    assert changed.platforms[Level.TOWNSHIP] == {"linux_host": 1.0}
    assert any("without routing daemons" in str(notice) for notice in notices)
    assert admit(changed)[0] == changed
    with pytest.raises(SpecError, match="between two uplinks"):
        admit(replace(spec, uplinks={**spec.uplinks, Level.TOWNSHIP: 2}))


def test_the_simulated_backend_takes_no_notice(tmp_path: Path) -> None:
    spec, _ = choose_backend(write(tmp_path), "simulated")
    assert not spec.bare_townships
    assert set(plan(spec).planted.behaviours.values()) <= {"password_expiry"}


def test_a_hosts_resolver_asks_for_its_zone_alone_and_denies_the_rest_at_once() -> None:
    asked: list[bytes] = []

    def ask(question: bytes) -> bytes:
        asked.append(question)
        return b"the server's"

    inside = dns_wire.write_question(7, "x.reflect.example", dns_wire.TXT)
    assert answered(inside, ask) == b"the server's"
    assert asked == [inside]
    other = answered(dns_wire.write_question(9, "1.0.0.10.in-addr.arpa", 12), ask)
    number, flags = struct.unpack_from(">HH", other)
    assert (number, flags & 0xF) == (9, dns_wire.NAME_ERROR)
    assert answered(b"no question", ask) == b""
    assert asked == [inside]
