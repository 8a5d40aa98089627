"""Views of an inventory: a tree with counts, one government, one device. Plain data."""

from __future__ import annotations

from typing import Any

from netops.divisions import Level
from netops.inventory.model import Device, Government, GovernmentStatus, Inventory, Probing


def overview(inventory: Inventory) -> dict[str, Any]:
    """Return counts by level and kind, and the tree down to the counties."""
    return {
        "title": inventory.title,
        "province": inventory.province,
        "invented": inventory.invented,
        "digest": inventory.digest,
        "governments": {level.value: len(inventory.registered(level)) for level in Level},
        "not_governments": sum(
            1 for g in inventory.governments.values() if g.status is not GovernmentStatus.GOVERNMENT
        ),
        "nodes": len(inventory.nodes),
        "devices": _count(device.platform for device in inventory.devices.values()),
        "links": _count(link.kind.value for link in inventory.links.values()),
        "departments": _count(d.access_class.value for d in inventory.departments.values()),
        "exits": len(inventory.exits),
        "applications": len(inventory.applications),
        "exemptions": len(inventory.exemptions),
        **_probing(inventory),
        "tree": [_branch(inventory, city) for city in inventory.registered(Level.CITY)],
    }


def _count(words: Any) -> dict[str, int]:  # noqa: ANN401 - any iterable of words
    made: dict[str, int] = {}
    for word in words:
        made[word] = made.get(word, 0) + 1
    return dict(sorted(made.items()))


def _probing(inventory: Inventory) -> dict[str, Any]:
    """Return from where is measured and against what; references to secrets are left out."""
    probing = inventory.probing
    if probing == Probing():
        return {}
    return {
        "probing_pace": probing.pace,
        "vantages": [
            {
                "id": vantage.id,
                "kind": vantage.kind,
                "device": vantage.device,
                "department": vantage.department,
                "sources": [str(address) for address in vantage.sources],
            }
            for vantage in probing.vantages.values()
        ],
        "reflectors": [
            {"id": one.id, "addresses": [str(address) for address in one.addresses],
             "port": one.port, "http_port": one.http_port, "dns_port": one.dns_port,
             "zone": one.zone}
            for one in probing.reflectors.values()
        ],
        "spoof_permits": [
            {"prefix": str(one.prefix), "owner": one.owner, "end": one.end.isoformat()}
            for one in probing.spoof_permits
        ],
    }  # fmt: skip


def _branch(inventory: Inventory, city: Government) -> dict[str, Any]:
    inside = [g for g in inventory.governments.values() if g.code.startswith(city.code[:4])]
    townships: dict[str, int] = {}
    for g in inside:
        if g.level is Level.TOWNSHIP and g.status is GovernmentStatus.GOVERNMENT and g.parent:
            townships[g.parent] = townships.get(g.parent, 0) + 1
    return {
        "code": city.code,
        "name": city.name,
        "devices": sum(len(inventory.devices_of.get(g.code, ())) for g in inside),
        "counties": [
            {"code": g.code, "name": g.name, "townships": townships.get(g.code, 0)}
            for g in inside
            if g.level is Level.COUNTY
        ],
    }


def government_view(inventory: Inventory, code: str) -> dict[str, Any]:
    """Return one government with its devices, departments and exits."""
    government = inventory.governments[code]
    return {
        "code": code,
        "name": government.name,
        "level": government.level.value,
        "parent": government.parent,
        "status": government.status.value,
        "exits_allowed": government.exits_allowed,
        "devices": [_device(d) for d in inventory.devices_of.get(code, ())],
        "departments": [
            {
                "id": d.id,
                "name": d.name,
                "access_class": d.access_class.value,
                "exit": d.exit,
                "subnets": [str(s.prefix) for s in d.subnets],
            }
            for d in inventory.departments_of.get(code, ())
        ],
        "exits": [
            {"id": e.id, "lines": [f"{line.device} {line.interface}" for line in e.lines]}
            for e in inventory.exits.values()
            if e.government == code
        ],
        "below": [g.code for g in inventory.governments.values() if g.parent == code],
    }


def device_view(inventory: Inventory, name: str) -> dict[str, Any]:
    """Return one device with its links."""
    links = [
        {
            "id": link.id,
            "kind": link.kind.value,
            "ends": [f"{end.device} {end.interface}" for end in (link.a, link.b) if end],
            "carrier": link.carrier,
        }
        for link in inventory.links_of.get(name, ())
    ]
    return {**_device(inventory.devices[name]), "links": links}


def _device(device: Device) -> dict[str, Any]:
    return {
        "id": device.id,
        "name": device.name,
        "government": device.government,
        "role": device.role,
        "platform": device.platform,
        "address": str(device.address),
        "transport": f"{device.transport}://{device.host}:{device.port}",
        "ssh": device.ssh,
        "via": list(device.via),
        "snmp": None if device.snmp is None else device.snmp.version,
    }
