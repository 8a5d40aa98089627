"""The one NAPALM driver; a platform adds only data (``Dialect``).

Reads and never changes. A getter that cannot be answered raises with the command and the
reason; it never returns an empty result in place of an answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from napalm.base import NetworkDriver
from napalm.base.exceptions import (
    CommandErrorException,
    ConnectionClosedException,
    NapalmException,
)

from netops.drivers import shapes
from netops.drivers.measuring import address_of, failure, shape_of, unsettable
from netops.drivers.questions import Ask, Asks, Questions, Weight
from netops.drivers.refusing import NotToldError, Refusing
from netops.drivers.routes import Network, destination_of, routes_of, rows_to
from netops.drivers.way import GuardedLine, Line, Way, connect
from netops.facts.answers import AnswerState
from netops.facts.device import DeviceFacts
from netops.facts.measurements import Address, Echoes, Path
from netops.facts.routes import RouteTable
from netops.platforms.active import ActiveCommands, Kind
from netops.platforms.registry import platform as registered

Shape = dict[str, Any]
_STORES = ("running", "startup", "candidate")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What differs between platforms: which commands feed which getter.

    ``untold`` says why a getter cannot be answered at all. ``route`` is the command for one
    prefix and ``routes`` those for the whole public table, by IP version.
    """

    name: str
    platform: str
    asks: Asks
    untold: Mapping[str, str] = field(default_factory=dict)
    route: Mapping[int, str] = field(default_factory=dict)
    routes: Mapping[int, Ask] = field(default_factory=dict)
    alive: str = ""
    community: re.Pattern[str] | None = None
    levels: Mapping[str, int] = field(default_factory=dict)
    bare_v6: bool = False
    """Its table of IPv6 addresses prints no prefix length on some releases."""


