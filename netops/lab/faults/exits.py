"""Plants undeclared exits on routers: what each mechanism puts into a configuration.

Knows mechanisms. Refuses to know how an audit finds them; what the plan says is planted is what
the answer key is computed from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Network

from netops.addressing import Network
from netops.errors import Sentence
from netops.facts.access import Cellular, Dialer, PppoeSession, Tunnel
from netops.facts.interfaces import AddressOrigin
from netops.facts.neighbours import BgpPeer
from netops.facts.routes import StaticRoute
from netops.lab.build import addresses as plan
from netops.lab.build.net import Learned, Net, Port, Router
from netops.lab.build.outside import default_via
from netops.lab.faults.by_department import plant_host, plant_leak, plant_policy
from netops.lab.faults.planted import Planted, PlantedExit
from netops.lab.faults.rogue import RogueLine
from netops.lab.faults.targets import exit_router
from netops.lab.spec import FaultSpec
from netops.lab.spec_fields import refusal

_ISP_AS = 64500
_TUNNEL_PEERS = int(IPv4Address("203.0.113.0"))
_SPECIFIC = (IPv4Network("198.51.100.0/24"), IPv4Network("192.0.2.0/24"))
_SPECIFIC6 = IPv6Network("2001:db8:f000::/36")
_DOWN = (True, False, False)
_V4, _V6 = 4, 6


def plant_exit(net: Net, planted: Planted, fault: FaultSpec) -> None:
    """Plant one exit and note it."""
    router = exit_router(net, fault)
    line = RogueLine(net, router, len(planted.exits), 6 if fault.family == "ipv6" else 4)
    special = {
        "policy_route": plant_policy,
        "vpn_leak": plant_leak,
        "dual_homed_host": plant_host,
    }.get(fault.mechanism)
    if special is not None:
        made = special(line, fault)
        _refuse_second(planted, made, fault)
        planted.exits.append(made)
        return
    made = PlantedExit(
        fault.mechanism, router.id, router.government, line.family, bool(fault.latent)
    )
    _refuse_second(planted, made, fault)
    _PLANTERS[fault.mechanism](line, fault)
    planted.exits.append(made)


def _refuse_second(planted: Planted, made: PlantedExit, fault: FaultSpec) -> None:
    """Refuse two exits that nobody could tell apart, or that take the same interface."""
    wanted = (made.device, made.mechanism, made.family)
    if any((m.device, m.mechanism, m.family) == wanted for m in planted.exits):
        raise refusal(
            fault.place,
            Sentence(
                "{device} has an exit of mechanism {mechanism} in IPv{family} already.",
                device=made.device,
                mechanism=made.mechanism,
                family=made.family,
            ),
            "Leave one of the two out, or choose another mechanism or device.",
        )


def _static_default(line: RogueLine, fault: FaultSpec) -> None:
    port = line.open()
    default_via(line.router, port, port.far)
    line.translate(port)
    if fault.latent:
        port.state = _DOWN


def _floating_static(line: RogueLine, fault: FaultSpec) -> None:
    del fault
    port = line.open()
    default_via(line.router, port, port.far, line.router.preference("floating"))
    line.translate(port)
    seat = line.net.seats[line.router.government]
    if line.router.number > 1 and seat.exit is not None:
        # A default learnt by iBGP is the least preferred there is: nothing can float above it.
        seat.is_recursive = False


def _split_default(line: RogueLine, fault: FaultSpec) -> None:
    port = line.open()
    halves = ("0.0.0.0/1", "128.0.0.0/1") if line.family == _V4 else ("::/1", "8000::/1")
    for half in halves:
        kind = IPv4Network if line.family == _V4 else IPv6Network
        line.route(kind(half), port)
    line.translate(port)
    if fault.latent:
        port.state = _DOWN


def _specific_route(line: RogueLine, fault: FaultSpec) -> None:
    port = line.open()
    prefix: Network = _SPECIFIC6 if line.family == _V6 else _SPECIFIC[line.number % 2]
    line.route(prefix, port)
    line.translate(port)
    if fault.latent:
        port.state = _DOWN


def _pppoe_dialer(line: RogueLine, fault: FaultSpec) -> None:
    router = line.router
    under = router.new_port("rogue", "adsl")
    dialer = router.named_port(router.make.dialer, "dialer")
    dialer.spoofing = True
    if fault.latent:
        under.state = _DOWN
        if router.platform in ("frr", "linux_host"):
            dialer.state = _DOWN
    else:
        dialer.give(f"{line.network.network_address + 2}/32", AddressOrigin.PPP)
    router.pppoe.append(
        PppoeSession(
            under.name, dialer.name, is_up=not fault.latent, state="padi" if fault.latent else "up"
        )
    )
    router.dialers.append(Dialer(dialer.name, is_connected=not fault.latent))
    preference = router.preference("floating" if fault.latent else "static")
    default_via(router, dialer, None, preference)
    line.translate(dialer)


def _cellular(line: RogueLine, fault: FaultSpec) -> None:
    router = line.router
    modem = router.make.cellular
    name = "Eth-channel0/0:0" if router.platform == "h3c_comware" else modem
    port = router.named_port(name, "cellular")
    if fault.latent:
        port.state = _DOWN
    else:
        port.give(f"{line.network.network_address + 2}/32", AddressOrigin.CELLULAR)
    router.cellular.append(Cellular(modem, is_connected=not fault.latent, network="4G"))
    default_via(router, port, None)
    line.translate(port)


def _tunnel(line: RogueLine, fault: FaultSpec) -> None:
    router = line.router
    peer = IPv4Address(_TUNNEL_PEERS + 1 + line.number % 254)
    local = _carrier_port(router)
    port = router.named_port(router.make.tunnel, "tunnel")
    port.give(plan.host(line.network, 2))
    source = (local.address(_V4) if local else None) or router.loopback
    router.tunnels.append(Tunnel(port.name, "gre", source, peer))
    if local is not None:
        router.statics.append(
            StaticRoute(
                "",
                IPv4Network(peer),
                local.far,
                local.name,
                preference=router.preference("static"),
            )
        )
    default_via(router, port, None)
    if fault.latent:
        port.state = _DOWN


def _carrier_port(router: Router) -> Port | None:
    return next((p for p in router.ports.values() if p.role == "carrier"), None)


def _isp_bgp(line: RogueLine, fault: FaultSpec) -> None:
    router = line.router
    port = line.open()
    far = port.far
    assert far is not None  # noqa: S101 - a line has a far end
    preference = router.preference("isp")
    router.bgp_peers.append(
        BgpPeer(
            far,
            str(_ISP_AS),
            "idle" if fault.latent else "established",
            local_as=str(router.as_number),
            router_id=str(router.loopback),
            received=0 if fault.latent else 1,
            uptime="0031h02m",
        )
    )
    line.translate(port)
    if fault.latent:
        return
    router.learned.append(Learned("", plan.ANY4, "ebgp", preference, far, port.name))


def prefer_providers(net: Net) -> None:
    """Put static defaults behind what a provider's session brings: that default is to carry."""
    for router in net.routers.values():
        for learned in (path for path in router.learned if not path.vpn):
            router.statics = [_behind(static, learned.preference) for static in router.statics]


def _behind(static: StaticRoute, preference: int) -> StaticRoute:
    if static.prefix != plan.ANY4 or static.vpn or static.preference > preference:
        return static
    return StaticRoute(
        static.vpn,
        static.prefix,
        static.next_hop,
        static.interface,
        static.to_vpn,
        preference + 10,
        static.blackhole,
    )


def _public_interface(line: RogueLine, fault: FaultSpec) -> None:
    del fault
    line.open()


_PLANTERS: Mapping[str, Callable[[RogueLine, FaultSpec], None]] = {
    "static_default": _static_default,
    "ipv6_default": _static_default,
    "floating_static": _floating_static,
    "split_default": _split_default,
    "specific_route": _specific_route,
    "pppoe_dialer": _pppoe_dialer,
    "cellular": _cellular,
    "tunnel": _tunnel,
    "isp_bgp": _isp_bgp,
    "public_interface": _public_interface,
}
