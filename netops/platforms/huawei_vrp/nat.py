"""Live displays of address translation on routers: outbound, pools, servers, sessions."""

from __future__ import annotations

import re
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Any

from netops.facts.nat import NatKind, NatPool, NatRule, NatSessions
from netops.platforms.answer import Answer, Parsed
from netops.platforms.huawei_vrp.names import full_interface, is_interface
from netops.platforms.huawei_vrp.scan import Scan, read_rows, to_ipv4

_OUTBOUND_HEADINGS = re.compile(r"\s*(?:NAT Outbound Information\s*:|Interface\s+Acl\b|Total\s*:)")
Range = tuple[IPv4Address | IPv6Address, IPv4Address | IPv6Address]
_NONE = frozenset({"", "-", "--", "---", "----"})


def parse_nat_outbound(answer: Answer) -> Parsed:
    """Read ``display nat outbound``: the third column is an address or a group's index."""

    def row(scan: Scan, number: int, line: str) -> bool:
        words = line.split()
        if len(words) < 4 or not is_interface(words[0]):  # noqa: PLR2004 - the columns
            return False
        kind = words[-1].lower().replace("-", "")
        if kind not in {"easyip", "pat", "nopat"}:
            return False
        address = to_ipv4(words[-2])
        acl = words[1] if words[1] not in _NONE else None
        scan.facts.append(
            NatRule(
                kind=NatKind.OUTBOUND,
                interface=full_interface(words[0]),
                acl=acl,
                pool=((address, address),) if address else (),
                easy_ip=kind == "easyip",
                active=True,
                name=None if kind == "easyip" else words[-2],
                source=scan.answer.at(number),
            )
        )
        return True

    return read_rows(answer, _OUTBOUND_HEADINGS, row)


_GROUP_HEADINGS = re.compile(
    r"\s*(?:NAT Address-Group Information\s*:|Index\s+Start-address|Total\s*:)", re.IGNORECASE
)


def parse_nat_groups(answer: Answer) -> Parsed:
    """Read ``display nat address-group``."""

    def row(scan: Scan, number: int, line: str) -> bool:
        words = line.split()
        if len(words) != 3 or not words[0].isdecimal():  # noqa: PLR2004 - the columns
            return False
        first, last = to_ipv4(words[1]), to_ipv4(words[2])
        if first is None or last is None:
            return False
        scan.facts.append(NatPool(words[0], ((first, last),), scan.answer.at(number)))
        return True

    return read_rows(answer, _GROUP_HEADINGS, row)


_SERVER_PAIR = re.compile(
    r"\s*(Interface|Global IP/Port|Inside IP/Port|Protocol|VPN instance-name|Acl number|Vrrp id"
    r"|Description|Netmask|Global Port|Inside Port|No-reverse|Nat (?:Server|Static) Information"
    r"|(?:Server|Static) Nat Information"
    r"|Total|Unr-route|Global Vpn|Inside Vpn)\s*:\s*(.*)$",
    re.IGNORECASE,
)
_GLOBAL = re.compile(r"\s*Global Nat(?: Static| Server)?\s*:?", re.IGNORECASE)
"""What stands in the place of an interface over a mapping of the system view."""
_FIELDS = {"acl number": "acl", "vpn instance-name": "vpn", "description": "name"}
_REAL = re.compile(r"Real IP\s*:\s*(\d[\d.]+)")


def _leading_address(text: str) -> IPv4Address | None:
    real = _REAL.search(text)
    return to_ipv4(real[1] if real else text.partition("/")[0].strip())


def parse_nat_server(answer: Answer) -> Parsed:
    """Read ``display nat server`` and ``display nat static``."""
    scan = Scan(answer)
    kind = NatKind.STATIC if "static" in answer.command.split() else NatKind.SERVER
    interface: str | None = None
    for number, line in scan.lines():
        found = _SERVER_PAIR.match(line)
        if found is None:
            if _GLOBAL.fullmatch(line):
                interface = None
            else:
                scan.skip(number, line)
            continue
        key, value = found[1].lower(), found[2].strip()
        if key == "interface":
            interface = full_interface(value)
        elif key == "global ip/port":
            outside = _leading_address(value)
            pool = ((outside, outside),) if outside else ()
            own = value.startswith(("current-interface", "interface"))
            scan.facts.append(
                NatRule(kind, interface, pool=pool, easy_ip=own, active=True,
                        source=answer.at(number))
            )  # fmt: skip
        elif scan.facts and key != "total":
            rule = scan.facts[-1]
            scan.facts[-1] = replace(_detail(rule, key, value),
                                     source=answer.at(rule.source.first, number))  # fmt: skip
    return scan.done()


def _detail(rule: NatRule, key: str, value: str) -> NatRule:
    """Add what one line below the global address tells."""
    if value in _NONE:
        return rule
    named = _FIELDS.get(key)
    if named is not None:
        changes: dict[str, Any] = {named: value}
        return replace(rule, **changes)
    if key == "inside ip/port":
        return replace(rule, inside=_leading_address(value))
    if key == "netmask" and rule.pool:
        return replace(rule, pool=(_widened(rule.pool[0][0], value) or rule.pool[0],))
    return rule


def _widened(first: IPv4Address | IPv6Address, mask: str) -> Range | None:
    """Return the block that an address and a mask name."""
    try:
        network = ip_network(f"{first}/{mask}", strict=False)
    except ValueError:
        return None
    return network.network_address, network.broadcast_address


_TOTAL = re.compile(
    r"\s*(?:Total|Current total sessions|Current NAT sessions)\s*:\s*(\d{1,12})", re.IGNORECASE
)
_SESSION_KNOWN = re.compile(
    r"\s*(?:NAT Session Table|Protocol\s*:|(?:Src|Dest)Addr\b|Type Code IcmpId|NAT-Info"
    r"|New (?:Src|Dest|Icmp)\w*\s*:|This operation will take|Slot\s*:|Time To Live|\w+(?:-\w+)?:? "
    r"+(?:VPN\s*:|\d[\d.]+:\d+)|Zone\s*:|Recv Interface\s*:|Interface\s*:|<--|\d[\d.]+:\d+)"
)


def parse_nat_sessions(answer: Answer) -> Parsed:
    """Read ``display nat session all`` and the firewall's table, for the count alone."""
    scan = Scan(answer)
    for number, line in scan.lines():
        total = _TOTAL.match(line)
        if total:
            scan.facts.append(NatSessions(int(total[1]), answer.at(number)))
        elif not _SESSION_KNOWN.match(line):
            scan.skip(number, line)
    count = sum(fact.count for fact in scan.facts)
    if len(scan.facts) > 1:
        scan.facts = [NatSessions(count, scan.facts[0].source)]
    return scan.done("" if scan.facts else "no total", understood=bool(scan.facts))
