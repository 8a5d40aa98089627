"""ARP and IPv6 neighbours."""

from __future__ import annotations

import re

from netops.facts.neighbours import Neighbour
from netops.platforms.answer import Answer, Parsed
from netops.platforms.huawei_vrp.names import full_interface, is_interface
from netops.platforms.huawei_vrp.scan import Pairs, Scan, read_rows, to_address, to_ipv4, to_mac

_HEADINGS = re.compile(
    r"\s*(?:IP ADDRESS\s|VLAN/CEVLAN|ARP Entry Types|EXP\s*:|Total\s*:|Redirect\s*:|Remote\s*:"
    r"|Dynamic\s*:|[A-Z]{1,2} - \w)"
)
_ROW = re.compile(
    r"(?P<ip>\d{1,3}(?:\.\d{1,3}){3})\s+(?P<mac>[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}|Incomplete)"
    r"\s+(?:(?P<age>\d{1,6})\s+)?(?P<type>I -|[A-Z]{1,3}[-\dF/]*(?:/\S+)?)\s+(?P<interface>\S+)"
    r"(?:\s+(?P<rest>\S+(?:\s+\S+)?))?"
)
_BELOW = re.compile(
    r"\s+(?:\d{1,4}|-)/(?:\d{1,4}|-)(?:\(.{1,40}\))?(?:\s+\S+)?|\s+\d{1,4}(?:\s+\S+)?"
)
_VLAN = re.compile(r"(?:\d{1,4}|-)(?:/(?:\d{1,4}|-))?(?:\(.{1,40}\))?(?:\s+\S+)?")
_MINUTE = 60


def parse_arp(answer: Answer) -> Parsed:
    """Read ``display arp [all | brief]``; the VLAN stands on a line of its own below."""
    brief = "VLAN" in answer.text.split("\n", 1)[0].rpartition("INTERFACE")[2]

    def row(scan: Scan, number: int, line: str) -> bool:
        found = _ROW.fullmatch(line.strip())
        address = to_ipv4(found["ip"]) if found else None
        if found is None or address is None or not is_interface(found["interface"]):
            return bool(scan.facts) and _BELOW.fullmatch(line) is not None
        rest = found["rest"] or ""
        age = found["age"]
        scan.facts.append(
            Neighbour(
                address=address,
                mac=to_mac(found["mac"]),
                interface=full_interface(found["interface"]),
                vpn="" if brief or _VLAN.fullmatch(rest) else rest.split()[0] if rest else "",
                own=found["type"].startswith("I"),
                age_s=float(age) * _MINUTE if age else None,
                source=scan.answer.at(number),
            )
        )
        return True

    return read_rows(answer, _HEADINGS, row)


_PAIRS = Pairs(
    "IPv6 Address", "IPv6 address", "Link-layer", "State", "Interface", "Age", "VLAN", "CEVLAN",
    "VPN name", "VPN Name", "Is Router", "Secure FLAG", "Secure Flag", "Nickname", "SVLAN",
    "IP address", "Total", "Dynamic", "Static", "Remote",
)  # fmt: skip
_AGE = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,2})m)?(?:(\d{1,9})s?)?")


def _seconds(text: str) -> float | None:
    found = _AGE.fullmatch(text)
    if found is None or not text:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return float(((days * 24 + hours) * 60 + minutes) * 60 + seconds)


def parse_ipv6_neighbours(answer: Answer) -> Parsed:
    """Read ``display ipv6 neighbors``: a block of pairs an entry."""
    scan = Scan(answer)
    block: dict[str, str] = {}
    first = last = 0
    begun = ""
    for number, line in scan.lines():
        pairs = _PAIRS.split(line)
        if pairs is None:
            scan.skip(number, line)
            continue
        start = next((pairs[key] for key in ("IPv6 Address", "IPv6 address") if key in pairs), None)
        if start is not None or "Total" in pairs:
            _close(scan, block, first, last, begun)
            block = {}
        if not block:
            first, begun = number, line
        if "Total" not in pairs:
            block.update({key.lower(): value for key, value in pairs.items()})
            last = number
    _close(scan, block, first, last, begun)
    return scan.done()


def _close(scan: Scan, block: dict[str, str], first: int, last: int, begun: str) -> None:
    """Make a fact of the block at hand."""
    if not block:
        return
    address = to_address(block.get("ipv6 address", ""))
    interface = block.get("interface", "")
    if address is None or not is_interface(interface):
        scan.skip(first, begun)
        return
    vpn = block.get("vpn name", "-")
    router = block.get("is router", "").upper()
    scan.facts.append(
        Neighbour(
            address=address,
            mac=to_mac(block.get("link-layer", "")),
            interface=full_interface(interface),
            vpn="" if vpn.strip("-") == "" else vpn,
            router={"TRUE": True, "FALSE": False}.get(router),
            age_s=_seconds(block.get("age", "")),
            source=scan.answer.at(first, last),
        )
    )
