"""A report of one prefecture whose devices and registers say hostile things, without sockets.

The laboratory's rendered text is changed before it is read, so that what a device says takes the
same way as in a real audit; names of governments and departments are changed in the inventory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from ipaddress import ip_address
from pathlib import Path

import offline_lab

from netops.audits import _wanted
from netops.connectivity import judge_connectivity
from netops.evidence.observation import DeviceRecord, Observation
from netops.exits import judge_exits, withdraw_exit
from netops.facts.device import Contact
from netops.facts.measurements import Egress, EgressState, Measurements, VantagePoint
from netops.facts.source import Source
from netops.findings import AuditResult, Evidence, Provenance, overall
from netops.inventory.model import Inventory
from netops.policy import load_policy
from netops.reading import RouteFilter, read_device
from netops.reports.html import ReportInput
from netops.text import decode, shown_lines

SPEC = {
    "seed": 11,
    "province": "430000",
    "scope": {"cities": ["430300"]},
    "departments": {"province": 4, "city": 3, "county": 5, "township": 0},
    "platforms": {
        "province": "huawei_vrp",
        "city": {"huawei_vrp": 0.5, "h3c_comware": 0.5},
        "county": {"huawei_vrp": 0.5, "h3c_comware": 0.5},
        "township": {"frr": 1.0},
    },
    "uplinks": {"city": 2, "county": 2, "township": 1},
    "routes_per_device": 10,
    "faults": [
        {"kind": "node_down", "at": "430321"},
        {"kind": "exit", "mechanism": "policy_route", "at": "430302", "family": "ipv4"},
        {"kind": "exit", "mechanism": "static_default", "at": "430304", "family": "ipv4"},
        {"kind": "device", "behaviour": "changed_host_key", "at": "430382"},
    ],
    "random_faults": {"exits": 0, "nodes": 2, "devices": 2},
    "innocents": ["ha_pair", "exempt_department"],
}
PLANTED = "planted-by-a-device"
MARKUP = f'</pre></svg><script id="{PLANTED}">document.title="{PLANTED}"</script>'
DESCRIPTION = f"\x1b[2J\u202e=HYPERLINK(1)<img src=x onerror=alert(1)>{MARKUP}" + "W" * 10_000
LONG = "某某县人民政府派驻某某经济技术开发区与现代农业产业园区联合管理委员会办公室"


def build() -> ReportInput:
    """Plan, read, judge; return what a report is made of."""
    world = offline_lab.world_of(SPEC)
    registered = _renamed(offline_lab.inventory_of(world))
    records = {model.id: _record(world, model) for model in world.models()}
    keep = RouteFilter(registered.plan, _wanted(registered))
    facts = {name: read_device(record, keep=keep) for name, record in records.items()}
    policy = load_policy(offline_lab.POLICY)
    day = date(2026, 11, 21)
    active = _measured(registered)
    results = []
    for name, judge in (("connectivity", judge_connectivity), ("exits", judge_exits)):
        judged = judge(registered, facts, policy, day, active)
        information = judged.information
        if name == "exits":
            told = withdraw_exit(registered, facts, (policy, day), "E-430300")
            information = {**information, "what_if": told}
        made = Provenance("netops", day.isoformat(), "S1", "sm3:0", "2026-11-21T01:00:00+00:00",
                          "2026-11-21T01:05:00+00:00", "sm3:1", False, policy.digest,
                          policy.samples)  # fmt: skip
        results.append(
            AuditResult(
                name,
                made,
                judged.coverage,
                overall(judged.subjects, judged.rates, {}),
                judged.rates,
                judged.subjects,
                judged.findings,
                information,
            )
        )
    return ReportInput(
        registered, tuple(results), lambda evidence: _quote(records, evidence), policy=policy
    )


def _measured(registered: Inventory) -> Measurements:
    """Return an answer of a reflector for every department: three addresses in turn.

    One is of no exit at all, one is a lie, one never came; whoever asked has a hostile name.
    """
    at = datetime(2026, 11, 21, 9, tzinfo=UTC)
    states = (EgressState.CONFIRMED, EgressState.FORGED, EgressState.UNREACHABLE)
    vantages, egresses = {}, []
    for number, department in enumerate(registered.departments.values()):
        prefix = next((s.prefix for s in department.subnets if s.prefix.version == 4), None)
        if prefix is None:
            continue
        state, name = states[number % len(states)], f"V-{number}-{MARKUP}"
        seen = ip_address("192.0.2.77") if state is EgressState.CONFIRMED else None
        vantages[name] = VantagePoint(name, "host", department=department.id, subnets=(prefix,))
        egresses.append(
            Egress(name, LONG, 4, "tcp", state, at, source=prefix.network_address + 5, seen=seen,
                   evidence=Source(f"egress-{number}", 1, 1))
        )  # fmt: skip
    return Measurements(
        egresses=tuple(egresses), vantages=vantages,
        digests={one.evidence.observation: "sm3:" + "0" * 64 for one in egresses},
    )  # fmt: skip


def _record(world: offline_lab.World, model: offline_lab.DeviceModel) -> DeviceRecord:
    contact = offline_lab._NOTHING.get(world.behaviour(model.id).ssh, Contact.ANSWERED)
    record = offline_lab.record_of(model, contact)
    return replace(record, observations=tuple(_spoken(o) for o in record.observations))


def _spoken(observation: Observation) -> Observation:
    """Let the device describe its links in hostile words."""
    raw = observation.raw.replace(b"to-HN-", DESCRIPTION.encode() + b"to-HN-")
    return replace(observation, raw=raw)


def _quote(records: Mapping[str, DeviceRecord], evidence: Evidence) -> list[str]:
    if evidence.device not in records:
        return [f"what {evidence.device} brought back"]
    for observation in records[evidence.device].observations:
        if observation.id == evidence.observation:
            first, last = evidence.lines
            return shown_lines(decode(observation.raw))[max(first - 1, 0) : last]
    return []


def _renamed(registered: Inventory) -> Inventory:
    """Give every fifth government a name that is long, Latin, or markup."""
    names = (LONG, MARKUP, "WWWWMMMM " * 12, "\u202eabc\x1b[31m" + LONG)
    governments = {
        code: replace(g, name=names[index // 5 % len(names)]) if index % 5 == 0 and index else g
        for index, (code, g) in enumerate(registered.governments.items())
    }
    departments = {
        code: replace(d, name=names[index % len(names)]) if index % 3 == 0 else d
        for index, (code, d) in enumerate(registered.departments.items())
    }
    return replace(registered, governments=governments, departments=departments)


def write(given: ReportInput, folder: Path) -> None:
    """Write both languages, each into a folder of its own."""
    from netops.reports.folder import write_folder  # noqa: PLC0415 - openpyxl and jinja2

    write_folder(given, folder / "zh", "zh")
    write_folder(given, folder / "en", "en")
