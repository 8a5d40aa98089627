"""Comware: routing tables of every instance, both families, and static routes that stand by.

Knows the columns of early and late V7. Refuses to know where the rows come from.
"""

from __future__ import annotations

from netops.facts.routes import PUBLIC, RouteRow
from netops.lab.render.h3c_comware_spelling import Comware, protocol, short
from netops.lab.render.notation import V4, dotted, lines, network_of
from netops.lab.render.scene import (
    count_prefixes,
    idle_row,
    inactive_statics,
    instances,
    own_address,
    sort_rows,
    table,
)

_HEAD_EARLY = "Destination/Mask    Proto  Pre  Cost         NextHop         Interface"
_HEAD_LATE = "Destination/Mask   Proto   Pre Cost        NextHop         Interface"
_LOOP = 0x7F000000
_MULTICAST = 0xE0000000
_END = 0xFFFFFFFF
_LO = "InLoopBack0"
_HOME = (
    RouteRow(4, _LOOP, 8, "direct", 0, 0, "127.0.0.1", _LO),
    RouteRow(4, _LOOP + 1, 32, "direct", 0, 0, "127.0.0.1", _LO),
)
_SYSTEM_EARLY = _HOME
_SYSTEM_LATE = (
    RouteRow(4, 0, 32, "direct", 0, 0, "127.0.0.1", _LO),
    *_HOME,
    RouteRow(4, _LOOP + 0xFFFFFF, 32, "direct", 0, 0, "127.0.0.1", _LO),
    RouteRow(4, _MULTICAST, 4, "direct", 0, 0, "0.0.0.0", "NULL0"),  # noqa: S104 - printed
    RouteRow(4, _MULTICAST, 24, "direct", 0, 0, "0.0.0.0", "NULL0"),  # noqa: S104 - printed
    RouteRow(4, _END, 32, "direct", 0, 0, "127.0.0.1", _LO),
)
_LINK_LOCAL = 0xFE80 << 112
_SYSTEM6 = (
    RouteRow(6, 1, 128, "direct", 0, 0, "::1", _LO),
    RouteRow(6, _LINK_LOCAL, 10, "direct", 0, 0, "::", _LO),
    RouteRow(6, 0xFF00 << 112, 8, "direct", 0, 0, "::", "NULL0"),
)


def answers(device: Comware) -> dict[str, str]:
    """Return the routing tables."""
    found: dict[str, str] = {}
    for vpn in (PUBLIC, *instances(device.scene)):
        of = f" vpn-instance {vpn}" if vpn else ""
        found[f"display ip routing-table{of}"] = _ipv4(device, vpn)
        found[f"display ip routing-table{of} protocol static"] = _statics(device, vpn)
        found[f"display ipv6 routing-table{of}"] = _ipv6(device, vpn)
    return found


def _ipv4(device: Comware, vpn: str) -> str:
    rows = table(device.scene, vpn, V4, _SYSTEM_EARLY if device.is_early else _SYSTEM_LATE)
    count = f"Destinations : {count_prefixes(rows):<8d} Routes : {len(rows)}"
    return lines("", count, "", *_table(device, rows))


def _table(device: Comware, rows: list[RouteRow]) -> list[str]:
    early = device.is_early
    out = [_HEAD_EARLY if early else _HEAD_LATE]
    last = (-1, -1)
    for row in rows:
        key = (row.network, row.length)
        hop = row.next_hop or _own_hop(device, row)
        proto, pre, cost = (protocol(device, row.protocol), str(row.preference), str(row.metric))
        if key == last and not device.is_router:
            proto = pre = cost = ""
        target = "" if key == last else f"{dotted(row.network)}/{row.length}"
        last = key
        port = short(row.interface or ("NULL0" if row.blackhole else ""))
        if early:
            out.append(f"{target:<20}{proto:<7}{pre:<5}{cost:<13}{hop:<16}{port}")
        else:
            out.append(f"{target:<19}{proto:<8}{pre:<4}{cost:<12}{hop:<16}{port}")
    return out


def _own_hop(device: Comware, row: RouteRow) -> str:
    """Return what stands in the next hop's column where the model has none."""
    own = "" if row.blackhole else own_address(device.scene, row.interface, row.family)
    return own or ("0.0.0.0" if row.family == V4 else "::")  # noqa: S104 - printed, not bound


def _statics(device: Comware, vpn: str) -> str:
    active = device.scene.active_statics.get(vpn, [])
    idle = sort_rows(idle_row(device.scene, s) for s in inactive_statics(device.scene, vpn))
    count, state = ("Summary Count", "Static Routing Table Status")
    if not device.is_early:
        count, state = ("Summary count", "Static Routing table status")
    out = ["", f"{count} : {len(active) + len(idle)}"]
    for word, rows in (("Active", active), ("Inactive", idle)):
        out += ["", f"{state} : <{word}>", f"{count} : {len(rows)}"]
        if rows:
            out += ["", *_table(device, rows)]
    return lines(*out)


def _ipv6(device: Comware, vpn: str) -> str:
    rows = table(device.scene, vpn, 6, _SYSTEM6 if device.scene.has_ipv6 or not vpn else ())
    out = [f"Destinations : {count_prefixes(rows)} Routes : {len(rows)}"]
    for row in rows:
        hop = row.next_hop or _own_hop(device, row)
        port = short(row.interface or ("NULL0" if row.blackhole else ""))
        target = f"{network_of(row, upper=row.network >= _LINK_LOCAL)}/{row.length}"
        out += [
            "",
            f"Destination: {target:<43} Protocol  : {protocol(device, row.protocol)}",
            f"NextHop    : {hop:<43} Preference: {row.preference}",
            f"Interface  : {port:<43} Cost      : {row.metric}",
        ]
    return lines(*out)
