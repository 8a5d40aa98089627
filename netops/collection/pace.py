"""Spreads log-ins over time: so many a second in all, and of one account's domain.

Accounts belong to AAA (TACACS+, RADIUS) domains and a burst of log-ins locks them or floods
the server; the credential's name stands for the domain.
"""

from __future__ import annotations

import threading
import time

from netops.collection.contact import Turn


class Pace:
    """Rates in sessions a second; 0 means no limit."""

    def __init__(self, overall: float = 0.0, per_domain: float = 0.0) -> None:
        self._overall = overall
        self._per_domain = per_domain
        self._lock = threading.Lock()
        self._next: dict[str, float] = {}

    def wait(self, domain: str, turn: Turn) -> None:
        """Wait for the moment at which this session may begin."""
        at = max(self._book("", self._overall), self._book(f"domain {domain}", self._per_domain))
        begin = time.monotonic()
        while (left := at - time.monotonic()) > 0:
            time.sleep(min(left, 0.5))
            turn.waited(time.monotonic() - begin)

    def _book(self, name: str, rate: float) -> float:
        if rate <= 0:
            return 0.0
        with self._lock:
            at = max(self._next.get(name, 0.0), time.monotonic())
            self._next[name] = at + 1 / rate
            return at
