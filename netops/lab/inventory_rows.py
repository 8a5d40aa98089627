"""The records of a world's inventory folder, file by file, as plain rows and mappings.

Knows the columns of netops/inventory/1. Refuses to know files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address
from typing import Any

from netops.inventory.model import Application, Exemption
from netops.lab.build.addresses import PLAN
from netops.lab.build.net import Net, PlannedExit, Router, Wire
from netops.lab.build.reflectors import reflectors
from netops.lab.plan import World

Row = tuple[str | int, ...]

SSH_CREDENTIAL = "lab-ssh"
V2C_CREDENTIAL = "lab-v2c"
V3_CREDENTIAL = "lab-v3"
USERNAME = "netops"
SNMP_USER = "netops-audit"
_V2C_SHARE = 0.3
_HOSTS_A_NET = 250


def transport_address(router: Router) -> str:
    """Return the loopback address at which a device is played."""
    high, low = divmod(router.index, _HOSTS_A_NET)
    return str(IPv4Address((127 << 24) + ((1 + high // _HOSTS_A_NET) << 16)
                           + (high % _HOSTS_A_NET << 8) + low + 1))  # fmt: skip


def snmp_version(net: Net, router: Router) -> str:
    """Return the SNMP version that a device speaks."""
    return "v2c" if net.dice("snmp", router.id).random() < _V2C_SHARE else "v3"


def governments(net: Net) -> Iterator[Row]:
    """Rows of governments.csv: every division of the scope."""
    for d in net.divisions:
        yield d.code, d.name, d.level.value, d.parent or "", d.exits_allowed, d.status


def nodes(net: Net) -> Iterator[Row]:
    """Rows of nodes.csv: one node a government."""
    for seat in net.seats.values():
        yield f"N-{seat.code}", seat.code, f"{seat.division.name}机房", seat.disjoint_paths


def devices(world: World) -> Iterator[Row]:
    """Rows of devices.csv. Simulated devices get their ports when the laboratory is up."""
    net = world.net
    for router in net.routers.values():
        version = snmp_version(net, router)
        yield (
            router.id,
            router.hostname,
            f"N-{router.government}",
            router.role,
            router.platform,
            str(router.loopback),
            str(router.loopback) if net.spec.on_routers else transport_address(router),
            "22" if net.spec.on_routers else "",
            "telnet" if "telnet" in world.quirks(router.id) else "ssh",
            "legacy" if "legacy_kex" in world.quirks(router.id) else "modern",
            "",
            SSH_CREDENTIAL,
            version,
            "161" if net.spec.on_routers else "",
            V2C_CREDENTIAL if version == "v2c" else V3_CREDENTIAL,
            router.department or "",
        )


def links(net: Net) -> Iterator[Row]:
    """Rows of links.csv: what is registered; undeclared lines are not."""
    for wire in net.wires.values():
        yield _link(wire)


def _link(wire: Wire) -> Row:
    b = wire.b or ("", "")
    return (wire.id, wire.kind, *wire.a, *b, wire.carrier, wire.capacity or "")


def departments(net: Net) -> Iterator[Row]:
    """Rows of departments.csv."""
    for d in net.departments.values():
        yield d.id, d.government, d.name, d.access_class, d.exit or ""


def subnets(net: Net) -> Iterator[Row]:
    """Rows of subnets.csv."""
    for d in net.departments.values():
        for prefix in d.public:
            yield d.id, str(prefix), "public", ""
        for private, vpn in d.private:
            yield d.id, str(private), "private", vpn


def head(net: Net) -> Mapping[str, Any]:
    """The mapping of inventory.yaml."""
    province = next(iter(net.seats.values()))
    return {
        "schema": "netops/inventory/1",
        "province": province.code,
        "title": f"{province.division.name}电子政务外网（样例：真实区划，虚构网络）",
        "invented": True,
        "source": f"netops lab plan, seed {net.spec.seed}",
    }


def address_plan() -> Mapping[str, Any]:
    """The mapping of address_plan.yaml."""
    return {
        "prefixes": [
            {
                "prefix": str(p.prefix),
                "class": p.kind.value,
                "owner": p.owner,
                "source": p.source,
                "status": p.status,
            }
            for p in PLAN
        ]
    }


def exits(net: Net) -> Mapping[str, Any]:
    """The mapping of exits.yaml."""
    return {"exits": [_exit(made) for made in net.exits.values()]}


def _exit(made: PlannedExit) -> dict[str, Any]:
    row: dict[str, Any] = {"id": made.id, "government": made.government, "name": made.name}
    if made.department:
        row["department"] = made.department
    row["lines"] = [
        {"device": device, "interface": interface, "carrier": carrier}
        for device, interface, carrier in made.lines
    ]
    row["pools"] = [str(pool) for pool in made.pools]
    return row


def exemptions(net: Net) -> Mapping[str, Any]:
    """The mapping of exemptions.yaml."""
    return {"exemptions": [_exemption(e) for e in net.exemptions]}


def _exemption(made: Exemption) -> dict[str, Any]:
    return {
        "number": made.number,
        "rule": made.rule,
        "subject": {"kind": made.subject_kind, "id": made.subject_id},
        "reason": made.reason,
        "relief": made.relief,
        "exit": made.exit,
        "approver": made.approver,
        "begin": made.begin,
        "end": made.end,
    }


def applications(net: Net) -> Mapping[str, Any]:
    """The mapping of applications.yaml."""
    return {"applications": [_application(a) for a in net.applications.values()]}


def _application(made: Application) -> dict[str, Any]:
    return {
        "id": made.id,
        "name": made.name,
        "tier": made.tier,
        "prefix": str(made.prefix),
        "government": made.government,
        "levels": [level.value for level in made.levels],
        "vpn": made.vpn,
        "status": made.status,
    }


def private_networks(net: Net) -> Mapping[str, Any]:
    """The mapping of private_networks.yaml: two made-up ones, so that the file shows its form."""
    province = next(iter(net.seats))
    return {
        "private_networks": [
            {
                "id": "P-01",
                "name": "水利业务专网（样例）",
                "owner": province,
                "state": "migrating",
                "sensitive": False,
                "prefixes": [],
            },
            {
                "id": "P-02",
                "name": "统计业务专网（样例）",
                "owner": province,
                "state": "migrated",
                "sensitive": False,
                "prefixes": [],
            },
        ]
    }


def probing(net: Net) -> Mapping[str, Any]:
    """The mapping of probing.yaml: this machine, the departments' hosts, the first routers."""
    vantages: list[dict[str, Any]] = [{"id": "local", "kind": "local"}]
    for department in net.departments.values():
        if department.host is not None:
            host = net.routers[department.host]
            addresses = [str(a.interface.ip) for p in host.ports.values() if p.role == "lan"
                         for a in p.addresses]  # fmt: skip
            vantages.append(
                {
                    "id": f"V-{department.id}",
                    "kind": "host",
                    "device": host.id,
                    "department": department.id,
                    "sources": addresses,
                }
            )
    vantages += [
        {"id": f"V-{router.id}", "kind": "device", "device": router.id}
        for router in net.routers.values()
        if router.department is None
    ]
    return {
        "pace": 1000,
        "vantages": vantages,
        "reflectors": reflectors(with_zone=net.spec.on_routers),
    }


def credentials() -> Mapping[str, Any]:
    """The mapping of credentials.yaml: references to the folder's own secrets."""
    return {
        "credentials": {
            SSH_CREDENTIAL: {"kind": "ssh", "username": USERNAME, "secret": "file:secrets/ssh"},
            V2C_CREDENTIAL: {"kind": "snmp_v2c", "secret": "file:secrets/snmp-community"},
            V3_CREDENTIAL: {
                "kind": "snmp_v3",
                "username": SNMP_USER,
                "secret": "file:secrets/snmp-auth",
                "privacy": "file:secrets/snmp-privacy",
                "auth_protocol": "sha256",
                "privacy_protocol": "aes128",
            },
        }
    }
