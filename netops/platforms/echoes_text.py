"""What ping programs print, read into a series of echoes.

Knows the wordings of VRP, Comware (V5 prints VRP's), iputils and busybox; they do not collide.
Refuses to guess: a text whose replies and totals do not agree, or that ends before its totals,
is a series that was not measured, never a failure of the network.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from netops.facts.measurements import Address, Echoes
from netops.platforms.answer import Answer
from netops.platforms.jsontext import as_address
from netops.text import one_line

UNTIMED = datetime.min.replace(tzinfo=UTC)
"""Stands where the caller fills in when the line was sent."""

_LONGEST = 500
_REASONS = 3
_MS = r"time ?[=<] ?(?P<time>\d{1,7}(?:\.\d{1,6})?) ?ms"
_REPLIES = (
    # VRP and Comware V5; for IPv6 VRP breaks the line behind the address
    re.compile(
        r"(?:Reply from (?P<host>[0-9A-Fa-f.:]{2,45}?):?)? *"
        rf"(?:bytes=\d{{1,6}} Sequence=(?P<seq>\d{{1,6}}) +(?:ttl|hop limit) ?= ?\d{{1,3}} +{_MS})?"
    ),
    # Comware V7 ("hlim" for IPv6), iputils, busybox ("seq=")
    re.compile(
        r"\d{1,6} bytes from (?:[^ (]{1,255} \()?(?P<host>[0-9A-Fa-f.:]{2,45}?)\)?[,:]? "
        rf"(?:icmp_)?seq=(?P<seq>\d{{1,6}}) (?:ttl|hlim)=\d{{1,3}} {_MS}(?: \(DUP!\))?"
    ),
)
_SENT = re.compile(
    r"(?P<sent>\d{1,6}) packets?(?:\(s\))? transmitted"
    r"(?:, (?P<received>\d{1,6})(?: packets?(?:\(s\))?)? received\b.*)?"
)
_RECEIVED = re.compile(r"(?P<received>\d{1,6}) packets?(?:\(s\))? received")
_TITLE = re.compile(
    r"-{3} (?:Ping6? statistics for )?(?P<host>[0-9A-Fa-f.:]{2,45}?)"
    r"(?: in VPN instance .{1,63}?)?(?: ping statistics)? -{3}"
)
_LOST = re.compile(r"Request time(?:d)? ?out.{0,40}|no answer yet for icmp_seq=\d{1,6}")
_REASON = re.compile(
    r"(?:From (?P<host>\S{2,60}?):? icmp_seq=\d{1,6} )?"
    r"(?P<reason>.{0,120}(?:unreachable|prohibited|exceeded|expired|redirect|filtered|too big)"
    r".{0,120})",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"(?:PING|Ping6?)[ (].*|\d{1,3}(?:\.\d{1,6})?% packet loss|(?:round-trip|rtt) min/avg/max.*"
    r"|pipe \d{1,6}|press CTRL.C to break",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Series:
    """What was read so far."""

    target: Address
    host: Address | None = None
    times: dict[int, float] = field(default_factory=dict)
    sent: int | None = None
    received: int | None = None
    stranger: str = ""
    reasons: dict[str, None] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)

    def take(self, text: str) -> None:
        """Read one line without blanks at its ends."""
        if not text or _LOST.fullmatch(text):
            return
        if len(text) > _LONGEST:
            self.strange.append(text[:80])
        elif not (self._is_reply(text) or self._is_total(text) or _FURNITURE.fullmatch(text)):
            reason = _REASON.fullmatch(text)
            if reason:
                said = reason["reason"].strip(" .:")
                self.reasons[f"{said} (from {reason['host']})" if reason["host"] else said] = None
            else:
                self.strange.append(text)

    def _is_reply(self, text: str) -> bool:
        match = next((m for p in _REPLIES if (m := p.fullmatch(text))), None)
        if match is None:
            return False
        if match["host"]:
            self.host = as_address(match["host"])
        if match["seq"] and self.host == self.target:
            # A duplicate answers no second question.
            self.times.setdefault(int(match["seq"]), float(match["time"]))
        return True

    def _is_total(self, text: str) -> bool:
        title = _TITLE.fullmatch(text)
        if title:
            named = as_address(title["host"])
            self.stranger = "" if named in {None, self.target} else str(named)
            return True
        sent, received = _SENT.fullmatch(text), _RECEIVED.fullmatch(text)
        if sent:
            self.sent = int(sent["sent"])
        found = sent["received"] if sent else received and received["received"]
        if found:
            self.received = int(found)
        return bool(sent or received)

    def objection(self) -> str:
        """Say why the series cannot stand for a measurement; "" where it can."""
        if self.stranger:
            return f"the answer is about {self.stranger}"
        if self.sent is None or self.received is None:
            said = [*self.reasons, *self.strange]
            if said and not self.times:
                return one_line(said[0])[:200]
            return f"the answer ends before its totals ({len(self.times)} replies seen)"
        if self.received != len(self.times) or self.received > self.sent:
            return f"{self.received} replies of {self.sent} counted, {len(self.times)} printed"
        return "" if self.sent else "nothing was sent"


def read_echoes(answer: Answer, target: Address, refusal: str = "") -> Echoes:
    """Read the answer to a ping of ``target``; ``refusal`` is how the device refused, if it did."""
    series = _Series(target)
    for _, text in answer.lines:
        series.take(text.strip())
    objection = series.objection()
    detail = refusal or objection
    if not objection:
        detail = "; ".join(one_line(reason)[:120] for reason in list(series.reasons)[:_REASONS])
    lines = [number for number, _ in answer.lines] or [0]
    return Echoes(
        vantage="",
        target=target,
        protocol="icmp",
        sent=0 if objection else series.sent or 0,
        round_trips_ms=() if objection else tuple(series.times[n] for n in sorted(series.times)),
        at=UNTIMED,
        detail=detail,
        evidence=answer.at(lines[0], lines[-1]),
    )
