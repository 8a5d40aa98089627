"""Address translation as displayed: ``display nat all`` and its sections, sessions.

A section that has nothing configured is left out by the device. Keys move between lines from
release to release, so a rule is a bag of ``Key: value`` pairs under its interface. Rules on
policies (firewalls) have a section of their own; the configuration is the better source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_network

from netops.facts.nat import NatKind, NatPool, NatRule, NatSessions
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware.names import full_interface
from netops.platforms.h3c_comware.sheet import Sheet, address_of, pairs_of, value_of

type_range = tuple[IPv4Address | IPv6Address, IPv4Address | IPv6Address]

_SECTIONS = (
    ("group", r"NAT (?:address|server|NO-PAT)[- ]group (?:information|mappings).*"),
    ("inbound", r"NAT inbound information.*"),
    ("outbound", r"NAT outbound (?:static )?information.*"),
    ("server", r"NAT internal server information.*"),
    ("policy", r"NAT (?:global-?|interface-)?policy information.*"),
    ("static", r"Static NAT mappings.*"),
    ("enabled", r"Interfaces enabled with static NAT.*"),
    ("blocks", r"NAT port[ -]block group information.*"),
    ("other", (r"NAT (?:DNS mappings|logging|mapping behavior|ALG|static|hairpin|statistics|"
              r"destination|port block|aging|timeout|EIM|object).*")),
    ("other", (r"(?:Static NAT load|NAT link-switch|NAT configuration-for|NAT log|NAT gratuitous|"
              r"NAT reply|Periodic NAT|Session |NAT service|NAT instance|NAT 444|NAT64|"
              r"Port block|DS-Lite).*:.*")),
)  # fmt: skip
_SECTION = re.compile(
    "|".join(f"(?P<{key}_{i}>{text})" for i, (key, text) in enumerate(_SECTIONS)), re.IGNORECASE
)
_TOTAL = re.compile(r"\s*(?:Totally \d+ .*|Total .*: *\d+|There (?:is|are) .*)", re.IGNORECASE)
_KEYS = frozenset(
    {"interface", "acl", "address group", "address group id", "address group name",
     "address-group", "port-preserved", "no-pat", "reversible", "vpn instance", "config status",
     "nat counting", "rule name", "priority", "description", "global flow-table status",
     "local flow-table status", "service card", "add route", "protocol", "global ip/port",
     "local ip/port", "global vpn", "local vpn", "local ip", "global ip", "netmask", "type",
     "ds-lite b4 acl", "reasons for inactive status", "port range", "port block size",
     "block size", "extended block number", "load balance", "vrrp id", "vrid", "group id",
     "local ip/port range", "global ip/port range", "easy ip", "flow-table status", "action",
     "srcip object group", "destip object group", "source-zone name", "destination-zone name",
     "service object group", "outbound interface", "snat action", "dnat action", "source ip",
     "destination ip", "srcip address", "destip address", "mode", "port-limit", "share",
     "health check", "probe", "exclude ip", "vpn", "global acl", "source-ip", "destination-ip",
     "public vpn instance", "interface index"}
)  # fmt: skip
_SWITCHES = re.compile(r"\s*[\w/ .-]{1,40}?\s*: *(?:Enabled|Disabled|Enable|Disable|\S.{0,60})",
                       re.IGNORECASE)  # fmt: skip
_RANGE = re.compile(r"\s+(\d[\d.]+)\s+(\d[\d.]+)\s*")
_BLOCK_ROW = re.compile(
    r"\s*Start address\s+End address(?:\s+VPN instance)?|\s+\d[\d.]+\s+\d[\d.]+(?:\s+\S+)?",
    re.IGNORECASE,
)
_NO_RULES = {"blocks": (_BLOCK_ROW, _SWITCHES), "other": (_SWITCHES,)}
"""Sections without rules, and what their lines look like."""
_HEAD_OF_GROUP = re.compile(
    r"\s*Address group(?: ID)? *:? *(\d+)(?:\s+Address group name *: *(\S+))? *:?", re.IGNORECASE
)
_REASON = re.compile(r"\s{4,}[A-Z][^:]{10,120}\.|\s+The following .*", re.IGNORECASE)
_PLAIN = re.compile(
    r"\s*(?:IP-to-IP|Net-to-net|Port-to-port|Easy[- ]IP|Object-based|Exclude address information"
    r"|Address information) *:?(?:\s*---)?|\s*Start address\s+End address|\s*(?:---\s*){1,3}"
    r"|\s*\d[\d.]+/\d+\s+\(Connections: \d+\)|\s*Slot \d+:"
    r"|\s*Group Number\s+Inside IP.*|\s+(?:\d+\s+)?\d[\d.]+\s+\d+\s+\d+"
    r"|\s*Port block group \d+:|\s*(?:Local IP address|Global IP pool) information:"
    r"|\s*(?:SNAT|DNAT) action:",
    re.IGNORECASE,
)
_ENDPOINT = re.compile(r"(\d[\d.]*\.\d+|[0-9a-fA-F:]*::[0-9a-fA-F:]*)(?:[-~](\d[\d.]*\.\d+))?.*")
_SESSIONS = re.compile(r"\s*Total sessions? found *: *(\d+)\s*", re.IGNORECASE)
_STARTS = {"server": "protocol", "static": "local ip", "policy": "rule name"}


@dataclass(slots=True)
class _Item:
    section: str
    first: int
    last: int
    told: dict[str, str] = field(default_factory=dict)


class _Reader:
    """Cuts the text into items (rules, groups) of sections."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.section = ""
        self.sections: set[str] = set()
        self.interface = ""
        self.items: list[_Item] = []
        self.group: tuple[str, ...] = ()
        self.ranges: dict[str, list[type_range]] = {}
        self.group_lines: dict[str, tuple[int, int]] = {}

    def line(self, number: int, line: str) -> bool:
        """Read one line; False where it is none of ours."""
        if line[0] not in " \t" and (match := _SECTION.fullmatch(line)):
            self.section = (match.lastgroup or "").partition("_")[0]
            self.sections.add(self.section)
            self.interface = ""
            return True
        if not self.section:
            return False
        if _TOTAL.fullmatch(line) or _PLAIN.fullmatch(line) or _REASON.fullmatch(line):
            return True
        if self.section == "group":
            return self._group(number, line)
        if self.section in _NO_RULES:
            return any(pattern.fullmatch(line) for pattern in _NO_RULES[self.section])
        return self._pairs(number, line)

    def _group(self, number: int, line: str) -> bool:
        if match := _HEAD_OF_GROUP.fullmatch(line):
            self.group = tuple(name for name in match.groups() if name)
            for name in self.group:
                self.ranges.setdefault(name, [])
                self.group_lines[name] = (number, number)
            return True
        if match := _RANGE.fullmatch(line):
            first, last = address_of(match[1]), address_of(match[2])
            if first is None or last is None or not self.group:
                return False
            for name in self.group:
                self.ranges[name].append((first, last))
                self.group_lines[name] = (self.group_lines[name][0], number)
            return True
        return _KEYS.issuperset(found := pairs_of(line)) and bool(found)

    def _pairs(self, number: int, line: str) -> bool:
        found = pairs_of(line)
        if not found or not _KEYS.issuperset(found):
            return False
        opens = _STARTS.get(self.section, "interface")
        if "interface" in found:
            self.interface = found["interface"]
        fresh = not self.items or self.items[-1].section != self.section
        repeated = not fresh and any(key in self.items[-1].told for key in found)
        if fresh or repeated or "interface" in found or (opens in found and repeated):
            self.items.append(_Item(self.section, number, number, {"interface": self.interface}))
        self.items[-1].told.update(found)
        self.items[-1].last = number
        return True


