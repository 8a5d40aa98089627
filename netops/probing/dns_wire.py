"""As much of DNS as one question in one zone needs: read a question, write and read an answer.

Knows octets only. Questions are strict: one question, no compression, bounded names; whatever
else comes is no question. Answers are read leniently, and bounded.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

A, TXT, AAAA = 1, 16, 28
NO_ERROR, NAME_ERROR, REFUSED = 0, 3, 5
_IN = 1
_HEAD = struct.Struct(">HHHHHH")
_RECORD = struct.Struct(">HHIH")
_RESPONSE, _OPCODE, _AUTHORITATIVE, _TRUNCATED, _WANTS_RECURSION = (
    0x8000, 0x7800, 0x0400, 0x0200, 0x0100,
)  # fmt: skip
_MOST_LABELS = 32
_MOST_RECORDS = 64
_POINTER = 0xC0
_TO_QUESTION = b"\xc0\x0c"
"""A compressed name: the one that stands right behind the head."""
_LONGEST_TEXT = 255


class NotDnsError(ValueError):
    """The octets are no question, or no answer, that we can read."""


@dataclass(frozen=True, slots=True)
class DnsQuestion:
    """One question. ``octets`` is it as it came, to be echoed with its letters' case."""

    number: int
    labels: tuple[str, ...]
    kind: int
    flags: int
    octets: bytes

    @property
    def name(self) -> str:
        """The name in lower case, without the last dot."""
        return ".".join(self.labels).lower()


def write_question(number: int, name: str, kind: int) -> bytes:
    """Return a question that wants recursion."""
    labels = b"".join(bytes([len(one)]) + one.encode("ascii") for one in name.split("."))
    tail = b"\0" + struct.pack(">HH", kind, _IN)
    return _HEAD.pack(number, _WANTS_RECURSION, 1, 0, 0, 0) + labels + tail


def read_question(data: bytes) -> DnsQuestion:
    """Return the question in ``data``, or raise ``NotDnsError``."""
    if len(data) < _HEAD.size:
        raise NotDnsError("too short")
    number, flags, questions, answers, authority, _ = _HEAD.unpack_from(data)
    if flags & (_RESPONSE | _OPCODE) or questions != 1 or answers or authority:
        raise NotDnsError("no plain question")
    labels, at = _labels(data, _HEAD.size)
    if len(data) < at + 4:
        raise NotDnsError("cut off")
    kind, _kind_of_net = struct.unpack_from(">HH", data, at)
    return DnsQuestion(number, labels, kind, flags, data[_HEAD.size : at + 4])


def _labels(data: bytes, at: int) -> tuple[tuple[str, ...], int]:
    labels: list[str] = []
    while at < len(data) and len(labels) <= _MOST_LABELS:
        length = data[at]
        if length == 0:
            return tuple(labels), at + 1
        if length >= _POINTER or at + 1 + length > len(data):
            break
        labels.append(data[at + 1 : at + 1 + length].decode("latin-1"))
        at += 1 + length
    raise NotDnsError("no plain name")


def write_answer(
    question: DnsQuestion,
    records: tuple[bytes, ...] = (),
    *,
    code: int = NO_ERROR,
    truncated: bool = False,
) -> bytes:
    """Return an authoritative answer; without records it is no longer than its question."""
    flags = _RESPONSE | _AUTHORITATIVE | question.flags & _WANTS_RECURSION | code
    if truncated:
        flags |= _TRUNCATED
    head = _HEAD.pack(question.number, flags, 1, len(records), 0, 0)
    return head + question.octets + b"".join(records)


def text_record(text: str) -> bytes:
    """Return a TXT record of the name asked, not to be kept."""
    data = text.encode("ascii")
    if len(data) > _LONGEST_TEXT:
        raise ValueError("a text of 255 letters at most")
    return _record(TXT, bytes([len(data)]) + data)


def address_record(address: IPv4Address | IPv6Address) -> bytes:
    """Return an A or AAAA record of the name asked, not to be kept."""
    return _record(A if isinstance(address, IPv4Address) else AAAA, address.packed)


def _record(kind: int, data: bytes) -> bytes:
    return _TO_QUESTION + _RECORD.pack(kind, _IN, 0, len(data)) + data


def read_texts(data: bytes, number: int) -> tuple[str, ...]:
    """Return the texts of the TXT records of an answer to question ``number``."""
    if len(data) < _HEAD.size:
        raise NotDnsError("too short")
    found, flags, questions, answers, _, _ = _HEAD.unpack_from(data)
    if found != number or not flags & _RESPONSE or answers > _MOST_RECORDS or questions > 1:
        raise NotDnsError("not the answer to this question")
    at = _HEAD.size
    for _ in range(questions):
        at = _skip_name(data, at) + 4
    texts = []
    for _ in range(answers):
        at = _skip_name(data, at)
        if at + _RECORD.size > len(data):
            raise NotDnsError("cut off")
        kind, _, _, length = _RECORD.unpack_from(data, at)
        at += _RECORD.size
        if kind == TXT:
            texts.append(_joined(data[at : at + length]))
        at += length
    return tuple(texts)


def _skip_name(data: bytes, at: int) -> int:
    for _ in range(_MOST_LABELS):
        if at >= len(data):
            break
        length = data[at]
        if length == 0:
            return at + 1
        if length >= _POINTER:
            return at + 2
        at += 1 + length
    raise NotDnsError("no name")


def _joined(data: bytes) -> str:
    parts, at = [], 0
    while at < len(data):
        parts.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return b"".join(parts).decode("latin-1")
