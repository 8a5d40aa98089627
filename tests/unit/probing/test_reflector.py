"""The reflector's messages and manners: strict forms, silence to strangers, no amplification."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import socket
import struct
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as some
from reflectors import KEY, ZONE, honest

from netops.errors import SecretError
from netops.gm.mac import hmac_sm3, is_right_mac
from netops.probing import dns_wire
from netops.probing.messages import (
    SIZE,
    Answer,
    NotAMessageError,
    Question,
    WrongMacError,
    decode_answer,
    decode_question,
    dns_label,
    encode_answer,
    encode_question,
    from_text,
    key_octets,
    nonce_of_label,
)
from netops.probing.reflector.rate import SourceRate
from netops.probing.reflector.service import Service

HERE = ip_address("127.0.0.1")
NONCE = bytes(range(16))
QUESTION = Question("R-1", NONCE, 1_700_000_000_000)
ANSWER = Answer("R-1", NONCE, 1_700_000_000_001, ip_address("2001:db8::9"), 4711)


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 200])
def test_hmac_sm3_is_the_one_of_rfc_2104(length: int) -> None:
    key = bytes(range(256))[:length]

    assert hmac_sm3(key, b"text") == hmac.new(key, b"text", "sm3").digest()
    assert is_right_mac(key, b"text", hmac_sm3(key, b"text"))
    assert not is_right_mac(key, b"text", hmac_sm3(key, b"texT"))
    assert hashlib.new("sm3").digest_size == len(hmac_sm3(key, b""))


def test_a_question_and_an_answer_are_equally_long_and_come_back() -> None:
    question, answer = encode_question(KEY, QUESTION), encode_answer(KEY, ANSWER)

    assert (len(question), len(answer)) == (SIZE, SIZE)
    assert decode_question(KEY, question) == QUESTION
    assert decode_answer(KEY, answer) == ANSWER


@pytest.mark.parametrize("at", range(SIZE))
def test_a_message_with_one_bit_changed_is_refused(at: int) -> None:
    octets = bytearray(encode_answer(KEY, ANSWER))
    octets[at] ^= 1

    with pytest.raises(NotAMessageError):
        decode_answer(KEY, bytes(octets))


def test_an_answer_is_no_question_and_a_question_no_answer() -> None:
    with pytest.raises(NotAMessageError, match="another kind"):
        decode_question(KEY, encode_answer(KEY, ANSWER))
    with pytest.raises(NotAMessageError, match="another kind"):
        decode_answer(KEY, encode_question(KEY, QUESTION))
    with pytest.raises(WrongMacError):
        decode_answer(b"k" * 32, encode_answer(KEY, ANSWER))


@given(some.binary(max_size=400))
def test_noise_is_no_message_and_breaks_nothing(noise: bytes) -> None:
    service = Service("R-1", KEY, ZONE)

    assert service.answer(noise, HERE, 1) is None
    reply = service.answer_dns(noise, HERE, 1, stream=False)
    assert reply is None or len(reply) <= len(noise)
    with contextlib.suppress(dns_wire.NotDnsError, IndexError):
        dns_wire.read_texts(noise, 0)


def test_ids_and_nonces_of_another_size_are_refused() -> None:
    for bad in (Question("", NONCE, 0), Question("x" * 65, NONCE, 0), Question("R", b"n", 0)):
        with pytest.raises(ValueError, match="are wanted"):
            encode_question(KEY, bad)


def test_a_label_is_known_by_its_maker_alone_in_any_case_of_letters() -> None:
    label = dns_label(KEY, ZONE, NONCE)

    assert len(label) <= 63
    assert nonce_of_label(KEY, ZONE, label.upper()) == NONCE
    assert nonce_of_label(KEY, "other.example", label) is None
    assert nonce_of_label(b"k" * 32, ZONE, label) is None
    for other in ("", "www", label[:-1], label + "a", "é" * 26, "a.b"):
        assert nonce_of_label(KEY, ZONE, other) is None


def ask_dns(name: str, kind: int = dns_wire.TXT) -> bytes:
    return dns_wire.write_question(7, name, kind)


def answers_of(reply: bytes) -> tuple[int, int]:
    """Return code and count of answers."""
    _, flags, _, answers, _, _ = struct.unpack_from(">HHHHHH", reply)
    return flags & 15, answers


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        (ZONE, dns_wire.TXT, 0), (f"www.{ZONE}", dns_wire.A, 3), ("example.net", dns_wire.A, 5),
        (f"x{ZONE}", dns_wire.A, 5), (f"{'a' * 52}.{ZONE}", dns_wire.TXT, 3),
    ],
)  # fmt: skip
def test_dns_for_strangers_says_no_more_than_it_must(name: str, kind: int, code: int) -> None:
    question = ask_dns(name, kind)
    for stream in (False, True):
        reply = Service("R-1", KEY, ZONE).answer_dns(question, HERE, 1, stream=stream)
        assert reply is not None
        assert answers_of(reply) == (code, 0)
        assert len(reply) <= len(question)


def test_dns_over_udp_is_cut_and_over_tcp_names_the_resolver() -> None:
    service = Service("R-1", KEY, ZONE, clock=lambda: 5)
    name = f"{dns_label(KEY, ZONE, NONCE)}.{ZONE}"
    source = ip_address("203.0.113.53")

    cut = service.answer_dns(ask_dns(name), source, 1053, stream=False)
    whole = service.answer_dns(ask_dns(name), source, 1053, stream=True)
    address = service.answer_dns(ask_dns(name, dns_wire.A), source, 1053, stream=True)
    other = service.answer_dns(ask_dns(name, dns_wire.AAAA), source, 1053, stream=True)

    assert cut is not None
    assert whole is not None
    assert address is not None
    assert other is not None
    assert cut[2] & 2, "the bit that says: come by TCP"
    assert len(cut) <= len(ask_dns(name))
    (text,) = dns_wire.read_texts(whole, 7)
    assert decode_answer(KEY, from_text(text)) == Answer("R-1", NONCE, 5, source, 1053)
    assert address.endswith(source.packed)
    assert answers_of(other) == (0, 0)


def test_answers_of_a_resolver_that_do_not_fit_are_refused() -> None:
    service = Service("R-1", KEY, ZONE)
    name = f"{dns_label(KEY, ZONE, NONCE)}.{ZONE}"
    whole = service.answer_dns(ask_dns(name), HERE, 1, stream=True)
    assert whole is not None

    with pytest.raises(dns_wire.NotDnsError, match="not the answer"):
        dns_wire.read_texts(whole, 8)
    with pytest.raises(dns_wire.NotDnsError):
        dns_wire.read_texts(whole[:70], 7)


def test_one_source_is_answered_so_often_and_others_beside_it() -> None:
    now = [0.0]
    rate = SourceRate(1.0, 3, clock=lambda: now[0])

    assert [rate.admits(HERE) for _ in range(4)] == [True, True, True, False]
    assert rate.admits(ip_address("127.0.0.2"))
    now[0] = 1.5
    assert [rate.admits(HERE) for _ in range(2)] == [True, False]


def test_the_addresses_of_one_ipv6_host_count_together() -> None:
    rate = SourceRate(1.0, 2, clock=lambda: 0.0)

    found = [rate.admits(ip_address(f"2001:db8::{n}")) for n in (1, 2, 3)]

    assert found == [True, True, False]
    assert rate.admits(ip_address("2001:db8:0:1::1"))


def test_what_is_remembered_of_sources_is_bounded() -> None:
    rate = SourceRate(1.0, 1, clock=lambda: 0.0)

    for number in range(10_000):
        rate.admits(ip_address(0x0A000000 + number))

    assert len(rate) == 4096


def test_strangers_hear_nothing_by_udp_and_are_closed_by_tcp() -> None:
    with honest() as one:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.connect(("127.0.0.1", one.port))
            sock.settimeout(0.3)
            sock.send(b"x" * SIZE)
            with pytest.raises(TimeoutError):
                sock.recv(1)
        with socket.create_connection(("127.0.0.1", one.port), timeout=10) as stream:
            stream.sendall(b"x" * SIZE)
            assert stream.recv(1) == b""


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
        (b"POST /reflect HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
        (b"POST /reflect HTTP/1.1\r\nContent-Length: 160\r\n\r\n" + b"x" * 160, b"403"),
        (b"POST /reflect HTTP/1.1\r\nX: " + b"y" * 9000, b"431"),
    ],
)
def test_http_that_is_no_question_gets_a_status_and_no_address(sent: bytes, status: bytes) -> None:
    with (
        honest() as one,
        socket.create_connection(("127.0.0.1", one.http_port or 0), timeout=10) as stream,
    ):
        stream.sendall(sent)
        said = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := stream.recv(4096):
                said += piece

    assert said.startswith(b"HTTP/1.1 " + status)
    assert b"127.0.0.1" not in said


def test_connections_are_bounded_and_those_that_say_nothing_do_not_stop_others() -> None:
    with honest() as one, contextlib.ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(socket.create_connection(("127.0.0.1", one.port), timeout=10))
        with socket.create_connection(("127.0.0.1", one.port), timeout=10) as stream:
            stream.sendall(encode_question(KEY, QUESTION))
            answer = decode_answer(KEY, stream.recv(SIZE, socket.MSG_WAITALL))

    assert (answer.nonce, answer.seen) == (NONCE, HERE)


def test_a_short_key_is_refused_without_being_shown() -> None:
    with pytest.raises(SecretError, match="shorter than 16") as refused:
        key_octets("hunter2", "R-1")

    assert "hunter2" not in str(refused.value)
