"""How often one source may be answered; what is remembered of sources is bounded.

Knows a clock that is handed in. IPv6 sources count by their /64, which one host may fill alone.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address

_MOST_SOURCES = 4096
_HOST_BITS = 64


class SourceRate:
    """A token bucket for each source; the source that was silent longest is forgotten first."""

    def __init__(
        self, a_second: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._a_second = a_second
        self._burst = float(burst)
        self._clock = clock
        self._buckets: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def admits(self, source: IPv4Address | IPv6Address) -> bool:
        """Whether one more answer may go to ``source``; counts it if so."""
        key = int(source)
        if isinstance(source, IPv6Address):
            key = -(key >> _HOST_BITS) - 1
        now = self._clock()
        tokens, at = self._buckets.pop(key, (self._burst, now))
        tokens = min(self._burst, tokens + (now - at) * self._a_second)
        admitted = tokens >= 1
        self._buckets[key] = (tokens - 1 if admitted else tokens, now)
        if len(self._buckets) > _MOST_SOURCES:
            self._buckets.popitem(last=False)
        return admitted

    def __len__(self) -> int:
        return len(self._buckets)
