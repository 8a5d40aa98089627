"""What routers and strangers send is never trusted: any bytes, any length, no crash, no match."""

from __future__ import annotations

from ipaddress import ip_address

from hypothesis import given
from hypothesis import strategies as st

from netops.errors import Sentence
from netops.probing.icmp_errors import IcmpError, in_words, parse_v4, parse_v6
from netops.probing.privilege import NET_RAW, capabilities

ROUTER, TARGET = bytes((192, 0, 2, 1)), bytes((198, 51, 100, 7))
OUTER = b"\x45" + bytes(11) + ROUTER + bytes(4)
INNER = b"\x45" + bytes(8) + b"\x11" + bytes(6) + TARGET


def test_an_error_names_its_router_its_code_and_whom_the_packet_was_for() -> None:
    packet = OUTER + b"\x03\x01" + bytes(6) + INNER + b"\x9c\x40\x82\x9a\x00\x20\x00\x00"

    assert parse_v4(packet) == IcmpError(
        ROUTER, 3, 1, TARGET, 17, b"\x9c\x40\x82\x9a\x00\x20\x00\x00"
    )


def test_ip_options_before_and_within_an_error_are_stepped_over() -> None:
    outer = b"\x46" + OUTER[1:] + b"\x01" * 4
    inner = b"\x47" + INNER[1:] + b"\x01" * 8
    found = parse_v4(outer + b"\x0b\x00" + bytes(6) + inner + b"ABCDEFGH")

    assert found == IcmpError(ROUTER, 11, 0, TARGET, 17, b"ABCDEFGH")


def test_an_error_of_ipv6_is_read_without_its_own_header() -> None:
    router, target = bytes(15) + b"\x01", bytes(15) + b"\x02"
    inner = b"\x60" + bytes(5) + b"\x3a\x40" + bytes(16) + target
    found = parse_v6(b"\x01\x03" + bytes(6) + inner + b"ABCDEFGH", router)

    assert found == IcmpError(router, 1, 3, target, 58, b"ABCDEFGH")


def test_what_is_cut_short_or_says_an_impossible_length_is_no_error() -> None:
    whole = OUTER + b"\x03\x01" + bytes(6) + INNER
    assert parse_v4(whole) is not None
    assert parse_v4(whole[:-1]) is None
    assert parse_v4(b"\x41" + whole[1:]) is None
    assert parse_v4(whole[:28] + b"\x40" + whole[29:]) is None
    assert parse_v4(b"") is None
    assert parse_v6(b"\x01" * 47, bytes(16)) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_a_crash(noise: bytes) -> None:
    for found in (parse_v4(noise), parse_v6(noise, bytes(16))):
        assert found is None or len(found.quote) < len(noise)


def test_codes_without_words_keep_their_numbers() -> None:

    said = in_words(IcmpError(ROUTER, 3, 77, TARGET, 1, b""), ip_address(ROUTER))

    assert isinstance(said, Sentence)
    assert said == "ICMP type 3 code 77, says 192.0.2.1"


def test_capabilities_are_numbers_of_the_kernel() -> None:
    assert NET_RAW == 13
    assert capabilities() <= set(range(64))
