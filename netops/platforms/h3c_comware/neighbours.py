"""ARP and IPv6 neighbours. Rows are split from the right: wide addresses push them along."""

from __future__ import annotations

import re

from netops.facts.neighbours import Neighbour
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware.names import full_interface, is_interface
from netops.platforms.h3c_comware.sheet import Sheet, address_of, value_of, vpn_of_command

_HEADING = re.compile(r"\s*IP(?:v6)? address\s+(?:MAC address|Link[- ]layer|MAC).*", re.IGNORECASE)
_LEGEND = re.compile(
    r"\s*(?:Type:|Total number|Total|Age:|T:|I-Invalid|\S-\w+(?:\s+\S-\w+)*\s*$).*", re.IGNORECASE
)
_MAC = re.compile(r"[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}", re.IGNORECASE)
_TYPE = re.compile(r"[A-Z]{1,4}")
_STATES = frozenset({"INCMP", "REACH", "STALE", "DELAY", "PROBE", "INCOMPLETE"})
_ARP_FIELDS = (5, 6, 7)
_ND_FIELDS = 7


def _age(text: str, unit: int) -> float | None:
    return float(text) * unit if text.isdecimal() else None


def _arp(sheet: Sheet, number: int, line: str, vpn: str) -> Neighbour | None:
    words = line.split()
    if len(words) not in _ARP_FIELDS or (address := address_of(words[0])) is None:
        return None
    mac, kind, aging = words[1], words[-1], words[-2]
    name = words[-3] if len(words) > 5 else words[2]  # noqa: PLR2004 - without VLAN column
    if not _TYPE.fullmatch(kind) or not is_interface(name):
        return None
    if value_of(mac) is not None and not _MAC.fullmatch(mac) and mac.lower() != "incomplete":
        return None
    return Neighbour(
        address=address,
        mac=mac.lower() if _MAC.fullmatch(mac) else None,
        interface=full_interface(name),
        vpn=vpn,
        age_s=_age(aging, 60),
        source=sheet.at(number),
    )


def parse_arp(answer: Answer) -> Parsed:
    """Parse ``display arp``; aging is printed in minutes."""
    sheet = Sheet(answer)
    vpn = vpn_of_command(answer.command)
    heading = False
    for number, line in sheet.rows():
        if _HEADING.fullmatch(line):
            heading = True
        elif (fact := _arp(sheet, number, line, vpn)) is not None:
            sheet.facts.append(fact)
        elif not _LEGEND.fullmatch(line):
            sheet.miss(number, line)
    return sheet.done(silent=True, cut="" if heading else "no heading was seen")


def _nd(sheet: Sheet, number: int, line: str, vpn: str) -> Neighbour | None:
    words = line.split()
    if len(words) < _ND_FIELDS - 1 or (address := address_of(words[0])) is None:
        return None
    age, kind, state, name, mac = words[-1], words[-2], words[-3], words[-4], words[1]
    if state.upper() not in _STATES or not is_interface(name) or not _TYPE.fullmatch(kind):
        return None
    return Neighbour(
        address=address,
        mac=mac.lower() if _MAC.fullmatch(mac) else None,
        interface=full_interface(name),
        vpn=vpn,
        age_s=_age(age, 1),
        source=sheet.at(number),
    )


def parse_neighbours6(answer: Answer) -> Parsed:
    """Parse ``display ipv6 neighbors all``; an entry may break after its address."""
    sheet = Sheet(answer)
    vpn = vpn_of_command(answer.command)
    heading = False
    held: tuple[int, str] | None = None
    for number, line in sheet.rows():
        if held is not None:
            joined = _nd(sheet, held[0], f"{held[1]} {line}", vpn)
            if joined is not None:
                sheet.facts.append(joined)
                held = None
                continue
            sheet.miss(*held)
            held = None
        if _HEADING.fullmatch(line):
            heading = True
        elif (fact := _nd(sheet, number, line, vpn)) is not None:
            sheet.facts.append(fact)
        elif len(line.split()) == 1 and address_of(line.strip()) is not None:
            held = (number, line)
        elif not _LEGEND.fullmatch(line):
            sheet.miss(number, line)
    if held is not None:
        sheet.miss(*held)
    return sheet.done(silent=True, cut="" if heading else "no heading was seen")
