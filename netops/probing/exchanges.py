"""Judges what a reflector's answer is worth: authentic, fresh, and to this very question.

Holds the key and the nonces asked; whoever carried the octets is not believed. No socket.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from netops.facts.measurements import EgressState
from netops.probing.clock import now_ms
from netops.probing.messages import (
    LEAST_KEY_OCTETS,
    Address,
    Answer,
    NotAMessageError,
    Question,
    decode_answer,
    dns_label,
    encode_question,
    new_nonce,
)

SKEW_S = 30.0
"""How far a reflector's clock may be from ours before its answer counts as no fresh one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was put: its octets, its nonce, and when by our clock."""

    nonce: bytes
    octets: bytes
    at_ms: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What answers came to; ``seen`` only for a confirmed one."""

    state: EgressState
    detail: str = ""
    seen: Address | None = None
    seen_port: int | None = None


@dataclass(slots=True)
class Interview:
    """One reflector as a collector knows it: asks, and takes each answer once."""

    reflector: str
    key: bytes = field(repr=False)
    skew_s: float = SKEW_S
    clock: Callable[[], int] = now_ms
    _taken: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Refuse a key that could be guessed."""
        if len(self.key) < LEAST_KEY_OCTETS:
            raise ValueError("the key is too short")

    def ask(self) -> Asked:
        """Make a question."""
        nonce, at = new_nonce(), self.clock()
        return Asked(nonce, encode_question(self.key, Question(self.reflector, nonce, at)), at)

    def ask_by_name(self, zone: str) -> tuple[Asked, str]:
        """Make a question of DNS and the name that asks it."""
        nonce = new_nonce()
        name = f"{dns_label(self.key, zone, nonce)}.{zone}"
        return Asked(nonce, b"", self.clock()), name

    def judge(self, asked: Asked, answers: Sequence[bytes]) -> Judged:
        """Judge all that came for a question; the first good answer decides.

        Anybody on the way can send a bad one beside it, so a bad one alone is what counts.
        """
        if not answers:
            return Judged(EgressState.UNREACHABLE, "nothing came in time")
        verdicts = []
        for octets in answers:
            verdict = self._judge_one(asked, octets)
            if verdict.state is EgressState.CONFIRMED:
                return verdict
            verdicts.append(verdict)
        return verdicts[0]

    def _judge_one(self, asked: Asked, octets: bytes) -> Judged:
        try:
            answer = decode_answer(self.key, octets)
        except NotAMessageError as error:
            return Judged(EgressState.FORGED, str(error))
        if answer.reflector != self.reflector:
            return Judged(EgressState.FORGED, f"signed as {answer.reflector[:80]}")
        if answer.nonce != asked.nonce:
            return Judged(EgressState.REPLAYED, "it answers another question")
        if answer.nonce in self._taken:
            return Judged(EgressState.REPLAYED, "the question was answered before")
        skew = self._skew_s(asked, answer)
        if skew > self.skew_s:
            return Judged(EgressState.SKEWED, f"its clock is {skew:.0f} s from ours")
        self._taken.add(answer.nonce)
        return Judged(EgressState.CONFIRMED, "", answer.seen, answer.seen_port)

    def _skew_s(self, asked: Asked, answer: Answer) -> float:
        """Return how far outside the time between question and now the answer was made."""
        early, late = asked.at_ms - answer.time_ms, answer.time_ms - self.clock()
        return max(0, early, late) / 1000
