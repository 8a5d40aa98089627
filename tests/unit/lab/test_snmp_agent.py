"""The SNMP agent's own rules: what it encodes, when it reports, when it keeps silent."""

from __future__ import annotations

import hashlib
import random

import pytest
from lab_serving import SNMP_ROWS, USER_V3, misbehaving, personality

from netops.lab.snmp_agent import SnmpAgent, engine_id
from netops.lab.snmp_ber import (
    NULL,
    OCTETS,
    SEQUENCE,
    BerError,
    Oid,
    Reader,
    integer,
    object_id,
    tlv,
)
from netops.lab.snmp_mib import END_OF_MIB_VIEW, Mib, MibShelf, parse_oid
from netops.lab.snmp_usm import UserKeys, localised_key, password_key

SYSTEM: Oid = (1, 3, 6, 1, 2, 1, 1)
BEGAN = 1_700_000_000.0


def agent(**changes: object) -> SnmpAgent:
    return SnmpAgent(personality(**changes), MibShelf())


def request(
    kind: int, oids: list[Oid], *, community: str = "lab-read", first: int = 0, second: int = 0
) -> bytes:
    """Build a v2c message by hand."""
    rows = b"".join(tlv(SEQUENCE, object_id(oid) + tlv(NULL, b"")) for oid in oids)
    pdu = integer(77) + integer(first) + integer(second) + tlv(SEQUENCE, rows)
    return tlv(SEQUENCE, integer(1) + tlv(OCTETS, community.encode()) + tlv(kind, pdu))


def answered(message: bytes | None) -> tuple[int, int, list[tuple[Oid, int, bytes]]]:
    """Return error status, error index and rows of a v2c response."""
    assert message is not None
    reader = Reader.of(message).enter(SEQUENCE)
    reader.integer()
    reader.octets()
    pdu = reader.enter(0xA2)
    assert pdu.integer() == 77
    status, index = pdu.integer(), pdu.integer()
    rows = []
    listing = pdu.enter(SEQUENCE)
    while not listing.is_done:
        row = listing.enter(SEQUENCE)
        oid = row.object_id()
        tag, value = row.element()
        rows.append((oid, tag, value.rest()))
    return status, index, rows


@pytest.mark.parametrize(
    ("value", "octets"),
    [
        (0, "020100"),
        (127, "02017f"),
        (128, "02020080"),
        (-1, "0201ff"),
        (-128, "020180"),
        (-129, "0202ff7f"),
        (4294967295, "020500ffffffff"),
    ],
)
def test_integers_take_the_fewest_octets(value: int, octets: str) -> None:
    assert integer(value).hex() == octets
    assert Reader.of(bytes.fromhex(octets)).integer() == value


def test_object_identifiers_and_long_lengths_are_as_the_standard_writes_them() -> None:
    assert object_id((1, 3, 6, 1, 4, 1, 2011)).hex() == "06072b060104018f5b"
    assert object_id((2, 100, 3)).hex() == "0603813403"
    assert Reader.of(bytes.fromhex("0603813403")).object_id() == (2, 100, 3)
    assert tlv(OCTETS, bytes(200))[:3].hex() == "0481c8"
    assert tlv(OCTETS, bytes(300))[:4].hex() == "0482012c"


@pytest.mark.parametrize(
    "octets", ["", "30", "3005", "3080", "308501020304050a", "020a00000000000000000000", "0600"]
)
def test_malformed_octets_are_an_error_of_their_own(octets: str) -> None:
    reader = Reader.of(bytes.fromhex(octets))
    read = {"06": reader.object_id, "02": reader.integer}.get(octets[:2], reader.element)
    with pytest.raises(BerError):
        read()


def test_passphrase_keys_are_those_of_the_standard() -> None:
    """RFC 3414 A.3.2 gives both values for the passphrase ``maplesyrup``."""
    engine = bytes.fromhex("000000000000000000000002")
    assert password_key("maplesyrup", "sha1").hex() == "9fb5cc0381497b3793528939ff788d5d79145211"
    localised = localised_key("maplesyrup", "sha1", engine)
    assert localised.hex() == "6695febc9288e36282235fc7151f128497b38f3f"


