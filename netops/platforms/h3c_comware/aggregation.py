"""``display link-aggregation``: which port belongs to which aggregate."""

from __future__ import annotations

import re

from netops.facts.interfaces import Interface
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware.names import full_interface, is_interface
from netops.platforms.h3c_comware.recognised import AGGREGATION
from netops.platforms.h3c_comware.sheet import Sheet

_KNOWN = re.compile("|".join(f"(?:{pattern})" for pattern in AGGREGATION), re.IGNORECASE)
_PORT = re.compile(r"(\S+?):\s*")
_AGGREGATE = re.compile(r"Aggregat(?:e|ion) Interface *: *(\S+)\s*", re.IGNORECASE)
_MEMBER = re.compile(r"\s+(\S+?)(?:\([RMU*]+\))?\s+[SUI](?:\s+\S+){1,4}\s*")
_PEER = re.compile(r"\s+\S+\s+(?:\d+\s+){2,4}0x[0-9a-f]+,.*", re.IGNORECASE)


def parse_member_ports(answer: Answer) -> Parsed:
    """Parse ``display link-aggregation member-port``: a block per port."""
    sheet = Sheet(answer)
    port: tuple[str, int] | None = None
    for number, line in sheet.rows():
        if (match := _PORT.fullmatch(line)) and is_interface(match[1]):
            port = (full_interface(match[1]), number)
        elif match := _AGGREGATE.fullmatch(line):
            if port is not None:
                name, first = port
                aggregate = full_interface(match[1])
                source = sheet.at(first, number)
                sheet.facts.append(Interface(name, aggregate=aggregate, source=source))
        elif not _KNOWN.fullmatch(line):
            sheet.miss(number, line)
    return sheet.done(silent=True)


def parse_aggregation_verbose(answer: Answer) -> Parsed:
    """Parse ``display link-aggregation verbose``: a block per aggregate."""
    sheet = Sheet(answer)
    aggregate, local = "", False
    for number, line in sheet.rows():
        if match := _AGGREGATE.fullmatch(line):
            aggregate, local = full_interface(match[1]), False
        elif line.strip().lower() in {"local:", "remote:"}:
            local = line.strip().lower() == "local:"
        elif aggregate and local and (match := _MEMBER.fullmatch(line)) and is_interface(match[1]):
            name = full_interface(match[1])
            sheet.facts.append(Interface(name, aggregate=aggregate, source=sheet.at(number)))
        elif not _KNOWN.fullmatch(line) and not (_PEER.fullmatch(line) and not local):
            sheet.miss(number, line)
    return sheet.done(silent=True)
