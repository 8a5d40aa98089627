"""TCP sweeps over loopback: open, refused and silent ports, within bounds, without traces."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import pytest
from closed_network import play

from netops.facts.measurements import Echoes, Reach
from netops.probing.options import SweepOptions
from netops.probing.pace import Pace
from netops.probing.tcp import tcp_sweep

FAST = Pace(0)


@contextlib.contextmanager
def listening(address: str, backlog: int = 200) -> Iterator[int]:
    with socket.create_server((address, 0), backlog=backlog) as server:
        yield server.getsockname()[1]


def closed_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


def test_an_open_port_and_a_refusal_both_answer() -> None:
    shut = closed_port()
    with listening("127.0.0.1") as port:
        here = IPv4Address("127.0.0.1")
        opened, refused = tcp_sweep([(here, port), (here, shut)], SweepOptions(interval_s=0))

    for found, number in ((opened, port), (refused, shut)):
        assert (found.protocol, found.port, found.sent, found.received) == ("tcp", number, 3, 3)
        assert found.reach is Reach.WORKS
        assert all(0 < trip < 1000 for trip in found.round_trips_ms)


def test_a_port_that_answers_nothing_fails_after_its_retries() -> None:
    with listening("127.0.0.2", backlog=0) as port, contextlib.ExitStack() as filled:
        for _ in range(2):
            waiting = filled.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.2", port))
        options = SweepOptions(rounds=2, retries=2, timeout_s=0.2, interval_s=0)
        (found,) = tcp_sweep([(IPv4Address("127.0.0.2"), port)], options)

    assert (found.sent, found.received, found.reach) == (4, 0, Reach.FAILS)


def test_hundreds_of_targets_stay_within_the_bound_and_leave_no_descriptor() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    shut = closed_port()
    targets = [(IPv4Address("127.9.0.0") + n, shut) for n in range(1, 701)]
    found = tcp_sweep(targets, SweepOptions(rounds=1, open_sockets=7, pace=FAST))

    assert [(e.target, e.port) for e in found] == targets
    assert sum(e.received for e in found) == 700
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_sockets_used_again_never_take_one_targets_answer_for_anothers() -> None:
    shut = closed_port()
    with listening("127.0.0.4", backlog=0) as port, contextlib.ExitStack() as filled:
        for _ in range(2):
            waiting = filled.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.4", port))
        silent = (IPv4Address("127.0.0.4"), port)
        others = [(IPv4Address("127.8.0.0") + n, shut) for n in range(1, 101)]
        targets = [*others[:50], silent, *others[50:]]
        options = SweepOptions(
            rounds=2, retries=1, timeout_s=0.3, interval_s=0, open_sockets=3, pace=FAST
        )
        found = tcp_sweep(targets, options)

    assert [(e.sent, e.received) for e in found] == [(2, 2)] * 50 + [(3, 0)] + [(2, 2)] * 50


def test_a_source_is_kept_by_every_connection() -> None:
    here, source = IPv4Address("127.0.0.1"), IPv4Address("127.0.0.66")
    seen = set()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        options = SweepOptions(rounds=4, interval_s=0, source=source)
        (found,) = tcp_sweep([(here, port)], options)
        for _ in range(4):
            opened, (address, _) = server.accept()
            opened.close()
            seen.add(address)

    assert (found.sent, found.received, found.source) == (4, 4, source)
    assert seen == {"127.0.0.66"}


def test_the_same_target_named_twice_is_asked_once_and_answered_twice() -> None:
    shut, here = closed_port(), IPv4Address("127.0.0.1")
    first, second = tcp_sweep([(here, shut), (here, shut)], SweepOptions(rounds=1))

    assert first == second
    assert first.sent == 1


def test_loopback_of_ipv6_is_asked_too() -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    (found,) = tcp_sweep([(IPv6Address("::1"), 9)], SweepOptions(rounds=1))
    if found.sent == 0:
        pytest.skip(f"this machine has no ::1: {found.detail}")

    assert found.reach is Reach.WORKS


def test_a_source_of_the_other_family_is_no_failure_of_the_network() -> None:
    options = SweepOptions(rounds=1, source=IPv6Address("::1"))
    (found,) = tcp_sweep([(IPv4Address("127.0.0.1"), 9)], options)

    assert found.reach is Reach.NOT_MEASURED
    assert found.detail == "this machine could not send: the source is of the other family"


def test_ctrl_c_ends_a_tcp_sweep_and_closes_its_sockets() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    with listening("127.0.0.3", backlog=0) as port, contextlib.ExitStack() as filled:
        for _ in range(2):
            waiting = filled.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.3", port))
        threading.Timer(0.3, lambda: os.kill(os.getpid(), 2)).start()
        with pytest.raises(KeyboardInterrupt):
            tcp_sweep([(IPv4Address("127.0.0.3"), port)], SweepOptions(timeout_s=60))

    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_what_routers_and_this_machine_say_no_to_is_told_apart() -> None:
    no_route, refused_on_the_way = play("path_scenes", "tcp_refusals")

    assert no_route == [0, 0, "not_measured", "this machine could not send: Network is unreachable"]
    assert refused_on_the_way == [1, 0, "fails", "No route to host"]


def test_a_series_counts_its_own_answers_only() -> None:
    shut = closed_port()
    found: list[Echoes] = tcp_sweep(
        [(IPv4Address("127.0.0.1"), shut)], SweepOptions(rounds=5, interval_s=0)
    )

    assert [len(e.round_trips_ms) for e in found] == [5]
