"""Asks a reflector from where it is asked: by TCP, UDP, HTTP or through a resolver.

``probe_egress`` asks from this machine. From elsewhere a vantage point carries the octets:
``carriage`` says what to carry, ``confirm`` judges what came back. The key never leaves here.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from netops.evidence.measurement import encode
from netops.facts.measurements import Egress, EgressState
from netops.inventory.model import Reflector
from netops.probing import dns_wire
from netops.probing.exchanges import Asked, Interview, Judged
from netops.probing.messages import SIZE, Address, from_text
from netops.probing.remote import program

PROTOCOLS = ("tcp", "udp", "http")
TIMEOUT_S = 3.0
_HTTP_LIMIT = 4096
_DNS_LIMIT = 1232
_MOST_KEPT = 4096
"""Octets of an answer that evidence keeps: enough for any right one."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One question to put: to which reflector, by what, from which address.

    ``target`` is the reflector's address; for ``dns`` the resolver to ask, None: the system's.
    """

    reflector: Reflector
    protocol: str
    family: int
    target: Address | None
    source: Address | None = None
    timeout_s: float = TIMEOUT_S

    @property
    def command(self) -> str:
        """The errand in words, as evidence names it."""
        to = "" if self.target is None else f" at {self.target}"
        origin = "" if self.source is None else f" from {self.source}"
        return f"egress {self.reflector.id} {self.protocol} ipv{self.family}{to}{origin}"


@dataclass(frozen=True, slots=True)
class Carriage:
    """What a vantage point must carry, and what the collector keeps to judge it by."""

    errand: Errand
    asked: Asked
    job: Mapping[str, Any]


def carriage(errand: Errand, interview: Interview, number: int = 0) -> Carriage:
    """Make the question of an errand and the job that carries it."""
    asked, octets, port, limit = _question(errand, interview)
    job = {
        "do": "carry",
        "id": number,
        "protocol": errand.protocol,
        "target": "" if errand.target is None else str(errand.target),
        "port": port,
        "source": None if errand.source is None else str(errand.source),
        "question": octets.hex(),
        "limit": limit,
        "timeout_s": errand.timeout_s,
    }
    return Carriage(errand, asked, job)


def _question(errand: Errand, interview: Interview) -> tuple[Asked, bytes, int, int]:
    reflector = errand.reflector
    if errand.protocol == "dns":
        asked, name = interview.ask_by_name(reflector.zone)
        octets = dns_wire.write_question(secrets.randbelow(1 << 16), name, dns_wire.TXT)
        return asked, octets, 53, _DNS_LIMIT
    asked = interview.ask()
    if errand.protocol == "http":
        return asked, _http(errand, asked.octets), reflector.http_port or 80, _HTTP_LIMIT
    return asked, asked.octets, reflector.port, SIZE + 1


def _http(errand: Errand, question: bytes) -> bytes:
    host = str(errand.target) if errand.family == 4 else f"[{errand.target}]"  # noqa: PLR2004 - IPv4
    head = (
        f"POST /reflect HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/octet-stream\r\n"
        f"Content-Length: {SIZE}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + question


def confirm(
    carried: Carriage, result: Mapping[str, Any], interview: Interview, vantage: str
) -> tuple[Egress, bytes]:
    """Judge what a vantage point brought back; return the measurement and its evidence."""
    answers = _octets(result)
    bodies = [body for one in answers if (body := _body(carried, one)) is not None]
    if bodies:
        judged = interview.judge(carried.asked, bodies)
    elif answers:
        judged = Judged(EgressState.UNREACHABLE, "the resolver gave no answer of the reflector")
    elif result.get("local") is True:
        judged = Judged(EgressState.NOT_MEASURED, _text(result.get("error")))
    else:
        error = _text(result.get("error")) or "nothing came in time"
        judged = Judged(EgressState.UNREACHABLE, error)
    errand = carried.errand
    egress = Egress(
        vantage=vantage,
        reflector=errand.reflector.id,
        family=errand.family,
        protocol=errand.protocol,
        state=judged.state,
        at=datetime.fromtimestamp(carried.asked.at_ms / 1000, UTC),
        source=errand.source,
        seen=judged.seen,
        seen_port=judged.seen_port,
        detail=judged.detail,
    )
    kept = [one[:_MOST_KEPT].hex() for one in answers]
    return egress, encode(egress, {"question": carried.job["question"], "answers": kept})


def _octets(result: Mapping[str, Any]) -> list[bytes]:
    """Return the answers in a result; whatever is none is left out: the vantage is not believed."""
    listed = result.get("answers")
    made = []
    for one in listed if isinstance(listed, list) else []:
        try:
            made.append(bytes.fromhex(one))
        except (TypeError, ValueError):
            continue
    return made


def _text(value: object) -> str:
    return value[:200] if isinstance(value, str) else ""


def _body(carried: Carriage, octets: bytes) -> bytes | None:
    """Take the message out of what the protocol wraps around it.

    None: a resolver's own answer, that the name is not there; it speaks for no reflector.
    """
    if carried.errand.protocol == "http":
        return _http_body(octets)
    if carried.errand.protocol == "dns":
        return _dns_body(carried, octets)
    return octets


def _http_body(octets: bytes) -> bytes:
    head, gap, body = octets.partition(b"\r\n\r\n")
    return body if gap and head.startswith((b"HTTP/1.1 200 ", b"HTTP/1.0 200 ")) else b""


def _dns_body(carried: Carriage, octets: bytes) -> bytes | None:
    number = int(carried.job["question"][:4], 16)
    try:
        texts = dns_wire.read_texts(octets, number)
    except (dns_wire.NotDnsError, IndexError):
        return b""
    return from_text(texts[0]) if texts else None


def not_measured(errand: Errand, vantage: str, reason: str) -> tuple[Egress, bytes]:
    """Return the measurement that could not be made, and why."""
    egress = Egress(
        vantage=vantage,
        reflector=errand.reflector.id,
        family=errand.family,
        protocol=errand.protocol,
        state=EgressState.NOT_MEASURED,
        at=datetime.now(UTC),
        source=errand.source,
        detail=reason,
    )
    return egress, encode(egress)


def probe_egress(errand: Errand, interview: Interview, vantage: str = "local") -> Egress:
    """Ask from this machine and judge what comes."""
    carried = carriage(errand, interview)
    return confirm(carried, program.carry(dict(carried.job))[0], interview, vantage)[0]
