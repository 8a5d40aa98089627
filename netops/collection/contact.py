"""How contact with a device can end early, and the limits that end it. Results, not failures."""

from __future__ import annotations

import threading
from dataclasses import dataclass

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


PATIENCE_S = 0.15
"""A session silent for so long gives its place to another device and goes on waiting."""
_LOOK_S = 1.0


class Turn:
    """One device's place among those that talk at once.

    A session that was silent once gives its place away whenever it waits and takes one again
    when something came: slow and hanging devices cost a thread, and time to nobody else, and
    yet no more than so many sessions work at any moment.
    """

    def __init__(self, places: threading.Semaphore, stop: threading.Event) -> None:
        self._places = places
        self._stop = stop
        self._held = True
        self._is_slow = False

    @staticmethod
    def alone() -> Turn:
        """Return a turn for a session outside a run."""
        return Turn(threading.Semaphore(0), threading.Event())

    def step_aside(self) -> None:
        """Wait for the device from now on; a slow one waits without a place."""
        if self._is_slow:
            self.give_back()

    def waited(self, seconds: float) -> None:
        """Note ``seconds`` of silence; raise ``StoppedError`` where the run was interrupted."""
        if self._stop.is_set():
            raise StoppedError
        if seconds >= PATIENCE_S:
            self._is_slow = True
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
