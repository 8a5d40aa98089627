"""One device as the walk sees it: its facts with the indexes that forwarding needs.

Knows what a single device forwards where. Refuses to know any other device.
"""

from __future__ import annotations

from functools import cache, cached_property
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from netops.exits.matching import bounds
from netops.exits.terms import BITS, SELF, V6, Prefix, Range
from netops.facts.access import Tunnel
from netops.facts.answers import AnswerState
from netops.facts.device import DeviceFacts
from netops.facts.interfaces import AddressOrigin, Interface
from netops.facts.lookup import PrefixTable
from netops.facts.policy_routes import UNSEEN_RULE, Acl, PolicyRoute
from netops.facts.routes import PUBLIC, RouteRow, StaticRoute, VpnRoute
from netops.facts.source import NOWHERE, Source
from netops.inventory.model import Device

Rows = tuple[RouteRow, ...]
KERNEL_TABLE = "table "
"""How the instances that hold tables of policy routing are named by their reader."""
KERNEL_PLATFORMS = frozenset({"linux_host"})
DIALER_NAMES = ("dialer", "virtual-ppp", "ppp")
CELLULAR_NAMES = ("cellular", "eth-channel", "wwan")
NOT_A_LINE = ("loopback", "lo", "null", "dummy", "inloopback")
BGP_WORDS = frozenset({"bgp", "ibgp", "ebgp"})
DIRECT_WORDS = frozenset({"direct", "connected", "local"})
_GOOD = frozenset({AnswerState.UNDERSTOOD, AnswerState.NOT_SUPPORTED})
_EVERYWHERE = bounds(IPv6Network("::/0"))
_LINK_LOCAL = bounds(IPv6Network("fe80::/10"))
_NEGOTIATED = frozenset({AddressOrigin.PPP, AddressOrigin.CELLULAR})


