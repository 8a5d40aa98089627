"""Registered links as a map."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

from netops.addressing import AddressPlan
from netops.inventory.model import Device, Inventory, Link, LinkEnd, LinkKind
from netops.topology import LinkMap, base_interface


def device(name: str) -> Device:
    """Return a device."""
    return Device(name, name, "N", "430000", "r", "frr", ip_address("10.0.0.1"), "10.0.0.1")


def link(name: str, a: str, b: str | None, port: str = "") -> Link:
    """Return a link between two devices, or a carrier's line."""
    ends = [LinkEnd(d, f"{port or name}@{d}") for d in (a, b) if d is not None]
    far = ends[1] if b is not None else None
    return Link(name, LinkKind.WAN if b else LinkKind.INTERNET, ends[0], far)


def inventory(*links: Link) -> Inventory:
    """Return devices A to E with some links."""
    return Inventory(
        province="430000",
        title="t",
        governments={},
        nodes={},
        devices={name: device(name) for name in "ABCDE"},
        links={found.id: found for found in links},
        departments={},
        exits={},
        plan=AddressPlan(()),
    )


LINKS = (
    link("1", "A", "B"),
    link("2", "B", "C"),
    link("3", "C", "A"),
    link("4", "C", "D"),
    link("5", "D", "E"),
    link("6", "D", "E"),
    link("7", "A", None),
)


def test_the_far_end_of_a_link_is_found_from_either_side() -> None:
    known = LinkMap(inventory(*LINKS))

    assert known.far_end("A", "1@A") == LinkEnd("B", "1@B")
    assert known.far_end("B", "1@B") == LinkEnd("A", "1@A")
    assert known.far_end("A", "7@A") is None
    assert known.link("A", "elsewhere") is None


def test_a_sub_interface_stands_on_the_link_of_its_port() -> None:
    one = link("1", "A", "B")
    port = replace(one, a=LinkEnd("A", "GE0/0/1"))

    known = LinkMap(inventory(port))

    assert base_interface("GE0/0/1.100") == "GE0/0/1"
    assert known.far_end("A", "GE0/0/1.100") == LinkEnd("B", "1@B")
