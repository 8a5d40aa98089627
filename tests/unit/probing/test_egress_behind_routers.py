"""Egress, paths and echoes along a chain of three real routers, in namespaces of its own."""

from __future__ import annotations

from closed_network import play
from outside_judges import judge


def test_the_reflector_sees_the_address_of_the_exit_and_only_where_it_translates() -> None:
    judge("nft")
    inside = {4: "192.0.2.1", 6: "2001:db8:1::1"}
    exit_ = {4: "192.0.2.13", 6: "2001:db8:1::1"}  # nothing translates IPv6 there

    found = play("egress_scenes", "through_nat")

    assert found == [
        [translated, protocol, family, "confirmed", seen[family]]
        for translated, seen in ((False, inside), (True, exit_))
        for family in (4, 6)
        for protocol in ("tcp", "udp", "http")
    ]


def test_the_program_of_probe_hosts_measures_as_it_should_without_privilege() -> None:
    judge("nft")

    found = play("egress_scenes", "by_the_program")

    assert found["paths"] == [
        [["192.0.2.2"], ["192.0.2.6"], ["192.0.2.10"], ["198.18.0.1"]],
        [["2001:db8:1::2"], ["2001:db8:2::2"], ["2001:db8:3::2"], ["2001:db8:4::2"]],
    ]
    assert found["reached"] == [True, True]
    assert found["echoes"] == [[4, 4], [4, 4]]
    assert found["cut"] == [
        [["192.0.2.2"], ["192.0.2.6"]],
        [["2001:db8:1::2"], ["2001:db8:2::2"]],
    ]
    assert found["cut reached"] == [False, False]
    assert found["lost"] == [[4, 0], [4, 0]]


def test_a_router_that_drops_every_second_echo_makes_a_target_flap() -> None:
    judge("nft")

    state, sent = play("egress_scenes", "flapping")

    assert (state, sent >= 6) == ("flaps", True)
