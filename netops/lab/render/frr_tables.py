"""Kernel tables as zebra lists them: main, one a VRF, and what pbrd fills for its next hops."""

from __future__ import annotations

from collections import Counter
from ipaddress import IPv4Address, IPv6Address

from netops.facts.routes import RouteRow
from netops.lab.model import DeviceModel
from netops.lab.render.frr_pbr import FIRST_TABLE, rows
from netops.lab.render.frr_routes import MAIN_TABLE, entries_of, table_of
from netops.lab.render.frr_text import vrf_names, vrf_word

_HEAD = (
    "VRF             NS ID    VRF ID     AFI            SAFI    Table      Count\n"
    "---------------------------------------------------------------------------\n"
)
_PBR_DISTANCE = 200


def tables(model: DeviceModel) -> dict[str, str]:
    """Return the summary of all tables, and the routes of those that pbrd fills."""
    found = {"show zebra router table summary": _summary(model)}
    for number, hops in _policy_tables(model).items():
        family = hops[0].version
        version = "ip" if family == 4 else "ipv6"  # noqa: PLR2004 - IPv4
        path = [_row(model, hop) for hop in hops]
        found[f"show {version} route table {number} json"] = entries_of(model, path, number)
    return found


def _policy_tables(model: DeviceModel) -> dict[int, tuple[IPv4Address | IPv6Address, ...]]:
    numbered = enumerate(rows(model), start=FIRST_TABLE)
    return {number: row.policy.next_hops for number, row in numbered if row.policy.next_hops}


def _row(model: DeviceModel, hop: IPv4Address | IPv6Address) -> RouteRow:
    near = [
        interface.name
        for interface in model.interfaces
        for own in interface.addresses or ()
        if hop in own.interface.network
    ]
    line = near[0] if near else ""
    return RouteRow(hop.version, 0, 0, "pbr", _PBR_DISTANCE, 0, str(hop), line)


def _summary(model: DeviceModel) -> str:
    counts: Counter[tuple[str, int, int]] = Counter()
    for (vpn, family), found in model.routes.items():
        if not vpn or vpn in vrf_names(model):
            table = table_of(model, vpn) if vpn else MAIN_TABLE
            counts[(vrf_word(vpn), family, table)] += len({(r.network, r.length) for r in found})
    for number, hops in _policy_tables(model).items():
        counts[(vrf_word(""), hops[0].version, number)] += 1
    ordered = sorted(counts.items(), key=lambda item: (item[0][0], item[0][2], item[0][1]))
    return _HEAD + "".join(
        f"{vrf:<16}{0:>5}{0:>10}{f'IPv{family}':>8}{'unicast':>16}{table:>9}{count:>11}\n"
        for (vrf, family, table), count in ordered
    )
