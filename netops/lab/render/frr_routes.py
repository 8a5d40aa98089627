"""``show ip route vrf all json``: one document a VRF, as FRR 8.4 prints it.

Written as text, not through the JSON encoder: a province has two thousand of these tables.
"""

from __future__ import annotations

import json
from itertools import groupby

from netops.facts.routes import RouteRow, prefix_of
from netops.lab.model import DeviceModel
from netops.lab.render.frr_text import PROTOCOLS_4, PROTOCOLS_6, vrf_id, vrf_names, vrf_word

_V4 = 4
MAIN_TABLE = 254
_FIRST_VRF_TABLE = 1001

_ENTRY = """\
    {{
      "prefix":"{prefix}",
      "prefixLen":{length},
      "protocol":"{protocol}",
      "vrfId":{vrf_id},
      "vrfName":{vrf},
{selected}      "distance":{distance},
      "metric":{metric},
{installed}      "table":{table},
      "internalStatus":{status},
      "internalFlags":8,
      "internalNextHopNum":{count},
      "internalNextHopActiveNum":{count},
      "nexthopGroupId":{group},
      "uptime":"01w2d03h",
      "nexthops":[
{hops}
      ]
    }}"""
_SELECTED = '      "selected":true,\n      "destSelected":true,\n'
_INSTALLED = '      "installed":true,\n'


def routes(model: DeviceModel, family: int) -> str:
    """Return the tables of one family, the default VRF first."""
    indexes = {i.name: n for n, i in enumerate(model.interfaces, start=2)}
    return "".join(
        _table(model, vpn, family, indexes) for vpn in ("", *vrf_names(model))
        if not vpn or (vpn, family) in model.routes
    )  # fmt: skip


def table_of(model: DeviceModel, vpn: str) -> int:
    """Return the kernel's number of the table of an instance."""
    return _FIRST_VRF_TABLE + vrf_id(model, vpn) - 101 if vpn else MAIN_TABLE


def entries_of(model: DeviceModel, paths: list[RouteRow], table: int) -> str:
    """Return one prefix of another table of the default VRF, with all its paths."""
    indexes = {i.name: n for n, i in enumerate(model.interfaces, start=2)}
    prefix, vrf = str(prefix_of(paths[0])), json.dumps(vrf_word(""))
    entry = _entry(paths, prefix, (vrf_id(model, ""), vrf, table), indexes)
    return f'{{\n  "{prefix}":[\n{entry}\n  ]\n}}\n'


def _table(model: DeviceModel, vpn: str, family: int, indexes: dict[str, int]) -> str:
    rows = model.routes.get((vpn, family), [])
    if not rows:
        return "{\n}\n"
    number = vrf_id(model, vpn)
    table = table_of(model, vpn)
    prefixes = []
    for _, same in groupby(_ordered(rows), key=lambda r: (r.network, r.length)):
        paths = list(same)
        prefix = str(prefix_of(paths[0]))
        entries = ",\n".join(
            _entry(list(equal), prefix, (number, json.dumps(vrf_word(vpn)), table), indexes)
            for _, equal in groupby(
                paths, key=lambda r: (r.protocol, r.preference, r.metric, r.active)
            )
        )
        prefixes.append(f'  "{prefix}":[\n{entries}\n  ]')
    return "{\n" + ",\n".join(prefixes) + "\n}\n"


def _ordered(rows: list[RouteRow]) -> list[RouteRow]:
    return sorted(rows, key=lambda row: (row.network, row.length))


def _entry(
    rows: list[RouteRow], prefix: str, vrf: tuple[int, str, int], indexes: dict[str, int]
) -> str:
    first = rows[0]
    words = PROTOCOLS_4 if first.family == _V4 else PROTOCOLS_6
    return _ENTRY.format(
        prefix=prefix,
        length=first.length,
        protocol=words.get(first.protocol, first.protocol),
        vrf_id=vrf[0],
        vrf=vrf[1],
        selected=_SELECTED if first.active else "",
        distance=first.preference,
        metric=first.metric,
        installed=_INSTALLED if first.active else "",
        table=vrf[2],
        status=16 if first.active else 0,
        count=len(rows),
        group=first.network % 997 + first.length,
        hops=",\n".join(_hop(row, indexes) for row in rows),
    )


def _hop(row: RouteRow, indexes: dict[str, int]) -> str:
    parts = ['"flags":3', '"fib":true']
    if row.blackhole:
        parts += ['"unreachable":true', '"blackhole":true']
    elif row.next_hop:
        parts += [f'"ip":"{row.next_hop}"', f'"afi":"ipv{row.family}"']
    else:
        parts.append('"directlyConnected":true')
    if row.interface and not row.blackhole:
        parts.append(f'"interfaceIndex":{indexes.get(row.interface, 0)}')
        parts.append(f'"interfaceName":{json.dumps(row.interface, ensure_ascii=False)}')
    if row.leak_vpn is not None:
        parts.append(f'"vrf":{json.dumps(vrf_word(row.leak_vpn), ensure_ascii=False)}')
    if row.next_hop and not row.interface:
        parts.append('"recursive":true')
    parts += ['"active":true', '"weight":1']
    body = ",\n".join(f"          {part}" for part in parts)
    return f"        {{\n{body}\n        }}"
