"""What real routers can have of a specification, and which files a planned world becomes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from netops.errors import SpecError
from netops.inventory import load
from netops.lab.inventory_writer import write
from netops.lab.plan import World, plan
from netops.lab.planning import describe, prepare
from netops.lab.routers.admission import admit
from netops.lab.routers.fabric import weave
from netops.lab.routers.frr_config import daemons
from netops.lab.routers.node_files import files_of
from netops.lab.spec import Spec
from netops.lab.spec_file import load_spec

SMALL = Path(__file__).parents[4] / "playbooks" / "specs" / "routers-small.yaml"
TINY = """schema: netops/lab/1
seed: 7
province: "430000"
scope: {cities: ["431300"]}
townships_per_county: 1
departments: {province: 1, city: 1, county: 1, township: 0}
"""


def spec_of(tmp_path: Path, tail: str) -> Spec:
    path = tmp_path / "spec.yaml"
    path.write_text(TINY + tail, encoding="utf-8")
    return load_spec(path)


def world_of(tmp_path: Path, tail: str) -> World:
    return plan(admit(spec_of(tmp_path, tail))[0])


@pytest.mark.parametrize(
    ("tail", "line", "word"),
    [
        ('faults:\n  - {kind: exit, at: "431302", mechanism: vpn_leak}\n', 8, "vpn_leak"),
        ('faults:\n  - {kind: exit, at: "431302", mechanism: tunnel}\n', 8, "tunnel"),
        ('faults:\n  - {kind: exit, at: "431302", mechanism: cellular}\n', 8, "cellular"),
        ('faults:\n  - {kind: exit, at: "431302", mechanism: pppoe_dialer}\n', 8, "pppoe_dialer"),
        ('faults:\n  - {kind: device, at: "431302", behaviour: garbage}\n', 8, "garbage"),
        ('faults:\n  - {kind: snmp_contradicts, at: "431302"}\n', 8, "SNMP"),
        ("innocents: [nat_between_vpns]\n", 7, "nat_between_vpns"),
        ("innocents: [oob_card]\n", 7, "oob_card"),
    ],
)
def test_what_the_kernel_cannot_give_is_refused_with_its_line(
    tmp_path: Path, tail: str, line: int, word: str
) -> None:
    with pytest.raises(SpecError) as caught:
        admit(spec_of(tmp_path, tail))
    assert caught.value.place is not None
    assert caught.value.place.line == line
    assert word in str(caught.value.cause)


def test_other_platforms_are_run_as_frr_with_a_notice(tmp_path: Path) -> None:
    spec, notices = admit(spec_of(tmp_path, "routes_per_device: 12\n"))
    assert [str(notice) for notice in notices] == [
        "Platforms other than frr and linux_host are run as frr (levels: province, city, county).",
        "Filler routes (routes_per_device) are not built on real routers.",
    ]
    assert {name for shares in spec.platforms.values() for name in shares} == {"frr"}
    assert admit(spec) == (spec, ())


def test_random_exits_are_drawn_from_what_is_possible(tmp_path: Path) -> None:
    world = world_of(tmp_path, "random_faults: {exits: 8}\n")
    assert len(world.planted.exits) == 8
    assert not {made.mechanism for made in world.planted.exits} & {
        "vpn_leak", "tunnel", "cellular", "pppoe_dialer",
    }  # fmt: skip


def test_every_department_has_a_registered_host_to_probe_from(tmp_path: Path) -> None:
    world = world_of(tmp_path, "")
    write(world, tmp_path / "L")
    inventory = load(tmp_path / "L" / "inventory")
    hosts = {v.department for v in inventory.probing.vantages.values() if v.kind == "host"}
    assert hosts == set(inventory.departments)
    assert all(device.host == str(device.address) for device in inventory.devices.values())
    assert {device.port for device in inventory.devices.values()} == {22}
    (reflector,) = inventory.probing.reflectors.values()
    assert {address.version for address in reflector.addresses} == {4, 6}


def test_the_key_says_proven_only_where_a_host_sends_from_a_consistent_department(
    tmp_path: Path,
) -> None:
    tail = 'faults:\n  - {kind: exit, at: "431302", mechanism: split_default}\n'
    departments = world_of(tmp_path, tail).truth["departments"]
    assert departments["D-431302-01"] == {
        "strength": "violated", "exit": None, "strength_active": "violated",
    }  # fmt: skip
    assert departments["D-431321-01"]["strength"] == "consistent"
    assert departments["D-431321-01"]["strength_active"] == "proven"


def test_two_routers_of_one_exit_translate_to_addresses_of_their_own() -> None:
    """Each takes one half of 198.19.0.0/29, to which the carriers route only to it."""
    fabric = weave(plan(load_spec(SMALL)))
    assert "snat to 198.19.0.1-198.19.0.2" in files_of(fabric, "430000-R1").files["nft"]
    assert "snat to 198.19.0.5-198.19.0.6" in files_of(fabric, "430000-R2").files["nft"]
    ways = [line.split()[3::3] for line in files_of(fabric, "inet").start if " 198.19.0." in line]
    first, second = [way for way in ways if way[0] in ("198.19.0.0/30", "198.19.0.4/30")]
    assert first[1] != second[1]


def test_an_exit_that_waits_on_the_way_keeps_packets_from_proving(tmp_path: Path) -> None:
    """The department enters at the first router; what waits on the second is not on its way."""
    tail = """faults:
  - {kind: exit, at: 431302-R1, mechanism: floating_static}
  - {kind: exit, at: 431321-R2, mechanism: floating_static}
  - {kind: exit, at: "431381", mechanism: dual_homed_host, latent: true}
