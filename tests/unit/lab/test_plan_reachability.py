"""Every route leads where the plan says, checked hop by hop over the models alone."""

from __future__ import annotations

import pytest
from lab_worlds import INTERNET, Sim, clean_world, make_world


@pytest.fixture(scope="module")
def clean() -> Sim:
    return Sim(clean_world())


CORE = ("430000-R1", "430000-R2")


def _reached(sim: Sim, device: str) -> bool:
    """Whether packets get from the device to a living core router and back."""
    world = sim.world
    address = str(world.net.routers[device].loopback)
    cores = [c for c in CORE if world.state.is_alive(c)]
    there = any(sim.ends(device, str(world.net.routers[c].loopback)) == {f"at {c}"} for c in cores)
    back = any(sim.ends(c, address) == {f"at {device}"} for c in cores)
    return there and back


def test_every_device_and_the_core_reach_each_other_without_faults(clean: Sim) -> None:
    for device in clean.world.net.routers:
        for core in CORE:
            address = str(clean.world.net.routers[core].loopback)
            assert clean.ends(device, address) == {f"at {core}"}, device
            own = str(clean.world.net.routers[device].loopback)
            assert clean.ends(core, own) == {f"at {device}"}, device


def test_the_internet_is_left_for_by_the_declared_exit_of_the_nearest_government(
    clean: Sim,
) -> None:
    net = clean.world.net
    for seat in net.seats.values():
        made = net.exits[net.owner_seat(seat.code).exit or ""]
        allowed = {f"out {device}/{port}" for device, port, _ in made.lines}
        for router in seat.routers:
            ends = clean.ends(router, INTERNET)
            assert ends
            assert ends <= allowed, router


def test_second_routers_follow_the_first_by_ibgp_in_some_places_and_statically_in_others(
    clean: Sim,
) -> None:
    kinds = set()
    for seat in clean.world.net.seats.values():
        if len(seat.routers) == 2 and seat.code != "430000":
            rows = clean.models[seat.routers[1]].routes[("", 4)]
            kinds |= {r.protocol for r in rows if r.length == 0}
    assert kinds == {"ibgp", "static"}


def test_an_ibgp_default_needs_another_route_to_its_next_hop(clean: Sim) -> None:
    seat = next(
        s
        for s in clean.world.net.seats.values()
        if s.is_recursive and s.exit and len(s.routers) == 2
    )
    second = clean.models[seat.routers[1]]
    default = next(r for r in second.routes[("", 4)] if r.length == 0)
    first = clean.world.net.routers[seat.routers[0]]
    assert default.next_hop == str(first.loopback)
    host = next(r for r in second.routes[("", 4)] if r.network == int(first.loopback))
    assert (host.length, host.protocol) == (32, "ospf")


def test_private_instances_know_no_default_and_reach_each_other_only(clean: Sim) -> None:
    tables = [
        rows
        for model in clean.models.values()
        for (vpn, _), rows in model.routes.items()
        if vpn and vpn != "oob"
    ]
    assert tables
    assert all(row.length > 0 for rows in tables for row in rows)
    assert any(row.protocol == "ibgp" for rows in tables for row in rows)


def test_fillers_lie_inside_the_plan_and_share_the_way_of_their_aggregate(clean: Sim) -> None:
    model = clean.models["430121-R1"]
    low, high = 0x3BC00000, 0x3BDFFFFF
    inside = [r for r in model.routes[("", 4)] if low <= r.network <= high and r.length == 24]
    aggregate = {
        (r.next_hop, r.interface)
        for r in model.routes[("", 4)]
        if (r.network, r.length) == (low, 11)
    }
    assert len(inside) >= 12
    assert {(r.next_hop, r.interface) for r in inside} == aggregate


def test_a_lost_uplink_sends_the_router_over_its_sibling() -> None:
    sim = Sim(make_world('faults: [{kind: uplink_down, at: "430121"}]'))
    up = next(r for r in sim.models["430121-R1"].routes[("", 4)] if r.length == 8)
    intra = next(i.name for i in sim.models["430121-R1"].interfaces if "430121-R2" in
                 (i.description or ""))  # fmt: skip
    assert up.interface == intra
    assert _reached(sim, "430121-R1")
    assert _reached(sim, "430121-R2")


