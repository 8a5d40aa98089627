"""What lies inside and outside of an address plan."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from netops.addressing import AddressClass, AddressPlan, PlannedPrefix

PLAN = AddressPlan(
    (
        PlannedPrefix(ip_network("10.0.0.0/8"), AddressClass.LOCAL_PUBLIC),
        PlannedPrefix(ip_network("10.255.0.0/16"), AddressClass.MANAGEMENT),
        PlannedPrefix(ip_network("59.192.0.0/10"), AddressClass.NATIONAL_PUBLIC),
        PlannedPrefix(ip_network("240b:8000::/21"), AddressClass.NATIONAL_PUBLIC),
    )
)


@pytest.mark.parametrize(
    ("address", "outside"),
    [
        ("10.1.2.3", False),
        ("59.255.255.255", False),
        ("60.0.0.0", True),
        ("203.0.113.7", True),
        ("192.168.1.1", True),
        ("127.0.0.1", False),
        ("169.254.1.1", False),
        ("224.0.0.5", False),
        ("fe80::1", False),
        ("2001:db8::1", True),
        ("240b:8000::1", False),
    ],
)
def test_outside_is_unicast_that_is_not_registered(address: str, *, outside: bool) -> None:
    assert PLAN.is_outside(ip_address(address)) is outside


@pytest.mark.parametrize(
    ("prefix", "reaches"),
    [
        ("0.0.0.0/0", True),
        ("0.0.0.0/1", True),
        ("10.0.0.0/8", False),
        ("8.0.0.0/6", True),
        ("127.0.0.0/8", False),
        ("224.0.0.0/4", False),
        ("198.51.100.0/24", True),
    ],
)
def test_a_route_reaches_outside_unless_all_of_it_is_ours_or_special(
    prefix: str, *, reaches: bool
) -> None:
    network = ip_network(prefix)
    first, last = int(network.network_address), int(network.broadcast_address)
    assert PLAN.reaches_outside(4, first, last) is reaches


def test_private_use_outside_the_plan_is_a_leased_line_and_no_internet() -> None:
    assert PLAN.is_private_line(ip_address("192.168.7.1"))
    assert not PLAN.is_private_line(ip_address("10.7.7.7"))
    assert not PLAN.is_private_line(ip_address("203.0.113.1"))


def test_the_most_specific_prefix_gives_the_class() -> None:
    assert PLAN.class_of(ip_address("10.255.1.1")) is AddressClass.MANAGEMENT
    assert PLAN.class_of(ip_address("8.8.8.8")) is None