def _pool(reader: _Reader, told: dict[str, str]) -> tuple[str, tuple[type_range, ...]]:
    for key in ("address group", "address group id", "address-group", "address group name"):
        group = value_of(told.get(key, ""))
        if group is not None:
            return group, tuple(reader.ranges.get(group, ()))
    return "", ()


def _outbound(reader: _Reader, item: _Item, kind: NatKind = NatKind.OUTBOUND) -> NatRule:
    told = item.told
    group, pool = _pool(reader, told)
    label = value_of(told.get("rule name", ""))
    return NatRule(
        kind=kind,
        interface=_interface(told),
        acl=value_of(told.get("acl", told.get("ds-lite b4 acl", ""))),
        pool=pool,
        easy_ip=not group,
        vpn=value_of(told.get("vpn instance", "")) or "",
        active=_active(told),
        name=label or (f"address-group {group}" if group and not pool else None),
        source=reader.sheet.at(item.first, item.last),
    )


def _interface(told: dict[str, str]) -> str | None:
    name = value_of(told.get("interface", "")) or value_of(told.get("outbound interface", ""))
    return full_interface(name) if name else None


def _active(told: dict[str, str]) -> bool | None:
    status = told.get("config status", "").lower()
    return status.startswith("active") if status else None


def _endpoint(text: str, mask: str = "") -> type_range | None:
    match = _ENDPOINT.fullmatch(text.strip())
    first = address_of(match[1]) if match else None
    if match is None or first is None:
        return None
    last = address_of(match[2]) if match[2] else None
    if mask:
        try:
            network = ip_network(f"{first}/{mask}", strict=False)
        except ValueError:
            return first, first
        return network.network_address, network.broadcast_address
    return first, last or first


