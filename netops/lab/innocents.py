"""Innocents: things that look like undeclared exits and are none.

Knows how each is wired, configured and registered. None of them may be reported by an audit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from ipaddress import IPv4Network

from netops.divisions import Level
from netops.errors import Sentence, SpecError
from netops.facts.access import Cellular
from netops.facts.interfaces import AddressOrigin
from netops.facts.nat import NatKind, NatRule
from netops.facts.routes import StaticRoute, VpnInstance
from netops.inventory.model import Exemption
from netops.lab.build import addresses as plan
from netops.lab.build.departments import ensure_instance
from netops.lab.build.makes import make_for
from netops.lab.build.net import Net, PlannedDepartment, PlannedExit, Router, Seat, Wire
from netops.lab.build.outside import TRANSLATING, add_line, default_via, permit_sources
from netops.lab.faults.planted import Planted
from netops.lab.faults.targets import government_of
from netops.lab.spec_file import place_of

_WITH_MODEM = ("huawei_vrp", "h3c_comware")
_OOB_VPN = "oob"
_BEGIN, _END = date(2020, 1, 1), date(2099, 12, 31)
_PUBLIC_BLOCK = int(plan.NATIONAL.network_address) + (0x30 << 16)
_PUBLIC_ROOM = 4_096
"""From 59.240.0.0 to the end of the block: far from the applications at 59.224.0.0."""
_CGN = int(plan.CGN.network_address)


def choose_places(net: Net) -> Mapping[str, str]:
    """Return the government of each innocent asked for: none that a listed fault touches."""
    touched = {government_of(net, fault) for fault in net.spec.faults}
    taken: set[str] = set()
    places: dict[str, str] = {}
    for kind in net.spec.innocents:
        if kind == "ha_pair":
            places[kind] = next(iter(net.seats))
            continue
        free = [
            s.code
            for s in net.seats.values()
            if s.level in (Level.CITY, Level.COUNTY)
            and s.code not in touched
            and s.code not in taken
            and _fits(net, s, kind)
        ]
        if not free:
            raise SpecError(
                Sentence("There is no government left for the innocent “{kind}”.", kind=kind),
                remedy="Widen the scope, or leave the innocent out.",
                place=place_of(net.spec, "innocents"),
            )
        places[kind] = net.dice("innocent", kind).choice(free)
        taken.add(places[kind])
    return places


def _fits(net: Net, seat: Seat, kind: str) -> bool:
    platform = net.first_router(seat.code).platform
    if kind == "nat_between_vpns":
        return platform in _WITH_MODEM
    return kind != "exempt_department" or seat.level is Level.COUNTY


def realise(net: Net, planted: Planted, places: Mapping[str, str]) -> None:
    """Put every innocent into the net."""
    for kind, code in places.items():
        _MAKERS[kind](net, net.seats[code])
        planted.innocents.append((kind, code))


def _ha_pair(net: Net, seat: Seat) -> None:
    """Let both routers of the province hold a line of the one declared exit."""
    assert seat.exit is not None  # noqa: S101 - a province has an exit
    add_line(net, seat, net.routers[seat.routers[1]], net.exits[seat.exit])


def _two_carriers(net: Net, seat: Seat) -> None:
    assert seat.exit is not None  # noqa: S101 - cities and counties have exits
    add_line(net, seat, net.first_router(seat.code), net.exits[seat.exit])


def _public_block(net: Net, seat: Seat) -> None:
    """Number a service net from the extranet's own public block."""
    network = IPv4Network((_PUBLIC_BLOCK + 256 * (seat.number % _PUBLIC_ROOM), 28))
    port = net.first_router(seat.code).new_port("service", "published services")
    port.give(plan.host(network, 1))


def _nat_between_vpns(net: Net, seat: Seat) -> None:
    """Translate between two private networks: a rule on a port inside the plan."""
    router = net.first_router(seat.code)
    vpn = "finance"
    ensure_instance(router, vpn)
    network = plan.spare_net(seat, 0)
    port = router.new_port("service", "finance to audit")
    port.vpn = vpn
    port.give(plan.host(network, 1))
    pool = plan.spare_net(seat, 1)
    ranges = ((pool.network_address + 1, pool.network_address + 6),)
    router.nat_rules.append(
        NatRule(
            NatKind.OUTBOUND,
            port.name,
            acl=permit_sources(router, (plan.PRIVATE,)),
            pool=ranges,
            vpn=vpn,
            active=True,
        )
    )
    router.vpn_instances = [_with_port(v, port.name, vpn) for v in router.vpn_instances]


def _with_port(instance: VpnInstance, port: str, vpn: str) -> VpnInstance:
    if instance.name != vpn:
        return instance
    return VpnInstance(
        instance.name,
        instance.family,
        instance.rd,
        instance.import_targets,
        instance.export_targets,
        (*instance.interfaces, port),
    )


