"""Departments, their subnets and exits: who may leave where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network

from netops.errors import Sentence
from netops.inventory.checks.records import Records, is_known, unknown
from netops.inventory.model import (
    AccessClass,
    Area,
    Department,
    Exit,
    ExitLine,
    Inventory,
    LinkKind,
    Subnet,
)
from netops.inventory.tables import Row

_OWN_EXIT = frozenset({AccessClass.C, AccessClass.E})


def check_departments(inventory: Inventory, records: Records) -> None:
    """Hold departments to governments and to what their access class allows."""
    with_rows = {row.text("department") for row in records.rows["subnets.csv"]}
    for department in inventory.departments.values():
        row = records.row_of("department", department.id)
        if not is_known(department.government, inventory.governments):
            unknown(records, row, "government", "government", "governments.csv")
        if department.id not in with_rows:
            records.faults.warn(
                "no_subnets",
                row.place("id"),
                "The department has no subnet.",
                "Add its subnets; until then its verdict is unknown.",
            )
        if department.exit is not None and department.exit not in inventory.exits:
            unknown(records, row, "exit", "exit", "exits.yaml")
        else:
            _check_class(inventory, records, department, row)


def _check_class(inventory: Inventory, records: Records, department: Department, row: Row) -> None:
    access, named = department.access_class, department.exit
    cause = None
    if access is AccessClass.A and named is not None:
        cause = Sentence("A department of class A has no exit.")
    elif access is not AccessClass.A and named is None:
        cause = Sentence(
            "A department of class {access} leaves by an exit, and none is declared.", access=access
        )
    elif named is not None:
        cause = _against_exit(inventory, department, inventory.exits[named])
    if cause is not None:
        records.faults.add(
            "class_against_exit",
            row.place("exit"),
            cause,
            "Correct the class, or the declared exit.",
        )


def _against_exit(inventory: Inventory, department: Department, named: Exit) -> Sentence | None:
    access = department.access_class
    if access in _OWN_EXIT:
        if named.department != department.id:
            return Sentence(
                "A department of class {access} has an exit of its own, and this is another's.",
                access=access,
            )
        return None
    if named.department is not None:
        return Sentence(
            "A department of class {access} uses the government's exit, not a department's.",
            access=access,
        )
    if department.government not in inventory.governments:
        return None  # said already
    allowed = (department.government, *_superiors(inventory, department.government))
    if named.government not in allowed:
        return Sentence("The declared exit belongs to a government that is no superior.")
    return None


def _superiors(inventory: Inventory, code: str) -> tuple[str, ...]:
    return inventory.superiors(code) if code in inventory.governments else ()


def check_subnets(inventory: Inventory, records: Records) -> None:
    """Subnets belong to a department, lie inside the plan and do not overlap in an instance."""
    for row in records.rows["subnets.csv"]:
        if not is_known(row.text("department"), inventory.departments):
            unknown(records, row, "department", "department", "departments.csv")
    subnets = [s for d in inventory.departments.values() for s in d.subnets]
    for subnet in subnets:
        row = records.row_of("subnet", f"{subnet.department} {subnet.prefix} {subnet.vpn}")
        _check_subnet(inventory, records, subnet, row)
    for inner, outer in _overlaps((s.vpn, s.prefix, s) for s in subnets):
        row = records.row_of("subnet", f"{inner.department} {inner.prefix} {inner.vpn}")
        records.faults.add(
            "overlapping_subnet",
            row.place("prefix"),
            Sentence(
                "{inner} overlaps {outer} of “{department}”.",
                inner=inner.prefix,
                outer=outer.prefix,
                department=outer.department,
            ),
            "Give every subnet of an instance addresses of its own.",
        )


def _check_subnet(inventory: Inventory, records: Records, subnet: Subnet, row: Row) -> None:
    if subnet.area is Area.PRIVATE and not subnet.vpn:
        records.faults.add(
            "private_without_vpn",
            row.place("vpn"),
            "A subnet of the private area is in a VPN instance.",
            "Name the instance, or write area public.",
        )
    if subnet.area is Area.PUBLIC and subnet.vpn:
        records.faults.add(
            "public_in_vpn",
            row.place("vpn"),
            "A subnet of the public area is in no VPN instance.",
            "Leave vpn empty, or write area private.",
        )
    if inventory.plan.prefixes and not inventory.plan.holds(subnet.prefix):
        records.faults.add(
            "prefix_outside_plan",
            row.place("prefix"),
            Sentence("{value} is not inside the address plan.", value=subnet.prefix),
            "Correct the prefix, or add it to address_plan.yaml.",
        )


def _overlaps(
    members: Iterable[tuple[str, IPv4Network | IPv6Network, Subnet]],
) -> list[tuple[Subnet, Subnet]]:
    """Pair each prefix with one before it that shares addresses, within an instance."""
    found = []
    groups: dict[tuple[str, int], list[tuple[int, int, Subnet]]] = {}
    for vpn, prefix, subnet in members:
        first, last = int(prefix.network_address), int(prefix.broadcast_address)
        groups.setdefault((vpn, prefix.version), []).append((first, -last, subnet))
    for group in groups.values():
        reach, widest = -1, None
        for first, negative_last, subnet in sorted(group, key=lambda item: item[:2]):
            if widest is not None and first <= reach:
                found.append((subnet, widest))
            if -negative_last > reach:
                reach, widest = -negative_last, subnet
    return found


def check_exits(inventory: Inventory, records: Records) -> None:
    """Exits belong to governments that may have one, on registered internet lines."""
    declared: Counter[str] = Counter()
    internet = {
        (link.a.device, link.a.interface)
        for link in inventory.links.values()
        if link.kind is LinkKind.INTERNET
    }
    internet |= {  # a link with a fault of its own may be the line that was meant
        (row.text("a_device"), row.text("a_interface"))
        for row in records.rows["links.csv"]
        if row.text("id") not in inventory.links
    }
    for item in inventory.exits.values():
        row = records.row_of("exit", item.id)
        government = inventory.governments.get(item.government)
        if government is None:
            unknown(records, row, "government", "government", "governments.csv")
        elif item.department is None:
            declared[item.government] += 1
            if declared[item.government] > government.exits_allowed:
                records.faults.add(
                    "too_many_exits",
                    row.place("government"),
                    Sentence(
                        "Exits allowed to {government}: {allowed}; this is number {number}.",
                        government=item.government,
                        allowed=government.exits_allowed,
                        number=declared[item.government],
                    ),
                    "Declare lines of one exit together, or remove the surplus.",
                )
        if item.department is not None and item.department not in inventory.departments:
            unknown(records, row, "department", "department", "departments.csv")
        for line in item.lines:
            if (line.device, line.interface) not in internet:
                _refuse_line(records, row, line)


def _refuse_line(records: Records, row: Row, line: ExitLine) -> None:
    records.faults.add(
        "exit_without_line",
        row.place("lines"),
        Sentence(
            "{device} {interface} is no line of kind internet.",
            device=line.device,
            interface=line.interface,
        ),
        "Register the line in links.csv.",
    )
