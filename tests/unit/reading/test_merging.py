"""One thing told by several commands is one fact; two things are never made one."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address
from typing import Any

import pytest

from netops.facts.nat import NatKind, NatPool, NatRule
from netops.facts.policy_routes import PolicyRoute
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.facts.routes import StaticRoute
from netops.facts.system import Configuration
from netops.reading.merging import merge

RANGE = ((IPv4Address("198.51.100.10"), IPv4Address("198.51.100.20")),)
DEFAULT = IPv4Network("0.0.0.0/0")
HOP = IPv4Address("192.0.2.1")


def merged(live: tuple[Any, ...], configured: tuple[Any, ...]) -> dict[str, Any]:
    return merge([(*configured, Configuration((), complete=True)), live])


@pytest.mark.parametrize(
    ("shown", "spelt"),
    [
        (NatRule(NatKind.OUTBOUND, "GE0/0/1", "2000", name="1", active=True),
         NatRule(NatKind.OUTBOUND, "GE0/0/1", "2000", RANGE, name="1")),
        (NatRule(NatKind.OUTBOUND, "GE0/0/1", "2000", name="address-group 1", active=True),
         NatRule(NatKind.OUTBOUND, "GE0/0/1", "2000", RANGE)),
    ],
)  # fmt: skip
def test_a_rule_shown_with_its_pool_by_number_is_the_one_that_was_configured(
    shown: NatRule, spelt: NatRule
) -> None:
    (rule,) = merged((shown,), (NatPool("1", RANGE), spelt))["nat_rules"]

    assert (rule.pool, rule.active) == (RANGE, True)


def test_a_rule_whose_pool_nobody_tells_stays_as_it_is() -> None:
    shown = NatRule(NatKind.OUTBOUND, "GE0/0/1", "2000", name="7")

    assert merged((shown,), (NatPool("1", RANGE),))["nat_rules"] == (shown,)


def test_a_static_route_of_table_and_configuration_is_one_as_it_was_configured() -> None:
    live = StaticRoute("", DEFAULT, HOP, "GE0/0/1")
    configured = StaticRoute("", DEFAULT, HOP)

    assert merged((live,), (configured,))["statics"] == (configured,)


def test_static_routes_that_differ_in_anything_are_two() -> None:
    live = (
        StaticRoute("", DEFAULT, HOP, "GE0/0/1"),
        StaticRoute("", DEFAULT, None, "Dialer1"),
    )
    others = (
        StaticRoute("", DEFAULT, HOP, "GE0/0/2"),
        StaticRoute("", DEFAULT, HOP, "GE0/0/1", preference=100),
        StaticRoute("OFFICE", DEFAULT, HOP, "GE0/0/1"),
        StaticRoute("", DEFAULT, HOP, "GE0/0/1", to_vpn="OFFICE"),
        StaticRoute("", DEFAULT, None, "Dialer2"),
    )

    assert set(merged(live, others)["statics"]) == {*live, *others}


def test_groups_of_both_families_with_one_number_are_two() -> None:
    live = (
        VrrpGroup("Vlanif1", 1, VrrpState.MASTER, (HOP,)),
        VrrpGroup("Vlanif1", 1, VrrpState.BACKUP, (IPv6Address("fe80::1"),)),
    )
    configured = VrrpGroup("Vlanif1", 1, VrrpState.UNKNOWN, (HOP,), priority=120)

    states = [(g.state, g.priority) for g in merged(live, (configured,))["vrrp"]]

    assert states == [(VrrpState.MASTER, 120), (VrrpState.BACKUP, None)]


def test_a_default_next_hop_beside_a_next_hop_is_another_policy() -> None:
    firm = PolicyRoute("P", 5, next_hops=(HOP,))
    soft = PolicyRoute("P", 5, next_hops=(IPv4Address("192.0.2.9"),), default_only=True)

    assert set(merged((firm,), (soft,))["policy_routes"]) == {firm, soft}
