"""How late this machine is, a clock that leaves that out, and whether log-ins crowd each other.

A collector without time to listen would call its devices silent. Deadlines read this clock, so
that what we miss is never held against a device. Knows nothing of devices.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

BEAT_S = 0.1
_USUAL_S = 0.1
"""So late a beat may come on a machine that works but is not overloaded."""
_MEMORY = 0.7
_LATE_S = 0.4
_CROWDED = 0.4


class Lag:
    """Adds up by how much each beat of a steady ticker came too late."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = clock()
        self._recent = 0.0
        self._login = 0.0
        self.total = 0.0
        self.worst = 0.0

    def now(self) -> float:
        """Return seconds of a clock that leaves out the time that was missed."""
        return self._clock() - self.total

    def beat(self) -> None:
        """Note that another ``BEAT_S`` should be over."""
        now = self._clock()
        late = max(0.0, now - self._last - BEAT_S - _USUAL_S)
        self._last = now
        self._recent = _MEMORY * self._recent + (1 - _MEMORY) * late
        self.total += late
        self.worst = max(self.worst, late)

    @property
    def is_late(self) -> bool:
        """Whether we get clearly too little time at present."""
        return self._recent > _LATE_S

    def note_login(self, share: float) -> None:
        """Note a log-in that went well, and which share of the time allowed it took."""
        self._login = _MEMORY * self._login + (1 - _MEMORY) * share

    @property
    def is_crowded(self) -> bool:
        """Whether log-ins take so long that more at once would soon fail.

        What they wait for in common is overloaded: the server that knows the accounts, the way
        there, or this machine. Devices that hang say nothing here.
        """
        return self._login > _CROWDED

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Let a thread beat meanwhile."""
        stop = threading.Event()
        self._last = self._clock()

        def tick() -> None:
            while not stop.wait(BEAT_S):
                self.beat()

        ticker = threading.Thread(target=tick, name="ticker", daemon=True)
        ticker.start()
        try:
            yield
        finally:
            stop.set()
            ticker.join()