class NetopsDriver(Refusing, NetworkDriver):  # type: ignore[misc]  # napalm is untyped
    """Reads a device through the guarded session and answers in NAPALM's models."""

    dialect: ClassVar[Dialect]

    def __init__(
        self,
        hostname: str,
        username: str,
        password: str,
        timeout: int = 60,
        optional_args: Shape | None = None,
    ) -> None:
        self.hostname = hostname
        self.username = username
        self.password = password
        self.timeout = timeout
        self.optional_args = dict(optional_args or {})
        self.platform = self.dialect.name
        self.force_no_enable = True
        self.use_canonical_interface = False
        self.device: Line | None = None

    def __del__(self) -> None:
        """Let go of the session; nothing is asked for it."""
        if getattr(self, "device", None) is not None:
            self.close()

    def __exit__(self, *_exception: object) -> None:
        """Close; NAPALM's own form asks for a bug report on any exception that it does not know."""
        self.close()

    def open(self) -> None:
        """Connect, hold the host key against the pinned ones, log in."""
        way = Way.of(self.hostname, self.optional_args)
        account = (self.username, self.password)
        self.close()
        self.device = connect(way, self.dialect.platform, account, float(self.timeout))

    def close(self) -> None:
        """End the session; twice is harmless."""
        device, self.device = self.device, None
        if isinstance(device, GuardedLine):
            device.close()

    def is_alive(self) -> Shape:
        """Ask something small: alive is who answers."""
        if self.device is None:
            return {"is_alive": False}
        try:
            self.device.send_command(self.dialect.alive)
        except NapalmException:
            return {"is_alive": False}
        return {"is_alive": True}

    def get_facts(self) -> Shape:
        """Name, vendor, model, versions, serial number, uptime, interfaces."""
        told = self._told("get_facts")
        return shapes.facts_of(told, registered(self.dialect.platform).vendor)

    def get_interfaces(self) -> dict[str, Shape]:
        """Interfaces with state, description, MTU, speed and hardware address."""
        return shapes.interfaces_of(self._told("get_interfaces"))

    def get_interfaces_ip(self) -> dict[str, Shape]:
        """Addresses of interfaces, secondary ones included."""
        told = self._told("get_interfaces_ip")
        return shapes.addresses_of(told, bare_v6=self.dialect.bare_v6)

    def get_arp_table(self, vrf: str = "") -> list[Shape]:
        """ARP entries, of one instance where one is named."""
        named = vrf and self._tells("get_arp_table vrf")
        return shapes.arp_of(self._told("get_arp_table vrf" if named else "get_arp_table"), vrf)

    def get_lldp_neighbors(self) -> dict[str, list[Shape]]:
        """LLDP neighbours by local interface."""
        return shapes.lldp_of(self._told("get_lldp_neighbors"))

    def get_lldp_neighbors_detail(self, interface: str = "") -> dict[str, list[Shape]]:
        """LLDP neighbours with all that they say of themselves."""
        told = self._told("get_lldp_neighbors_detail")
        aggregates = {one.name: one.aggregate or "" for one in told.interfaces}
        return shapes.lldp_detail_of(told, interface, aggregates)

    def get_bgp_neighbors(self) -> dict[str, Shape]:
        """BGP peers by instance."""
        return shapes.bgp_of(self._told("get_bgp_neighbors"))

    def get_network_instances(self, name: str = "") -> dict[str, Shape]:
        """VPN instances with route distinguisher and interfaces."""
        return shapes.instances_of(self._told("get_network_instances"), name)

    def get_ntp_servers(self) -> dict[str, Shape]:
        """Configured time servers."""
        return shapes.ntp_servers_of(self._told("get_ntp_servers"))

    def get_snmp_information(self) -> Shape:
        """Contact, location and communities, these without their names."""
        return shapes.snmp_of(self._told("get_snmp_information"), self.dialect.community)

    def get_users(self) -> dict[str, Shape]:
        """Local accounts and their levels."""
        return shapes.users_of(self._told("get_users"), self.dialect.levels)

    def ping(  # noqa: PLR0913, PLR0917 - NAPALM's form
        self,
        destination: str,
        source: str = "",
        ttl: int = 255,
        timeout: int = 2,
        size: int = 100,
        count: int = 5,
        vrf: str = "",
        source_interface: str = "",
    ) -> Shape:
        """Have the device send at most twenty echoes of its own usual size.

        Only ``source``, ``count`` and ``vrf`` can be chosen, and these where the platform can.
        """
        fixed = {"ttl": ttl, "timeout": timeout, "size": size, "source_interface": source_interface}
        active, ends = self._active("ping"), _ends(destination, source)
        if isinstance(ends, str) or (refused := unsettable(fixed)):
            return failure(ends if isinstance(ends, str) else refused)
        return shape_of(self._measured(active.ping_line(*ends, vrf, count), ends[1]))

    def traceroute(
        self,
        destination: str,
        source: str = "",
        ttl: int = 255,
        timeout: int = 2,
        vrf: str = "",
    ) -> Shape:
        """Have the device trace the path, at most thirty hops. Choices as for ``ping``."""
        active, ends = self._active("trace"), _ends(destination, source)
        refused = unsettable({"ttl": ttl, "timeout": timeout})
        if isinstance(ends, str) or refused:
            return failure(ends if isinstance(ends, str) else refused)
        return shape_of(self._measured(active.trace_line(*ends, vrf), ends[1]))

    def _active(self, kind: Kind) -> ActiveCommands:
        """Return the platform's own ping and trace, or raise where it has no such command."""
        active = registered(self.dialect.platform).active
        if active is None or kind in active.untold:
            reason = "no command does it" if active is None else active.untold[kind]
            call = "traceroute" if kind == "trace" else kind
            raise NotToldError(f"{call} cannot be answered by {self.platform}: {reason}.")
        return active

    def _measured(self, line: str | None, source: Address | None) -> Echoes | Path | str:
        """Have the device measure, or say why it cannot be asked that."""
        active = registered(self.dialect.platform).active
        asked = active.asked(line) if active is not None and line is not None else None
        if line is None or asked is None:
            return f"{self.platform} cannot ask that: target, instance or count"
        if asked.source != source:
            return f"{self.platform} cannot choose the source here"
        return self._questions().measure(line) or "its answer was not understood"

    def get_config(
        self,
        retrieve: str = "all",
        full: bool = False,  # noqa: FBT001, FBT002 - NAPALM's form
        sanitized: bool = False,  # noqa: ARG002, FBT001, FBT002 - as above; secrets never show
        format: str = "text",  # noqa: A002 - as above
    ) -> Shape:
        """Running and saved configuration; secrets are masked whatever ``sanitized`` says."""
        if full or format != "text":
            raise NotToldError("get_config: only the device's own text without defaults is read.")
        if retrieve not in {"all", *_STORES}:
            raise CommandErrorException(f"get_config: there is no configuration “{retrieve}”.")
        found = dict.fromkeys(_STORES, "")
        for store in ("running", "startup"):
            if retrieve == store:
                found[store] = self._configuration(store, Weight.MUST)
            elif retrieve == "all" and (store == "running" or self._tells(f"get_config {store}")):
                weight = Weight.MUST if store == "running" else Weight.MAY
                found[store] = self._configuration(store, weight)
        return found

    def _configuration(self, store: str, weight: Weight) -> str:
        questions = self._questions()
        (ask,) = self._asks(f"get_config {store}")
        told = questions.ask((replace(ask, weight=weight),))
        return shapes.text_of(told.configuration, questions.lines_of(ask.command))

    def get_route_to(
        self,
        destination: str = "",
        protocol: str = "",
        longer: bool = False,  # noqa: FBT001, FBT002 - NAPALM's form
    ) -> dict[str, list[Shape]]:
        """Routes of the public table to a destination."""
        wanted = destination_of(destination)
        rows = None if wanted is None or longer else self._exactly(wanted)
        if not rows:
            told = self._questions().ask(self._tables(wanted))
            rows = rows_to(told, wanted, longer=longer)
        return routes_of(rows, protocol)

    def _exactly(self, wanted: Network) -> list[Any] | None:
        """Ask for one prefix; None where the whole table has to tell."""
        template = self.dialect.route.get(wanted.version)
        if template is None:
            return None
        command = template.replace("{address}", str(wanted.network_address))
        one = self._questions().ask_one(command.replace("{length}", str(wanted.prefixlen)))
        if one.answer.state is not AnswerState.UNDERSTOOD or one.answer.unread:
            return None
        tables = [fact for fact in one.parsed.facts if isinstance(fact, RouteTable)]
        told = DeviceFacts("", "", routes={(t.vpn, t.family): t for t in tables})
        return rows_to(told, wanted, longer=False)

    def _tables(self, wanted: Network | None) -> tuple[Ask, ...]:
        """Return what asks for whole tables; the one that a destination is in must answer."""
        if wanted is None:
            return tuple(self.dialect.routes.values())
        return (replace(self.dialect.routes[wanted.version], weight=Weight.MUST),)

    def _tells(self, getter: str) -> bool:
        return getter in self.dialect.asks

    def _told(self, getter: str) -> DeviceFacts:
        asks = self._asks(getter)
        return self._questions().ask(asks)

    def _asks(self, getter: str) -> tuple[Ask, ...]:
        if self._tells(getter):
            return self.dialect.asks[getter]
        reason = self.dialect.untold.get(getter.partition(" ")[0], "no command tells it")
        raise NotToldError(f"{getter} cannot be answered by {self.platform}: {reason}.")

    def _questions(self) -> Questions:
        if self.device is None:
            raise ConnectionClosedException(f"{self.hostname}: the session is not open.")
        return Questions(self.device, registered(self.dialect.platform), self.hostname)


def _ends(destination: str, source: str) -> tuple[Address, Address | None] | str:
    """Return target and source, or say which of them is no address."""
    target = address_of(destination)
    chosen = address_of(source) if source else None
    if target is None:
        return f"“{destination}” is no address: names are not resolved"
    if source and chosen is None:
        return f"“{source}” is no address"
    return target, chosen
