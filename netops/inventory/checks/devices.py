"""Devices and links: references, addresses, ends, credentials, pinned keys."""

from __future__ import annotations

import re

from netops.errors import Sentence
from netops.inventory.checks.records import Records, is_known, unknown
from netops.inventory.model import Device, Inventory, Link, LinkKind
from netops.inventory.tables import Row

_CARRIERS = frozenset({LinkKind.INTERNET, LinkKind.LEASED, LinkKind.OOB})


def check_devices(inventory: Inventory, records: Records) -> None:
    """Hold every device to nodes, plan, credentials and to the other devices."""
    addresses: dict[str, str] = {}
    endpoints: dict[tuple[str, int], str] = {}
    for device in inventory.devices.values():
        row = records.row_of("device", device.id)
        _check_references(inventory, records, device, row)
        _claim(
            records, row, "address", addresses.setdefault(str(device.address), device.id), device.id
        )
        if device.host != str(device.address):
            endpoint = (device.host, device.port)
            _claim(records, row, "host", endpoints.setdefault(endpoint, device.id), device.id)
        if inventory.plan.prefixes and not inventory.plan.is_inside(device.address):
            records.faults.add(
                "address_outside_plan",
                row.place("address"),
                Sentence("{value} is not inside the address plan.", value=device.address),
                "Correct the address, or add its prefix to address_plan.yaml.",
            )


def _claim(records: Records, row: Row, field: str, owner: str, device: str) -> None:
    if owner != device:
        records.faults.add(
            f"duplicate_{field}",
            row.place(field),
            Sentence("“{owner}” has the same {field}.", owner=owner, field=field),
            "Give each device its own.",
        )


def _check_references(inventory: Inventory, records: Records, device: Device, row: Row) -> None:
    if not is_known(device.node, inventory.nodes):
        unknown(records, row, "node", "node", "nodes.csv")
    if not is_known(device.credential, inventory.credentials):
        unknown(records, row, "credential", "credential", "credentials.yaml")
    if device.snmp is not None and not is_known(device.snmp.credential, inventory.credentials):
        unknown(records, row, "snmp_credential", "credential", "credentials.yaml")
    if device.department is not None and device.department not in inventory.departments:
        unknown(records, row, "department", "department", "departments.csv")
    for hop in device.via:
        if not records.has_row("device", hop) or hop == device.id:
            records.faults.add(
                "unknown_via",
                row.place("via"),
                Sentence("The jump host “{hop}” is not another device of this inventory.", hop=hop),
                "Register the jump host, or remove it.",
            )


def check_links(inventory: Inventory, records: Records) -> None:
    """A link of ours has two ends, a carrier's line one and the carrier's name."""
    taken: dict[tuple[str, str], str] = {}
    for link in inventory.links.values():
        row = records.row_of("link", link.id)
        _check_ends(inventory, records, link, row)
        for side, end in (("a", link.a), ("b", link.b)):
            if end is None or not end.device or not end.interface:
                continue
            owner = taken.setdefault((end.device, end.interface), link.id)
            if owner != link.id:
                records.faults.add(
                    "duplicate_interface",
                    row.place(f"{side}_interface"),
                    Sentence(
                        "{device} {interface} is the end of “{owner}”.",
                        device=end.device,
                        interface=end.interface,
                        owner=owner,
                    ),
                    "One interface carries one link; use sub-interfaces.",
                )


def _check_ends(inventory: Inventory, records: Records, link: Link, row: Row) -> None:
    for side, end in (("a", link.a), ("b", link.b)):
        if end is not None and not is_known(end.device, inventory.devices):
            unknown(records, row, f"{side}_device", "device", "devices.csv")
    if link.kind in _CARRIERS:
        if link.b is not None:
            records.faults.add(
                "carrier_line_with_far_end",
                row.place("b_device"),
                Sentence("A line of kind {kind} ends at a carrier.", kind=link.kind),
                "Leave b_device and b_interface empty.",
            )
        elif not link.carrier:
            records.faults.add(
                "missing_carrier",
                row.place("carrier"),
                "The carrier of this line is not named.",
                "Name the carrier.",
            )
    elif link.b is None or not link.b.device or not link.b.interface:
        records.faults.add(
            "one_ended_link",
            row.place("b_device"),
            "The link has one end only.",
            "Give the other end, or the kind internet, leased or oob.",
        )


_HOST_KEY = re.compile(
    r"(?:@\S+ )?\S+ (?:ssh-(?:rsa|dss|ed25519)|ecdsa-\S+|sk-\S+) [A-Za-z0-9+/]+=*"
    r"(?: .*)?"
)


def check_known_hosts(inventory: Inventory, records: Records) -> None:
    """Every line of ``known_hosts`` is a key in OpenSSH's form."""
    for number, line in enumerate(inventory.known_hosts.splitlines(), start=1):
        if line.strip() and not line.startswith("#") and not _HOST_KEY.fullmatch(line.strip()):
            place = Row("known_hosts", number, {}).place()
            records.faults.add(
                "bad_host_key",
                place,
                "The line is not a host key.",
                "Use `netops inventory keys scan` and `approve`.",
            )
