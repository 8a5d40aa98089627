"""BGP peers, VPN routes, policy routing and VRRP groups as FRR prints them in JSON.

Knows which keys carry facts. Refuses to know what the running configuration adds to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netops.facts.answers import UnreadLine
from netops.facts.neighbours import BgpPeer
from netops.facts.policy_routes import Acl, AclRule, PolicyRoute
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.facts.routes import VpnRoute
from netops.facts.source import Source
from netops.platforms.answer import Parsed
from netops.platforms.frr.names import vrf_name
from netops.platforms.jsontext import (
    Document,
    Page,
    as_address,
    as_dict,
    as_int,
    as_list,
    as_network,
    as_number_text,
    as_text,
    json_parser,
    not_this,
    objects,
    source_of,
)

FAMILIES = {
    "ipv4Unicast": "ipv4",
    "ipv6Unicast": "ipv6",
    "ipv4Vpn": "vpnv4",
    "ipv6Vpn": "vpnv6",
    "l2VpnEvpn": "evpn",
    "ipv4Multicast": "ipv4-multicast",
    "ipv6Multicast": "ipv6-multicast",
    "ipv4LabeledUnicast": "ipv4-labeled",
    "ipv6LabeledUnicast": "ipv6-labeled",
    "ipv4Flowspec": "ipv4-flowspec",
    "ipv6Flowspec": "ipv6-flowspec",
}
_VRRP_STATES = {
    "Master": VrrpState.MASTER,
    "Backup": VrrpState.BACKUP,
    "Initialize": VrrpState.INITIALIZE,
}


def _read_summary(page: Page) -> Parsed:
    facts: list[BgpPeer] = []
    unread: list[UnreadLine] = []
    for document in page.documents:
        if not isinstance(document.value, dict):
            return not_this(page)
        lines = document.finder()
        for vrf, family, block in _blocks(document.value):
            if family not in FAMILIES or not isinstance(block, dict):
                unread.append(page.quote({family: block}, document.first))
                continue
            for address, peer in as_dict(block.get("peers")).items():
                source = page.answer.at(*lines.span_of(address))
                fact = _peer(address, (vrf, family, block), (as_dict(peer), source))
                if fact is None:
                    unread.append(page.quote({address: peer}, source.first))
                else:
                    facts.append(fact)
    return Parsed(tuple(facts), tuple(unread))


def _blocks(value: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield VRF, family and what stands there, in printed order."""
    for vrf, families in _vrfs(value):
        for family, block in families.items():
            yield vrf, family, block