def test_rows_come_in_the_order_of_numbers_not_of_text() -> None:
    _, _, rows = answered(agent().respond(request(0xA5, [(1, 3, 6, 1, 2, 1, 2)], second=3)))
    assert [oid[-1] for oid, _, _ in rows] == [1, 2, 10]


def test_get_tells_a_missing_instance_from_a_missing_object() -> None:
    names = ["1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.5.7", "1.3.6.1.2.1.99.1.0"]
    status, _, rows = answered(agent().respond(request(0xA0, [parse_oid(name) for name in names])))
    assert status == 0
    assert [(tag, value) for _, tag, value in rows] == [
        (0x04, b"CITY07-R1"),
        (0x81, b""),
        (0x80, b""),
    ]


def test_get_next_past_the_last_row_says_end_of_view() -> None:
    last = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6, 1)
    _, _, rows = answered(agent().respond(request(0xA1, [last])))
    assert rows == [(last, 0x82, b"")]


def test_bulk_honours_non_repeaters_and_ends_with_the_view() -> None:
    oids = [SYSTEM, (1, 3, 6, 1, 2, 1, 31)]
    _, _, rows = answered(agent().respond(request(0xA5, oids, first=1, second=5)))
    assert [tag for _, tag, _ in rows] == [0x04, 0x46, 0x82]


def test_bulk_stays_within_a_datagram() -> None:
    many = {f"1.3.6.1.2.1.2.2.1.2.{n}": ("str", "x" * 100) for n in range(500)}
    message = agent(snmp_rows=many).respond(request(0xA5, [SYSTEM], second=1_000_000))
    assert message is not None
    assert 4000 < len(message) <= 8192


def test_bulk_without_columns_ends() -> None:
    _, _, rows = answered(agent().respond(request(0xA5, [], second=2_000_000_000)))
    assert rows == []


def test_nothing_can_be_set() -> None:
    status, index, rows = answered(agent().respond(request(0xA3, [parse_oid("1.3.6.1.2.1.1.5.0")])))
    assert (status, index) == (17, 1)
    assert [(tag, value) for _, tag, value in rows] == [(0x05, b"")]


@pytest.mark.parametrize(
    ("kind", "value", "tag", "octets"),
    [
        ("int", "-5", 0x02, b"\xfb"),
        ("hex", "00005e005301", 0x04, b"\x00\x00\x5e\x00\x53\x01"),
        ("oid", ".1.3.6.1", 0x06, b"\x2b\x06\x01"),
        ("ip", "192.0.2.1", 0x40, b"\xc0\x00\x02\x01"),
        ("counter", "7", 0x41, b"\x07"),
        ("ticks", "300", 0x43, b"\x01\x2c"),
        ("counter64", "18446744073709551615", 0x46, b"\x00" + b"\xff" * 8),
    ],
)
def test_each_type_has_its_tag(kind: str, value: str, tag: int, octets: bytes) -> None:
    found, reader = Reader.of(Mib({"1.3.6.1.1": (kind, value)}).get((1, 3, 6, 1, 1))).element()
    assert (found, reader.rest()) == (tag, octets)


def test_an_empty_view_ends_at_once() -> None:
    assert Mib({}).after((1, 3)) == ((1, 3), END_OF_MIB_VIEW)


@pytest.mark.parametrize(
    "device",
    [
        personality(snmp_user=None),
        personality(snmp_user=USER_V3),
        misbehaving("hang_before_banner"),
        misbehaving("down"),
        misbehaving(snmp="hang"),
    ],
)
def test_silence_where_nothing_must_be_said(device: object) -> None:
    mute = SnmpAgent(device, MibShelf())  # type: ignore[arg-type]
    assert mute.respond(request(0xA0, [SYSTEM])) is None


def test_a_wrong_community_gets_silence() -> None:
    assert agent().respond(request(0xA0, [SYSTEM], community="public")) is None


def test_engine_ids_differ_by_device_and_name_the_vendor() -> None:
    ids = {engine_id(personality(device=name)) for name in ("r1", "r2", "r3")}
    assert len(ids) == 3
    assert all(one.startswith(bytes.fromhex("800007db05")) and len(one) == 13 for one in ids)


