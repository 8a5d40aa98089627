"""The fast reading of SNMP rows and the walk over them, before agents that lie."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netops.collection import snmp_message as message
from netops.collection.snmp_exchange import Plain, Post, SnmpError
from netops.collection.snmp_rows import (
    COUNTER64,
    END,
    GAUGE,
    INTEGER,
    IP,
    NULL,
    OCTETS,
    OID,
    TICKS,
    MessageError,
    Varbinds,
    dotted,
    encoded,
    increases,
    read,
)
from netops.collection.snmp_security import StrangerError
from netops.collection.snmp_walk import Walk, subtree
from netops.evidence.observation import Outcome

_T = TypeVar("_T")
ROWS = bytes.fromhex(
    "300c" "06082b06010201010100" "0400"  # 1.3.6.1.2.1.1.1.0, an empty string
    "300d" "06072b060104018148" "0202ff38"  # 1.3.6.1.4.1.200, the number -200
    "300f" "06072b060104018148" "4204ffffffff"  # a gauge without a leading zero
    "3011" "06072b060104018148" "460600ffffffffff"
    "300f" "06072b060104018148" "4004c0000201"
    "300e" "06072b060104018148" "06032b0601"
    "300c" "06072b060104018148" "430105"
    "300b" "06072b060104018148" "0500"
    "300b" "06072b060104018148" "8200"
)  # fmt: skip


def test_every_type_of_value_is_told_apart() -> None:
    rows = read(ROWS, 0, len(ROWS))

    assert list(rows.kinds) == [
        OCTETS, INTEGER, GAUGE, COUNTER64, IP, OID, TICKS, NULL, END,
    ]  # fmt: skip
    assert rows.values == [
        b"", -200, 0xFFFFFFFF, 0xFFFFFFFFFF, b"\xc0\x00\x02\x01", b"\x2b\x06\x01", 5, None, None,
    ]  # fmt: skip
    assert [dotted(name) for name in rows.names[:2]] == ["1.3.6.1.2.1.1.1.0", "1.3.6.1.4.1.200"]


def test_rows_in_words_are_what_evidence_keeps() -> None:
    oid = "1.3.6.1.4.1.200"

    assert list(read(ROWS, 0, len(ROWS)).texts()) == [
        ("1.3.6.1.2.1.1.1.0", "str", ""),
        (oid, "int", "-200"),
        (oid, "int", "4294967295"),
        (oid, "int", "1099511627775"),
        (oid, "ip", "192.0.2.1"),
        (oid, "oid", "1.3.6.1"),
        (oid, "ticks", "5"),
        (oid, "none", ""),
        ("", "none", ""),
    ]


@pytest.mark.parametrize(
    ("octets", "what"),
    [
        ("300c06082b060102010101000401", "a value longer than its row"),
        ("300b06082b060102010101000400", "a row shorter than its value"),
        ("300d06082b06010201010100040000", "something behind the value"),
        ("300406000400", "a name of no octets"),
        ("300506012b8480", "a length of no octets"),
        ("300506018104 00", "a name that ends within a number"),
        ("300706032b80010400", "a number with a leading zero"),
        ("300b06072b8fffffffff7f0400", "a number of more than 35 bits"),
        ("310506012b0400", "a row that is no sequence"),
        ("300504012b0400", "a name that is none"),
        ("300506012b0200", "a number of no octets"),
        ("300806012b4003c00002", "an address of three octets"),
        ("300606012b050100", "nothing that is something"),
        ("300506012b9900", "a type that does not exist"),
        ("30850000000005", "a length of five octets"),
        ("3084ffffffff", "a length beyond everything"),
        ("3005060584ffffffff", "a name beyond everything"),
        ("30", "half a row"),
    ],
)
def test_what_is_no_row_is_refused(octets: str, what: str) -> None:
    data = bytes.fromhex(octets)

    with pytest.raises(MessageError):
        read(data, 0, len(data))
    assert what


@given(st.binary(max_size=200))
def test_no_octets_do_more_than_being_refused(data: bytes) -> None:
    _read_or_refuse(data)


@given(st.data())
def test_no_damage_does_more_than_being_refused(data: st.DataObject) -> None:
    wrong = bytearray(ROWS[: data.draw(st.integers(1, len(ROWS)))])
    for at in data.draw(st.lists(st.integers(0, len(wrong) - 1), max_size=4)):
        wrong[at] = data.draw(st.integers(0, 255))

    _read_or_refuse(bytes(wrong))


def _read_or_refuse(data: bytes) -> None:
    try:
        rows = read(data, 0, len(data))
    except MessageError:
        return
    assert len(list(rows.texts())) == len(rows.kinds) == len(rows.values) == len(rows)
    assert all(encoded(dotted(name)) == name for name in rows.names)


ARCS = st.lists(
    st.integers(0, 2**32 - 1) | st.sampled_from([127, 128, 16_383, 16_384, 2_097_152]), max_size=4
)


@given(ARCS, ARCS)
def test_the_order_of_names_is_that_of_their_numbers(one: list[int], other: list[int]) -> None:
    root = "1.3.6.1"
    first, second = (encoded(".".join([root, *map(str, arcs)])) for arcs in (one, other))

    assert increases(first, [second], len(encoded(root))) == (one < other)


NAMES = [encoded(f"1.3.6.1.9.{n}") for n in (0, 1, 127, 128, 16_383, 16_384, 99_999)]
BEYOND = encoded("1.3.6.1.10.1")


@dataclass
class Scripted:
    """An agent that answers from a script over and over; ends the test where nobody stops it."""

    script: Sequence[Varbinds]
    asked: list[tuple[bytes, ...]] = field(default_factory=list)

    def bulk(self, once: Sequence[bytes], columns: Sequence[bytes], repetitions: int) -> Varbinds:
        assert not once
        assert repetitions
        self.asked.append(tuple(columns))
        assert len(self.asked) < 100, "asked without end"
        return self.script[(len(self.asked) - 1) % len(self.script)]


def told(*names: bytes, end: bool = False) -> Varbinds:
    kinds = bytearray([OCTETS]) * (len(names) - end) + bytes([END]) * end
    return Varbinds(list(names), kinds, [b"x" for _ in names])


def test_a_walk_ends_where_the_table_was_left() -> None:
    agent = Scripted([told(*NAMES[:3]), told(*NAMES[3:5]), told(*NAMES[5:], BEYOND)])

    rows = subtree(agent, "1.3.6.1.9")

    assert rows.names == NAMES
    assert agent.asked == [(encoded("1.3.6.1.9"),), (NAMES[2],), (NAMES[4],)]


def test_a_walk_ends_with_the_view() -> None:
    rows = subtree(Scripted([told(*NAMES[:3], NAMES[2], end=True)]), "1.3.6.1.9")

    assert rows.names == NAMES[:3]


def test_an_empty_table_has_no_rows() -> None:
    assert not len(subtree(Scripted([told(BEYOND)]), "1.3.6.1.9"))


@pytest.mark.parametrize(
    "script",
    [
        [told(NAMES[1])],
        [told(NAMES[1]), told(NAMES[1])],
        [told(NAMES[4]), told(NAMES[5]), told(NAMES[4])],
        [told(NAMES[2], NAMES[1])],
        [told(encoded("1.3.6.1.9"))],
    ],
    ids=["stands", "repeats", "circle", "backwards", "the table itself"],
)
def test_rows_that_do_not_go_forward_are_an_error(script: list[Varbinds]) -> None:
    with pytest.raises(SnmpError, match="do not go forward") as caught:
        subtree(Scripted(script), "1.3.6.1.9")

    assert caught.value.outcome is Outcome.TOO_LONG


def test_an_answer_without_rows_is_an_error() -> None:
    with pytest.raises(SnmpError, match="without rows"):
        subtree(Scripted([told()]), "1.3.6.1.9")


def test_a_table_beyond_its_bound_is_an_error() -> None:
    with pytest.raises(SnmpError, match="does not end"):
        subtree(Scripted([told(*NAMES[:3]), told(*NAMES[3:])]), "1.3.6.1.9", most=6)


def test_rows_beyond_the_table_are_no_rows_of_it_even_where_one_follows_them() -> None:
    rows = subtree(Scripted([told(NAMES[0], BEYOND, NAMES[-1])]), "1.3.6.1.9")

    assert rows.names == [NAMES[0]]


@given(
    st.lists(
        st.lists(st.sampled_from([*NAMES, BEYOND, encoded("1.3.6.1.8")]), max_size=4),
        min_size=1, max_size=5,
    ),
    st.booleans(),
)  # fmt: skip
def test_no_agent_makes_a_walk_go_on_for_ever(script: list[list[bytes]], end: bool) -> None:  # noqa: FBT001
    agent = Scripted([told(*names, end=end and bool(names)) for names in script])

    try:
        rows = subtree(agent, "1.3.6.1.9")
    except SnmpError:
        return
    assert rows.names == [name for name in NAMES if name in rows.names]


def test_columns_side_by_side_end_each_for_itself() -> None:
    short, long = encoded("1.3.6.1.9.1"), encoded("1.3.6.1.9.2")
    walk = Walk((short, long))
    names = ["1.3.6.1.9.1.1", "1.3.6.1.9.2.1", "1.3.6.1.9.2.1", "1.3.6.1.9.2.2"]

    walk.take((short, long), told(*map(encoded, names)))

    assert walk.at == {long: encoded("1.3.6.1.9.2.2")}
    assert [len(walk.found[column]) for column in (short, long)] == [1, 2]


class Answers(Post):
    """A post that brings one datagram, made from the question."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self.answer = answer

    def ask(self, datagram: bytes, read: Callable[[bytes], _T]) -> _T:
        return read(self.answer(datagram))


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d,
        lambda d: d.replace(b"\xa5", b"\xa2", 1).replace(b"made-up", b"another"),
        lambda d: d.replace(b"\xa5", b"\xa2", 1).replace(b"\x02\x01\x01\x04", b"\x02\x01\x00\x04"),
        lambda _: message.community(b"made-up", message.bulk(7, (), (), 0)).replace(
            b"\xa5", b"\xa2", 1
        ),
        lambda d: d.replace(b"\xa5", b"\xa2", 1) + b"\x00",
    ],
    ids=["no response", "other community", "other version", "other question", "longer"],
)
def test_an_answer_to_something_else_is_none(change: Callable[[bytes], bytes]) -> None:
    way = Plain(Answers(change), b"made-up")

    with pytest.raises((StrangerError, MessageError)):
        way.bulk((), (encoded("1.3.6.1.9"),), 1)