def test_both_ends_of_a_lost_uplink_show_no_light() -> None:
    world = make_world('faults: [{kind: uplink_down, at: "W-430121-1"}]')
    wire = world.net.wires["W-430121-1"]
    assert wire.b is not None
    for device, port in (wire.a, wire.b):
        shown = next(i for i in world.model(device).interfaces if i.name == port)
        assert (shown.admin_up, shown.link_up, shown.protocol_up) == (True, False, False)
        assert port not in {n.interface for n in world.model(device).lldp}


def test_an_isolated_government_keeps_its_light_and_loses_its_protocols() -> None:
    world = make_world('faults: [{kind: isolated, at: "430121"}]')
    wire = world.net.wires["W-430121-1"]
    model = world.model(wire.a[0])
    shown = next(i for i in model.interfaces if i.name == wire.a[1])
    assert (shown.link_up, shown.protocol_up) == (True, False)
    block = world.net.seats["430121"].block
    assert not [r for r in model.routes[("", 4)]
                if (r.network, r.length) == (int(block.network_address), block.prefixlen)]  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "lost"),
    [
        ('{kind: node_down, at: "430121"}', "430121"),
        ('{kind: uplink_down, at: "430121", all: true}', "430121"),
        ('{kind: isolated, at: "430200"}', "4302"),
        ('{kind: node_down, at: "430100"}', "4301"),
    ],
)
def test_exactly_what_lies_behind_a_cut_is_out_of_reach(fault: str, lost: str) -> None:
    sim = Sim(make_world(f"faults: [{fault}]"))
    for device in sim.world.net.routers:
        is_lost = device.startswith(lost)
        assert _reached(sim, device) is not is_lost, device
        assert sim.models[device].is_up is not is_lost, device


def test_a_dead_first_router_takes_its_townships_and_leaves_the_second() -> None:
    sim = Sim(make_world('faults: [{kind: node_down, at: "430121-R1"}]'))
    below = sim.world.net.seats["430121"].below
    assert _reached(sim, "430121-R2")
    assert [_reached(sim, f"{code}-R1") for code in below] == [False, True, False]


def test_a_second_router_without_its_first_has_no_default_and_is_master() -> None:
    world = make_world('faults: [{kind: node_down, at: "430121-R1"}]', seed=9)
    model = world.model("430121-R2")
    assert not [r for r in model.routes[("", 4)] if r.length == 0]
    assert {group.state.value for group in model.vrrp} <= {"master"}


def test_a_withdrawn_application_ends_in_a_discard_and_nowhere_else() -> None:
    world = make_world('faults: [{kind: app_route, at: "430121", application: "A-30"}]')
    sim = Sim(world)
    target = str(world.net.applications["A-30"].prefix.network_address + 1)
    assert sim.ends("430121-R1", target) == {"dropped"}
    assert sim.ends("430181-R1", target) <= {
        f"out {core}/{port}"
        for core in CORE
        for port in (i.name for i in sim.models[core].interfaces)
    }


def test_one_uplink_each_still_joins_everything() -> None:
    sim = Sim(make_world("uplinks: {city: 1, county: 1, township: 2}\nfaults: []"))
    assert all(_reached(sim, device) for device in sim.world.net.routers)
    assert {s.disjoint_paths for s in sim.world.net.seats.values()} == {1}


def test_two_uplinks_at_every_level_ask_for_two_disjoint_paths() -> None:
    sim = Sim(make_world("uplinks: {city: 2, county: 2, township: 2}\nfaults: []"))
    below = [s for s in sim.world.net.seats.values() if s.above is not None]
    assert {s.disjoint_paths for s in below} == {2}
    rates = {(r["id"], r["scope"]): r for r in sim.world.truth["rates"]}
    town = rates[("connectivity.redundant", "township")]
    assert town["reported"] == town["denominator"] > 0
