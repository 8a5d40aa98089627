"""What a simulated device shows by SNMP, row by row."""

from __future__ import annotations

from ipaddress import ip_interface

import pytest
from render_models import address, port, row, vrp_router

from netops.facts.interfaces import Interface, InterfaceAddress
from netops.lab.model import DeviceModel
from netops.lab.render.snmp import snmp_rows

IF = "1.3.6.1.2.1.2.2.1"
CIDR = "1.3.6.1.2.1.4.24.4.1"
INET = "1.3.6.1.2.1.4.24.7.1"


def device() -> DeviceModel:
    model = vrp_router()
    model.interfaces = [
        port("LoopBack0", address("10.255.0.12/32")),
        Interface("GigabitEthernet0/0/0", False, False, False, addresses=()),
        port("GigabitEthernet0/0/1", address("198.51.100.6/30"),
             InterfaceAddress(ip_interface("2001:db8::2/64"))),
    ]  # fmt: skip
    model.routes[("", 4)] = [
        row("0.0.0.0/0", "static", "198.51.100.5", "GigabitEthernet0/0/1", 60),
        row("10.0.0.0/8", "ospf", "198.51.100.5", "GigabitEthernet0/0/1", 10),
        row("0.0.0.0/1", "static", "198.51.100.5", "GigabitEthernet0/0/1", 60),
    ]
    model.routes[("", 6)] = [
        row("::/0", "ebgp", "2001:db8::1", "GigabitEthernet0/0/1", 255),
    ]
    return model


def test_the_system_group_tells_name_description_and_hundredths_of_seconds() -> None:
    rows = snmp_rows(device())
    assert rows["1.3.6.1.2.1.1.5.0"] == ("str", "R1")
    assert rows["1.3.6.1.2.1.1.3.0"] == ("ticks", "27366000")
    assert rows["1.3.6.1.2.1.1.2.0"][0] == "oid"
    assert "Version 5.170 (AR617VW V300R022C00SPC100)" in rows["1.3.6.1.2.1.1.1.0"][1]


@pytest.mark.parametrize(
    ("column", "index", "value"),
    [
        (1, 3, ("int", "3")),
        (2, 3, ("str", "GigabitEthernet0/0/1")),
        (3, 1, ("int", "24")),
        (3, 3, ("int", "6")),
        (7, 2, ("int", "2")),
        (8, 2, ("int", "2")),
        (7, 3, ("int", "1")),
        (8, 3, ("int", "1")),
    ],
)
def test_the_interface_table_tells_states(column: int, index: int, value: tuple[str, str]) -> None:
    assert snmp_rows(device())[f"{IF}.{column}.{index}"] == value


def test_names_and_speeds_stand_in_the_extended_table() -> None:
    rows = snmp_rows(device())
    assert rows["1.3.6.1.2.1.31.1.1.1.1.3"] == ("str", "GigabitEthernet0/0/1")
    assert rows["1.3.6.1.2.1.31.1.1.1.15.3"] == ("gauge", "1000")


def test_addresses_of_both_families_point_to_their_interface() -> None:
    rows = snmp_rows(device())
    assert rows["1.3.6.1.2.1.4.20.1.2.198.51.100.6"] == ("int", "3")
    assert rows["1.3.6.1.2.1.4.20.1.3.198.51.100.6"] == ("ip", "255.255.255.252")
    assert rows["1.3.6.1.2.1.4.34.1.3.1.4.198.51.100.6"] == ("int", "3")
    six = "2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.2"
    assert rows[f"1.3.6.1.2.1.4.34.1.3.{six}"] == ("int", "3")


def test_of_all_routes_only_the_defaults_are_shown() -> None:
    rows = snmp_rows(device())
    zero6 = ".".join("0" * 16)
    hop6 = "32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1"
    assert {oid: value for oid, value in rows.items() if oid.startswith((f"{INET}.7.", CIDR))} == {
        f"{INET}.7.1.4.0.0.0.0.0.2.0.0.1.4.198.51.100.5": ("int", "3"),
        f"{INET}.7.2.16.{zero6}.0.2.0.0.2.16.{hop6}": ("int", "3"),
        f"{CIDR}.1.0.0.0.0.0.0.0.0.0.198.51.100.5": ("ip", "0.0.0.0"),  # noqa: S104 - printed, not bound
        f"{CIDR}.2.0.0.0.0.0.0.0.0.0.198.51.100.5": ("ip", "0.0.0.0"),  # noqa: S104 - printed, not bound
        f"{CIDR}.4.0.0.0.0.0.0.0.0.0.198.51.100.5": ("ip", "198.51.100.5"),
        f"{CIDR}.5.0.0.0.0.0.0.0.0.0.198.51.100.5": ("int", "3"),
        f"{CIDR}.6.0.0.0.0.0.0.0.0.0.198.51.100.5": ("int", "4"),
        f"{CIDR}.7.0.0.0.0.0.0.0.0.0.198.51.100.5": ("int", "3"),
        f"{CIDR}.16.0.0.0.0.0.0.0.0.0.198.51.100.5": ("int", "1"),
    }


def test_a_contradicting_agent_denies_one_port_and_adds_one_default() -> None:
    honest, lying = snmp_rows(device()), snmp_rows(device(), contradicts=True)
    assert honest[f"{IF}.8.3"] == ("int", "1")
    assert lying[f"{IF}.8.3"] == ("int", "2")
    assert lying[f"{IF}.7.3"] == ("int", "1")
    added = {oid for oid in lying if oid not in honest}
    assert f"{CIDR}.5.0.0.0.0.0.0.0.0.0.203.0.113.254" in added
    assert f"{INET}.7.1.4.0.0.0.0.0.2.0.0.1.4.203.0.113.254" in added
    assert all("203.0.113.254" in oid for oid in added)


def test_a_default_without_next_hop_is_shown_without_one() -> None:
    model = device()
    model.routes[("", 4)] = [row("0.0.0.0/0", "static", "", "GigabitEthernet0/0/1", 60)]
    rows = snmp_rows(model)
    assert rows[f"{INET}.7.1.4.0.0.0.0.0.2.0.0.0.0"] == ("int", "3")
    assert rows[f"{CIDR}.4.0.0.0.0.0.0.0.0.0.0.0.0.0"] == ("ip", "0.0.0.0")  # noqa: S104 - printed
