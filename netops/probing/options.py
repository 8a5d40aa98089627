"""What a sweep or a trace may do: how often, how long, from where, how fast.

Knows defaults that a production network bears; refuses values that would flood it by mistake.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from netops.probing.datagrams import Address
from netops.probing.pace import Pace
from netops.probing.sockets import Access, SocketGiver

MOST_ROUNDS = 1000
_LEAST_PAYLOAD, _MOST_PAYLOAD = 16, 1400


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class SweepOptions:
    """How a sweep asks.

    ``rounds`` probes go to every target, ``interval_s`` apart; then up to ``retries`` more to
    those that answered none. Each is waited for ``timeout_s`` at least.

    ``payload`` is the size of an echo's data. ``open_sockets`` bounds a TCP sweep. ``pace`` may
    be shared by everything that runs at one site. ``clock`` is monotonic; ``wall`` is read once.
    """

    vantage: str = "local"
    rounds: int = 3
    retries: int = 1
    interval_s: float = 0.2
    timeout_s: float = 1.0
    payload: int = 56
    open_sockets: int = 1000
    source: Address | None = None
    access: Access | None = None
    helper: SocketGiver | None = None
    pace: Pace = field(default_factory=Pace)
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], datetime] = _now

    def __post_init__(self) -> None:
        if not 1 <= self.rounds <= MOST_ROUNDS or not 0 <= self.retries <= MOST_ROUNDS:
            raise ValueError("rounds are 1 to 1000, retries 0 to 1000")
        if not _LEAST_PAYLOAD <= self.payload <= _MOST_PAYLOAD:
            raise ValueError("a payload is 16 to 1400 bytes")
        if self.timeout_s <= 0 or self.interval_s < 0 or self.open_sockets < 1:
            raise ValueError("times and bounds are positive")


class Calendar:
    """Turns moments of the monotonic clock into times of day that no clock step can disorder."""

    def __init__(self, clock: Callable[[], float], wall: Callable[[], datetime]) -> None:
        self._begin = clock()
        self._day = wall()

    def at(self, moment: float) -> datetime:
        """Return the time of day of a moment."""
        return self._day + timedelta(seconds=moment - self._begin)
