"""Loss, round trip and jitter of echoes against the policy's thresholds for each segment.

Knows samples of packets. A way over several segments may cost their sum. Times are judged by
medians of five answers or more, so that one late answer, of a busy router or a busy prober,
accuses nobody. One lost packet is no rate of loss; two are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from netops.connectivity.measured import Series
from netops.connectivity.network import Network
from netops.divisions import Level
from netops.policy.model import Policy, Quality, Segment

_BELOW = {
    Level.CITY: Segment.PROVINCE_CITY,
    Level.COUNTY: Segment.CITY_COUNTY,
    Level.TOWNSHIP: Segment.COUNTY_TOWNSHIP,
}
_LEAST_LOST = 2
_LEAST_ANSWERS = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """One series of echoes in numbers. ``exceeded`` names what is above its threshold."""

    series: Series
    segments: tuple[Segment, ...]
    loss: Fraction | None
    round_trips: tuple[float, ...]
    """Sorted."""
    jitter: float | None
    exceeded: tuple[str, ...] = ()

    @property
    def way(self) -> tuple[object, ...]:
        """What series share that go over the same segments."""
        return (self.series.about or self.series.there, self.segments)

    def percentile(self, share: int) -> float | None:
        """Return the round trip that ``share`` percent of the answers do not exceed."""
        return percentile(self.round_trips, share)

    def to_json(self) -> dict[str, Any]:
        """Return plain values for the information of the audit."""
        echoes = self.series.echoes
        trips = None
        if self.round_trips:
            trips = {"p50": self.percentile(50), "p95": self.percentile(95),
                     "max": self.round_trips[-1]}  # fmt: skip
        return {
            "government": self.series.about or self.series.there,
            "vantage": echoes.vantage,
            "target": str(echoes.target),
            "protocol": echoes.protocol,
            "reach": echoes.reach.value,
            "sent": echoes.sent,
            "received": echoes.received,
            "loss": None if self.loss is None else round(float(self.loss), 4),
            "round_trip_ms": trips,
            "jitter_ms": None if self.jitter is None else round(self.jitter, 3),
            "segments": [segment.value for segment in self.segments],
        }


def percentile(ordered: Sequence[float], share: int) -> float | None:
    """Return the value that ``share`` percent of ordered values do not exceed; None of none."""
    rank = -(-share * len(ordered) // 100)
    return ordered[max(rank, 1) - 1] if ordered else None


def judge_quality(network: Network, series: Sequence[Series], policy: Policy) -> Iterator[Sample]:
    """Yield every series in numbers, held against the policy.

    Answers over the same segments of the same government's way are looked at together.
    """
    known = {quality.segment: quality for quality in policy.quality}
    samples = [_sample(network, item) for item in series]
    trips: dict[tuple[object, ...], list[float]] = {}
    for sample in samples:
        trips.setdefault(sample.way, []).extend(sample.round_trips)
    medians = {
        way: percentile(sorted(found), 50)
        for way, found in trips.items()
        if len(found) >= _LEAST_ANSWERS
    }
    for sample in samples:
        yield _judge(sample, known, medians.get(sample.way))


def _sample(network: Network, series: Series) -> Sample:
    echoes = series.echoes
    lost = max(echoes.sent - echoes.received, 0)
    trips = echoes.round_trips_ms
    steps = sorted(abs(b - a) for a, b in pairwise(trips))
    return Sample(
        series,
        segments_of(network, series),
        Fraction(lost, echoes.sent) if echoes.sent else None,
        tuple(sorted(trips)),
        percentile(steps, 50) if len(trips) >= _LEAST_ANSWERS else None,
    )


def segments_of(network: Network, series: Series) -> tuple[Segment, ...]:
    """Return the segments between two governments, by the tree of administration."""
    inventory = network.inventory
    if series.here not in inventory.governments or series.there not in inventory.governments:
        return ()
    chains = [[code, *inventory.superiors(code)] for code in (series.here, series.there)]
    shared = set(chains[0]) & set(chains[1])
    apart = [code for chain in chains for code in chain if code not in shared]
    found = [_BELOW[level] for code in apart if (level := _level(network, code)) in _BELOW]
    if not found and series.here == series.there == inventory.province:
        found = [Segment.CORE]
    if series.from_department:
        found.append(Segment.DEPARTMENT)
    return tuple(found)


def _level(network: Network, code: str) -> Level:
    return network.inventory.governments[code].level


def _judge(sample: Sample, known: dict[Segment, Quality], median: float | None) -> Sample:
    """Name what is above its threshold; ``median``: of all answers over the same way."""
    asked = [known[segment] for segment in sample.segments if segment in known]
    if not asked or len(asked) < len(sample.segments):
        return sample
    lost = sample.series.echoes.sent - sample.series.echoes.received
    trip, own = sum(q.round_trip_ms for q in asked), sample.percentile(50)
    exceeded = []
    if median is not None and own is not None and min(median, own) > trip:
        exceeded.append("round_trip")
    if sample.jitter is not None and sample.jitter > sum(q.jitter_ms for q in asked):
        exceeded.append("jitter")
    if sample.round_trips and sample.loss is not None and lost >= _LEAST_LOST:
        exceeded += ["loss"] if sample.loss > sum(q.loss for q in asked) else []
    return Sample(
        sample.series,
        sample.segments,
        sample.loss,
        sample.round_trips,
        sample.jitter,
        tuple(exceeded),
    )
