"""Tables of interfaces: ``display interface brief`` and ``display ip[v6] interface brief``.

Columns are found by the words of the heading of the same output: three layouts of one command
exist within one major version. Refuses to guess a mask: an address printed without one is
kept as a host address, whose true mask another command tells.
"""

from __future__ import annotations

import re
from dataclasses import replace

from netops.facts.interfaces import Interface, InterfaceAddress
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware.names import full_interface, is_interface
from netops.platforms.h3c_comware.sheet import Sheet, value_of, with_mask

_COLUMN = re.compile(
    r"Interface|Link-type|Link|Physical|Protocol-link|Protocol type|Protocol"
    r"|(?:Main|Primary) IP|IP(?:v[46])? address(?:/Mask)?|IP-Address|VPN[- ]instance|Description"
    r"|Speed|Duplex|Type|PVID|Cause",
    re.IGNORECASE,
)
_NAMES = {
    "physical": "link",
    "protocol-link": "protocol",
    "main ip": "ip",
    "primary ip": "ip",
    "vpn-instance": "vpn",
    "vpn instance": "vpn",
}
_LEGEND = re.compile(
    r"\s*(?:\*down|\(s\)|\(l\)|\^down|!down|Link|Protocol|Speed|Speed or Duplex|Duplex|Type) *:.*"
    r"|\s*(?:The )?Brief information (?:of|on) interfaces?(?:\(s\))? (?:under|in) .*"
    r"|\s*[-=]{5,}\s*",
    re.IGNORECASE,
)
_LINK = re.compile(r"\*?(?:up|down)(?:\(\w+\))*|ADM|Stby|SUP|--", re.IGNORECASE)
_SPEED = re.compile(r"(\d+(?:\.\d+)?)([KMG])(?:\(a\))?", re.IGNORECASE)
_MBPS = {"k": 0.001, "m": 1.0, "g": 1000.0}
_CUT = "..."


def _columns(line: str) -> tuple[str, ...]:
    found = []
    for word in _COLUMN.findall(line):
        key = word.lower()
        if "address" in key or key in {"main ip", "primary ip"}:
            key = "ip"
        found.append(_NAMES.get(key, key))
    return tuple(found)


def _is_heading(line: str) -> bool:
    words = line.split()
    return len(words) > 1 and words[0].lower() == "interface" and not _COLUMN.sub("", line).strip()


def _parse(answer: Answer) -> Parsed:
    sheet = Sheet(answer)
    columns: tuple[str, ...] = ()
    seen = False
    for number, line in sheet.rows():
        if _is_heading(line):
            columns, seen = _columns(line), True
        elif _LEGEND.fullmatch(line):
            continue
        else:
            fact = _row(columns, line) if columns else None
            if fact is None:
                sheet.miss(number, line)
            else:
                sheet.facts.append(replace(fact, source=sheet.at(number)))
    return sheet.done(cut="" if seen else "no heading was seen")


def _row(columns: tuple[str, ...], line: str) -> Interface | None:
    values = line.split(None, len(columns) - 1)
    cells = dict(zip(columns, values, strict=False))
    name, link = cells.get("interface", ""), cells.get("link", "")
    if not is_interface(name) or not _LINK.fullmatch(link):
        return None
    protocol = cells.get("protocol")
    if protocol is not None and not _LINK.fullmatch(protocol):
        return None
    addresses = _addresses(columns, cells)
    if addresses is None and cells.get("ip") is not None:
        return None
    shut = link.lower() in {"adm", "*down"} or cells.get("cause", "").startswith("Admin")
    return Interface(
        name=full_interface(name),
        admin_up=not shut,
        link_up=link.lower().startswith("up"),
        protocol_up=None if protocol in {None, "--"} else protocol.lower().startswith("up"),
        spoofing="(s" in (protocol or "").lower(),
        addresses=addresses,
        vpn=(value_of(cells.get("vpn", "")) or "") if "vpn" in columns else None,
        description=_description(columns, cells),
        speed_mbps=_speed(cells.get("speed", "")),
    )


def _addresses(
    columns: tuple[str, ...], cells: dict[str, str]
) -> tuple[InterfaceAddress, ...] | None:
    if "ip" not in columns:
        return None
    text = cells.get("ip", "")
    if value_of(text) is None:
        return ()
    address = with_mask(text)
    return None if address is None else (InterfaceAddress(address),)


def _description(columns: tuple[str, ...], cells: dict[str, str]) -> str | None:
    """Return the description; None where the table has no such column or cut it."""
    if "description" not in columns:
        return None
    text = cells.get("description", "").strip()
    return None if text.endswith(_CUT) else value_of(text) or ""


def _speed(text: str) -> float | None:
    match = _SPEED.fullmatch(text)
    return float(match[1]) * _MBPS[match[2].lower()] if match else None


def parse_interface_brief(answer: Answer) -> Parsed:
    """Parse ``display interface brief``: sections of routed and of bridged interfaces."""
    return _parse(answer)


def parse_ip_interface_brief(answer: Answer) -> Parsed:
    """Parse ``display ip interface brief`` and ``display ipv6 interface brief``."""
    return _parse(answer)
