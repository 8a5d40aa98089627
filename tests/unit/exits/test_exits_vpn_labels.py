"""Labels tell which instance of a PE exported a route, where distinguishers do not."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from exits_world import World, build_world
from test_exits_walk import WAN, imported

from netops.facts.routes import VpnInstance, VpnRoute


def two_exporters(*learnt: VpnRoute, given: tuple[VpnRoute, ...] = ()) -> World:
    """``fin`` of K1 ends in a discard, ``other`` at nobody; T1 imports from one of the two."""
    world = build_world()
    imported(world)
    world.routers["K1"].add("vpn_instances", VpnInstance("other", 4, "8:8", (), ("9:1",)))
    world.routers["K1"].row("0.0.0.0/0", "", "NULL0", vpn="fin", blackhole=True)
    world.routers["K1"].row("0.0.0.0/0", "10.77.0.1", WAN, vpn="other")
    world.routers["K1"].port(WAN, "10.77.0.2/30", vpn="other")
    world.routers["T1"].add("vpn_routes", *learnt)
    world.routers["K1"].add("vpn_routes", *given)
    return world


def vpn_default(rd: str = "", hop: str = "10.255.0.3", **more: Any) -> VpnRoute:  # noqa: ANN401
    return VpnRoute(rd, ip_network("0.0.0.0/0"), ip_address(hop), **more)


def test_where_two_distinguishers_carry_a_prefix_the_label_tells_the_one_that_was_taken() -> None:
    both = (vpn_default("1:1", label="1024"), vpn_default("8:8", label="1025"))

    assert two_exporters(*both).judge().strength("D-V") == "unknown"
    taken = vpn_default(vpn="fin", label="1024")
    assert two_exporters(*both, taken).judge().strength("D-V") == "consistent"


@pytest.mark.parametrize(
    "given",
    [
        vpn_default(hop="10.77.0.1", vpn="fin", in_label="1024"),
        vpn_default("1:1", hop="0.0.0.0", label="1024"),  # noqa: S104 - a printed next hop
        vpn_default("1:1", hop="10.255.0.3", in_label="1024"),
    ],
    ids=["by its part", "by its distinguisher", "by its own address"],
)
def test_without_a_distinguisher_the_label_tells_the_exporting_instance(given: VpnRoute) -> None:
    taken = vpn_default(vpn="fin", label="1024")

    assert two_exporters(taken).judge().strength("D-V") == "unknown"
    assert two_exporters(taken, given=(given,)).judge().strength("D-V") == "consistent"


def test_a_label_that_nobody_gave_decides_nothing() -> None:
    world = two_exporters(vpn_default(vpn="fin", label="7"), given=(vpn_default("1:1"),))

    assert world.judge().strength("D-V") == "unknown"
