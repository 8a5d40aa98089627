"""What in the facts of a device shows a way out: routes, policies, lines, sessions.

Knows one device at a time. Refuses to know what is declared or allowed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

from netops.addressing import AddressPlan
from netops.exits.classes import Destination
from netops.exits.configured import kernel_table, node_steps, static_steps
from netops.exits.devices import (
    BGP_WORDS,
    DIRECT_WORDS,
    KERNEL_TABLE,
    NOT_A_LINE,
    DeviceView,
    Rows,
    prefix_key,
    stem,
)
from netops.exits.owners import Owners
from netops.exits.resolve import Resolver
from netops.exits.route_words import import_targets, policy_words, row_words, static_words
from netops.exits.terms import (
    LEAK_LINE,
    V4,
    V6,
    EndKind,
    Mechanism,
    PointKey,
    Prefix,
    Step,
    range_of,
)
from netops.facts.interfaces import AddressOrigin
from netops.facts.nat import NatRule
from netops.facts.policy_routes import PolicyRoute
from netops.facts.routes import PUBLIC, RouteRow, StaticRoute
from netops.facts.source import NOWHERE, Source

NAT = "nat"
NAT_SESSIONS = "nat_sessions"
DHCP_CLIENT = "dhcp_client"
SNMP = "snmp"
SHORTEST_SPECIFIC = {V4: 5, V6: 5}
"""Below this length a route that is no default splits one."""

GLOBAL_UNICAST: Prefix = (0x2000 << 112, 3)
"""All IPv6 there is today: a default by another name."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One sign of an exit point. ``active``: something is routed or connected there now.

    ``what`` says in the device's terms what it is: words for the remedy's template. ``whose``
    are the lines of the access list that says whose packets it takes.
    """

    key: PointKey
    kind: str
    active: bool
    source: Source = NOWHERE
    vpn: str = ""
    what: dict[str, str] = field(default_factory=dict)
    whose: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class PrivateLine:
    """A way to private-use space outside the plan: information, not judged."""

    device: str
    line: str
    prefix: str


class Signals:
    """Reads the signals of one device after another."""

    def __init__(
        self, plan: AddressPlan, owners: Owners, resolver: Resolver, private: frozenset[str]
    ) -> None:
        self._plan = plan
        self._owners = owners
        self._resolver = resolver
        self._private = private
        self.private_lines: list[PrivateLine] = []

    def of(self, view: DeviceView) -> Iterator[Signal]:
        """Yield every signal of a device."""
        yield from self._routes(view)
        yield from self._configured(view)
        yield from self._policies(view)
        yield from self._dialled(view)
        yield from self._advertised(view)
        yield from self._tunnels(view)
        yield from self._peers(view)
        yield from self._interfaces(view)
        yield from self._translations(view)

    def _routes(self, view: DeviceView) -> Iterator[Signal]:
        for (vpn, family), found in view.outside.items():
            if vpn.startswith(KERNEL_TABLE):
                continue  # looked up by a policy, and judged with it
            for prefix, rows in found.items():
                if not any(row.protocol in DIRECT_WORDS for row in rows):
                    yield from self._prefix(view, vpn, (family, prefix), rows)

    def _prefix(
        self, view: DeviceView, vpn: str, what: tuple[int, Prefix], rows: Rows
    ) -> Iterator[Signal]:
        family, prefix = what
        observation = view.facts.routes[(vpn, family)].observation
        for row in rows:
            if row.protocol == "static" and not row.active:
                continue  # judged from the configuration, with its instance of the next hop
            for step in self._resolver.row(view, vpn, row):
                if step.end is None or step.end.kind is not EndKind.EXIT:
                    continue
                if self._is_private(family, prefix):
                    line = PrivateLine(view.id, step.end.place, _text(family, prefix))
                    self.private_lines.append(line)
                    continue
                yield Signal(
                    key=PointKey(view.id, step.end.place, family),
                    kind=self._kind_of_row(vpn, row, step),
                    active=row.active and not step.latent,
                    source=row.source(observation),
                    vpn=vpn,
                    what=row_words(view, vpn, row),
                )

    def _is_private(self, family: int, prefix: Prefix) -> bool:
        kind = IPv4Address if family == V4 else IPv6Address
        first, last = range_of(prefix, family)
        return all(self._plan.is_private_line(kind(number)) for number in (first, last))

    def _configured(self, view: DeviceView) -> Iterator[Signal]:
        for static in view.unselected:
            family, prefix = static.prefix.version, prefix_key(static)
            if self._is_private(family, prefix):
                continue
            for step in static_steps(self._resolver, self._plan, view, static):
                if step.end is None or step.end.kind is not EndKind.EXIT:
                    continue
                yield Signal(
                    key=PointKey(view.id, step.end.place, family),
                    kind=self._kind_of_static(view, static, step),
                    active=False,
                    source=static.source,
                    vpn=static.vpn,
                    what=static_words(static),
                )

    def _kind_of_row(self, vpn: str, row: RouteRow, step: Step) -> Mechanism:
        if step.leak is not None and vpn in self._private:
            return Mechanism.VPN_LEAK
        if row.protocol in BGP_WORDS:
            return Mechanism.ISP_BGP
        return _kind_of_prefix(row.family, (row.network, row.length))

    def _kind_of_static(self, view: DeviceView, static: StaticRoute, step: Step) -> Mechanism:
        if step.leak is not None and static.vpn in self._private:
            return Mechanism.VPN_LEAK
        kind = _kind_of_prefix(static.prefix.version, prefix_key(static))
        if kind is not Mechanism.STATIC_DEFAULT:
            return kind
        table = view.outside.get((static.vpn, static.prefix.version), {})
        better = [row.preference for row in table.get((0, 0), ()) if row.active]
        floats = any(preference < static.preference for preference in better)
        return Mechanism.FLOATING_STATIC if floats else Mechanism.STATIC_DEFAULT

    def _policies(self, view: DeviceView) -> Iterator[Signal]:
        nodes = {id(node): node for found in view.policies.values() for node in found}
        for node in nodes.values():
            if not node.permit:
                continue
            vpn = view.vpn_of(node.interfaces[0]) if node.interfaces else PUBLIC
            for step in self._node(view, vpn, node):
                if step.end is None or step.end.kind is not EndKind.EXIT:
                    continue
                for words in policy_words(node):
                    yield Signal(
                        key=PointKey(view.id, step.end.place, node.family),
                        kind=Mechanism.POLICY_ROUTE,
                        active=not step.latent,
                        source=node.source,
                        vpn=vpn,
                        what=words,
                        whose=view.lines_of_acl(node.acl),
                    )

    def _node(self, view: DeviceView, vpn: str, node: PolicyRoute) -> tuple[Step, ...]:
        """Return all steps that a node may mean, whatever the destination."""
        chains: list[Prefix] = [(0, 0)]
        if node.table is not None:
            table = view.outside.get((kernel_table(node), node.family), {})
            chains = [p for p, rows in table.items() if rows[0].protocol not in DIRECT_WORDS]
        found = [
            step
            for prefix in chains
            for step in node_steps(
                self._resolver,
                view,
                vpn,
                node,
                Destination(node.family, prefix[0], prefix, (prefix,), is_anchor=False),
            )
        ]
        return tuple(dict.fromkeys(found))

    def _dialled(self, view: DeviceView) -> Iterator[Signal]:
        facts = view.facts
        lines = [(p.dialer or p.interface, Mechanism.PPPOE_DIALER, p.source) for p in facts.pppoe]
        lines += [(d.name, Mechanism.PPPOE_DIALER, d.source) for d in facts.dialers]
        modems = [(view.line_of_modem(c.name), c.source) for c in facts.cellular]
        lines += [(name, Mechanism.CELLULAR, source) for name, source in modems]
        for name, kind, source in lines:
            word = Mechanism.CELLULAR if view.is_cellular(name) else kind
            vpn = view.vpn_of(name)
            yield Signal(
                PointKey(view.id, name, V4),
                word,
                view.is_dialled(name),
                source,
                vpn,
                {"interface": name},
            )
        for lease in facts.dhcp:
            given = [a for a in (lease.address, lease.gateway) if a is not None]
            if any(self._plan.is_outside(a) for a in given):
                key = PointKey(view.id, lease.interface, given[0].version)
                vpn = view.vpn_of(lease.interface)
                what = {"interface": lease.interface}
                yield Signal(
                    key, DHCP_CLIENT, active=False, source=lease.source, vpn=vpn, what=what
                )

    def _advertised(self, view: DeviceView) -> Iterator[Signal]:
        """Yield lines on which whoever advertises one gives the IPv6 default.

        One that is followed now shows as a route; that it may be at any time shows here.
        """
        for fact in view.facts.advertised:
            line = fact.interface
            own = [a for a in view.addresses(line) if not a.is_link_local]
            if not self._may_be_line(view, line) or any(self._plan.is_inside(a) for a in own):
                continue
            what = {"interface": line, "protocol": "ra"}
            key, kind = PointKey(view.id, line, V6), Mechanism.IPV6_DEFAULT
            vpn = view.vpn_of(line)
            yield Signal(key, kind, active=False, source=fact.source, vpn=vpn, what=what)

    def _tunnels(self, view: DeviceView) -> Iterator[Signal]:
        for tunnel in view.facts.tunnels:
            peer = tunnel.peer
            if peer is None or not self._plan.is_outside(peer):
                continue
            if self._owners.anywhere(peer.version, int(peer)):
                continue
            yield Signal(
                PointKey(view.id, tunnel.name, V4),
                Mechanism.TUNNEL,
                active=False,
                source=tunnel.source,
                vpn=view.vpn_of(tunnel.name),
                what={"interface": tunnel.name},
            )

    def _peers(self, view: DeviceView) -> Iterator[Signal]:
        for peer in view.facts.bgp_peers:
            address = peer.address
            if not self._plan.is_outside(address) or not peer.enabled:
                continue
            if self._owners.anywhere(address.version, int(address)):
                continue
            found = self._resolver.hop(view, peer.vpn, (address.version, str(address), ""))
            lines = {s.end.place for s in found if s.end and s.end.kind is EndKind.EXIT}
            for line in sorted(lines):
                yield Signal(
                    PointKey(view.id, line, address.version),
                    Mechanism.ISP_BGP,
                    peer.is_established,
                    peer.source,
                    peer.vpn,
                    {"peer": str(address), "as": peer.local_as or "", "interface": line},
                )

    def _interfaces(self, view: DeviceView) -> Iterator[Signal]:
        for interface in view.facts.interfaces:
            if not self._may_be_line(view, interface.name):
                continue
            for item in interface.addresses or ():
                address = item.interface.ip
                if not self._plan.is_outside(address) or self._plan.is_private_line(address):
                    continue
                key = PointKey(view.id, interface.name, address.version)
                vpn, what = interface.vpn or "", {"interface": interface.name}
                yield Signal(
                    key,
                    Mechanism.PUBLIC_INTERFACE,
                    active=False,
                    source=interface.source,
                    vpn=vpn,
                    what=what,
                )
                if item.origin is AddressOrigin.DHCP:
                    yield Signal(
                        key, DHCP_CLIENT, active=False, source=interface.source, vpn=vpn, what=what
                    )

    def _may_be_line(self, view: DeviceView, name: str) -> bool:
        """Whether an interface can be a line to the outside: no loopback, no link between ours."""
        if stem(name) in NOT_A_LINE:
            return False
        return self._owners.links.far_end(view.id, name) is None

    def _translations(self, view: DeviceView) -> Iterator[Signal]:
        for rule in view.facts.nat_rules:
            if rule.active is False or not rule.translates:
                continue
            for line in self._lines_of(view, rule):
                yield Signal(
                    PointKey(view.id, line, _nat_family(rule)),
                    NAT,
                    active=False,
                    source=rule.source,
                    vpn=view.vpn_of(line),
                    what={"interface": line},
                    whose=view.lines_of_acl(rule.acl),
                )

    def _lines_of(self, view: DeviceView, rule: NatRule) -> list[str]:
        """Return the lines on which a rule gives inside sources an address outside the plan."""
        has_pool = any(self._plan.is_outside(a) for pair in rule.pool for a in pair)
        if rule.pool and not has_pool:
            return []
        if rule.interface is not None:
            line = rule.interface
            ours = not self._may_be_line(view, line)
            return [] if ours or not (has_pool or self._is_beyond(view, line)) else [line]
        # A policy of a firewall holds for zones: all of the device's outside lines.
        found = [i.name for i in view.facts.interfaces if self._is_beyond(view, i.name)]
        found = [name for name in found if self._may_be_line(view, name)]
        return found or ([f"nat {rule.name or ''}".strip()] if has_pool else [])

    def _is_beyond(self, view: DeviceView, line: str) -> bool:
        own = view.addresses(line)
        return view.is_on_demand(line) or any(
            self._plan.is_outside(a) and not a.is_link_local for a in own
        )


def _nat_family(rule: NatRule) -> int:
    return rule.pool[0][0].version if rule.pool else V4


def _text(family: int, prefix: Prefix) -> str:
    kind = IPv4Address if family == V4 else IPv6Address
    return f"{kind(prefix[0])}/{prefix[1]}"


def _kind_of_prefix(family: int, prefix: Prefix) -> Mechanism:
    if prefix[1] == 0 or (family == V6 and prefix == GLOBAL_UNICAST):
        return Mechanism.IPV6_DEFAULT if family == V6 else Mechanism.STATIC_DEFAULT
    short = prefix[1] < SHORTEST_SPECIFIC[family]
    return Mechanism.SPLIT_DEFAULT if short else Mechanism.SPECIFIC_ROUTE


def leak_signals(view: DeviceView, key: PointKey, *, active: bool) -> Iterator[Signal]:
    """Yield what lets a private instance out of itself: its routes to the outside."""
    vpn = key.line.removeprefix(LEAK_LINE)
    table = view.facts.routes.get((vpn, key.family))
    for rows in view.outside.get((vpn, key.family), {}).values():
        for row in rows:
            if row.protocol in DIRECT_WORDS or table is None:
                continue
            source = row.source(table.observation)
            words = {**row_words(view, vpn, row), "targets": import_targets(view, vpn, key.family)}
            yield Signal(key, Mechanism.VPN_LEAK, active and row.active, source, vpn, words)
    for static in view.unselected:
        if static.vpn == vpn and static.prefix.version == key.family:
            words = static_words(static)
            yield Signal(
                key, Mechanism.VPN_LEAK, active=False, source=static.source, vpn=vpn, what=words
            )
