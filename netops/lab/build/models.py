"""Makes the ``DeviceModel`` that the renderers print, from plan and working state.

Built one at a time when it is asked for, so that a whole province needs no memory. Refuses to
know text, and which fault made the state.
"""

from __future__ import annotations

from collections.abc import Iterator

from netops.facts.interfaces import Interface
from netops.facts.neighbours import BgpPeer, LldpNeighbour, Neighbour
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.facts.system import NtpServer, NtpStatus
from netops.lab.build.net import Address, Port, Router
from netops.lab.build.state import State
from netops.lab.build.tables import build_tables, port_state, wan_protocol
from netops.lab.build.vpns import vpn_routes
from netops.lab.model import DeviceModel
from netops.lab.render.notation import mac_of

_V4 = 4
_UP_S = 90 * 86_400


def build_model(state: State, router: Router) -> DeviceModel:
    """Return what is true on ``router`` now."""
    dice = state.net.dice("model", router.id)
    serial = f"{router.make.vendor[:2].upper()}{dice.randrange(10**10):010d}"
    return DeviceModel(
        id=router.id,
        platform=router.platform,
        identity=router.make.identity(router.hostname, serial, 3_600 + dice.randrange(_UP_S)),
        interfaces=[_interface(state, router, port) for port in router.ports.values()],
        routes=build_tables(state, router),
        statics=list(router.statics),
        vpn_instances=list(router.vpn_instances),
        vpn_routes=vpn_routes(state, router),
        policy_routes=list(router.policy_routes),
        acls=list(router.acls),
        nat_rules=list(router.nat_rules),
        nat_pools=list(router.nat_pools),
        nat_sessions=router.nat_sessions,
        neighbours=list(_neighbours(state, router)),
        lldp=list(_lldp(state, router)),
        bgp_peers=[*_bgp(state, router), *router.bgp_peers],
        vrrp=list(_vrrp(state, router)),
        pppoe=list(router.pppoe),
        dialers=list(router.dialers),
        cellular=list(router.cellular),
        dhcp=list(router.dhcp),
        tunnels=list(router.tunnels),
        ntp=_ntp(state, router),
        ntp_servers=_ntp_servers(state, router),
        is_up=state.is_reached(router.id),
    )


def _interface(state: State, router: Router, port: Port) -> Interface:
    admin, link, protocol = port_state(state, port)
    is_physical = port.role not in ("loopback", "tunnel", "dialer", "cellular")
    return Interface(
        name=port.name,
        admin_up=admin,
        link_up=link,
        protocol_up=protocol,
        spoofing=port.spoofing,
        addresses=tuple(port.addresses),
        vpn=port.vpn,
        description=port.description,
        mac=mac_of(router.id, port.name) if is_physical else None,
        mtu=1500,
        speed_mbps=1000.0 if is_physical else None,
    )


def _far(state: State, router: Router, port: Port) -> tuple[Router, Port] | None:
    """Return the router and port at the other end, None for a carrier or nobody."""
    wire = state.net.wires.get(port.wire or "")
    if wire is None or wire.b is None:
        return None
    name, far = wire.b if wire.a == (router.id, port.name) else wire.a
    other = state.net.routers[name]
    return other, other.ports[far]


def _neighbours(state: State, router: Router) -> Iterator[Neighbour]:
    for port in router.ports.values():
        if port.role in ("loopback", "tunnel", "dialer", "cellular"):
            continue
        _, _, works = port_state(state, port)
        for item in port.addresses:
            if item.interface.version == _V4:
                yield Neighbour(
                    item.interface.ip,
                    mac_of(router.id, port.name),
                    port.name,
                    port.vpn,
                    own=True,
                )
        if works and port.far is not None:
            other = _far(state, router, port)
            far = ("carrier", str(port.far)) if other is None else (other[0].id, other[1].name)
            yield Neighbour(port.far, mac_of(*far), port.name, port.vpn, age_s=300.0)


def _lldp(state: State, router: Router) -> Iterator[LldpNeighbour]:
    for port in router.ports.values():
        other = _far(state, router, port)
        if other is None or not port_state(state, port)[2]:
            continue
        yield LldpNeighbour(
            port.name,
            other[0].hostname,
            other[1].name,
            chassis=mac_of(other[0].id, "chassis"),
            port_description=other[1].description,
            system_description=f"{other[0].make.vendor} {other[0].make.model}",
        )


def _bgp(state: State, router: Router) -> Iterator[BgpPeer]:
    if router.department is not None:
        return
    seat = state.net.seats[router.government]
    for port in router.ports.values():
        wire = state.net.wires.get(port.wire or "")
        if wire is None or wire.child is None or wan_protocol(state, wire.child) != "ebgp":
            continue
        other = _far(state, router, port)
        if other is not None and port.far is not None:
            yield _peer(router, port.far, other[0].as_number, works=state.works(wire))
    sibling = state.sibling(router)
    if sibling is not None and seat.is_recursive:
        works = state.is_alive(sibling.id) and state.is_alive(router.id)
        yield _peer(router, sibling.loopback, sibling.as_number, works=works)


def _peer(router: Router, address: Address, as_number: int, *, works: bool) -> BgpPeer:
    return BgpPeer(
        address,
        str(as_number),
        "established" if works else "idle",
        local_as=str(router.as_number),
        router_id=str(router.loopback),
        received=12 if works else 0,
        uptime="0412h16m" if works else "00:12:41",
    )


def _vrrp(state: State, router: Router) -> Iterator[VrrpGroup]:
    sibling = state.sibling(router)
    is_master = router.number == 1 or sibling is None or not state.is_alive(sibling.id)
    for virtual in router.virtuals:
        yield VrrpGroup(
            virtual.interface,
            virtual.vrid,
            VrrpState.MASTER if is_master else VrrpState.BACKUP,
            (virtual.address,),
            120 if router.number == 1 else 100,
        )


def _ntp_servers(state: State, router: Router) -> list[NtpServer]:
    """Follow the first router of the superior; the province follows the national clocks."""
    above = state.net.seats[router.government].above
    if above is None:
        return [NtpServer(state.net.seats[router.government].block.network_address + 68)]
    return [NtpServer(state.net.first_router(above).loopback)]


def _ntp(state: State, router: Router) -> NtpStatus:
    reached = state.is_reached(router.id)
    server = _ntp_servers(state, router)[0].address
    return NtpStatus(reached, 3 if reached else 16, str(server) if reached else None)
