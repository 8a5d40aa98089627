"""A collector that gets no time to run: nobody is called silent for it, and less is begun."""

from __future__ import annotations

import threading

import pytest
from nornir.core import Nornir
from nornir.core.inventory import Defaults, Groups, Host, Hosts, Inventory
from nornir.core.task import Result, Task

from netops.collection.contact import ContactError, Silence, StoppedError, Turn
from netops.collection.lag import BEAT_S, Lag
from netops.collection.nornir_plugins import PatientRunner
from netops.collection.transport import wait_for
from netops.facts.device import Contact


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def turn_by(lag: Lag) -> Turn:
    return Turn(threading.Semaphore(0), threading.Event(), lag)


def beats(clock: Clock, lag: Lag, count: int, each_s: float = BEAT_S) -> None:
    for _ in range(count):
        clock.now += each_s
        lag.beat()


def test_a_machine_in_time_misses_nothing() -> None:
    clock = Clock()
    lag = Lag(clock)

    beats(clock, lag, 100)

    assert lag.now() == pytest.approx(110.0)
    assert lag.total == 0
    assert not lag.is_late


def test_the_clock_leaves_out_what_was_missed() -> None:
    clock = Clock()
    lag = Lag(clock)

    beats(clock, lag, 10)
    beats(clock, lag, 1, each_s=5.2)

    assert lag.total == pytest.approx(5.0)
    assert lag.worst == pytest.approx(5.0)
    assert lag.now() == pytest.approx(101.2)


def test_lateness_is_of_the_present_and_passes() -> None:
    clock = Clock()
    lag = Lag(clock)

    beats(clock, lag, 5, each_s=1.2)
    assert lag.is_late
    beats(clock, lag, 10)
    assert not lag.is_late


def test_a_device_that_hangs_is_called_so_after_the_limit_plus_the_lag() -> None:
    clock = Clock()
    lag = Lag(clock)

    def listen(seconds: float) -> bool:
        # Each slice takes two seconds more than it should: we had no time to look.
        clock.now += seconds + 2.0
        lag.total += 2.0
        return False

    with pytest.raises(ContactError) as caught:
        wait_for(listen, 10.0, turn_by(lag), "log-in", Contact.HUNG)

    assert caught.value.contact is Contact.HUNG
    assert clock.now - 100 - lag.total == pytest.approx(10.0, abs=0.01)
    assert lag.total > 10, "the lag alone would have ended it"


def test_a_slice_that_took_too_long_counts_as_what_it_should_have_been() -> None:
    clock = Clock()
    silence = Silence(turn_by(Lag(clock)), limit_s=3.0, slice_s=1.0)

    ended = []
    for _ in range(4):
        clock.now += silence.slice() + 30.0
        ended.append(silence.is_too_long())

    assert ended == [False, False, False, True]


def test_silence_ends_with_the_run() -> None:
    stop = threading.Event()
    stop.set()
    silence = Silence(Turn(threading.Semaphore(0), stop), limit_s=3.0, slice_s=1.0)

    silence.slice()
    with pytest.raises(StoppedError):
        silence.is_too_long()


def test_slow_log_ins_are_a_crowd_and_quick_ones_end_it() -> None:
    lag = Lag(Clock())

    for _ in range(5):
        lag.note_login(0.7)
    assert lag.is_crowded
    for _ in range(5):
        lag.note_login(0.1)
    assert not lag.is_crowded


class LateAtFirst(Lag):
    """Late until told otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.caught_up = threading.Event()

    @property
    def is_late(self) -> bool:
        return not self.caught_up.is_set()


def test_a_late_machine_begins_no_more_than_so_many_sessions_silent_ones_included() -> None:
    lag = LateAtFirst()
    runner = PatientRunner(jobs=2, lag=lag)
    begun = threading.Semaphore(0)
    names: list[str] = []

    def hang(task: Task, turn: Turn) -> Result:
        names.append(task.host.name)
        turn.waited(9.0)
        begun.release()
        assert lag.caught_up.wait(30)
        return Result(task.host)

    hosts = Hosts({str(number): Host(str(number)) for number in range(6)})
    nornir = Nornir(Inventory(hosts, Groups(), Defaults()), runner=runner)
    running = threading.Thread(target=nornir.run, args=(hang,))
    running.start()
    for _ in range(2):
        assert begun.acquire(timeout=30)
    assert not begun.acquire(timeout=0.3), "silent sessions gave their places back, and yet"
    lag.caught_up.set()
    running.join(30)

    assert sorted(names) == ["0", "1", "2", "3", "4", "5"]
    assert runner.held_back >= 1
