"""Egress probes against an honest reflector, and against every way in which one can lie."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_address

import pytest
from reflectors import KEY, honest, tcp_liar, udp_liar

from netops.evidence import measurement
from netops.facts.measurements import EgressState
from netops.inventory.model import Reflector
from netops.probing.egress import Errand, carriage, confirm, probe_egress
from netops.probing.exchanges import Interview
from netops.probing.messages import (
    Answer,
    Question,
    decode_question,
    encode_answer,
    encode_question,
)
from netops.probing.reflector.service import Service
from netops.probing.remote import program

HERE = ip_address("127.0.0.1")
OTHER_KEY = b"somebody else's key, 32 octets.."


@pytest.fixture(scope="module")
def reflector() -> Iterator[Reflector]:
    with honest() as one:
        yield one


def interview() -> Interview:
    return Interview("R-1", KEY)


def errand(reflector: Reflector, protocol: str = "tcp", **more: object) -> Errand:
    given: dict[str, object] = {"source": None, "timeout_s": 2.0, **more}
    return Errand(reflector, protocol, 4, reflector.addresses[0], **given)  # type: ignore[arg-type]


def answer_to(data: bytes, **other: object) -> bytes:
    """An answer as the real one would give it, but for what ``other`` says."""
    question = decode_question(KEY, data)
    fields: dict[str, object] = {
        "reflector": "R-1",
        "nonce": question.nonce,
        "time_ms": time.time_ns() // 1_000_000,
        "seen": ip_address("203.0.113.9"),
        "seen_port": 40000,
    }
    key = other.pop("key", KEY)
    return encode_answer(key, Answer(**{**fields, **other}))  # type: ignore[arg-type]


@pytest.mark.parametrize("protocol", ["tcp", "udp", "http"])
def test_an_honest_answer_confirms_the_address_that_was_seen(
    reflector: Reflector, protocol: str
) -> None:
    found = probe_egress(errand(reflector, protocol, source=ip_address("127.0.0.7")), interview())

    assert (found.state, found.seen, found.protocol) == (
        EgressState.CONFIRMED,
        ip_address("127.0.0.7"),
        protocol,
    )
    assert found.seen_port


@pytest.mark.parametrize("protocol", ["tcp", "udp", "http"])
def test_an_answer_over_ipv6_alone_is_confirmed(protocol: str) -> None:
    with honest("::1") as one:
        found = probe_egress(
            Errand(one, protocol, 6, ip_address("::1"), timeout_s=2.0), interview()
        )

    assert (found.state, found.seen, found.family) == (
        EgressState.CONFIRMED,
        ip_address("::1"),
        6,
    )


@pytest.mark.parametrize("protocol", ["tcp", "udp", "http"])
def test_whoever_has_another_key_gets_no_answer(reflector: Reflector, protocol: str) -> None:
    one = errand(reflector, protocol, timeout_s=0.5)

    found = probe_egress(one, Interview("R-1", OTHER_KEY))

    assert found.state in {EgressState.UNREACHABLE, EgressState.FORGED}
    assert found.seen is None


LIES: dict[str, tuple[Callable[[bytes], bytes], EgressState]] = {
    "a wrong code": (lambda q: answer_to(q, key=OTHER_KEY), EgressState.FORGED),
    "another reflector's name": (lambda q: answer_to(q, reflector="R-2"), EgressState.FORGED),
    "its own question": (lambda q: q, EgressState.FORGED),
    "noise": (lambda _: b"\xff" * 160, EgressState.FORGED),
    "half an answer": (lambda q: answer_to(q)[:80], EgressState.FORGED),
    "an answer and more": (lambda q: answer_to(q) + b"!", EgressState.FORGED),
    "another nonce": (lambda q: answer_to(q, nonce=b"n" * 16), EgressState.REPLAYED),
    "a clock an hour late": (
        lambda q: answer_to(q, time_ms=time.time_ns() // 1_000_000 - 3_600_000),
        EgressState.SKEWED,
    ),
    "a clock an hour early": (
        lambda q: answer_to(q, time_ms=time.time_ns() // 1_000_000 + 3_600_000),
        EgressState.SKEWED,
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_over_tcp_is_named_and_says_no_address(lie: str) -> None:
    say, state = LIES[lie]
    with tcp_liar(lambda peer, question: peer.sendall(say(question))) as one:
        found = probe_egress(errand(one), interview())

    assert (found.state, found.seen, found.seen_port) == (state, None, None)
    assert found.detail


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_over_udp_is_named_and_says_no_address(lie: str) -> None:
    say, state = LIES[lie]
    with udp_liar(lambda question: [say(question)]) as one:
        found = probe_egress(errand(one, "udp"), interview())

    assert (found.state, found.seen) == (state, None)


def test_a_clock_within_the_limit_is_no_lie() -> None:
    late = lambda q: answer_to(q, time_ms=time.time_ns() // 1_000_000 - 20_000)  # noqa: E731
    with udp_liar(lambda question: [late(question)]) as one:
        found = probe_egress(errand(one, "udp"), interview())

    assert found.state is EgressState.CONFIRMED


def test_a_forged_datagram_before_the_right_one_does_not_hide_it() -> None:
    with udp_liar(lambda q: [b"\0" * 160, answer_to(q, key=OTHER_KEY), answer_to(q)]) as one:
        found = probe_egress(errand(one, "udp"), interview())

    assert (found.state, found.seen) == (EgressState.CONFIRMED, ip_address("203.0.113.9"))


def test_the_answer_of_yesterday_is_a_replay() -> None:
    kept: list[bytes] = []

    def say(question: bytes) -> list[bytes]:
        kept.append(answer_to(question))
        return [kept[0]]

    asking = interview()
    with udp_liar(say) as one:
        first = probe_egress(errand(one, "udp"), asking)
        second = probe_egress(errand(one, "udp"), asking)

    assert (first.state, second.state) == (EgressState.CONFIRMED, EgressState.REPLAYED)


def test_one_answer_is_believed_once() -> None:
    asking = interview()
    asked = asking.ask()
    answer = answer_to(asked.octets)

    assert asking.judge(asked, [answer]).state is EgressState.CONFIRMED
    assert asking.judge(asked, [answer]).state is EgressState.REPLAYED


def test_an_answer_that_comes_too_late_is_none() -> None:
    def say(peer: socket.socket, question: bytes) -> None:
        if peer.recv(1) == b"":  # the asker has given up
            peer.sendall(answer_to(question))

    with tcp_liar(say) as one:
        found = probe_egress(errand(one, timeout_s=0.3), interview())

    assert (found.state, found.detail) == (EgressState.UNREACHABLE, "nothing came in time")


def test_who_closes_early_has_not_answered() -> None:
    with tcp_liar(lambda _peer, _question: None) as one:
        found = probe_egress(errand(one), interview())

    assert (found.state, found.detail) == (
        EgressState.UNREACHABLE,
        "it closed without an answer",
    )


def test_a_flood_of_ten_megabytes_is_cut_and_forged() -> None:
    def say(peer: socket.socket, _question: bytes) -> None:
        for _ in range(160):
            peer.sendall(b"x" * 65536)

    with tcp_liar(say) as one:
        carried = carriage(errand(one), interview())
        result = program.carry(dict(carried.job))[0]
        found, raw = confirm(carried, result, interview(), "here")

    assert found.state is EgressState.FORGED
    assert len(result["answers"][0]) == 2 * 161
    assert len(raw) < 2000


def test_nobody_there_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    gone = Reflector("R-1", (HERE,), port, "env:NONE")

    for protocol in ("tcp", "udp"):
        found = probe_egress(errand(gone, protocol), interview())
        assert (found.state, found.detail) == (EgressState.UNREACHABLE, "Connection refused")


def test_an_address_that_is_not_of_this_machine_was_not_measured() -> None:
    one = Reflector("R-1", (HERE,), 9, "env:NONE")

    found = probe_egress(errand(one, source=ip_address("192.0.2.99")), interview())

    assert found.state is EgressState.NOT_MEASURED


def test_an_answer_over_http_without_a_right_status_is_forged() -> None:
    redirect = b"HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\n\r\n"
    with tcp_liar(lambda peer, _question: peer.sendall(redirect)) as one:
        portal = Reflector(one.id, one.addresses, 1, "env:NONE", one.port)
        found = probe_egress(errand(portal, "http"), interview())

    assert found.state is EgressState.FORGED


def test_the_name_asked_of_a_resolver_brings_back_the_resolver(reflector: Reflector) -> None:
    asking = interview()
    one = Errand(reflector, "dns", 4, HERE, ip_address("127.0.0.8"), timeout_s=2.0)
    carried = carriage(one, asking)
    job = {**carried.job, "port": reflector.dns_port}

    found, raw = confirm(carried, program.carry(job)[0], asking, "here")

    assert (found.state, found.seen) == (EgressState.CONFIRMED, ip_address("127.0.0.8"))
    assert measurement.decode(raw) == found


def test_the_evidence_of_a_probe_gives_the_same_measurement_and_holds_no_key(
    reflector: Reflector,
) -> None:
    asking = interview()
    carried = carriage(errand(reflector), asking)

    found, raw = confirm(carried, program.carry(dict(carried.job))[0], asking, "here")

    assert measurement.decode(raw) == found
    assert KEY not in raw
    assert KEY.hex().encode() not in raw
    assert "a key of the tests" not in repr(asking)
    assert "a key of the tests" not in repr(Service("R-1", KEY))


def test_what_a_vantage_brings_back_is_not_believed() -> None:
    carried = carriage(errand(Reflector("R-1", (HERE,), 9, "")), interview())
    rubbish: list[dict[str, object]] = [
        {},
        {"answers": "none"},
        {"answers": [1, None, "zz", {}]},
        {"answers": [], "error": 7, "local": "yes"},
    ]

    states = [confirm(carried, one, interview(), "far")[0].state for one in rubbish]

    assert states == [EgressState.UNREACHABLE] * 4


def test_a_question_sealed_for_one_reflector_is_not_answered_by_another() -> None:
    service = Service("R-1", KEY)

    question = encode_question(KEY, Question("R-2", b"n" * 16, 0))

    assert service.answer(question, HERE, 1) is None


def test_a_key_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        Interview("R-1", b"secret")
