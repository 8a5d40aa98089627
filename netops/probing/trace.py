"""Stateless traceroute: all distances of many targets in flight at once, one flow kept together.

Knows which answer belongs to which distance by what routers quote; refuses to guess: a hop that
did not answer stays empty, an answer that quotes another token than ours is dropped.
"""

from __future__ import annotations

import contextlib
import secrets
import select
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address

from netops.errors import ProbeError, Sentence
from netops.facts.measurements import Hop, Path
from netops.probing.datagrams import CAPACITY, Address, socket_name
from netops.probing.icmp import FULL, FULL_TIMES, FULL_WAIT_S, LONGEST_POLL_S, by_family, in_short
from netops.probing.icmp_errors import EXPIRED, in_words
from netops.probing.options import Calendar
from netops.probing.pace import Pace
from netops.probing.sockets import Access, SocketGiver
from netops.probing.trace_wire import MOST_NUMBERS, TOKEN, Heard, Wire, is_arrival, open_wire

WAVE = 8
"""Distances tried before looking who has arrived: most sites are not farther."""
_SKEW = 4
"""Neighbouring targets begin at different distances, so that no router gets a burst."""
_MOST_FLOWS = 64
_SILENT_WAVES = 2
"""After so many waves without an answer the rest of the way will not answer either."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class TraceOptions:
    """How a trace asks.

    ``protocol`` is ``udp`` or ``icmp``. ``flows`` traces go to every target, each with a flow
    identifier of its own, to show equal-cost paths. ``retries`` more probes go to distances that
    did not answer.
    """

    vantage: str = "local"
    protocol: str = "udp"
    flows: int = 1
    max_hops: int = 30
    retries: int = 2
    timeout_s: float = 1.0
    source: Address | None = None
    access: Access | None = None
    helper: SocketGiver | None = None
    pace: Pace = field(default_factory=Pace)
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], datetime] = _now

    def __post_init__(self) -> None:
        if self.protocol not in {"udp", "icmp"}:
            raise ValueError("a trace goes by udp or icmp")
        if self.max_hops < 1 or self.max_hops * (self.retries + 1) > MOST_NUMBERS:
            raise ValueError("hops times tries are at most 240")
        if not 1 <= self.flows <= _MOST_FLOWS or self.timeout_s <= 0 or self.retries < 0:
            raise ValueError("flows are 1 to 64, times positive")


@dataclass(slots=True)
class _Trace:
    """One flow to one target. Probe numbers are ``attempt * max_hops + ttl - 1``."""

    target: Address
    flow: int
    name: bytes
    token: bytes
    sent: dict[int, float] = field(default_factory=dict)
    open: set[int] = field(default_factory=set)
    hops: dict[int, dict[Address, float]] = field(default_factory=dict)
    end: int | None = None
    reached: bool = False
    detail: str = ""
    needs_single: bool = False
    silent_waves: int = 0
    path: Path | None = None


_Probe = tuple[_Trace, int, int]
"""A path, a distance, and which attempt it is."""


def _is_wanted(probe: _Probe) -> bool:
    """Whether a probe does not go beyond where its path is known to end."""
    traced, ttl, _ = probe
    return traced.end is None or ttl <= traced.end


def trace(targets: Sequence[Address], options: TraceOptions | None = None) -> list[Path]:
    """Trace every target with every flow; return the paths, flows of a target side by side.

    A family that this machine lacks is not measured while the other is.

    Raises:
        ProbeError: this machine lacks every family asked, the source, or any way to hear.
    """
    options = options or TraceOptions()
    found: dict[tuple[Address, int], Path] = {}
    errors: list[ProbeError] = []
    families = by_family(targets)
    for family, chosen in families.items():
        try:
            paths = _one_family(family, chosen, options)
        except ProbeError as error:
            errors.append(error)
            paths = _none_sent(chosen, options, error.cause)
        found.update(((path.target, path.flow), path) for path in paths)
    if errors and len(errors) == len(families):
        raise errors[0]
    return [found[target, flow] for target in targets for flow in range(options.flows)]


def _one_family(family: int, targets: list[Address], options: TraceOptions) -> list[Path]:
    source = options.source
    if source is not None and source.version != family:
        return _none_sent(targets, options, Sentence("the source is of the other family"))
    wire = open_wire(
        options.protocol, family, options.flows, options.access, options.helper, source
    )
    with contextlib.closing(wire):
        return _Tracer(targets, wire, options).run()


def _none_sent(targets: list[Address], options: TraceOptions, why: str) -> list[Path]:
    return [
        Path(options.vantage, target, options.protocol, flow, (), False, options.wall(),
             options.source, _not_sent(why))
        for target in targets for flow in range(options.flows)
    ]  # fmt: skip


def _not_sent(why: str) -> Sentence:
    return Sentence("this machine could not send: {why}", why=why)


class _Tracer:
    """One family. Finds the trace of an answer by flow and destination."""

    def __init__(self, targets: Sequence[Address], wire: Wire, options: TraceOptions) -> None:
        self._wire = wire
        self._options = options
        self._clock = options.clock
        self._calendar = Calendar(options.clock, options.wall)
        self._addresses: dict[bytes, Address] = {}
        self._waiting = 0
        self._last_sent = self._clock()
        self._poll = select.poll()
        for opened in wire.sockets:
            self._poll.register(opened, select.POLLIN)
        self._traces = [self._new(target, flow) for target in targets
                        for flow in range(options.flows)]  # fmt: skip
        self._find = {(t.flow, t.target.packed): t for t in self._traces}

    def _new(self, target: Address, flow: int) -> _Trace:
        made = _Trace(target, flow, b"", secrets.token_bytes(TOKEN))
        try:
            made.name = socket_name(target, self._wire.port)
        except OSError as error:
            self._stop(made, in_short(error))
        return made

    @staticmethod
    def _stop(traced: _Trace, why: str) -> None:
        traced.detail = _not_sent(why)
        traced.end = 0

    def run(self) -> list[Path]:
        """Send wave after wave until all have arrived or nothing answers any more."""
        for first in range(1, self._options.max_hops + 1, WAVE):
            going = [t for t in self._traces if t.end is None and t.silent_waves < _SILENT_WAVES]
            if not going:
                break
            last = min(first + WAVE - 1, self._options.max_hops)
            for step in self._diagonal(going, first, last):
                self._send_all(step)
            self._settle()
            for attempt in range(1, self._options.retries + 1):
                self._retry([t for t in going if t.path is None], (first, last), attempt)
            for traced in going:
                is_silent = not any(ttl >= first for ttl in traced.hops)
                traced.silent_waves = traced.silent_waves + 1 if is_silent else 0
        return [traced.path or self._path(traced) for traced in self._traces]

    @staticmethod
    def _diagonal(going: list[_Trace], first: int, last: int) -> Iterator[Iterator[_Probe]]:
        """Yield the probes step by step: a path's next is thought of when its last has gone."""
        for step in range(first, last + _SKEW):
            yield (
                (traced, ttl, 0)
                for number, traced in enumerate(going)
                if first <= (ttl := step - number % _SKEW) <= last
            )

    def _retry(self, going: list[_Trace], span: tuple[int, int], attempt: int) -> None:
        first, last = span
        missing = [(t, ttl, attempt) for t in going for ttl in self._missing(t, first, last)]
        self._send_all(probe for probe in missing if not probe[0].needs_single)
        if missing:
            self._settle()
        for ttl in range(first, last + 1):
            single = [probe for probe in missing if probe[0].needs_single and probe[1] == ttl]
            if single:
                self._send_all(single)
                self._settle()

    @staticmethod
    def _missing(traced: _Trace, first: int, last: int) -> list[int]:
        last = last if traced.end is None else min(last, traced.end)
        return [ttl for ttl in range(first, last + 1) if ttl not in traced.hops]

    def _send_all(self, probes: Iterator[_Probe] | Sequence[_Probe]) -> None:
        batches: dict[int, list[_Probe]] = {}
        for probe in probes:
            traced = probe[0]
            if not _is_wanted(probe):
                continue
            batch = batches.setdefault(traced.flow, [])
            batch.append(probe)
            if len(batch) == CAPACITY:
                self._send_paced(traced.flow, batches.pop(traced.flow))
        for flow, batch in batches.items():
            self._send_paced(flow, batch)

    def _send_paced(self, flow: int, batch: list[_Probe]) -> None:
        left = batch
        while left:
            granted = self._options.pace.take(len(left))
            if granted:
                self._send_batch(flow, left[:granted])
                self._take_in()
            else:
                self._listen(self._options.pace.wait_s())
            # What came meanwhile may have shown where a path ends.
            left = [probe for probe in left[granted:] if _is_wanted(probe)]

    def _send_batch(self, flow: int, batch: list[_Probe]) -> None:
        now, hops = self._clock(), self._options.max_hops
        loaded = []
        for traced, ttl, attempt in batch:
            number = attempt * hops + ttl - 1
            loaded.append((number, traced.token, traced.name, ttl))
            traced.sent[number] = now
            traced.open.add(number)
        self._waiting += len(loaded)
        self._last_sent = now
        self._wire.load(flow, loaded)
        gone = tries = 0
        while gone < len(loaded):
            try:
                gone += self._wire.send(flow, gone, len(loaded))
                tries = 0
            except OSError as error:
                tries += 1
                if not self._again(error, tries):
                    self._unsent(batch[gone][0], loaded[gone][0], error)
                    gone, tries = gone + 1, 0

    def _again(self, error: OSError, tries: int) -> bool:
        if error.errno in FULL and tries < FULL_TIMES:
            self._listen(FULL_WAIT_S)
            return True
        self._take_in()
        return tries == 1

    def _unsent(self, traced: _Trace, number: int, error: OSError) -> None:
        self._close(traced, number)
        del traced.sent[number]
        if traced.end is None:
            self._stop(traced, in_short(error))

    def _close(self, traced: _Trace, number: int) -> None:
        if number in traced.open:
            traced.open.discard(number)
            self._waiting -= 1

    def _settle(self) -> None:
        while (
            self._waiting
            and (left := self._last_sent + self._options.timeout_s - self._clock()) > 0
        ):
            self._listen(left)
        for traced in self._traces:
            traced.open.clear()
        self._waiting = 0

    def _listen(self, seconds: float) -> None:
        if self._poll.poll(min(seconds, LONGEST_POLL_S) * 1000):
            self._take_in()

    def _take_in(self) -> None:
        heard = self._wire.receive()
        now = self._clock()
        for answer in heard:
            traced = self._find.get((answer.flow, answer.destination))
            if traced is None or (answer.token and answer.token != traced.token):
                continue
            number = answer.number if answer.number is not None else self._only_open(traced)
            if number is not None and number in traced.sent:
                self._answer(traced, number, answer, now)

    @staticmethod
    def _only_open(traced: _Trace) -> int | None:
        if len(traced.open) == 1:
            return next(iter(traced.open))
        traced.needs_single = True
        return None

    def _answer(self, traced: _Trace, number: int, answer: Heard, now: float) -> None:
        ttl = number % self._options.max_hops + 1
        router = self._address(answer.router)
        self._close(traced, number)
        traced.hops.setdefault(ttl, {}).setdefault(router, now - traced.sent[number])
        error = answer.error
        is_last = is_arrival(answer, self._wire.family)
        if is_last:
            self._end(traced, ttl, reached=True, detail="")
        elif error is not None and error.kind != EXPIRED[self._wire.family]:
            self._end(traced, ttl, reached=False, detail=in_words(error, router))
        if traced.end is not None and not self._missing(traced, 1, traced.end):
            # Now, while the pace makes us wait anyway, and not for all paths at the end.
            traced.path = self._path(traced)

    def _address(self, packed: bytes) -> Address:
        known = self._addresses.get(packed)
        if known is None:
            known = self._addresses[packed] = ip_address(packed)
        return known

    def _end(self, traced: _Trace, ttl: int, *, reached: bool, detail: str) -> None:
        if traced.end is None or ttl < traced.end or (reached and not traced.reached):
            traced.end, traced.reached, traced.detail = ttl, reached, detail
            self._forget_beyond(traced)

    def _forget_beyond(self, traced: _Trace) -> None:
        hops = self._options.max_hops
        for number in [n for n in traced.open if n % hops + 1 > (traced.end or 0)]:
            self._close(traced, number)

    def _path(self, traced: _Trace) -> Path:
        options = self._options
        last = traced.end if traced.end is not None else max(traced.hops, default=0)
        began = min(traced.sent.values(), default=self._clock())
        hops = tuple(self._hop(traced, ttl) for ttl in range(1, last + 1))
        return Path(options.vantage, traced.target, options.protocol, traced.flow, hops,
                    traced.reached, self._calendar.at(began), options.source,
                    traced.detail)  # fmt: skip

    @staticmethod
    def _hop(traced: _Trace, ttl: int) -> Hop:
        met = traced.hops.get(ttl, {})
        return Hop(ttl, tuple(met), tuple(trip * 1000 for trip in met.values()))
