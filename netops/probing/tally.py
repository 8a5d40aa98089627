"""The books of a sweep: which probe went to whom, when, and what became of it.

Knows numbers only, targets and probes alike; refuses to count an answer twice, or to count as
sent what this machine could not send.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from netops.errors import Sentence
from netops.facts.measurements import Echoes
from netops.probing.datagrams import Address
from netops.probing.options import Calendar, SweepOptions

_OPEN, _REFUSED, _UNSENT = -1.0, -2.0, -3.0
"""Instead of a round trip: no answer yet, refused by somebody, never left this machine."""


class Tally:
    """Counts for one sweep. ``waiting`` is how many probes may still be answered."""

    def __init__(self, targets: Sequence[Address], options: SweepOptions, protocol: str) -> None:
        self.targets = targets
        self.owners: list[int] = []
        self.closed: set[int] = set()
        self.waiting = 0
        self._options = options
        self._protocol = protocol
        self._calendar = Calendar(options.clock, options.wall)
        self._details: dict[int, str] = {}
        self._odd: dict[int, dict[str, int]] = {}
        self._answered = bytearray(len(targets))
        self._sent_at: list[float] = []
        self._trips: list[float] = []

    def send(self, batch: Sequence[int], now: float) -> int:
        """Enter a probe for each of these targets, sent now; return the first one's number."""
        first, count = len(self.owners), len(batch)
        self.owners += batch
        self._sent_at += [now] * count
        self._trips += [_OPEN] * count
        self.waiting += count
        return first

    def answer(self, probe: int, now: float) -> bool:
        """Enter an answer; False if this probe has one already."""
        before = self._trips[probe]
        if before >= 0:
            return False
        if before == _OPEN:
            self.waiting -= 1
        self._trips[probe] = now - self._sent_at[probe]
        self._answered[self.owners[probe]] = 1
        return True

    def lose(self, probe: int) -> None:
        """Enter that nothing can answer this probe any more."""
        if self._trips[probe] == _OPEN:
            self._trips[probe] = _REFUSED
            self.waiting -= 1

    def refuse(self, probe: int, why: str) -> None:
        """Enter that the network said no: the probe is lost, and its target is asked no more."""
        owner = self.owners[probe]
        if self._trips[probe] == _OPEN:
            self.closed.add(owner)
            self._details[owner] = why
        self.lose(probe)

    def take_back(self, probe: int, why: str) -> None:
        """Enter that the probe never left this machine, and why."""
        self.lose(probe)
        self._trips[probe] = _UNSENT
        self.cannot(self.owners[probe], why)

    def cannot(self, target: int, why: str) -> None:
        """Enter that this machine cannot ask that target at all."""
        self._details[target] = Sentence("this machine could not send: {why}", why=why)
        self.closed.add(target)

    def note(self, target: int, source: str = "") -> None:
        """Enter an answer that does not count: a duplicate, or one from another address."""
        noted = self._odd.setdefault(target, {})
        noted[source] = noted.get(source, 0) + 1

    def silent(self) -> list[int]:
        """Return the targets that answered nothing and may still be asked."""
        answered, closed = self._answered, self.closed
        return [n for n in range(len(answered)) if not answered[n] and n not in closed]

    def last_sent(self) -> float:
        """Return when the newest probe went."""
        return self._sent_at[-1] if self._sent_at else self._options.clock()

    def results(self, ports: Sequence[int] | None = None) -> list[Echoes]:
        """Return a series for every target, answers in the order sent."""
        count = len(self.targets)
        trips: list[list[float]] = [[] for _ in range(count)]
        sent = [0] * count
        first = [self._options.clock()] * count
        for owner, at, trip in zip(self.owners, self._sent_at, self._trips, strict=True):
            if trip == _UNSENT:
                continue
            if not sent[owner]:
                first[owner] = at
            sent[owner] += 1
            if trip >= 0:
                trips[owner].append(trip * 1000)
        vantage, source = self._options.vantage, self._options.source
        days = {moment: self._calendar.at(moment) for moment in set(first)}
        return [
            Echoes(vantage, target, self._protocol, sent[n], tuple(trips[n]), days[first[n]],
                   source, ports[n] if ports else None, self._detail(n))
            for n, target in enumerate(self.targets)
        ]  # fmt: skip

    def _detail(self, target: int) -> str:
        if target not in self._details and target not in self._odd:
            return ""
        parts = [self._details[target]] if target in self._details else []
        for source, times in self._odd.get(target, {}).items():
            if source:
                parts.append(Sentence("{n} answered from {source}", n=times, source=source))
            else:
                parts.append(Sentence("{n} duplicate answers", n=times))
        if len(parts) == 1:
            return parts[0]
        return Sentence("; ".join(f"{{part{n}}}" for n in range(len(parts))),
                        **{f"part{n}": part for n, part in enumerate(parts)})  # fmt: skip


def run_rounds(
    tally: Tally,
    options: SweepOptions,
    send: Callable[[Sequence[int]], None],
    listen: Callable[[float], None],
) -> None:
    """Send all rounds to everybody and the retries to the silent; wait for what is on its way.

    ``send`` sends one probe to each target named; ``listen`` takes in what comes within so many
    seconds, and may return earlier.
    """
    everybody = range(len(tally.targets))
    for turn in range(options.rounds):
        begin = options.clock()
        send(everybody)
        while (
            turn + 1 < options.rounds and (left := begin + options.interval_s - options.clock()) > 0
        ):
            listen(left)
    _settle(tally, options, listen)
    for _ in range(options.retries):
        silent = tally.silent()
        if not silent:
            break
        send(silent)
        _settle(tally, options, listen)


def _settle(tally: Tally, options: SweepOptions, listen: Callable[[float], None]) -> None:
    deadline = tally.last_sent() + options.timeout_s
    while tally.waiting and (left := deadline - options.clock()) > 0:
        listen(left)
