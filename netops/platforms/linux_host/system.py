"""Small commands of a Linux host: who it is, how long it is up, its clock, neighbours, LLDP.

Knows the output of coreutils, iproute2, lldpd, chrony and wireguard-tools. Refuses guesses: a
host name is a host name only when it looks like one.
"""

from __future__ import annotations

import re
from typing import Any

from netops.facts.access import Tunnel
from netops.facts.answers import AnswerState, UnreadLine
from netops.facts.nat import NatSessions
from netops.facts.neighbours import LldpNeighbour, Neighbour
from netops.facts.source import Source
from netops.facts.system import Identity, NtpStatus
from netops.platforms.answer import Answer, Parsed
from netops.platforms.jsontext import (
    Page,
    as_address,
    as_dict,
    as_list,
    as_text,
    json_parser,
    not_this,
    objects,
)

_HOSTNAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?")
_OS_LINE = re.compile(r"([A-Z][A-Z0-9_]*)=(?:\"(.*)\"|'(.*)'|([^\s\"']*))")
_UNAME = re.compile(r"(Linux) (\S+) (\S+) .*\S")
_UPTIME = re.compile(r"(\d{1,12})\.\d+ \d+\.\d+")
_COUNT = re.compile(r"\d{1,18}")
_ENDPOINT = re.compile(r"([\w.=+-]{1,15})\t([A-Za-z0-9+/]{42,43}=?=?)\t(\S+)")
_TRACKING = re.compile(r"([A-Z][A-Za-z ]*\S(?: \(UTC\))?) +: (.*)")
_TRACKING_KEYS = frozenset({
    "Reference ID", "Stratum", "Ref time (UTC)", "System time", "Last offset", "RMS offset",
    "Frequency", "Residual freq", "Skew", "Root delay", "Root dispersion", "Update interval",
    "Leap status",
})  # fmt: skip
_REFERENCE = re.compile(r"([0-9A-F]{8}) \((.*)\)")
_LOCAL_CLOCK = "7F7F0101"
_UNSYNCHRONISED_STRATUM = 16


def _lines(answer: Answer) -> list[tuple[int, str]]:
    return [(number, text.strip()) for number, text in answer.lines if text.strip()]