def _oob_card(net: Net, seat: Seat) -> None:
    """Give a router a registered card for management out of band, in an instance of its own."""
    router = net.first_router(seat.code)
    address = f"{plan.rogue_net(8_000 + seat.number % 190).network_address + 1}/32"
    if router.platform in _WITH_MODEM:
        modem = router.make.cellular
        name = "Eth-channel0/0:0" if router.platform == "h3c_comware" else modem
        port = router.named_port(name, "cellular", "oob management")
        port.give(address, AddressOrigin.CELLULAR)
        router.cellular.append(Cellular(modem, is_connected=True, network="4G"))
    else:
        port = router.new_port("oob", "oob management")
        port.give(address)
    port.vpn = _OOB_VPN
    router.vpn_instances.append(
        VpnInstance(_OOB_VPN, 4, rd=f"{router.loopback}:999", interfaces=(port.name,))
    )
    router.statics.append(
        StaticRoute(_OOB_VPN, plan.ANY4, None, port.name, preference=router.preference("static"))
    )
    wire = Wire(f"O-{router.id}", "oob", (router.id, port.name), None, "中国移动")
    port.wire = wire.id
    net.wires[wire.id] = wire


def _exempt_department(net: Net, seat: Seat) -> None:
    """Add a department of class C with a router, a line and an approved exit of its own."""
    number = len(seat.departments)
    department = PlannedDepartment(
        id=f"D-{seat.code}-{number + 1:02d}",
        government=seat.code,
        name=f"{seat.division.name}人民医院",
        access_class="C",
    )
    net.departments[department.id] = department
    seat.departments.append(department.id)
    network = plan.department_net(net, seat, number)
    department.public.append(network)
    own = _own_router(net, seat, department)
    lan = own.new_port("lan", department.id)
    lan.give(plan.host(network, 1))
    department.owners.append((own.id, lan.name))
    made = PlannedExit(
        f"E-{department.id}", seat.code, f"{department.name}自建出口", department=department.id
    )
    net.exits[made.id] = made
    department.exit = made.id
    _own_line(net, own, made, network)
    net.exemptions.append(
        Exemption(
            number="湘政办网〔2020〕1号（样例）",
            rule="exits.undeclared",
            subject_kind="department",
            subject_id=department.id,
            reason="医疗业务专用出口，过渡期内保留（样例）",
            approver="省电子政务外网管理单位（样例）",
            begin=_BEGIN,
            end=_END,
            relief="过渡期内保留自建出口",
            exit=made.id,
        )
    )


def _own_router(net: Net, seat: Seat, department: PlannedDepartment) -> Router:
    """Make the department's device and join it to the first router of its government."""
    gateway = net.first_router(seat.code)
    network = plan.access_net(seat)
    own = Router(
        id=f"{department.id}-R1",
        government=seat.code,
        number=1,
        role="department",
        make=make_for("frr" if net.spec.on_routers else "huawei_vrp", 0.0),
        index=len(net.routers),
        loopback=network.network_address + 2,
        department=department.id,
    )
    upper = gateway.new_port("access", department.id)
    lower = own.new_port("access", gateway.hostname)
    upper.give(plan.host(network, 1))
    lower.give(plan.host(network, 2))
    upper.far, lower.far = lower.address(4), upper.address(4)
    wire = Wire(f"A-{own.id}", "access", (gateway.id, upper.name), (own.id, lower.name))
    upper.wire = lower.wire = wire.id
    net.wires[wire.id] = wire
    net.routers[own.id] = own
    gateway.statics.append(
        StaticRoute(
            "",
            department.public[0],
            lower.address(4),
            upper.name,
            preference=gateway.preference("static"),
        )
    )
    own.statics.extend(
        StaticRoute("", prefix, upper.address(4), lower.name, preference=60)
        for prefix in (*plan.AGGREGATES, plan.NATIONAL)
    )
    return own


def _own_line(net: Net, own: Router, made: PlannedExit, inside: IPv4Network) -> None:
    number = net.outside_lines
    net.outside_lines += 1
    port = own.new_port("carrier", f"internet-{number}")
    network = plan.carrier_net(number)
    port.give(plan.host(network, 2))
    port.far = network.network_address + 1
    default_via(own, port, port.far)
    wire = Wire(f"X-{own.id}-{number}", "internet", (own.id, port.name), None, "中国联通")
    port.wire = wire.id
    net.wires[wire.id] = wire
    made.lines.append((own.id, port.name, "中国联通"))
    if own.platform in TRANSLATING:
        own.nat_rules.append(
            NatRule(
                NatKind.OUTBOUND,
                port.name,
                acl=permit_sources(own, (inside,)),
                easy_ip=True,
                active=True,
            )
        )


def _cgn_in_plan(net: Net, seat: Seat) -> None:
    """Use shared address space that the plan holds as the extranet's own."""
    network = IPv4Network((_CGN + 256 * seat.number, 28))
    port = net.first_router(seat.code).new_port("service", "terminals behind shared addresses")
    port.give(plan.host(network, 1))


_MAKERS: Mapping[str, Callable[[Net, Seat], None]] = {
    "ha_pair": _ha_pair,
    "two_carriers": _two_carriers,
    "public_block": _public_block,
    "nat_between_vpns": _nat_between_vpns,
    "oob_card": _oob_card,
    "exempt_department": _exempt_department,
    "cgn_in_plan": _cgn_in_plan,
}
