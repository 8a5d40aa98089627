"""What an SNMP walk costs a varbind: ours against pysnmp's over the same tables."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import time
from collections.abc import Callable
from contextlib import closing

from pyasn1.type.univ import ObjectIdentifier, OctetString
from pysnmp.hlapi.v3arch.asyncio import (
    CommunityData,
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    UdpTransportTarget,
    bulk_walk_cmd,
)

from netops.collection.contact import Limits, Turn
from netops.collection.snmp_exchange import Plain, Post
from netops.collection.snmp_rows import OID, dotted
from netops.collection.snmp_walk import REPETITIONS, subtree
from tests.bench.measuring import Figure
from tests.bench.snmp_agents import COMMUNITY, Agent, net_snmp, simulated

_HERE = "127.0.0.1"
_ROUNDS = 5
"""Walks of ours in one run: a single one is too short for the clock."""
Rows = dict[str, object]
Walked = tuple[float, Rows]
"""CPU microseconds a varbind, and all values."""


def walk(runs: int) -> list[Figure]:
    """Both agents, all clients, in turn within each run."""
    figures: list[Figure] = []
    for agency in (simulated, net_snmp):
        with agency() as agent:
            figures += _compare(agent, runs)
    return figures


def _compare(agent: Agent, runs: int) -> list[Figure]:
    clients: dict[str, Callable[[Agent], Walked]] = {
        "ours": _ours,
        "ours, names dotted": lambda a: _ours(a, in_words=True),
        "pysnmp, lookupMib=False": lambda a: asyncio.run(_theirs(a, lookupMib=False)),
        "pysnmp, defaults": lambda a: asyncio.run(_theirs(a)),
    }
    found: dict[str, list[float]] = {name: [] for name in clients}
    found["snmpbulkwalk"] = []
    count = 0
    for _ in range(runs):
        values: list[Rows] = []
        for name, client in clients.items():
            gc.collect()
            cost, rows = client(agent)
            found[name].append(cost)
            values.append(rows)
        count = len(values[0])
        if not count or any(rows != values[0] for rows in values):
            raise RuntimeError(f"the clients do not agree on {agent.name}")
        found["snmpbulkwalk"].append(_net_snmp_client(agent, count))
    bench = f"SNMP walk, {agent.name}, {count} varbinds"
    plain = [found["ours"], found["pysnmp, lookupMib=False"], found["pysnmp, defaults"]]
    fast, full = (tuple(o / t for o, t in zip(plain[0], p, strict=True)) for p in plain[1:])
    limit = 1 / 30
    return [
        *(Figure(bench, name + ", CPU", tuple(costs), "us") for name, costs in found.items()),
        Figure(bench, "ours / pysnmp lookupMib=False", fast, "", "<= 1/30", lambda v: v <= limit),
        Figure(bench, "ours / pysnmp defaults", full, "", "<= 1/30", lambda v: v <= limit),
    ]


def _ours(agent: Agent, *, in_words: bool = False) -> Walked:
    limits = Limits()
    begin = time.process_time()
    for _ in range(_ROUNDS):
        with closing(Post(_HERE, agent.port, limits, Turn.alone())) as post:
            way = Plain(post, COMMUNITY.encode())
            tables = [subtree(way, oid) for oid in agent.subtrees]
            if in_words:
                names = [list(map(dotted, table.names)) for table in tables]
    spent = time.process_time() - begin
    names = [list(map(dotted, table.names)) for table in tables]
    rows: Rows = {
        name: dotted(value) if kind == OID and isinstance(value, bytes) else value
        for of, table in zip(names, tables, strict=True)
        for name, kind, value in zip(of, table.kinds, table.values, strict=True)
    }
    return 1e6 * spent / _ROUNDS / len(rows), rows


async def _theirs(agent: Agent, **options: bool) -> Walked:
    begin = time.process_time()
    engine = SnmpEngine()
    target = await UdpTransportTarget.create((_HERE, agent.port), timeout=3, retries=1)
    user = CommunityData(COMMUNITY, mpModel=1)  # noqa: S508 - what is compared is v2c
    found = []
    for oid in agent.subtrees:
        async for error, status, _, variables in bulk_walk_cmd(
            *(engine, user, target, ContextData(), 0, REPETITIONS),
            ObjectType(ObjectIdentity(oid)),
            lexicographicMode=False,
            **options,
        ):
            if error or status:
                raise RuntimeError(f"pysnmp: {error or status}")
            found += variables
    spent = time.process_time() - begin
    engine.close_dispatcher()
    await asyncio.sleep(0)
    rows = {str(name): _plain(value) for name, value in found}
    return 1e6 * spent / len(rows), rows


def _plain(value: object) -> object:
    """Return a value of pysnmp as ours are."""
    if isinstance(value, ObjectIdentifier | ObjectIdentity):
        return str(value)
    return bytes(value) if isinstance(value, OctetString) else int(value)  # type: ignore[call-overload]


def _net_snmp_client(agent: Agent, count: int) -> float:
    """Return what net-snmp's own client costs: a whole process for each table."""
    before = os.times()
    for oid in agent.subtrees:
        command = ["snmpbulkwalk", "-v2c", f"-c{COMMUNITY}", "-On", "-m", "", f"-Cr{REPETITIONS}"]
        subprocess.run(
            [*command, f"{_HERE}:{agent.port}", oid], check=True, stdout=subprocess.DEVNULL
        )
    now = os.times()
    spent = now.children_user + now.children_system
    return 1e6 * (spent - before.children_user - before.children_system) / count