def _only(answer: Answer, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """Return the match of an answer of exactly one line."""
    lines = _lines(answer)
    return pattern.fullmatch(lines[0][1]) if len(lines) == 1 else None


def _not_understood(answer: Answer) -> Parsed:
    unread = tuple(UnreadLine(text[:200], answer.at(number)) for number, text in _lines(answer))
    return Parsed((), unread, AnswerState.NOT_UNDERSTOOD)


def _first(answer: Answer) -> int:
    return _lines(answer)[0][0]


def parse_hostname(answer: Answer) -> Parsed:
    """Read ``hostname``."""
    match = _only(answer, _HOSTNAME)
    if match is None:
        return _not_understood(answer)
    return Parsed((Identity(hostname=match[0], source=answer.at(_first(answer))),))


def parse_os_release(answer: Answer) -> Parsed:
    """Read ``cat /etc/os-release``."""
    values: dict[str, str] = {}
    unread: list[UnreadLine] = []
    for number, text in _lines(answer):
        match = _OS_LINE.fullmatch(text)
        if match:
            values[match[1]] = match[2] or match[3] or match[4] or ""
        elif not text.startswith("#"):
            unread.append(UnreadLine(text[:200], answer.at(number)))
    if "ID" not in values and "NAME" not in values:
        return _not_understood(answer)
    first, last = _lines(answer)[0][0], _lines(answer)[-1][0]
    identity = Identity(
        vendor=values.get("NAME") or values.get("ID"),
        os_version=values.get("PRETTY_NAME") or values.get("VERSION_ID"),
        source=answer.at(first, last),
    )
    return Parsed((identity,), tuple(unread))


def parse_uname(answer: Answer) -> Parsed:
    """Read ``uname -a``: the kernel's release."""
    match = _only(answer, _UNAME)
    if match is None:
        return _not_understood(answer)
    return Parsed(
        (Identity(hostname=match[2], release=match[3], source=answer.at(_first(answer))),)
    )


def parse_uptime(answer: Answer) -> Parsed:
    """Read ``cat /proc/uptime``."""
    match = _only(answer, _UPTIME)
    if match is None:
        return _not_understood(answer)
    return Parsed((Identity(uptime_s=int(match[1]), source=answer.at(_first(answer))),))


def parse_count(answer: Answer) -> Parsed:
    """Read the number of connections that the kernel tracks."""
    match = _only(answer, _COUNT)
    if match is None:
        return _not_understood(answer)
    return Parsed((NatSessions(int(match[0]), answer.at(_first(answer))),))


def parse_tracking(answer: Answer) -> Parsed:
    """Read ``chronyc -n tracking``; a clock that follows itself follows nobody."""
    values: dict[str, str] = {}
    unread: list[UnreadLine] = []
    for number, text in _lines(answer):
        match = _TRACKING.fullmatch(text)
        if match and match[1].strip() in _TRACKING_KEYS:
            values[match[1].strip()] = match[2].strip()
        else:
            unread.append(UnreadLine(text[:200], answer.at(number)))
    reference = _REFERENCE.fullmatch(values.get("Reference ID", ""))
    stratum = values.get("Stratum", "")
    if reference is None or not _COUNT.fullmatch(stratum) or "Leap status" not in values:
        return _not_understood(answer)
    follows = (
        values["Leap status"] != "Not synchronised"
        and reference[1] not in {_LOCAL_CLOCK, "00000000"}
        and 0 < int(stratum) < _UNSYNCHRONISED_STRATUM
    )
    first, last = _lines(answer)[0][0], _lines(answer)[-1][0]
    status = NtpStatus(follows, int(stratum), reference[2] or None, answer.at(first, last))
    return Parsed((status,), tuple(unread))


def parse_endpoints(answer: Answer) -> Parsed:
    """Read ``wg show all endpoints``; public keys are not kept."""
    facts: list[Tunnel] = []
    unread: list[UnreadLine] = []
    for number, text in _lines(answer):
        match = _ENDPOINT.fullmatch(text)
        host = match[3].rpartition(":")[0].strip("[]") if match else ""
        peer = as_address(host)
        if match is None or (peer is None and match[3] != "(none)"):
            unread.append(UnreadLine(text[:200], answer.at(number)))
        elif peer is not None:
            facts.append(Tunnel(match[1], "wireguard", peer=peer, source=answer.at(number)))
    state = AnswerState.NOT_UNDERSTOOD if unread and not facts else AnswerState.UNDERSTOOD
    return Parsed(tuple(facts), tuple(unread), state)


def _read_neighbours(page: Page) -> Parsed:
    facts: list[Neighbour] = []
    unread: list[UnreadLine] = []
    for document in page.documents:
        if not isinstance(document.value, list):
            return not_this(page)
        source = page.answer.at(document.first, document.last)
        for entry in document.value:
            value = as_dict(entry)
            address, device = as_address(value.get("dst")), as_text(value.get("dev"))
            if entry == {}:
                continue
            if address is None or device is None:
                unread.append(page.quote(entry, document.first))
                continue
            states = as_list(value.get("state"))
            mac = None if "FAILED" in states else as_text(value.get("lladdr"))
            router = "router" in value if ":" in str(address) else None
            facts.append(Neighbour(address, mac, device, router=router, source=source))
    return Parsed(tuple(facts), tuple(unread))


def _read_lldp(page: Page) -> Parsed:
    facts: list[LldpNeighbour] = []
    unread: list[UnreadLine] = []
    for document in page.documents:
        value = as_dict(document.value)
        if not isinstance(value.get("lldp"), dict):
            return not_this(page)
        listed = value["lldp"].get("interface", [])
        finder = document.finder()
        for entry in [listed] if isinstance(listed, dict) else objects(listed):
            for name, body in entry.items():
                first, last = finder.span_of(name)
                if not isinstance(body, dict):
                    unread.append(page.quote(entry, first))
                    continue
                facts.append(_lldp(name, body, page.answer.at(first, last)))
    return Parsed(tuple(facts), tuple(unread))


def _lldp(name: str, body: dict[str, Any], source: Source) -> LldpNeighbour:
    chassis, port = as_dict(body.get("chassis")), as_dict(body.get("port"))
    system, details = None, chassis
    if "id" not in chassis and len(chassis) == 1:
        system, inner = next(iter(chassis.items()))
        details = as_dict(inner)
    port_id = as_dict(port.get("id"))
    description = as_text(port.get("descr"))
    is_hardware = port_id.get("type") == "mac"
    return LldpNeighbour(
        interface=name,
        system=system,
        port=(description if is_hardware else None) or as_text(port_id.get("value")),
        chassis=as_text(as_dict(details.get("id")).get("value")),
        port_description=description,
        system_description=as_text(details.get("descr")),
        source=source,
    )


read_neighbours = json_parser(_read_neighbours)
read_lldp = json_parser(_read_lldp)
