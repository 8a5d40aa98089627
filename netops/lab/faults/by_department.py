"""Exits that single departments have: policy routes, leaks of a private network, second cards.

Each function plants one and returns what was planted.
"""

from __future__ import annotations

from dataclasses import replace

from netops.addressing import Network
from netops.errors import Sentence
from netops.facts.policy_routes import Acl, AclRule, PolicyRoute
from netops.facts.routes import StaticRoute, VpnInstance
from netops.lab.build import addresses as plan
from netops.lab.build.hosts import add_host
from netops.lab.build.net import Learned, PlannedDepartment, Port, Router
from netops.lab.build.outside import default_via
from netops.lab.faults.planted import PlantedExit
from netops.lab.faults.rogue import RogueLine
from netops.lab.spec import LEAKS, FaultSpec
from netops.lab.spec_fields import refusal

_V4 = 4
_WITH_TARGETS = ("huawei_vrp", "h3c_comware", "frr")
INSIDE = (*plan.AGGREGATES, plan.NATIONAL)
"""What is the extranet's own and so no way out, whatever else is planted."""

_SHARED_VPN, _SHARED = "internet-share", 900


def _departments(line: RogueLine, fault: FaultSpec) -> list[PlannedDepartment]:
    """Return the departments that a fault means: the one it names, or all of the government."""
    net = line.net
    if fault.department:
        found = net.departments.get(fault.department)
        if found is None or found.government != line.router.government:
            raise refusal(
                fault.place,
                Sentence(
                    "“{department}” is no department of {government}.",
                    department=fault.department,
                    government=line.router.government,
                ),
                Sentence("Name one like “D-{government}-01”.", government=line.router.government),
            )
        return [found]
    codes = net.seats[line.router.government].departments
    if not codes:
        raise refusal(
            fault.place,
            Sentence(
                "{government} has no department, and an exit by {mechanism} belongs to one.",
                government=line.router.government,
                mechanism=fault.mechanism,
            ),
            "Ask for departments at that level, or choose another mechanism.",
        )
    return [net.departments[code] for code in codes]


def plant_policy(line: RogueLine, fault: FaultSpec) -> PlantedExit:
    """Route what comes from departments out of an undeclared line, whatever the table says."""
    router = line.router
    chosen = [
        (department, port)
        for department in _departments(line, fault)
        for port in _entries(router, department, line.family)
    ]
    if not chosen:
        raise _nobody_enters(line, fault)
    port = line.open()
    sources = tuple(
        p for department, _ in chosen for p in department.public if p.version == line.family
    )
    ports = tuple(name for _, name in chosen)
    if router.platform in ("frr", "linux_host"):
        _policy_by_prefix(line, port, sources, ports)
    else:
        name = router.new_acl_name()
        rules = tuple(
            AclRule(permit=True, source=p, number=5 * place) for place, p in enumerate(sources)
        )
        router.acls.append(Acl(name, line.family, rules))
        router.policy_routes.append(_policy(line, port, ports, acl=name))
    line.translate(port)
    names = frozenset(d.id for d, _ in chosen)
    return PlantedExit(
        "policy_route", router.id, router.government, line.family, latent=False, sources=names
    )


def _nobody_enters(line: RogueLine, fault: FaultSpec) -> Exception:
    """Say why no packet that the policy could match comes in."""
    router = line.router
    chosen = _departments(line, fault)
    if not any(p.version == line.family for department in chosen for p in department.public):
        return refusal(
            fault.place,
            Sentence(
                "These departments of {government} have no subnet of {family}.",
                government=router.government,
                family=f"IPv{line.family}",
            ),
            "Choose another government, department or seed: the seed draws who has IPv6.",
        )
    return refusal(
        fault.place,
        Sentence("No packet of these departments enters at {device}.", device=router.id),
        "Name the router that their subnets hang on: the first of the government.",
    )


def _entries(router: Router, department: PlannedDepartment, family: int) -> list[str]:
    """Return the ports of a router at which packets of a department enter."""
    is_waiting = department.is_virtual and router.number > 1
    if is_waiting or not any(p.version == family for p in department.public):
        return []
    return [port for name, port in department.owners if name == router.id]


def _policy(
    line: RogueLine, port: Port, ports: tuple[str, ...], *, acl: str | None = None
) -> PolicyRoute:
    assert port.far is not None  # noqa: S101 - a line has a far end
    return PolicyRoute(
        "to-office",
        10,
        acl=acl,
        next_hops=(port.far,),
        interfaces=ports,
        family=line.family,
    )


def _policy_by_prefix(
    line: RogueLine,
    port: Port,
    sources: tuple[Network, ...],
    ports: tuple[str, ...],
) -> None:
    assert port.far is not None  # noqa: S101 - a line has a far end
    if line.net.spec.on_routers and line.router.platform == "frr":
        _policy_but_inside(line, port, sources, ports)
        return
    for place, source in enumerate(sources):
        line.router.policy_routes.append(
            PolicyRoute(
                "to-office",
                10 + 10 * place,
                sources=(source,),
                next_hops=(port.far,),
                interfaces=ports,
                family=line.family,
            )
        )