"""
    departments = world_of(tmp_path, tail).truth["departments"]
    known = {name: departments[name] for name in ("D-431302-01", "D-431321-01", "D-431381-01")}
    assert {row["strength"] for row in known.values()} == {"consistent"}
    assert known["D-431302-01"]["strength_active"] == "consistent"
    assert known["D-431321-01"]["strength_active"] == "proven"
    assert known["D-431381-01"]["strength_active"] == "consistent"


def test_packets_tell_of_an_exit_on_a_router_that_nobody_may_read(tmp_path: Path) -> None:
    tail = """faults:
  - {kind: exit, at: "431302", mechanism: policy_route}
  - {kind: device, at: 431302-R1, behaviour: low_privilege}
  - {kind: device, at: "431321", behaviour: refuse_login}
"""
    departments = world_of(tmp_path, tail).truth["departments"]
    assert departments["D-431302-01"]["strength"] == "unknown"
    assert departments["D-431302-01"]["strength_active"] == "violated"
    assert departments["D-431321-01"]["strength_active"] == "unknown"


def test_a_planned_inventory_without_probes_names_none(tmp_path: Path) -> None:
    write(plan(spec_of(tmp_path, "")), tmp_path / "L")
    assert not (tmp_path / "L" / "inventory" / "probing.yaml").exists()
    assert load(tmp_path / "L" / "inventory").probing.vantages == {}


def test_a_simulated_plan_is_written_again_for_real_routers(tmp_path: Path) -> None:
    write(plan(spec_of(tmp_path, "")), tmp_path / "L")
    prepared = prepare(tmp_path / "L", "routers", write=True)
    assert prepared.backend == "routers"
    assert "written again" in str(prepared.notices[0])
    assert load_spec(tmp_path / "L" / "spec.yaml").backend == "routers"
    assert prepare(tmp_path / "L", None, write=True).notices == ()
    back = prepare(tmp_path / "L", "simulated", write=True)
    assert back.backend == "simulated"
    assert not (tmp_path / "L" / "inventory" / "probing.yaml").exists()


def test_a_dry_run_tells_what_would_be_made() -> None:
    told = [str(line) for line in describe(admit(load_spec(SMALL))[0])]
    assert told[0] == (
        "Network namespaces: 30 (devices: 26; beside them ops, servers, inet, outside)."
    )
    assert "zebra 19" in told[2]
    assert "pbrd 1" in told[2]
    assert "Planted exit: dual_homed_host at D-431381-01-H1 (IPv4)." in told


def test_every_port_is_an_end_of_exactly_one_segment() -> None:
    world = plan(admit(load_spec(SMALL))[0])
    fabric = weave(world)
    ends = [(end.node, end.port) for segment in fabric.segments for end in segment.ends]
    assert len(ends) == len(set(ends))
    ports = {
        (router.id, port.name)
        for router in world.net.routers.values()
        for port in router.ports.values()
        if port.role != "loopback"
    }
    assert ports <= set(ends)
    assert all(len(segment.plug(0)) <= 15 for segment in fabric.segments)


def test_a_township_learns_by_ospf_and_a_county_speaks_bgp(tmp_path: Path) -> None:
    world = world_of(tmp_path, "")
    routers = world.net.routers
    assert daemons(world, routers["431302001-R1"]) == ("staticd", "ospfd")
    assert daemons(world, routers["431302-R1"]) == ("staticd", "ospfd", "bgpd")
    config = files_of(weave(world), "431302-R1").frr.splitlines()
    assert "router bgp 4200431302" in config
    assert "  network 10.104.32.0/19" in config
    assert "  neighbor 10.104.32.33 prefix-list UP out" in config


def test_a_policy_route_spares_what_stays_inside(tmp_path: Path) -> None:
    tail = 'faults:\n  - {kind: exit, at: "431302", mechanism: policy_route}\n'
    config = files_of(weave(world_of(tmp_path, tail)), "431302-R1").frr
    rows = config[config.index("pbr-map") :].split("pbr-map ")[1:]
    assert [" set vrf unchanged" in row for row in rows] == [True, True, True, True, False]
    assert " match src-ip 10.104.33.0/28\n match dst-ip 10.0.0.0/8\n" in rows[0]
    assert rows[4].split("\n")[1:3] == [
        " match src-ip 10.104.33.0/28",
        " set nexthop 198.19.128.1",
    ]


def test_no_secret_stands_in_a_start_script_or_a_configuration() -> None:
    fabric = weave(plan(admit(load_spec(SMALL))[0]))
    secrets = ("password", "rocommunity", "createUser")
    for node in fabric.nodes:
        files = files_of(fabric, node)
        text = "\n".join(files.start) + files.frr
        assert not any(word in text for word in secrets)


def test_an_unread_behaviour_is_played_by_the_real_servers(tmp_path: Path) -> None:
    tail = """faults:
  - {kind: device, at: 431302-R1, behaviour: refuse_login}
  - {kind: device, at: 431302-R2, behaviour: no_snmp}
  - {kind: device, at: 431321-R1, behaviour: changed_host_key}
  - {kind: device, at: 431321-R2, behaviour: low_privilege}
"""
    fabric = weave(world_of(tmp_path, tail))
    plain = weave(world_of(tmp_path, ""))
    assert "DenyUsers netops" in files_of(fabric, "431302-R1").files["sshd_config"]
    assert not any("snmpd" in line for line in files_of(fabric, "431302-R2").start)
    changed, usual = (files_of(one, "431321-R1").files["host_key"] for one in (fabric, plain))
    assert changed != usual
    assert files_of(fabric, "431321-R2").files["right"] == "low"


def test_the_same_world_is_planned_when_only_the_backend_is_spelled_out(tmp_path: Path) -> None:
    spec, _ = admit(spec_of(tmp_path, ""))
    assert plan(spec).truth == plan(replace(spec, probes=True)).truth
