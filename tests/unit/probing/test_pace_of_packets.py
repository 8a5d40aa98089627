"""The token bucket of packets, on a clock that the test turns."""

from __future__ import annotations

import pytest

from netops.probing.pace import DEFAULT_PACE, Pace


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_default_is_a_thousand_packets_a_second() -> None:
    clock = Clock()
    pace = Pace(clock=clock)
    pace.take(1000)
    gone = 0
    for _ in range(1000):
        clock.now += 0.001
        gone += pace.take(1000)

    assert DEFAULT_PACE == 1000
    assert 999 <= gone <= 1000


def test_a_pause_earns_only_a_short_burst() -> None:
    clock = Clock()
    pace = Pace(1000, clock)
    clock.now += 3600

    assert pace.take(5000) == 20
    assert pace.take(5000) == 0


def test_the_wait_is_the_time_until_the_next_packet() -> None:
    clock = Clock()
    pace = Pace(10, clock)
    assert pace.take(1) == 1
    assert pace.wait_s() == pytest.approx(0.1)
    clock.now += 0.06
    assert pace.take(1) == 0
    assert pace.wait_s() == pytest.approx(0.04)
    clock.now += 0.05
    assert pace.take(1) == 1


def test_no_pace_means_everything_at_once() -> None:
    pace = Pace(0)

    assert pace.take(70_000) == 70_000
    assert pace.wait_s() == 0


def test_a_negative_pace_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        Pace(-1)