def secured(mine: SnmpAgent, boots: int, seconds: int) -> bytes:
    """Build a v3 GET for sysName by hand, signed with SHA-256 and encrypted."""
    keys = UserKeys.derive((USER_V3.auth_key, USER_V3.priv_key), "sha256", mine.engine)
    row = tlv(SEQUENCE, object_id((*SYSTEM, 5, 0)) + tlv(NULL, b""))
    pdu = tlv(0xA0, integer(5) + integer(0) + integer(0) + tlv(SEQUENCE, row))
    scoped = tlv(SEQUENCE, tlv(OCTETS, mine.engine) + tlv(OCTETS, b"") + pdu)
    secret, salt = keys.encrypt(scoped, boots, seconds)

    def message(digest: bytes) -> bytes:
        usm = tlv(OCTETS, mine.engine) + integer(boots) + integer(seconds)
        usm += tlv(OCTETS, USER_V3.name.encode()) + tlv(OCTETS, digest) + tlv(OCTETS, salt)
        head = integer(9) + integer(65507) + tlv(OCTETS, b"\x07") + integer(3)
        security = tlv(OCTETS, tlv(SEQUENCE, usm))
        return tlv(SEQUENCE, integer(3) + tlv(SEQUENCE, head) + security + tlv(OCTETS, secret))

    return message(keys.sign(message(bytes(24)), 24))


def flags_of(message: bytes | None) -> int:
    """Return the flags of a v3 answer: 3 encrypted, 1 signed report, 0 plain report."""
    assert message is not None
    reader = Reader.of(message).enter(SEQUENCE)
    assert reader.integer() == 3
    head = reader.enter(SEQUENCE)
    assert head.integer() == 9
    head.integer()
    return head.octets()[0]


@pytest.fixture
def clocked(monkeypatch: pytest.MonkeyPatch) -> SnmpAgent:
    """Give an agent that has been up for exactly a thousand seconds."""
    monkeypatch.setattr("netops.lab.snmp_agent.time.time", lambda: BEGAN + 1000)
    return SnmpAgent(personality(snmp_user=USER_V3), MibShelf(), began=BEGAN)


@pytest.mark.parametrize(
    ("boots", "seconds", "flags"),
    [
        (int(BEGAN), 1000, 3),
        (int(BEGAN), 1150, 3),
        (int(BEGAN), 850, 3),
        (int(BEGAN), 1151, 1),
        (int(BEGAN), 849, 1),
        (int(BEGAN) - 1, 1000, 1),
    ],
)
def test_the_time_window_is_150_seconds_of_this_boot(
    clocked: SnmpAgent, boots: int, seconds: int, flags: int
) -> None:
    assert flags_of(clocked.respond(secured(clocked, boots, seconds))) == flags


def test_one_changed_octet_of_a_signed_message_gets_a_plain_report(clocked: SnmpAgent) -> None:
    message = bytearray(secured(clocked, int(BEGAN), 1000))
    message[-1] ^= 1
    assert flags_of(clocked.respond(bytes(message))) == 0


def test_no_datagram_makes_the_agent_fail(clocked: SnmpAgent) -> None:
    dice = random.Random(20260101)  # noqa: S311 - noise, not a secret
    good = [secured(clocked, int(BEGAN), 1000), request(0xA5, [SYSTEM], second=5)]
    both = (clocked, agent())
    for _ in range(3000):
        broken = bytearray(dice.choice(good))
        for _ in range(dice.randint(1, 4)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        for one in both:
            one.respond(bytes(broken[: dice.randint(0, len(broken))]))
            one.respond(bytes(broken))
    for size in range(64):
        agent().respond(hashlib.sha512(bytes([size])).digest()[:size])


def test_the_shelf_keeps_the_last_devices_only() -> None:
    shelf = MibShelf(room=2)
    devices = [personality(device=f"r{n}", snmp_rows=SNMP_ROWS) for n in range(3)]
    first = shelf.of(devices[0])
    assert shelf.of(devices[0]) is first
    shelf.of(devices[1])
    shelf.of(devices[2])
    assert shelf.of(devices[0]) is not first
