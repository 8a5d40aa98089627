"""Hosts of departments: registered Linux machines in a department's own subnet.

Knows how one is addressed and wired. Refuses to know what stands on it besides.
"""

from __future__ import annotations

from ipaddress import IPv4Network

from netops.lab.build import addresses as plan
from netops.lab.build.makes import make_for
from netops.lab.build.net import Net, PlannedDepartment, Router, Wire
from netops.lab.build.outside import default_via

_HOST = 5


def add_host(net: Net, department: PlannedDepartment) -> Router:
    """Give a department one Linux host on its gateway's port, without any route yet."""
    gateway_name, gateway_port = department.owners[0]
    gateway = net.routers[gateway_name].ports[gateway_port]
    subnet = next(p for p in department.public if isinstance(p, IPv4Network))
    first = subnet.network_address
    host = Router(
        id=f"{department.id}-H1",
        government=department.government,
        number=1,
        role="host",
        make=make_for("linux_host", 0.0),
        index=len(net.routers),
        loopback=first + _HOST,
        department=department.id,
    )
    inner = host.new_port("lan")
    inner.give(plan.host(subnet, _HOST))
    inner.far = first + 1
    wire = Wire(f"A-{host.id}", "access", (gateway_name, gateway_port), (host.id, inner.name))
    inner.wire = gateway.wire = wire.id
    gateway.far = host.loopback
    net.wires[wire.id] = wire
    net.routers[host.id] = host
    department.host = host.id
    return host


def add_probe_hosts(net: Net) -> None:
    """Give every department that has no host one to probe from, with a default by its gateway."""
    for department in net.departments.values():
        if department.host is not None or not department.owners:
            continue
        host = add_host(net, department)
        inner = next(iter(host.ports.values()))
        for prefix in department.public:
            if not isinstance(prefix, IPv4Network):
                inner.give(plan.host(prefix, _HOST))
            default_via(host, inner, prefix.network_address + 1)
