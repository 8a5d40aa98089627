"""Ways to dial or be given a way out: PPPoE client, dialer, cellular modem, DHCP client.

A dialer that is UP (spoofing) proves nothing; a session or an address does. Identities of
modems and cards (IMSI, IMEI) are never kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from netops.facts.access import Cellular, DhcpLease, Dialer, PppoeSession
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware.names import full_interface, is_interface
from netops.platforms.h3c_comware.sheet import Sheet, address_of, pairs_of, value_of

_PPPOE_HEADING = re.compile(r"\s*(?:Bundle\s+ID|ID\s+Bundle)\s+.*State\s*", re.IGNORECASE)
_PPPOE_TITLE = re.compile(r"\s*(?:PPPoE Client Session|Total .*) *:?.*", re.IGNORECASE)
_PPPOE_ROW = re.compile(
    r"\s*(\d+)\s+(?:(\d+)\s+)?(\S+)\s+(VA\S*|N/A|-+)\s+(\S+)\s+(\S+)\s+([A-Z][A-Z ]*)\s*"
)
_PPPOE_ROW_V5 = re.compile(
    r"\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+([0-9a-f-]{12,14})\s+([0-9a-f-]{12,14})\s+(\w+)\s*",
    re.IGNORECASE,
)
_UP = frozenset({"SESSION", "PPPUP"})


def parse_pppoe(answer: Answer) -> Parsed:
    """Parse ``display pppoe-client session summary`` in the tables of V7 and V5.

    The table of V7 has no dialer; there the bundle has the dialer's number.
    """
    sheet = Sheet(answer)
    heading = False
    for number, line in sheet.rows():
        if _PPPOE_HEADING.fullmatch(line):
            heading = True
        elif heading and (fact := _session(line)) is not None:
            interface, dialer, state = fact
            is_up = state in _UP
            source = sheet.at(number)
            sheet.facts.append(PppoeSession(interface, dialer, is_up, state.lower(), source))
        elif not _PPPOE_TITLE.fullmatch(line):
            sheet.miss(number, line)
    return sheet.done(silent=True, cut="" if heading else "no heading was seen")


def _session(line: str) -> tuple[str, str, str] | None:
    if (match := _PPPOE_ROW_V5.fullmatch(line)) and is_interface(match[4]):
        return full_interface(match[4]), f"Dialer{match[3]}", match[7].upper()
    if (match := _PPPOE_ROW.fullmatch(line)) and is_interface(match[3]):
        return full_interface(match[3]), f"Dialer{match[1]}", match[7].strip()
    return None


_DIALER = re.compile(r"\s*(Dialer\d+|Virtual-\w+\d+|Serial\S+|Async\S+|Cellular\S+)(?: *:|\s*)\s*")
_DIALER_KEYS = frozenset(
    {"nexthop", "dialer number", "auto-dial", "compete", "enable", "idle", "wait-for-carrier",
     "total channels", "free channels", "dialer route", "dialer timers(in seconds)",
     "dialer users", "bundle", "link layer protocol"}
)  # fmt: skip


def parse_dialer(answer: Answer) -> Parsed:
    """Parse ``display dialer``; a channel in use is a call that stands."""
    sheet = Sheet(answer)
    blocks: list[tuple[str, int, int, dict[str, str]]] = []
    for number, line in sheet.rows():
        found = pairs_of(line)
        if match := _DIALER.fullmatch(line):
            blocks.append((match[1], number, number, {}))
        elif found and blocks and _DIALER_KEYS.issuperset(found):
            name, first, _, told = blocks[-1]
            blocks[-1] = (name, first, number, told | found)
        else:
            sheet.miss(number, line)
    for name, first, last, told in blocks:
        if name.startswith("Dialer"):
            sheet.facts.append(Dialer(name, _has_call(told), sheet.at(first, last)))
    return sheet.done(silent=True)


def _has_call(told: dict[str, str]) -> bool | None:
    total, free = told.get("total channels", ""), told.get("free channels", "")
    if not total.isdecimal() or not free.isdecimal():
        return None
    return int(free) < int(total)


_MODEM = re.compile(r"(Cellular\d[\d/:.]*) *: *", re.IGNORECASE)
_SECTION = re.compile(r"\s*[\w ]+Information *:?\s*", re.IGNORECASE)
_CELLULAR_KEY = re.compile(r"\s+[A-Z][^:]{0,60}:.*|\s{4,}\S.*")
_NETWORK_KEYS = ("current network connection", "network", "current network", "system mode")


@dataclass(slots=True)
class _Modem:
    name: str
    first: int
    last: int
    told: dict[str, str] = field(default_factory=dict)


def parse_cellular(answer: Answer) -> Parsed:
    """Parse ``display cellular``: whether the modem holds a packet session, and on what."""
    sheet = Sheet(answer)
    modems: list[_Modem] = []
    for number, line in sheet.rows():
        if match := _MODEM.fullmatch(line):
            modems.append(_Modem(match[1], number, number))
        elif modems and (_SECTION.fullmatch(line) or _CELLULAR_KEY.fullmatch(line)):
            modems[-1].last = number
            key, _, value = line.strip().partition(":")
            modems[-1].told.setdefault(key.strip().lower(), value.strip())
        else:
            sheet.miss(number, line)
    for modem in modems:
        network = next((modem.told[k] for k in _NETWORK_KEYS if k in modem.told), None)
        source = sheet.at(modem.first, modem.last)
        fact = Cellular(full_interface(modem.name), _is_online(modem.told), network, source)
        sheet.facts.append(fact)
    return sheet.done(silent=True)


def _is_online(told: dict[str, str]) -> bool | None:
    session = told.get("packet session status", told.get("data connection status", ""))
    if session:
        return session.lower() in {"active", "connected", "up"}
    if told.get("modem status", "").lower() == "offline":
        return False
    return None


_LEASE = re.compile(r"(\S+) +DHCP(?:v6)? client information *:?", re.IGNORECASE)
_LEASE_KEYS = frozenset(
    {"current state", "allocated ip", "allocated lease", "dhcp server", "default router",
     "dns servers", "dns server", "domain name", "transaction id", "client id", "lease from",
     "classless static routes", "classless static route", "destination", "static routes",
     "boot server", "boot servers", "client id type", "client id value",
     "client id (with type) hex", "t1 will timeout in", "tftp server", "hostname"}
)  # fmt: skip
_LEASE_MORE = re.compile(
    r"\s+(?:Lease from .*|T1 will .*|T2 will .*|Destination *:.*|[\d.]+(?: +[\d.]+)*"
    r"|[0-9a-f-]{4,40})",
    re.IGNORECASE,
)


def parse_dhcp_client(answer: Answer) -> Parsed:
    """Parse ``display dhcp client [verbose]``: a block per interface."""
    sheet = Sheet(answer)
    leases: list[_Modem] = []
    for number, line in sheet.rows():
        if (match := _LEASE.fullmatch(line.strip())) and is_interface(match[1]):
            leases.append(_Modem(full_interface(match[1]), number, number))
        elif leases and _lease_line(leases[-1], line):
            leases[-1].last = number
        else:
            sheet.miss(number, line)
    for lease in leases:
        sheet.facts.append(
            DhcpLease(
                interface=lease.name,
                state=lease.told.get("current state", "").lower(),
                address=address_of(_first(lease.told.get("allocated ip", ""))),
                gateway=address_of(_first(lease.told.get("default router", ""))),
                source=sheet.at(lease.first, lease.last),
            )
        )
    return sheet.done(silent=True)


def _lease_line(lease: _Modem, line: str) -> bool:
    if _LEASE_MORE.fullmatch(line):
        return True
    key, colon, value = line.strip().partition(":")
    key = key.strip().lower()
    if not colon or key not in _LEASE_KEYS:
        return False
    lease.told.setdefault(key, value_of(value) or "")
    return True


def _first(text: str) -> str:
    return text.split(maxsplit=1)[0] if text.split() else ""
