"""IPv6 defaults that routers advertise: a line that takes them is a way out at any time."""

from __future__ import annotations

from ipaddress import IPv6Address

from exits_world import build_world

from netops.facts.access import AdvertisedDefault
from netops.facts.source import Source

WAN = "GigabitEthernet0/0/8"
SEEN = Source("o-config", 40, 40)


def test_a_line_that_takes_advertised_defaults_is_a_latent_ipv6_default() -> None:
    world = build_world()
    world.routers["T1"].port(WAN).add("advertised", AdvertisedDefault(WAN, source=SEEN))

    seen = world.judge()

    assert seen.points() == {("T1", "ipv6_default", "ipv6", True)}
    finding = seen.findings("exits.latent")[0]
    assert finding.observed["lines"] == [WAN]
    assert seen.strength("430121100") == "suspected"


def test_a_port_of_our_own_network_that_takes_them_is_none() -> None:
    """The router that advertises there is one of ours, or a stranger on a department's network."""
    world = build_world()
    router = world.routers["T1"]
    router.port(WAN, "10.4.9.1/24").add("advertised", AdvertisedDefault(WAN, source=SEEN))

    assert world.judge().points() == set()


def test_one_that_is_followed_now_shows_as_an_active_route() -> None:
    world = build_world()
    router = world.routers["T1"]
    router.port(WAN, "2a00:1:2:3::9/64", "fe80::9/64")
    router.add("advertised", AdvertisedDefault(WAN, IPv6Address("fe80::1"), SEEN))
    router.row("::/0", "fe80::1", WAN, protocol="ra")

    seen = world.judge()

    assert seen.points() == {("T1", "ipv6_default", "ipv6", False)}
