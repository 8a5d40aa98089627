"""Whatever facts a device's text yields, the exits audit gives an answer."""

from __future__ import annotations

import sys
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, ip_interface, ip_network
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "exits"))
from exits_world import DAY, build_world

from netops.exits import judge_exits
from netops.facts.access import Cellular, DhcpLease, Dialer, PppoeSession, Tunnel
from netops.facts.device import Contact, DeviceFacts
from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.facts.nat import NatKind, NatRule, NatSessions
from netops.facts.neighbours import BgpPeer
from netops.facts.policy_routes import Acl, AclRule, PolicyRoute
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.facts.routes import RouteRow, RouteTable, StaticRoute, VpnInstance, VpnRoute

names = st.sampled_from(
    ("", "GigabitEthernet0/0/1", "Vlanif10", "Dialer1", "Tunnel0/0/1", "Cellular0/0", "NULL0", "?")
)
vpns = st.sampled_from(("", "fin", "inet"))
hosts = st.sampled_from(
    ("10.0.3.1", "10.0.3.2", "10.255.0.3", "10.4.0.1", "203.0.113.1", "192.168.1.1", "0.0.0.0",  # noqa: S104 - an odd next hop, bound by nobody

     "255.255.255.255", "224.0.0.1", "127.0.0.1")
).map(IPv4Address)  # fmt: skip
hosts6 = st.sampled_from(("fe80::1", "2001:db8::1", "2001:db8:f000::1", "::", "ff02::1")).map(
    IPv6Address
)
addresses = st.one_of(hosts, hosts6)
nets = st.sampled_from(("0.0.0.0/0", "10.0.0.0/8", "39.96.0.0/16", "::/0", "2000::/3")).map(
    ip_network
)
hops = st.one_of(addresses.map(str), st.sampled_from(("", "junk", "1.2.3.4.5", "fe80::1%eth0")))
protocols = st.sampled_from(("static", "direct", "bgp", "ebgp", "ibgp", "ospf", "dhcp", "odd"))


@st.composite
def rows(draw: st.DrawFn, family: int) -> RouteRow:
    bits = 32 if family == 4 else 128
    return RouteRow(
        family,
        draw(st.integers(0, 2**bits - 1)),
        draw(st.integers(0, bits)),
        draw(protocols),
        draw(st.integers(0, 300)),
        0,
        draw(hops),
        draw(names),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.one_of(st.none(), vpns)),
    )


interfaces = st.builds(
    Interface,
    name=names,
    admin_up=st.one_of(st.none(), st.booleans()),
    link_up=st.one_of(st.none(), st.booleans()),
    addresses=st.one_of(
        st.none(),
        st.lists(
            st.builds(
                InterfaceAddress,
                st.one_of(
                    hosts.map(lambda a: IPv4Interface((a, 24))),
                    hosts6.map(lambda a: ip_interface(f"{a}/64")),
                ),
                st.sampled_from(AddressOrigin),
            ),
            max_size=2,
        ).map(tuple),
    ),
    vpn=st.one_of(st.none(), vpns),
)
acl_rules = st.builds(
    AclRule,
    permit=st.booleans(),
    source=st.one_of(st.none(), nets),
    destination=st.one_of(st.none(), nets),
    opaque=st.booleans(),
)
pairs = st.lists(st.tuples(hosts, hosts), max_size=2).map(tuple)


def many(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    """Return up to three of something."""
    return st.lists(strategy, max_size=3).map(tuple)


@st.composite
def facts(draw: st.DrawFn, name: str) -> DeviceFacts:
    routes = {}
    for vpn in ("", "fin", "table 7"):
        for family in (4, 6):
            found = draw(st.lists(rows(family), max_size=3))
            routes[(vpn, family)] = RouteTable(vpn, family, tuple(found))
    return DeviceFacts(
        device=name,
        platform="huawei_vrp",
        contact=Contact.ANSWERED,
        interfaces=draw(many(interfaces)),  # type: ignore[arg-type]
        routes=routes,
        statics=draw(many(st.builds(StaticRoute, vpns, nets, st.one_of(st.none(), addresses), st.one_of(st.none(), names), st.one_of(st.none(), vpns)))),  # type: ignore[arg-type]
        vpn_instances=draw(many(st.builds(VpnInstance, vpns, st.sampled_from((4, 6)), st.just("1:1"), st.just(("1:1",)), st.just(("1:1",))))),  # type: ignore[arg-type]
        vpn_routes=draw(many(st.builds(VpnRoute, st.just("1:1"), nets, addresses))),  # type: ignore[arg-type]
        policy_routes=draw(many(st.builds(PolicyRoute, st.just("P"), st.integers(0, 9), st.booleans(), st.one_of(st.none(), st.just("3000")), st.one_of(st.none(), many(nets)), many(addresses), st.one_of(st.none(), names), st.one_of(st.none(), vpns), st.one_of(st.none(), st.just("7")), st.booleans(), many(names), st.booleans(), st.sampled_from((4, 6))))),  # type: ignore[arg-type]
        acls=draw(many(st.builds(Acl, st.just("3000"), st.just(4), many(acl_rules)))),  # type: ignore[arg-type]
        nat_rules=draw(many(st.builds(NatRule, st.sampled_from(NatKind), st.one_of(st.none(), names), st.one_of(st.none(), st.just("3000")), pairs, st.booleans(), st.one_of(st.none(), addresses)))),  # type: ignore[arg-type]
        nat_sessions=(NatSessions(3),),
        bgp_peers=draw(many(st.builds(BgpPeer, addresses, st.just("1"), st.just("established"), vpns))),  # type: ignore[arg-type]
        vrrp=draw(many(st.builds(VrrpGroup, names, st.just(1), st.sampled_from(VrrpState), many(addresses)))),  # type: ignore[arg-type]
        pppoe=draw(many(st.builds(PppoeSession, names, st.one_of(st.none(), names), st.booleans()))),  # type: ignore[arg-type]
        dialers=draw(many(st.builds(Dialer, names, st.one_of(st.none(), st.booleans())))),  # type: ignore[arg-type]
        cellular=draw(many(st.builds(Cellular, names, st.one_of(st.none(), st.booleans())))),  # type: ignore[arg-type]
        dhcp=draw(many(st.builds(DhcpLease, names, st.just("bound"), addresses, addresses))),  # type: ignore[arg-type]
        tunnels=draw(many(st.builds(Tunnel, names, st.just("gre"), addresses, st.one_of(st.none(), addresses)))),  # type: ignore[arg-type]
    )  # fmt: skip


@settings(max_examples=150)
@given(facts("T1"), facts("K1"))
def test_odd_facts_never_stop_the_audit(low: DeviceFacts, high: DeviceFacts) -> None:
    world = build_world()
    world.department("D-V", "430121100", "D", "10.4.0.0/24", "10.90.0.0/24@fin")
    known = {**world.facts(), "T1": low, "K1": high}

    judged = judge_exits(world.inventory(), known, world.policy_of(), DAY)

    assert len(judged.subjects) == len(world.governments) + len(world.departments)
    assert all(finding.to_json() for finding in judged.findings)
