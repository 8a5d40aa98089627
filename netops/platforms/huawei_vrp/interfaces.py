"""The tables of interfaces: ``display interface brief``, ``… ip interface brief`` and kin."""

from __future__ import annotations

import re
from dataclasses import replace
from ipaddress import IPv6Interface
from typing import Any

from netops.facts.interfaces import Interface, InterfaceAddress
from netops.platforms.answer import Answer, Parsed
from netops.platforms.huawei_vrp.names import full_interface, is_interface
from netops.platforms.huawei_vrp.scan import Scan, read_rows, to_address, to_interface

HEADINGS = re.compile(
    r"\s*(?:PHY\s*:|[*^#!-]down\s*:|\([A-Za-z]{1,4}\)\s*:|InUti/OutUti\s*:|Interface\s+\S"
    r"|The number of interface |PVID\b|Total\s*:)"
)
_STATE = re.compile(r"([*^#!-]?)(up|down)((?:\([A-Za-z]{1,4}\))*)", re.IGNORECASE)
_NO_VPN = frozenset({"--", "-", "----", "_public_", "NULL"})


def states(phy: str, protocol: str) -> tuple[bool | None, bool, bool, bool] | None:
    """Read the two state words: admin up (None: not told), link up, protocol up, spoofing."""
    one, two = _STATE.fullmatch(phy), _STATE.fullmatch(protocol)
    if one is None or two is None:
        return None
    link = one[2].lower() == "up"
    admin = False if one[1] == "*" else True if link or not one[1] else None
    return admin, link and not one[1], two[2].lower() == "up", "(s)" in two[3].lower()


def _add(scan: Scan, number: int, words: list[str], **more: Any) -> bool:  # noqa: ANN401 - fields of Interface
    """Add the interface of a row's name and two state words; False when they are none."""
    found = states(words[1], words[2])
    if found is None or not is_interface(words[0]):
        return False
    scan.facts.append(
        Interface(full_interface(words[0]), *found, source=scan.answer.at(number), **more)
    )
    return True


def parse_interface_brief(answer: Answer) -> Parsed:
    """Read ``display interface brief``; members of a trunk are indented below it."""
    trunk: str | None = None

    def row(scan: Scan, number: int, line: str) -> bool:
        nonlocal trunk
        words = line.split()
        if len(words) != 7:  # noqa: PLR2004 - the columns of this table
            return False
        indented = line.startswith(" ")
        if not indented:
            trunk = words[0] if words[0].startswith(("Eth-Trunk", "Ip-Trunk")) else None
        return _add(scan, number, words, aggregate=trunk if indented else None)

    return read_rows(answer, HEADINGS, row, needs_rows=True)


def parse_interface_description(answer: Answer) -> Parsed:
    """Read ``display interface description``: free text to the end of the line."""

    def row(scan: Scan, number: int, line: str) -> bool:
        words = line.split(None, 3)
        if len(words) < 3:  # noqa: PLR2004 - name and two states
            return False
        text = words[3] if len(words) > 3 else ""  # noqa: PLR2004 - the description
        return _add(scan, number, words, description=text)

    return read_rows(answer, HEADINGS, row, needs_rows=True)


def parse_ip_interface_brief(answer: Answer) -> Parsed:
    """Read ``display ip interface brief``; only newer releases print the VPN column."""

    def row(scan: Scan, number: int, line: str) -> bool:
        words = line.split()
        if len(words) not in {4, 5}:
            return False
        address = to_interface(words[1]) if "/" in words[1] else None
        if address is None and words[1].lower() != "unassigned":
            return False
        vpn = None if len(words) == 4 else "" if words[4] in _NO_VPN else words[4]  # noqa: PLR2004
        kept = (InterfaceAddress(address),) if address is not None else ()
        return _add(scan, number, [words[0], *words[2:]], addresses=kept, vpn=vpn)

    return read_rows(answer, HEADINGS, row, needs_rows=True)


_V6_ADDRESS = re.compile(r"\s*\[IPv6 Address(?:/Prefix Length)?\]\s*(\S+)?", re.IGNORECASE)


def parse_ipv6_interface_brief(answer: Answer) -> Parsed:
    """Read ``display ipv6 interface brief``: the addresses stand below their interface."""
    scan = Scan(answer)
    odd = ""
    for number, line in scan.lines():
        address = _V6_ADDRESS.match(line)
        if address:
            if not scan.facts:
                scan.skip(number, line)
            elif not _add_v6(scan, number, address[1] or "", line):
                odd = odd or f"line {number} names an address that is none"
        elif not HEADINGS.match(line) and not _v6_row(scan, number, line):
            scan.skip(number, line)
    return scan.done(odd)


def _v6_row(scan: Scan, number: int, line: str) -> bool:
    words = line.split()
    if len(words) not in {3, 4}:
        return False
    vpn = None if len(words) == 3 else "" if words[3] in _NO_VPN else words[3]  # noqa: PLR2004
    return _add(scan, number, words, addresses=(), vpn=vpn)


def _add_v6(scan: Scan, number: int, text: str, line: str) -> bool:
    """Add an address to the interface above; VRP5 prints none of the length.

    One that was made unreadable (``2001:db8:xx::1``) leaves the interface's addresses unknown.
    """
    above: Interface = scan.facts.pop()
    if above.addresses is None:
        scan.facts.append(above)
        return False
    kept = above.addresses or ()
    if text.lower() not in {"", "unassigned"} and "unassigned" not in line.lower():
        bare = to_address(text)
        address = to_interface(text if "/" in text else f"{text}/{_length_of(str(bare))}")
        if not isinstance(address, IPv6Interface):
            source = scan.answer.at(above.source.first, number)
            scan.facts.append(replace(above, addresses=None, source=source))
            return False
        kept = (*kept, InterfaceAddress(address))
    source = scan.answer.at(above.source.first, number)
    scan.facts.append(replace(above, addresses=kept, source=source))
    return True


def _length_of(address: str) -> int:
    """Without a printed length only link-local addresses have a known one."""
    return 10 if address.startswith("fe80") else 128