def _policy_but_inside(
    line: RogueLine, port: Port, sources: tuple[Network, ...], ports: tuple[str, ...]
) -> None:
    """Leave what goes to the plan's own addresses to the table, or nobody inside would answer."""
    name = line.router.new_acl_name()
    inside = INSIDE if line.family == _V4 else (plan.IPV6_PLAN,)
    rules = [
        AclRule(permit=False, source=source, destination=prefix)
        for source in sources
        for prefix in inside
    ]
    rules += [AclRule(permit=True, source=source) for source in sources]
    line.router.acls.append(Acl(name, line.family, tuple(rules)))
    line.router.policy_routes.append(_policy(line, port, ports, acl=name))


def plant_leak(line: RogueLine, fault: FaultSpec) -> PlantedExit:
    """Give a department's private instance a default that leads into the public one."""
    department = _first_private(line, fault)
    owner = department.private_owner
    assert owner is not None  # noqa: S101 - the department was given a private network
    router = line.net.routers[owner[0]]
    if router.id != line.router.id:
        raise refusal(
            fault.place,
            Sentence(
                "The private network of {department} joins at {there}, not at {here}.",
                department=department.id,
                there=router.id,
                here=line.router.id,
            ),
            "Name the government or that router.",
        )
    vpn = department.private[0][1]
    if _leaks_by(line, fault) == "static":
        _default_into_public(router, vpn)
    else:
        _import_default(router, vpn)
    sharing = frozenset(
        d.id
        for d in line.net.departments.values()
        if d.private_owner is not None and d.private_owner[0] == router.id
        and d.private[0][1] == vpn
    )  # fmt: skip
    return PlantedExit(
        "vpn_leak",
        router.id,
        router.government,
        _V4,
        latent=False,
        sources=sharing,
        private=True,
    )


def _leaks_by(line: RogueLine, fault: FaultSpec) -> str:
    """Return how the leak is configured: as asked, else as the seed has it."""
    router = line.router
    if fault.by == "route_target" and router.platform not in _WITH_TARGETS:
        raise refusal(
            fault.place,
            Sentence(
                "{device} is a {platform}, which imports no route targets.",
                device=router.id,
                platform=router.platform,
            ),
            "Write `by: static`, or choose another government or platform.",
        )
    if router.platform not in _WITH_TARGETS:
        return "static"
    return fault.by or line.net.dice("leak", router.id).choice(LEAKS)


def way_out(router: Router) -> Port:
    """Return the port towards a declared line, else towards the superior."""
    ports = [p for p in router.ports.values() if p.far is not None]
    return next((p for p in ports if p.role == "carrier"), None) or next(
        p for p in ports if p.role == "wan"
    )


def _default_into_public(router: Router, vpn: str) -> None:
    router.statics.append(
        StaticRoute(
            vpn,
            plan.ANY4,
            way_out(router).far,
            to_vpn="",
            preference=router.preference("static"),
        )
    )


def _import_default(router: Router, vpn: str) -> None:
    """Let ``vpn`` import the default of an instance that was made to share the exit."""
    shared = VpnInstance(
        _SHARED_VPN, 4, rd=f"{router.loopback}:{_SHARED}", export_targets=(f"65000:{_SHARED}",)
    )
    router.vpn_instances = [
        replace(v, import_targets=(*v.import_targets, *shared.export_targets))
        if v.name == vpn
        else v
        for v in router.vpn_instances
    ]
    router.vpn_instances.append(shared)
    _default_into_public(router, _SHARED_VPN)
    port = way_out(router)
    assert port.far is not None  # noqa: S101 - a way out has a far end
    router.learned.append(
        Learned(vpn, plan.ANY4, "ibgp", router.preference("ibgp"), port.far, port.name)
    )


def imports_default(router: Router) -> bool:
    """Whether a router leaks by importing a default, not by a static route of its own."""
    return any(instance.name == _SHARED_VPN for instance in router.vpn_instances)


def _first_private(line: RogueLine, fault: FaultSpec) -> PlannedDepartment:
    found = [d for d in _departments(line, fault) if d.private]
    if not found:
        raise refusal(
            fault.place,
            "The department has no private network to leak.",
            "Name a department of class D.",
        )
    return found[0]


def plant_host(line: RogueLine, fault: FaultSpec) -> PlantedExit:
    """Give a department one Linux host with a second card on an undeclared line."""
    net = line.net
    department = _departments(line, fault)[0]
    host = add_host(net, department)
    inner = next(iter(host.ports.values()))
    assert inner.far is not None  # noqa: S101 - a host has a gateway
    outer = line.open(host)
    preference = host.preference("static")
    if fault.latent:
        default_via(host, inner, inner.far)
    else:
        default_via(host, outer, outer.far)
        for aggregate in INSIDE:
            host.statics.append(
                StaticRoute("", aggregate, inner.far, inner.name, preference=preference)
            )
    return PlantedExit(
        "dual_homed_host",
        host.id,
        department.government,
        _V4,
        bool(fault.latent),
        frozenset({department.id}),
    )
