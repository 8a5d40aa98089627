"""The small translations between facts and NAPALM's models."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from netops.drivers.routes import destination_of, routes_of, rows_to
from netops.drivers.shapes import as_number, bgp_of, interfaces_of, mac, seconds, users_of
from netops.drivers.way import Way
from netops.facts.device import DeviceFacts
from netops.facts.interfaces import Interface
from netops.facts.neighbours import BgpPeer
from netops.facts.routes import RouteRow, RouteTable
from netops.facts.system import LocalUser


@pytest.mark.parametrize(
    ("text", "number"),
    [("64510", 64510), ("4259844162", 4_259_844_162), ("1.10", 65_546), ("", -1), ("x", -1),
     ("1.x", -1), ("٣", -1), ("9" * 5000, -1)],
)  # fmt: skip
def test_an_as_number_is_plain_or_dotted(text: str, number: int) -> None:
    assert as_number(text) == number


@pytest.mark.parametrize(
    ("text", "length"),
    [("0286h47m", 1_032_420), ("00:04:41", 281), ("1d02h03m", 93_780), ("02w3d04h", 1_483_200),
     ("93545sec", 93_545), ("never", -1), ("****h20m", -1), ("", -1)],
)  # fmt: skip
def test_a_span_is_read_in_the_forms_of_the_devices(text: str, length: int) -> None:
    assert seconds(text) == length


@pytest.mark.parametrize(
    ("text", "shown"),
    [("0000-5e00-5301", "00:00:5E:00:53:01"), ("00005e005301", "00:00:5E:00:53:01"),
     ("xxxx-xxxx-xxxx", "xxxx-xxxx-xxxx"), ("", ""), ("switch of room 7", "switch of room 7")],
)  # fmt: skip
def test_a_hardware_address_has_one_form(text: str, shown: str) -> None:
    assert mac(text) == shown


def row(prefix: str, protocol: str, hop: str = "192.0.2.9", *, active: bool = True) -> RouteRow:
    net = ip_network(prefix)
    first = int(net.network_address)
    return RouteRow(net.version, first, net.prefixlen, protocol, 60, 0, hop, "eth0", active)


def table(*rows: RouteRow, vpn: str = "") -> DeviceFacts:
    return DeviceFacts("d", "p", routes={(vpn, 4): RouteTable(vpn, 4, rows)})


ROWS = (
    row("0.0.0.0/0", "ospf"), row("10.0.0.0/8", "static"), row("10.1.0.0/16", "ebgp"),
    row("10.1.0.0/16", "static", "192.0.2.10", active=False), row("10.1.2.0/24", "ibgp"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("destination", "longer", "prefixes"),
    [
        ("10.1.0.0/16", False, {"10.1.0.0/16"}),
        ("10.1.9.9", False, {"10.1.0.0/16"}),
        ("10.1.0.0/16", True, {"10.1.0.0/16", "10.1.2.0/24"}),
        ("10.0.0.0/7", False, {"0.0.0.0/0"}),
        ("0.0.0.0/0", False, {"0.0.0.0/0"}),
        ("2001:db8::1", False, set()),
        ("172.16.0.0/12", True, set()),
        ("", False, {"0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24"}),
    ],
)
def test_routes_are_chosen_by_the_longest_prefix_or_inside_one(
    destination: str,
    longer: bool,  # noqa: FBT001 - a parameter of the table
    prefixes: set[str],
) -> None:
    rows = rows_to(table(*ROWS), destination_of(destination), longer=longer)
    assert set(routes_of(rows, "")) == prefixes


def test_a_protocol_is_compared_after_the_longest_prefix_was_found() -> None:
    rows = rows_to(table(*ROWS), destination_of("10.1.9.9"), longer=False)
    (only,) = routes_of(rows, "bgp")["10.1.0.0/16"]
    assert (only["protocol"], only["current_active"]) == ("BGP", True)
    (other,) = routes_of(rows, "static")["10.1.0.0/16"]
    assert (other["current_active"], other["inactive_reason"]) == (False, "not selected")
    assert routes_of(rows, "ospf") == {}


def test_a_private_instance_gives_no_route_of_the_public_one() -> None:
    assert rows_to(table(*ROWS, vpn="gov"), None, longer=False) == []


def test_a_peer_of_a_private_instance_alone_leaves_the_global_one_empty_but_there() -> None:
    peer = BgpPeer(ip_address("192.0.2.9"), "64501", "idle", "gov", uptime="00:04:41")
    found = bgp_of(DeviceFacts("d", "p", bgp_peers=(peer,)))
    assert found["global"]["peers"] == {}
    assert found["gov"]["peers"]["192.0.2.9"]["uptime"] == -1


def test_a_link_that_nobody_calls_up_is_not_up() -> None:
    told = DeviceFacts("d", "p", interfaces=(Interface("eth0"),))
    assert interfaces_of(told)["eth0"]["is_up"] is False


def test_a_level_stays_within_napalms_bounds() -> None:
    users = (LocalUser("a", 99), LocalUser("b", None, (), "chief"), LocalUser("c"))
    found = users_of(DeviceFacts("d", "p", users=users), {"chief": 15})
    assert [found[name]["level"] for name in "abc"] == [15, 15, 0]


def test_optional_args_are_read_and_strange_ones_named(caplog: pytest.LogCaptureFixture) -> None:
    way = Way.of("192.0.2.1", {"transport": "telnet", "legacy": "no", "inline_transfer": True})
    assert (way.port, way.legacy, way.strict) == (23, False, True)
    assert "inline_transfer" in caplog.text


@pytest.mark.parametrize("options", [{"port": "ssh"}, {"port": 70_000}, {"transport": "http"}])
def test_an_optional_arg_that_cannot_be_used_raises(options: dict[str, object]) -> None:
    with pytest.raises(Exception, match=r"is a number|is “ssh”"):
        Way.of("192.0.2.1", options)
