"""Ping and traceroute of the drivers: what they refuse, and what no answer may become."""

from __future__ import annotations

from typing import Any

import pytest
from driver_doubles import bound_to

from netops.drivers.comware import NetopsComwareDriver
from netops.drivers.driver import NetopsDriver
from netops.drivers.frr import NetopsFrrDriver
from netops.drivers.linux import NetopsLinuxDriver
from netops.drivers.refusing import NotToldError
from netops.drivers.vrp import NetopsVrpDriver

TARGET = "203.0.113.9"


class _Says:
    """A line that answers everything with one text and notes what it was asked."""

    text = ""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def send_command(self, command: str) -> str:
        self.asked.append(command)
        return self.text


def _driver(kind: type[NetopsDriver], text: str) -> Any:  # noqa: ANN401 - napalm is untyped
    line = type("_Line", (_Says,), {"text": text})
    return bound_to(kind, line)("127.0.0.1", "reader", "made-up")


@pytest.mark.parametrize(
    ("kind", "call", "options", "error"),
    [
        (NetopsVrpDriver, "ping", {"ttl": 3}, "ttl: not settable, the line that is sent is fixed"),
        (NetopsVrpDriver, "ping", {"size": 1400, "timeout": 1},
         "timeout, size: not settable, the line that is sent is fixed"),
        (NetopsVrpDriver, "ping", {"count": 1000},
         "netops_vrp cannot ask that: target, instance or count"),

        (NetopsVrpDriver, "ping", {"source": "Vlanif10"}, "“Vlanif10” is no address"),
        (NetopsVrpDriver, "ping", {"source": "2001:db8::1"},
         "netops_vrp cannot ask that: target, instance or count"),
        (NetopsLinuxDriver, "ping", {"vrf": "GOV"},
         "netops_linux cannot ask that: target, instance or count"),
        (NetopsFrrDriver, "traceroute", {"source": "10.1.1.1"},
         "netops_frr cannot choose the source here"),
        (NetopsLinuxDriver, "traceroute", {"ttl": 5},
         "ttl: not settable, the line that is sent is fixed"),
    ],
)  # fmt: skip
def test_what_a_line_cannot_carry_is_refused_and_nothing_is_sent(
    kind: type[NetopsDriver], call: str, options: dict[str, Any], error: str
) -> None:
    driver = _driver(kind, "")
    assert getattr(driver, call)(TARGET, **options) == {"error": error}
    assert driver.device.asked == []


def test_a_name_is_not_resolved() -> None:
    driver = _driver(NetopsVrpDriver, "")
    expected = {"error": "“www.example” is no address: names are not resolved"}
    assert driver.ping("www.example") == expected
    assert driver.traceroute("www.example") == expected


def test_frr_raises_with_the_reason_as_other_calls_that_are_not_told() -> None:
    driver = _driver(NetopsFrrDriver, "")
    with pytest.raises(NotToldError, match="does not end by itself"):
        driver.ping(TARGET)
    with pytest.raises(NotToldError, match="belongs to the Linux host"):
        driver.get_users()


@pytest.mark.parametrize(
    ("kind", "text", "error"),
    [
        (NetopsVrpDriver, "Error: No permission to run the command.",
         "refused: Error: No permission to run the command."),
        (NetopsComwareDriver, "Permission denied.", "refused: Permission denied."),
        (NetopsLinuxDriver, "-bash: ping: command not found",
         "not supported: -bash: ping: command not found"),
        (NetopsLinuxDriver, "PING 203.0.113.9 (203.0.113.9) 56(84) bytes of data.",
         "the answer ends before its totals (0 replies seen)"),
    ],
)  # fmt: skip
def test_a_ping_that_was_not_made_is_an_error_and_no_loss(
    kind: type[NetopsDriver], text: str, error: str
) -> None:
    assert _driver(kind, text).ping(TARGET) == {"error": error}


def test_a_trace_without_a_hop_is_an_error() -> None:
    text = "traceroute to 203.0.113.9 (203.0.113.9), 30 hops max, 60 byte packets"
    driver = _driver(NetopsLinuxDriver, text + "\nconnect: No route to host")
    assert driver.traceroute(TARGET) == {"error": "not understood: connect: No route to host"}


def test_times_of_a_hop_with_several_addresses_are_told_only_where_each_has_its_own() -> None:
    text = " 1  10.0.0.1 (10.0.0.1)  1.5 ms 10.0.0.5 (10.0.0.5)  2.5 ms  3.5 ms"
    found = _driver(NetopsFrrDriver, text).traceroute(TARGET)["success"][1]["probes"]
    assert found == {
        1: {"rtt": -1.0, "ip_address": "10.0.0.1", "host_name": "10.0.0.1"},
        2: {"rtt": -1.0, "ip_address": "10.0.0.5", "host_name": "10.0.0.5"},
    }
