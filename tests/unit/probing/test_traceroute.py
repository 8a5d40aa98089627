"""Traceroutes through real routers in namespaces, and past routers that behave badly."""

from __future__ import annotations

import functools
from ipaddress import IPv4Address
from typing import Any

import pytest
from closed_network import play

from netops.probing.options import SweepOptions
from netops.probing.trace import TraceOptions, trace

ONE, TWO, THREE = (f"198.18.200.{n}" for n in (1, 2, 3))
BOTH = pytest.mark.parametrize("access", ["raw", "datagram"])


@functools.cache
def through_routers() -> Any:  # noqa: ANN401 - a scene's own data
    return play("path_scenes", "through_routers")


@functools.cache
def past_bad_routers(access: str) -> Any:  # noqa: ANN401 - a scene's own data
    return play("path_scenes", "staged", access, [20, 21, 22, 23, 24, 26, 27, 28, 29], 1)


@BOTH
@pytest.mark.parametrize("protocol", ["udp", "icmp"])
def test_paths_through_real_routers_are_whole_in_both_families(protocol: str, access: str) -> None:
    found = through_routers()[f"{protocol} {access}"]

    far = ["192.0.2.2", "192.0.2.6", "192.0.2.10", "192.0.2.14"]
    wide = [f"2001:db8:{n}::2" for n in (1, 2, 3, 4)]
    near = ["192.0.2.2", "192.0.2.6"]
    assert found == [[flow, hops, True, ""] for hops in (far, wide, near) for flow in (0, 1)]


def test_a_router_that_hides_leaves_its_hop_empty_and_the_path_goes_on() -> None:
    found = play("path_scenes", "around_a_silent_router")

    assert found == [["192.0.2.2", "", "192.0.2.10", "192.0.2.14"], True, ""]


@BOTH
@pytest.mark.parametrize(
    ("case", "hops", "reached", "detail"),
    [
        pytest.param(20, [ONE, TWO, THREE, "198.18.0.20"], True, "", id="quote only 8 bytes"),
        pytest.param(21, [ONE, "", THREE, "198.18.0.21"], True, "", id="second hides"),
        pytest.param(22, [ONE, TWO, THREE, "198.18.0.22"], True, "", id="second answers late"),
        pytest.param(23, [ONE, "", THREE, "198.18.0.23"], True, "", id="second forged"),
        pytest.param(24, [ONE, TWO, THREE], False,
                     f"prohibited by a filter, says {THREE}", id="third refuses"),
        pytest.param(27, [ONE, TWO, THREE, "198.18.201.4"], False,
                     "port unreachable, says 198.18.201.4", id="somebody else answers"),
        pytest.param(28, [], False, "", id="nobody answers"),
        pytest.param(29, [ONE, TWO, THREE], False, "", id="target is silent"),
    ],
)  # fmt: skip
def test_badly_behaved_routers_never_make_up_a_hop(
    access: str,
    case: int,
    hops: list[str],
    reached: bool,  # noqa: FBT001 - a column of the table
    detail: str,
) -> None:
    assert past_bad_routers(access)[str(case)] == [[hops, reached, detail]]


@BOTH
def test_several_flows_show_equal_cost_paths_and_one_flow_keeps_to_its_own(access: str) -> None:
    found = play("path_scenes", "staged", access, [25], 2)

    end = [THREE, "198.18.0.25"]
    assert found["25"] == [[[ONE, TWO, *end], True, ""], [[ONE, "198.18.201.2", *end], True, ""]]


@BOTH
def test_a_loop_is_traced_to_the_bound_and_not_taken_for_arrival(access: str) -> None:
    ((hops, reached, _),) = past_bad_routers(access)["26"]

    assert hops == [TWO, ONE] * 12
    assert not reached


@BOTH
def test_hundreds_of_targets_at_once_each_get_their_own_path(access: str) -> None:
    assert play("path_scenes", "many", access) == [True, 150]


def test_without_any_privilege_loopback_is_one_hop_away() -> None:
    (found,) = trace([IPv4Address("127.0.0.7")], TraceOptions(vantage="here"))

    assert (found.vantage, found.reached, found.protocol) == ("here", True, "udp")
    assert [hop.addresses for hop in found.hops] == [(IPv4Address("127.0.0.7"),)]


@pytest.mark.parametrize(
    "wrong",
    [{"protocol": "tcp"}, {"max_hops": 0}, {"max_hops": 255}, {"flows": 0}, {"timeout_s": 0}],
)
def test_trace_options_that_mean_nothing_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"are|goes"):
        TraceOptions(**wrong)  # type: ignore[arg-type]
    assert SweepOptions().timeout_s == TraceOptions().timeout_s