@cache
def parse_address(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address that a table prints as a next hop; None where it prints none."""
    try:
        return ip_address(text.partition("%")[0])
    except ValueError:
        return None


def prefix_key(static: StaticRoute) -> Prefix:
    """Return the prefix of a static route as the walk writes prefixes."""
    return int(static.prefix.network_address), static.prefix.prefixlen


def stem(name: str) -> str:
    """Return the alphabetic kind of an interface's name, lower case."""
    return name.casefold().rstrip("0123456789/.:")


class DeviceView:
    """A device that gave some facts, with its place in the inventory."""

    def __init__(self, device: Device, facts: DeviceFacts) -> None:
        self.id = device.id
        self.device = device
        self.government = device.government
        self.facts = facts
        self.interfaces: dict[str, Interface] = {i.name: i for i in facts.interfaces}
        self.acls: dict[str, Acl] = {acl.name: acl for acl in facts.acls}
        self._tables: dict[tuple[str, int], PrefixTable] = {}
        self._connected: dict[tuple[str, int], list[tuple[int, int, str]]] = {}
        self.own_addresses: set[tuple[int, int]] = set()
        self.outside: dict[tuple[str, int], dict[Prefix, Rows]] = {}
        """Rows that reach outside the plan; filled by ``classes.Outside``."""
        self.unselected: tuple[StaticRoute, ...] = ()
        """Configured static routes to the outside that no table shows as selected."""
        for interface in facts.interfaces:
            self._add_addresses(interface)

    def _add_addresses(self, interface: Interface) -> None:
        for item in interface.addresses or ():
            address = item.interface
            self.own_addresses.add((address.version, int(address.ip)))
            if address.ip.is_link_local:
                continue
            net = address.network
            self._connected.setdefault((interface.vpn or "", address.version), []).append(
                (int(net.network_address), int(net.broadcast_address), interface.name)
            )

    @property
    def is_host(self) -> bool:
        """Whether it is a host and no router."""
        return self.device.role == "host"

    @cached_property
    def bad_answers(self) -> tuple[str, ...]:
        """Commands without which exits cannot be judged, and that gave nothing usable."""
        return tuple(
            answer.command
            for answer in self.facts.answers
            if "exits" in answer.needed_by and answer.state not in _GOOD
        )

    @cached_property
    def is_readable(self) -> bool:
        """Whether interfaces, routes and all needed commands were understood."""
        facts = self.facts
        return bool(
            facts.has_answered
            and facts.interfaces
            and facts.routes
            and not self.bad_answers
            and all(table.complete for table in facts.routes.values())
        )

    def table(self, vpn: str, family: int) -> PrefixTable | None:
        """Return the table of an instance; None where the device has none."""
        key = (vpn, family)
        found = self._tables.get(key)
        if found is None and key in self.facts.routes:
            found = self._tables[key] = PrefixTable(family, self.facts.routes[key].rows)
        return found

    def connected(self, vpn: str, family: int, address: int) -> list[str]:
        """Return the interfaces on whose segment an address lies, most specific first."""
        found = [
            (last - first, name)
            for first, last, name in self._connected.get((vpn, family), ())
            if first <= address <= last
        ]
        return [name for _, name in sorted(found)]

    def nets(self, name: str, family: int) -> list[Range]:
        """Return the ranges that lie on an interface."""
        vpn = self.vpn_of(name)
        return [
            (first, last)
            for first, last, owner in self._connected.get((vpn, family), ())
            if owner == name
        ]

    def behind(self, name: str, family: int) -> list[Range]:
        """Return where packets of a family may come from behind an interface.

        Its networks; of IPv6 also what it advertises to hosts and what is routed to it. Hosts
        that were told of a router, but of no prefix, have at least their link-local address.
        """
        found = self.nets(name, family)
        if family != V6:
            return found
        told = self._advertising.get(name)
        found += [bounds(prefix) for prefix in (told or ())]
        routed = self._routed6.get((self.vpn_of(name), name), ())
        found += [one for one in routed if one != _EVERYWHERE]
        if not found and (told is not None or routed):
            found.append(_LINK_LOCAL)
        return found

    @cached_property
    def _advertising(self) -> dict[str, tuple[IPv6Network, ...]]:
        return {sender.interface: sender.prefixes for sender in self.facts.advertising}

    @cached_property
    def _routed6(self) -> dict[tuple[str, str], list[Range]]:
        """Ranges of IPv6 that lead out by each interface of each instance, link-local ones not."""
        found: dict[tuple[str, str], list[Range]] = {}
        for (vpn, family), table in self.facts.routes.items():
            for row in table.rows if family == V6 else ():
                last = row.network + (1 << (BITS[V6] - row.length)) - 1
                is_local = row.network >= _LINK_LOCAL[0]
                if row.active and row.interface and not row.blackhole and not is_local:
                    found.setdefault((vpn, row.interface), []).append((row.network, last))
        return found

    def vpn_routes_of(self, what: tuple[int, Prefix]) -> list[VpnRoute]:
        """Return what the VPN tables show of a prefix of a family."""
        return self._vpn_routes.get(what, [])

    @cached_property
    def _vpn_routes(self) -> dict[tuple[int, Prefix], list[VpnRoute]]:
        found: dict[tuple[int, Prefix], list[VpnRoute]] = {}
        for route in self.facts.vpn_routes:
            prefix = (int(route.prefix.network_address), route.prefix.prefixlen)
            found.setdefault((route.prefix.version, prefix), []).append(route)
        return found

    def vpn_of(self, name: str) -> str:
        """Return the instance of an interface."""
        interface = self.interfaces.get(name)
        return (interface.vpn or "") if interface else ""

    def addresses(self, name: str) -> tuple[IPv4Address | IPv6Address, ...]:
        """Return the addresses of an interface."""
        interface = self.interfaces.get(name)
        return tuple(a.interface.ip for a in (interface.addresses or ())) if interface else ()

    @cached_property
    def tunnels(self) -> dict[str, Tunnel]:
        """Tunnels by name of interface."""
        return {tunnel.name: tunnel for tunnel in self.facts.tunnels}

    @cached_property
    def _dialers(self) -> frozenset[str | None]:
        return frozenset(d.name for d in self.facts.dialers) | frozenset(
            p.dialer for p in self.facts.pppoe
        )

    @cached_property
    def _modems(self) -> frozenset[str]:
        return frozenset(c.name for c in self.facts.cellular)

    def lines_of_acl(self, name: str | None) -> Source:
        """Return the lines of an access list; NOWHERE where there is none, or it was not read."""
        acl = self.acls.get(name) if name is not None else None
        return NOWHERE if acl is None else acl.source

    def line_of_modem(self, modem: str) -> str:
        """Return the interface of a modem: its own name, or a channel with its number."""
        if modem in self.interfaces:
            return modem
        number = modem[len(stem(modem)) :]
        for name in self.interfaces:
            if stem(name) in CELLULAR_NAMES and name[len(stem(name)) :].split(":")[0] == number:
                return name
        return modem

    def is_dialer(self, name: str) -> bool:
        """Whether an interface dials (PPPoE or other PPP)."""
        return name in self._dialers or stem(name).startswith(DIALER_NAMES)

    def is_cellular(self, name: str) -> bool:
        """Whether an interface is a mobile modem."""
        return name in self._modems or stem(name).startswith(CELLULAR_NAMES)

    def is_on_demand(self, name: str) -> bool:
        """Whether an interface proves nothing by being up: dialer or cellular."""
        return self.is_dialer(name) or self.is_cellular(name)

    def is_dialled(self, name: str) -> bool:
        """Whether a session or a negotiated address proves that a dialled line is alive."""
        facts = self.facts
        if any(p.is_up for p in facts.pppoe if name in (p.dialer, p.interface)):
            return True
        if any(d.is_connected for d in facts.dialers if d.name == name):
            return True
        if any(c.is_connected for c in facts.cellular if self.line_of_modem(c.name) == name):
            return True
        interface = self.interfaces.get(name)
        return any(
            a.origin in _NEGOTIATED for a in ((interface.addresses or ()) if interface else ())
        )

    def carries_pppoe(self, dialer: str) -> str | None:
        """Return the physical interface of a dialer."""
        return next((p.interface for p in self.facts.pppoe if p.dialer == dialer), None)

    @cached_property
    def policies(self) -> dict[str, tuple[PolicyRoute, ...]]:
        """Policy nodes by entering interface; those for every interface stand under ``""``."""
        found: dict[str, list[PolicyRoute]] = {}
        for node in sorted(self.facts.policy_routes, key=lambda n: (n.name, n.node)):
            for place in _places_of(node, is_kernel=self.device.platform in KERNEL_PLATFORMS):
                found.setdefault(place, []).append(node)
        everywhere = found.get("", [])
        return {
            place: tuple(nodes if place in ("", SELF) else [*nodes, *everywhere])
            for place, nodes in found.items()
        }

    def policy_at(self, entering: str) -> tuple[PolicyRoute, ...]:
        """Return the nodes that look at packets entering by an interface."""
        return self.policies.get(entering, self.policies.get("", ()))

    def entering(self, name: str) -> str:
        """Return ``name`` where a policy looks at that interface, else ``""``."""
        return name if name in self.policies else ""

    def is_selected(self, static: StaticRoute) -> bool:
        """Whether the tables show a configured static route that reaches outside as selected."""
        table = self.outside.get((static.vpn, static.prefix.version), {})
        return any(
            row.active and _carries(row, static) for row in table.get(prefix_key(static), ())
        )

    def to_vpn(self, vpn: str, row: RouteRow) -> str | None:
        """Return the instance in which the next hop of a row is looked up, where another."""
        if row.leak_vpn is not None:
            return row.leak_vpn if row.leak_vpn != vpn else None
        for static in self._leaking:
            same = static.vpn == vpn and prefix_key(static) == (row.network, row.length)
            if same and static.prefix.version == row.family and _carries(row, static):
                return static.to_vpn
        if vpn == PUBLIC or vpn.startswith(KERNEL_TABLE) or row.protocol != "static":
            return None
        home = self._home_of(row)
        return None if home == vpn else home

    def _home_of(self, row: RouteRow) -> str | None:
        """Return the one other instance in whose table the line of a row is connected.

        So a table tells a leak where the configuration does not: the row names a line that its
        own instance does not have.
        """
        homes = self._homes.get((row.family, row.interface), frozenset())
        return next(iter(homes)) if row.next_hop and len(homes) == 1 else None

    @cached_property
    def _homes(self) -> dict[tuple[int, str], frozenset[str]]:
        """The instances in whose tables each line has a connected route."""
        found: dict[tuple[int, str], set[str]] = {}
        for (vpn, family), table in self.facts.routes.items():
            for row in table.rows:
                if row.protocol in DIRECT_WORDS and row.interface:
                    found.setdefault((family, row.interface), set()).add(vpn)
        return {line: frozenset(names) for line, names in found.items()}

    @cached_property
    def _leaking(self) -> tuple[StaticRoute, ...]:
        return tuple(s for s in self.facts.statics if s.to_vpn not in (None, s.vpn))

    def is_up(self, name: str) -> bool:
        """Whether nothing says that an interface is down."""
        interface = self.interfaces.get(name)
        return interface is None or False not in (interface.admin_up, interface.link_up)


def _places_of(node: PolicyRoute, *, is_kernel: bool) -> tuple[str, ...]:
    """Return where a node is applied; a router's policy that is applied nowhere does nothing."""
    places = (*node.interfaces, SELF) if node.local else node.interfaces
    if not places and (is_kernel or node.form == UNSEEN_RULE):
        # A rule of the kernel looks at every packet, forwarded or its own.
        return ("", SELF)
    return places


def _carries(row: RouteRow, static: StaticRoute) -> bool:
    if row.protocol in BGP_WORDS or row.protocol.startswith(("ospf", "isis", "rip")):
        return False
    if static.blackhole:
        return row.blackhole
    if static.next_hop is not None and row.next_hop:
        return row.next_hop == str(static.next_hop)
    return static.interface is None or row.interface == static.interface
