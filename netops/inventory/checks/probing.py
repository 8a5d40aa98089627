"""Vantage points, reflectors and permits against the rest of the inventory."""

from __future__ import annotations

import re

from netops.errors import Sentence
from netops.inventory.checks.others import REFERENCE
from netops.inventory.checks.records import Records, unknown
from netops.inventory.model import Inventory, Reflector, Vantage

_ZONE = re.compile(r"(?=.{1,180}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9-]{1,63})*")
"""Short enough for a label of the question before it."""
RESERVED = "flows"
"""The name under which a snapshot keeps flow exports."""
_HOST_PLATFORM = "linux_host"


def check_probing(inventory: Inventory, records: Records) -> None:
    """A vantage point stands where it says; a reflector stands outside and has a key."""
    for vantage in inventory.probing.vantages.values():
        _check_place(vantage, inventory, records)
        _check_sources(vantage, inventory, records)
    for reflector in inventory.probing.reflectors.values():
        _check_reflector(reflector, inventory, records)


def _check_place(vantage: Vantage, inventory: Inventory, records: Records) -> None:
    row = records.row_of("vantage", vantage.id)
    if vantage.id == RESERVED:
        records.faults.add(
            "bad_id",
            row.place("id"),
            Sentence("“{text}” cannot be an id of a vantage point.", text=vantage.id),
            "Choose another one: flow exports are kept under this name.",
        )
    if vantage.department is not None and vantage.department not in inventory.departments:
        unknown(records, row, "department", "department", "departments.csv")
    if vantage.kind == "local":
        if vantage.device is not None:
            records.faults.add(
                "device_of_local",
                row.place("device"),
                "A local vantage point is this machine and names no device.",
                "Remove the device, or write `kind: host` or `kind: device`.",
            )
        return
    device = inventory.devices.get(vantage.device or "")
    if device is None:
        unknown(records, row, "device", "device", "devices.csv")
    elif vantage.kind == "host" and device.platform != _HOST_PLATFORM:
        records.faults.add(
            "host_platform",
            row.place("device"),
            Sentence("“{name}” is no Linux host.", name=device.id),
            Sentence("Name a device of platform {name}, or write `kind: device`.",
                     name=_HOST_PLATFORM),
        )  # fmt: skip


def _check_sources(vantage: Vantage, inventory: Inventory, records: Records) -> None:
    department = inventory.departments.get(vantage.department or "")
    if department is None:
        return
    row = records.row_of("vantage", vantage.id)
    for source in vantage.sources:
        if not any(source in subnet.prefix for subnet in department.subnets):
            records.faults.add(
                "source_outside_department",
                row.place("sources"),
                Sentence(
                    "{address} is in no subnet of “{name}”, for which it would speak.",
                    address=source,
                    name=department.id,
                ),
                "Correct the address or the department, or add the subnet.",
            )


def _check_reflector(reflector: Reflector, inventory: Inventory, records: Records) -> None:
    row = records.row_of("reflector", reflector.id)
    if reflector.key and not REFERENCE.fullmatch(reflector.key):
        records.faults.add(
            "literal_secret",
            row.place("key"),
            "A secret stands here in clear.",
            "Write a reference: env:NAME, file:PATH or keyring:SERVICE/NAME, "
            "and change the secret.",
        )
    if not reflector.addresses:
        records.faults.add(
            "missing_value",
            row.place("addresses"),
            Sentence("The field “{name}” is empty.", name="addresses"),
            "Fill it in.",
        )
    for address in reflector.addresses:
        if inventory.plan.is_inside(address):
            records.faults.add(
                "reflector_inside",
                row.place("addresses"),
                Sentence("{address} is inside the extranet.", address=address),
                "A reflector stands on the internet side: what it sees inside proves no exit.",
            )
    _check_zone(reflector, records)


def _check_zone(reflector: Reflector, records: Records) -> None:
    row = records.row_of("reflector", reflector.id)
    if bool(reflector.zone) != (reflector.dns_port is not None):
        records.faults.add(
            "zone_without_port",
            row.place("zone" if reflector.zone else "dns_port"),
            "`zone` and `dns_port` belong together.",
            "Give both, or neither.",
        )
    elif reflector.zone and not _ZONE.fullmatch(reflector.zone):
        records.faults.add(
            "bad_zone",
            row.place("zone"),
            Sentence("“{text}” is not a DNS zone.", text=reflector.zone[:80]),
            "Write a name like probe.example.org.",
        )
