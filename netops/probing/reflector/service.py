"""What the reflector says to octets from an address: pure but for its clock; no socket.

Only whoever holds the key is answered; to everybody else it is silent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

from netops.probing import dns_wire
from netops.probing.clock import now_ms
from netops.probing.messages import (
    Answer,
    NotAMessageError,
    decode_question,
    encode_answer,
    nonce_of_label,
    to_text,
)
from netops.probing.reflector.rate import SourceRate

Address = IPv4Address | IPv6Address
_A_SECOND = 200.0
"""A whole province may ask from behind the one address of its exit."""
_BURST = 2000


@dataclass(slots=True)
class Service:
    """One reflector's identity, key and counts. ``zone`` "" answers no DNS."""

    id: str
    key: bytes = field(repr=False)
    zone: str = ""
    clock: Callable[[], int] = now_ms
    rate: SourceRate = field(default_factory=lambda: SourceRate(_A_SECOND, _BURST))
    counts: Counter[str] = field(default_factory=Counter)

    def admits(self, source: Address) -> bool:
        """Whether ``source`` has not asked too often; counts those that have."""
        if self.rate.admits(source):
            return True
        self.counts["too often"] += 1
        return False

    def answer(self, data: bytes, source: Address, port: int) -> bytes | None:
        """Return the answer to a question, as long as the question; None: silence."""
        try:
            question = decode_question(self.key, data)
        except NotAMessageError:
            self.counts["not a question of ours"] += 1
            return None
        if question.reflector != self.id:
            self.counts["for another reflector"] += 1
            return None
        self.counts["answered"] += 1
        return self._seal(question.nonce, source, port)

    def _seal(self, nonce: bytes, source: Address, port: int) -> bytes:
        return encode_answer(self.key, Answer(self.id, nonce, self.clock(), source, port))

    def answer_dns(self, data: bytes, source: Address, port: int, *, stream: bool) -> bytes | None:
        """Return the answer to a DNS message.

        Over UDP a question of ours is told to come by TCP: so no answer is longer than its
        question, and the address seen is one that really asked.
        """
        try:
            question = dns_wire.read_question(data)
        except dns_wire.NotDnsError:
            self.counts["not dns"] += 1
            return None
        suffix = f".{self.zone}"
        if question.name != self.zone and not question.name.endswith(suffix):
            self.counts["another zone"] += 1
            return dns_wire.write_answer(question, code=dns_wire.REFUSED)
        label = question.name.removesuffix(suffix)
        nonce = nonce_of_label(self.key, self.zone, label)
        if nonce is None:
            is_apex = question.name == self.zone
            code = dns_wire.NO_ERROR if is_apex else dns_wire.NAME_ERROR
            return dns_wire.write_answer(question, code=code)
        if not stream:
            return dns_wire.write_answer(question, truncated=True)
        self.counts["answered dns"] += 1
        return dns_wire.write_answer(question, self._records(question.kind, nonce, source, port))

    def _records(self, kind: int, nonce: bytes, source: Address, port: int) -> tuple[bytes, ...]:
        if kind == dns_wire.TXT:
            return (dns_wire.text_record(to_text(self._seal(nonce, source, port))),)
        wanted = dns_wire.A if isinstance(source, IPv4Address) else dns_wire.AAAA
        return (dns_wire.address_record(source),) if kind == wanted else ()
