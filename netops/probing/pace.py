"""Spreads packets over time: so many a second from one site, whatever sweeps run there.

Knows a monotonic clock that is handed in, so that a step of the wall clock changes nothing;
refuses to sleep: whoever sends waits on its sockets meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable

DEFAULT_PACE = 1000.0
"""Packets a second of a site: what a border router's control plane bears beside its work."""

_BURST_S = 0.02
"""Packets of this span may go back to back; longer bursts overflow small queues on the way."""


class Pace:
    """A token bucket of packets. ``rate`` 0 means no limit."""

    def __init__(
        self, rate: float = DEFAULT_PACE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        if rate < 0:
            raise ValueError("a pace is not negative")
        self._rate = rate
        self._clock = clock
        self._most = max(1.0, rate * _BURST_S)
        self._tokens = self._most
        self._at = clock()

    def take(self, wanted: int) -> int:
        """Return how many packets may go now, at most ``wanted``, and count them as gone."""
        if not self._rate:
            return wanted
        self._refill()
        granted = min(wanted, int(self._tokens))
        self._tokens -= granted
        return granted

    def wait_s(self) -> float:
        """Return how long until the next packet may go."""
        if not self._rate:
            return 0.0
        self._refill()
        return max(0.0, (1.0 - self._tokens) / self._rate)

    def _refill(self) -> None:
        now = self._clock()
        self._tokens = min(self._most, self._tokens + (now - self._at) * self._rate)
        self._at = now
