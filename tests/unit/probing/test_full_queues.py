"""What the machine itself does to probes: queues that are full, errors that are others', families."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator, Sequence
from ipaddress import ip_address

import pytest

from netops.errors import ProbeError
from netops.probing import icmp
from netops.probing.icmp import icmp_sweep
from netops.probing.options import SweepOptions
from netops.probing.pace import Pace
from netops.probing.sockets import Access, IcmpSocket
from netops.probing.tally import Tally, run_rounds

TARGETS = [ip_address(f"192.0.2.{n}") for n in range(1, 6)]


class MoodyWire:
    """Stands for the wire: each send meets the next of these moods, an error or how many go."""

    def __init__(self, moods: Sequence[int]) -> None:
        self.socket, self.other = socket.socketpair()
        self.moods = list(moods)

    def load(self, first: int, tokens: Sequence[bytes], names: Sequence[bytes]) -> None:
        assert first >= 0
        assert all(len(name) == 16 for name in names)
        assert len(set(tokens)) == len(names)

    def send(self, first: int, end: int) -> int:
        mood = self.moods.pop(0) if self.moods else end - first
        if mood < 0:
            raise OSError(-mood, os.strerror(-mood))
        return mood

    def receive(self) -> tuple[list[tuple[bytes, bytes]], list[object]]:
        """Nobody answers."""
        return [], []


@pytest.fixture
def wires() -> Iterator[list[MoodyWire]]:
    made: list[MoodyWire] = []
    yield made
    for wire in made:
        wire.socket.close()
        wire.other.close()


def swept(wires: list[MoodyWire], *moods: int) -> list[tuple[int, str]]:
    wire = MoodyWire(moods)
    wires.append(wire)
    options = SweepOptions(rounds=1, retries=0, timeout_s=0.05, pace=Pace(0))
    tally = Tally(TARGETS, options, "icmp")
    sweep = icmp._Sweep(tally, wire, options)  # type: ignore[arg-type]
    run_rounds(tally, options, sweep.send_round, sweep.listen)
    return [(e.sent, e.detail) for e in tally.results()]


def test_a_packet_that_finds_the_queues_full_goes_a_little_later(wires: list[MoodyWire]) -> None:
    found = swept(wires, 2, -errno.ENOBUFS, -errno.EAGAIN, -errno.ENOBUFS, 1, -errno.ENOBUFS)

    assert [sent for sent, _ in found] == [1, 1, 1, 1, 1]


def test_an_error_of_an_earlier_probe_does_not_cost_the_next_one(wires: list[MoodyWire]) -> None:
    found = swept(wires, 3, -errno.EHOSTUNREACH, 2)

    assert found == [(1, "")] * 5


def test_a_filter_of_this_machine_costs_its_target_only(wires: list[MoodyWire]) -> None:
    found = swept(wires, 1, -errno.EPERM, -errno.EPERM)

    said = "this machine could not send: Operation not permitted"
    assert found == [(1, ""), (0, said), (1, ""), (1, ""), (1, "")]


def test_a_family_that_is_missing_leaves_the_other_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def only_v6_is_missing(family: int, *rest: object) -> object:
        if family == 6:
            raise ProbeError("IPv6 cannot be used here.", remedy="None.")
        return [f"measured {target}" for target in rest[0]]  # type: ignore[attr-defined]

    monkeypatch.setattr(icmp, "_one_family", only_v6_is_missing)
    first, second = icmp_sweep([ip_address("2001:db8::1"), TARGETS[0]])

    assert (first.sent, first.reach) == (0, "not_measured")
    assert first.detail == "this machine could not send: IPv6 cannot be used here."
    assert second == "measured 192.0.2.1"  # type: ignore[comparison-overlap]
    with pytest.raises(ProbeError, match="IPv6 cannot be used"):
        icmp_sweep([ip_address("2001:db8::1")])


def test_a_socket_is_closed_whatever_happens() -> None:
    left, right = socket.socketpair()
    with right, pytest.raises(RuntimeError), IcmpSocket(4, Access.RAW, left):
        raise RuntimeError

    assert left.fileno() == -1