def _vrfs(value: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Both shapes: families under VRFs (``vrf all``), or families alone."""
    if not value:
        return []
    if any(key in FAMILIES for key in value):
        return [("", value)]
    return [(vrf_name(name), as_dict(families)) for name, families in value.items()]


def _peer(
    address_text: str,
    where: tuple[str, str, dict[str, Any]],
    what: tuple[dict[str, Any], Source],
) -> BgpPeer | None:
    vrf, family, block = where
    peer, source = what
    address = as_address(address_text)
    state, remote_as = as_text(peer.get("state")), as_number_text(peer.get("remoteAs"))
    if address is None or state is None or remote_as is None:
        return None
    established = state == "Established"
    return BgpPeer(
        address=address,
        remote_as=remote_as,
        state=state.split(" ", 1)[0].lower(),
        vpn=vrf,
        local_as=as_number_text(peer.get("localAs")) or as_number_text(block.get("as")),
        router_id=as_text(block.get("routerId")),
        received=as_int(peer.get("pfxRcd")) if established else None,
        uptime=as_text(peer.get("peerUptime")) if established else None,
        address_family=FAMILIES[family],
        enabled="(Admin)" not in state,
        description=as_text(peer.get("desc")),
        source=source,
    )


def _read_vpn(page: Page) -> Parsed:
    facts: list[VpnRoute] = []
    unread: list[UnreadLine] = []
    for document in page.documents:
        value = as_dict(document.value)
        if "routes" not in value and value:
            return not_this(page)
        distinguishers = as_dict(as_dict(value.get("routes")).get("routeDistinguishers"))
        lines = document.finder()
        for rd, prefixes in distinguishers.items():
            for prefix, paths in as_dict(prefixes).items():
                source = page.answer.at(*lines.span_of(prefix))
                found = [_vpn_route(rd, path, source) for path in as_list(paths)]
                facts.extend(route for route in found if route is not None)
                if None in found or not found:
                    unread.append(page.quote({prefix: paths}, source.first))
    return Parsed(tuple(facts), tuple(unread))


def _vpn_route(rd: str, path: object, source: Source) -> VpnRoute | None:
    value = as_dict(path)
    network, hops = as_network(value.get("network")), objects(value.get("nexthops"))
    hop = next((h for h in hops if h.get("used") is True), hops[0] if hops else {})
    address = as_address(hop.get("ip"))
    if network is None or address is None:
        return None
    return VpnRoute(
        rd,
        network,
        address,
        as_number_text(value.get("remoteLabel")),
        value.get("bestpath") is True,
        source,
    )


def _read_pbr_map(page: Page) -> Parsed:
    """Rows of live policy maps; which interface uses them stands in another display."""
    facts: list[Any] = []
    for document in page.documents:
        if not isinstance(document.value, list):
            return not_this(page)
        source = source_of(page, document)
        for policy in objects(document.value):
            name = as_text(policy.get("name")) or ""
            for row in objects(policy.get("policies")):
                facts.extend(_pbr_row(name, row, source))
    return Parsed(tuple(facts))


def _pbr_row(name: str, row: dict[str, Any], source: Source) -> list[Any]:
    node = as_int(row.get("sequenceNumber")) or 0
    table = as_number_text(as_dict(row.get("nexthopGroup")).get("tableId"))
    vrf = as_text(row.get("vrfName"))
    if table is None and vrf is None:
        return []
    src, dst = as_network(row.get("matchSrc")), as_network(row.get("matchDst"))
    known = src or dst
    family = known.version if known is not None else 4
    narrow = any(key.startswith("match") and key not in {"matchSrc", "matchDst"} for key in row)
    acl = acl_name(name, node) if dst is not None or narrow else None
    route = PolicyRoute(
        name,
        node,
        acl=acl,
        sources=None if src is None else (src,),
        vpn=None if vrf is None else vrf_name(vrf),
        table=table,
        family=family,
        source=source,
    )
    if acl is None:
        return [route]
    rule = AclRule(True, src, dst, opaque=narrow, at=source)
    return [route, Acl(acl, family, (rule,), source)]


def acl_name(policy: str, node: int) -> str:
    """Name the match of a policy row as an access list of its own."""
    return f"pbr-map {policy} seq {node}"


def _read_vrrp(page: Page) -> Parsed:
    facts: list[VrrpGroup] = []
    unread: list[UnreadLine] = []
    for document in page.documents:
        if not isinstance(document.value, list):
            return not_this(page)
        for group in document.value:
            found = _groups(page, document, as_dict(group))
            facts.extend(found)
            if not found:
                unread.append(page.quote(group, document.first))
    return Parsed(tuple(facts), tuple(unread))


def _groups(page: Page, document: Document, group: dict[str, Any]) -> list[VrrpGroup]:
    interface, vrid = as_text(group.get("interface")), as_int(group.get("vrid"))
    if interface is None or vrid is None:
        return []
    found = []
    for family in ("v4", "v6"):
        half = as_dict(group.get(family))
        addresses = [as_address(text) for text in as_list(half.get("addresses"))]
        if addresses:
            state = _VRRP_STATES.get(as_text(half.get("status")) or "", VrrpState.UNKNOWN)
            known = tuple(address for address in addresses if address is not None)
            priority = as_int(half.get("effectivePriority"))
            source = source_of(page, document)
            found.append(VrrpGroup(interface, vrid, state, known, priority, source))
    return found or [
        VrrpGroup(interface, vrid, VrrpState.UNKNOWN, source=source_of(page, document))
    ]


read_bgp_summary = json_parser(_read_summary)
read_vpn_routes = json_parser(_read_vpn, may_be_empty=True)
read_pbr_map = json_parser(_read_pbr_map)
read_vrrp = json_parser(_read_vrrp)
