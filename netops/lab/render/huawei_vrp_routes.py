"""VRP: routing tables of every instance, both families, and static routes that stand by.

Knows the columns of both flavours. Refuses to know where the rows come from.
"""

from __future__ import annotations

from netops.facts.routes import PUBLIC, RouteRow
from netops.lab.render.huawei_vrp_spelling import Vrp, protocol
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

_RULE = "-" * 78
_LEGEND5 = ("Route Flags: R - relay, D - download to fib", _RULE)
_LEGEND8 = (
    "Proto: Protocol        Pre: Preference",
    "Route Flags: R - relay, D - download to fib, T - to vpn-instance, B - black hole route",
    _RULE,
)
_HEAD5 = "Destination/Mask    Proto   Pre  Cost      Flags NextHop         Interface"
_HEAD8 = "Destination/Mask    Proto   Pre  Cost        Flags NextHop         Interface"
_LOOP = 0x7F000000
_EVERYWHERE = 0xFFFFFFFF
_SYSTEM5 = (
    RouteRow(4, _LOOP, 8, "direct", 0, 0, "127.0.0.1", "InLoopBack0"),
    RouteRow(4, _LOOP + 1, 32, "direct", 0, 0, "127.0.0.1", "InLoopBack0"),
    RouteRow(4, _LOOP + 0xFFFFFF, 32, "direct", 0, 0, "127.0.0.1", "InLoopBack0"),
    RouteRow(4, _EVERYWHERE, 32, "direct", 0, 0, "127.0.0.1", "InLoopBack0"),
)
_SYSTEM6 = (
    RouteRow(6, 1, 128, "direct", 0, 0, "::1", "InLoopBack0"),
    RouteRow(6, 0xFE80 << 112, 10, "direct", 0, 0, "::", "NULL0"),
)


def answers(vrp: Vrp) -> dict[str, str]:
    """Return the routing tables."""
    scene = vrp.scene
    found = {
        "display ip routing-table": _ipv4(vrp, PUBLIC),
        "display ip routing-table protocol static": _statics(vrp, PUBLIC),
        "display ipv6 routing-table": _ipv6(vrp, PUBLIC),
    }
    for name in instances(scene):
        found[f"display ip routing-table vpn-instance {name}"] = _ipv4(vrp, name)
        found[f"display ip routing-table vpn-instance {name} protocol static"] = _statics(vrp, name)
        found[f"display ipv6 routing-table vpn-instance {name}"] = _ipv6(vrp, name)
    return found


def _title(vrp: Vrp, vpn: str) -> str:
    if vrp.is_vrp8:
        return f"Routing Table : {vpn or '_public_'}"
    return f"Routing Tables: {vpn or 'Public'}"


def _count(rows: list[RouteRow]) -> str:
    return f"         Destinations : {count_prefixes(rows):<8d} Routes : {len(rows):<9d}"


def _ipv4(vrp: Vrp, vpn: str) -> str:
    rows = table(vrp.scene, vpn, V4, () if vpn else _SYSTEM5)
    legend = _LEGEND8 if vrp.is_vrp8 else _LEGEND5
    return lines(*legend, _title(vrp, vpn), _count(rows), "", *_table(vrp, rows))


def _table(vrp: Vrp, rows: list[RouteRow], *, selected: bool = True) -> list[str]:
    out = [_HEAD8 if vrp.is_vrp8 else _HEAD5, ""]
    width = 12 if vrp.is_vrp8 else 10
    last = (-1, -1)
    for row in rows:
        key = (row.network, row.length)
        target = "" if key == last else f"{dotted(row.network)}/{row.length}"
        last = key
        flags = _flags(vrp, row) if selected else ""
        hop = row.next_hop or _own_hop(vrp, row)
        out.append(
            f"{target:>18}  {protocol(row.protocol):<7} {row.preference:<4} "
            f"{row.metric:<{width}}{flags:>3}   {hop:<15} {_port(row)}"
        )
    return out


def _flags(vrp: Vrp, row: RouteRow) -> str:
    relay = "R" if row.protocol in {"bgp", "ibgp", "ebgp"} else ""
    if not vrp.is_vrp8:
        return relay + "D"
    leak = "T" if row.leak_vpn is not None else ""
    return relay + "D" + leak + ("B" if row.blackhole else "")


def _own_hop(vrp: Vrp, row: RouteRow) -> str:
    """Return what stands in the next hop's column where the model has none."""
    own = "" if row.blackhole else own_address(vrp.scene, row.interface, row.family)
    return own or ("0.0.0.0" if row.family == V4 else "::")  # noqa: S104 - printed, not bound


def _port(row: RouteRow) -> str:
    return row.interface or ("NULL0" if row.blackhole else "")


def _statics(vrp: Vrp, vpn: str) -> str:
    scene = vrp.scene
    active = scene.active_statics.get(vpn, [])
    idle = sort_rows(idle_row(scene, s, "Unknown") for s in inactive_statics(scene, vpn))
    total = count_prefixes([*active, *idle])
    if vrp.is_vrp8:
        title = f"{vpn or '_public_'} Routing Table : Static"
    else:
        title = f"{vpn or 'Public'} routing table : Static"
    counts = f"         Destinations : {total:<8d} Routes : {len(active) + len(idle):<9d}"
    out = [*(_LEGEND8 if vrp.is_vrp8 else _LEGEND5), title]
    out.append(f"{counts}Configured Routes : {len(active) + len(idle):<8d}")
    out += ["", "Static routing table status : <Active>", _count(active), ""]
    if active:
        out += [*_table(vrp, active), ""]
    out += ["Static routing table status : <Inactive>", _count(idle)]
    if idle:
        out += ["", *_table(vrp, idle, selected=False)]
    return lines(*out)


def _ipv6(vrp: Vrp, vpn: str) -> str:
    system = _SYSTEM6 if vrp.scene.has_ipv6 and not vpn else ()
    rows = table(vrp.scene, vpn, 6, system)
    title = f"Routing Table : {vpn or ('_public_' if vrp.is_vrp8 else 'Public')}"
    out = [title, f"         Destinations : {count_prefixes(rows):<8d} Routes : {len(rows)}"]
    for row in rows:
        hop = (row.next_hop or _own_hop(vrp, row)).upper()
        is_relayed = row.protocol in {"bgp", "ibgp", "ebgp"}
        out += [
            "",
            f"Destination  : {network_of(row, upper=True):<39} PrefixLength : {row.length}",
            f"NextHop      : {hop:<39} Preference   : {row.preference}",
            f"Cost         : {row.metric:<39d} Protocol     : {protocol(row.protocol)}",
            f"RelayNextHop : {(hop if is_relayed else '::'):<39} TunnelID     : 0x0",
            f"Interface    : {_port(row):<39} Flags        : {_flags(vrp, row)}",
        ]
    return lines(*out)
