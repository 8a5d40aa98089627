"""IPv6 that nobody registered counts where an interface has, advertises or routes it."""

from __future__ import annotations

from ipaddress import IPv6Network

import pytest
from exits_world import World, build_world

from netops.facts.access import RouterAdvertisement

OUTSIDE = "GigabitEthernet0/0/8"
PORT = "Vlanif10"


def with_an_ipv6_way_out() -> World:
    """The county's router has an IPv6 default to nobody we know; no department has IPv6."""
    world = build_world()
    router = world.routers["K1"]
    router.port(OUTSIDE, "2a00:1:2:3::9/64")
    router.row("::/0", "2a00:1:2:3::1", OUTSIDE)
    return world


def test_a_department_without_any_sign_of_ipv6_is_not_judged_by_it() -> None:
    assert with_an_ipv6_way_out().judge().strength("D-K1") == "consistent"


@pytest.mark.parametrize("prefixes", [(), (IPv6Network("2001:db8:7::/64"),)])
def test_a_port_that_advertises_itself_to_hosts_counts(prefixes: tuple[IPv6Network, ...]) -> None:
    world = with_an_ipv6_way_out()
    world.routers["K1"].add("advertising", RouterAdvertisement(PORT, prefixes))

    seen = world.judge()

    assert seen.strength("D-K1") == "violated"
    assert seen.strength("D-P1") == "consistent"


def test_a_port_that_ipv6_is_routed_to_counts() -> None:
    world = with_an_ipv6_way_out()
    world.routers["K1"].row("2001:db8:7::/64", "fe80::7", PORT)

    assert world.judge().strength("D-K1") == "violated"


def test_the_link_local_routes_that_every_device_has_do_not_count() -> None:
    world = with_an_ipv6_way_out()
    world.routers["K1"].row("fe80::/10", "", PORT, protocol="direct")

    assert world.judge().strength("D-K1") == "consistent"


def test_an_advertised_family_that_leads_nowhere_is_no_fault() -> None:
    world = build_world()
    world.routers["K1"].add("advertising", RouterAdvertisement(PORT))

    assert world.judge().strength("D-K1") == "consistent"