def _mapped(reader: _Reader, item: _Item, kind: NatKind, interface: str | None) -> NatRule:
    told = item.told
    mask = value_of(told.get("netmask", "")) or ""
    outside = _endpoint(told.get("global ip/port", told.get("global ip", "")), mask)
    inside = _endpoint(told.get("local ip/port", told.get("local ip", "")), mask)
    return NatRule(
        kind=kind,
        interface=interface,
        acl=value_of(told.get("acl", "")),
        pool=(outside,) if outside else (),
        easy_ip=outside is None,
        inside=inside[0] if inside else None,
        vpn=value_of(told.get("local vpn", "")) or "",
        active=_active(told),
        name=value_of(told.get("rule name", "")),
        source=reader.sheet.at(item.first, item.last),
    )


_FILTERS = ("srcip", "destip", "source-ip", "source ip", "destination ip", "destination-ip",
            "service object")  # fmt: skip
"""What narrows a rule; its list is made by the configuration under the rule's name."""


def _policy(reader: _Reader, item: _Item) -> NatRule:
    rule = _outbound(reader, item, NatKind.POLICY)
    action = " ".join(item.told.get(k, "") for k in ("action", "snat action")).lower()
    filtered = any(key.startswith(_FILTERS) for key in item.told)
    return NatRule(
        kind=NatKind.POLICY,
        interface=rule.interface,
        acl=f"nat-policy {rule.name}" if filtered else None,
        pool=rule.pool,
        easy_ip="easy" in action or rule.easy_ip,
        zone=value_of(item.told.get("destination-zone name", "")),
        active=rule.active,
        translates="no-nat" not in action,
        name=rule.name,
        source=rule.source,
    )


def _rules(reader: _Reader) -> list[NatRule]:
    """Make rules of items; static mappings hold on the interfaces that enable them."""
    enabled = [i for i in reader.items if i.section == "enabled" and _interface(i.told)]
    rules: list[NatRule] = []
    for item in reader.items:
        if item.section == "outbound":
            rules.append(_outbound(reader, item))
        elif item.section == "server":
            rules.append(_mapped(reader, item, NatKind.SERVER, _interface(item.told)))
        elif item.section == "policy":
            rules.append(_policy(reader, item))
        elif item.section == "static":
            names = [_interface(other.told) for other in enabled] or [None]
            rules.extend(_mapped(reader, item, NatKind.STATIC, name) for name in names)
    return rules


def parse_nat(answer: Answer) -> Parsed:
    """Parse ``display nat all`` or one of its sections asked alone."""
    sheet = Sheet(answer)
    reader = _Reader(sheet)
    for number, line in sheet.rows():
        if not reader.line(number, line):
            sheet.miss(number, line)
    for name, ranges in reader.ranges.items():
        sheet.facts.append(NatPool(name, tuple(ranges), sheet.at(*reader.group_lines[name])))
    sheet.facts.extend(_rules(reader))
    return sheet.done(silent=True, cut="" if reader.sections else "no section of NAT was seen")


def parse_nat_sessions(answer: Answer) -> Parsed:
    """Parse the number of sessions only; the records themselves are not kept."""
    sheet = Sheet(answer)
    count = 0
    seen = False
    first = last = 0
    for number, line in sheet.rows():
        first, last = first or number, number
        if match := _SESSIONS.fullmatch(line):
            count += int(match[1])
            seen = True
        elif not _SESSION_LINE.fullmatch(line):
            sheet.miss(number, line)
    if seen:
        sheet.facts.append(NatSessions(count, sheet.at(first, last)))
    return sheet.done(cut="" if seen else "the total of sessions is missing")


_ENTRIES = re.compile(r"\s*Total session entries *: *(\d+)\s*", re.IGNORECASE)
_STATISTIC = re.compile(
    r"\s*(?:Slot \d+.*:|Chassis .*:|CPU .*:|[A-Z][\w /-]{2,60}: *\d+.*)", re.IGNORECASE
)


def parse_nat_statistics(answer: Answer) -> Parsed:
    """Parse ``display nat statistics``: how many sessions live, over all slots."""
    sheet = Sheet(answer)
    counts: list[int] = []
    first = last = 0
    for number, line in sheet.rows():
        first, last = first or number, number
        if match := _ENTRIES.fullmatch(line):
            counts.append(int(match[1]))
        elif not _STATISTIC.fullmatch(line):
            sheet.miss(number, line)
    if counts:
        sheet.facts.append(NatSessions(sum(counts), sheet.at(first, last)))
    return sheet.done(silent=True, cut="" if counts else "the number of sessions is missing")


_SESSION_LINE = re.compile(
    r"\s*(?:Slot \d+.*|Chassis .*|CPU .*|Initiator:|Responder:|(?:Source|Destination|DS-Lite|VPN"
    r"|Protocol|Inbound|Source security zone|State|Application|Rule|Start time|Initiator->"
    r"|Responder->|Role|Failover)[^:]*:.*)",
    re.IGNORECASE,
)
