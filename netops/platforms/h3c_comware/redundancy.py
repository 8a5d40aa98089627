"""VRRP groups and IRF members."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

from netops.facts.interfaces import StackMember
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware.names import full_interface, is_interface
from netops.platforms.h3c_comware.sheet import Sheet, address_of, pairs_of

_STATES = {
    "master": VrrpState.MASTER,
    "backup": VrrpState.BACKUP,
    "initialize": VrrpState.INITIALIZE,
    "inactive": VrrpState.INITIALIZE,
}
_HEADING = re.compile(r"\s*IPv[46] Virtual Router Information:\s*", re.IGNORECASE)
_FURNITURE = re.compile(
    r"\s*(?:Running Mode *:.*|Total number of virtual routers *:.*|Interface\s+VRID\s+State.*"
    r"|Pri\s+Timer.*|(?:Pri|Timer|Type|IP|Address|Running|\s)+|-{5,}"
    r"|-{3,}\s+VF \d+.*|Gratuitous ARP.*)\s*",
    re.IGNORECASE,
)
_ROW = re.compile(r"\s*(\S+)\s+(\d+)\s+(\w+)\s+(\d+)\s+(\d+)\s+(.*?)\s*(\S+)\s*")
_LOAD_ROW = re.compile(
    r"\s*(\S+)\s+(\d+)\s+(Master|Backup|Initialize|Inactive)\s+(\d+)\s+(\S+)\s+.*"
)
_INTERFACE = re.compile(r"\s*Interface\s+:? *(\S+)\s*")
_VERBOSE_KEYS = frozenset(
    {"vrid", "adver timer", "admin status", "state", "config pri", "running pri", "preempt mode",
     "delay time", "auth type", "key", "virtual ip", "member ip list", "virtual mac", "master ip",
     "become master", "owner id", "owner pri", "running mode", "version", "config role",
     "become backup", "vrrp track information", "track object", "pri reduced", "weight"}
)  # fmt: skip


def parse_vrrp(answer: Answer) -> Parsed:
    """Parse ``display vrrp`` and ``display vrrp verbose``, of both families."""
    sheet = Sheet(answer)
    heading = False
    groups: list[_Group] = []
    interface = ""
    for number, line in sheet.rows():
        if _HEADING.fullmatch(line):
            heading = True
        elif not heading:
            sheet.miss(number, line)
        elif (match := _INTERFACE.fullmatch(line)) and is_interface(match[1]):
            interface = full_interface(match[1])
        elif not _take(groups, interface, number, line) and not _FURNITURE.fullmatch(line):
            sheet.miss(number, line)
    for group in groups:
        group.flush(sheet)
    return sheet.done(silent=True, cut="" if heading else "no heading was seen")


def _take(groups: list[_Group], interface: str, number: int, line: str) -> bool:
    """Read a row of the table, the pairs of a verbose block, or a further address."""
    row = _row(number, line)
    if row is not None:
        groups.append(row)
        return True
    found = pairs_of(line)
    if found and _VERBOSE_KEYS.issuperset(found):
        if "vrid" in found:
            groups.append(_Group(interface, number))
        if groups:
            groups[-1].verbose(found, number)
        return True
    return bool(groups) and groups[-1].more(line, number)


@dataclass(slots=True)
class _Group:
    interface: str
    first: int
    last: int = 0
    vrid: int = 0
    state: VrrpState = VrrpState.UNKNOWN
    priority: int | None = None
    addresses: list[IPv4Address | IPv6Address] = field(default_factory=list)

    def verbose(self, found: dict[str, str], number: int) -> None:
        """Keep what the pairs of a line say."""
        self.last = number
        if found.get("vrid", "").isdecimal():
            self.vrid = int(found["vrid"])
        if "state" in found:
            self.state = _STATES.get(found["state"].lower(), VrrpState.UNKNOWN)
        if found.get("running pri", "").isdecimal():
            self.priority = int(found["running pri"])
        address = address_of(found.get("virtual ip", ""))
        if address is not None:
            self.addresses.append(address)

    def more(self, line: str, number: int) -> bool:
        """Keep a further virtual address that stands on a line of its own."""
        address = address_of(line.strip())
        if address is None:
            return False
        self.addresses.append(address)
        self.last = number
        return True

    def flush(self, sheet: Sheet) -> None:
        """Yield the group."""
        source = sheet.at(self.first, max(self.first, self.last))
        addresses = tuple(self.addresses)
        group = VrrpGroup(self.interface, self.vrid, self.state, addresses, self.priority, source)
        sheet.facts.append(group)


def _row(number: int, line: str) -> _Group | None:
    match = _ROW.fullmatch(line)
    if match is None or not is_interface(match[1]) or match[3].lower() not in _STATES:
        return _load_balanced(number, line)
    address = address_of(match[7])
    if address is None:
        return _load_balanced(number, line)
    return _Group(full_interface(match[1]), number, number, int(match[2]),
                  _STATES[match[3].lower()], int(match[4]), [address])  # fmt: skip


def _load_balanced(number: int, line: str) -> _Group | None:
    match = _LOAD_ROW.fullmatch(line)
    if match is None or not is_interface(match[1]) or address_of(match[5]) is None:
        return None
    found = [a for a in (address_of(match[5]),) if a is not None]
    return _Group(full_interface(match[1]), number, number, int(match[2]),
                  _STATES[match[3].lower()], int(match[4]), found)  # fmt: skip


_MEMBER = re.compile(
    r"\s*[*+ ]*(\d+)\s+(?:\d+\s+)?(Master|Standby|Slave|Loading)\s+(\d+)\s+([0-9a-f-]{14})\b.*",
    re.IGNORECASE,
)
_IRF = re.compile(
    r"\s*(?:Member(?:ID)?\s+.*|-{5,}|[*+] indicates.*|The Bridge MAC.*|Auto upgrade.*"
    r"|Mac persistent.*|Domain ID.*|Auto merge.*|IRF mode.*|Topo-domain.*|\* .*|\+ .*)",
    re.IGNORECASE,
)


def parse_irf(answer: Answer) -> Parsed:
    """Parse ``display irf``; chassis have a slot between member and role."""
    sheet = Sheet(answer)
    for number, line in sheet.rows():
        if match := _MEMBER.fullmatch(line):
            member = StackMember(int(match[1]), match[2].lower(), int(match[3]),
                                 match[4].lower(), sheet.at(number))  # fmt: skip
            sheet.facts.append(member)
        elif not _IRF.fullmatch(line):
            sheet.miss(number, line)
    return sheet.done()
