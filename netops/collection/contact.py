"""How contact with a device can end early, and the limits that end it. Results, not failures."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from netops.collection.lag import Lag
from netops.facts.device import Contact


class ContactError(Exception):
    """Contact ended before a session was there; becomes the device's ``Contact``."""

    def __init__(self, contact: Contact, detail: str) -> None:
        super().__init__(f"{contact}: {detail}")
        self.contact = contact
        self.detail = detail


class StoppedError(Exception):
    """The run was interrupted; the device counts as not done."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one contact: seconds, octets, pages. ``silence_s`` is ``--timeout``."""

    connect_s: float = 5.0
    login_s: float = 10.0
    silence_s: float = 10.0
    answer_s: float = 120.0
    device_s: float = 300.0
    answer_octets: int = 16 << 20
    banner_octets: int = 1 << 18
    pages: int = 2_000
    snmp_s: float = 3.0
    snmp_retries: int = 1


PATIENCE_S = 0.1
"""A session silent for so long gives its place to another device and goes on waiting."""
_LOOK_S = 1.0
_LEAST_S = 0.001


class Turn:
    """One device's place among those that talk at once.

    A session that was silent once gives its place away whenever it waits and takes one again
    when something came: slow and hanging devices cost a thread, and time to nobody else, and
    yet no more than so many sessions work at any moment.
    """

    def __init__(
        self, places: threading.Semaphore, stop: threading.Event, lag: Lag | None = None
    ) -> None:
        self.lag = lag or Lag()
        self._places = places
        self._stop = stop
        self._held = True
        self.is_slow = False

    @staticmethod
    def alone() -> Turn:
        """Return a turn for a session outside a run."""
        return Turn(threading.Semaphore(0), threading.Event())

    def now(self) -> float:
        """Return the time of a clock that leaves out what this machine misses."""
        return self.lag.now()

    def step_aside(self) -> None:
        """Wait for the device from now on; a slow one waits without a place."""
        if self.is_slow:
            self.give_back()

    def waited(self, seconds: float) -> None:
        """Note ``seconds`` of silence; raise ``StoppedError`` where the run was interrupted."""
        if self._stop.is_set():
            raise StoppedError
        if seconds >= PATIENCE_S:
            self.is_slow = True
            self.give_back()

    def go_on(self) -> None:
        """Take a place again after a wait without one; waiting for it is no silence."""
        while not self._held:
            self._held = self._places.acquire(timeout=_LOOK_S)
            if self._stop.is_set():
                raise StoppedError

    def give_back(self) -> None:
        """Let another device go on."""
        held, self._held = self._held, False
        if held:
            self._places.release()


class Silence:
    """How long a device has been silent: the time that was spent listening, in slices.

    When this machine is too busy to listen, the device is not silent: what the clock of the
    turn leaves out does not count, nor does the time that a slice took too long.
    """

    def __init__(self, turn: Turn, limit_s: float, slice_s: float) -> None:
        self._turn = turn
        self._limit_s = limit_s
        self._slice_s = slice_s
        self._began = turn.now()
        self._listened = 0.0
        self._part = 0.0

    def slice(self) -> float:
        """Return how long to listen next."""
        is_first = not self._listened and not self._turn.is_slow
        part = PATIENCE_S if is_first else self._slice_s
        self._part = max(min(part, self._limit_s - self._listened), _LEAST_S)
        return self._part

    def is_too_long(self) -> bool:
        """Note that the slice brought nothing; return whether that is the end of patience."""
        self._listened += self._part
        self._listened = min(self._listened, max(self._turn.now() - self._began, _LEAST_S))
        self._turn.waited(self._listened)
        return self._listened >= self._limit_s - _LEAST_S
