"""DER (ITU-T X.690 §8–§11), the little of it that keys, signatures and certificates need.

Writes exactly one encoding and reads no other: lengths are definite and minimal, integers are
minimal, nothing follows the end. Refuses to know what a structure means.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache, lru_cache

from netops.errors import CryptoError, Sentence

BOOLEAN = 0x01
INTEGER = 0x02
BIT_STRING = 0x03
OCTET_STRING = 0x04
NULL = 0x05
OBJECT_IDENTIFIER = 0x06
ENUMERATED = 0x0A
UTC_TIME = 0x17
GENERALIZED_TIME = 0x18
SEQUENCE = 0x30
SET = 0x31

_CONTEXT, _CONSTRUCTED = 0x80, 0x20
_LONG = 0x80
_WORD = 16
_FIRST_SHORT_YEAR, _FIRST_LONG_YEAR = 1950, 2050
_SHORT_TIME, _LONG_TIME = re.compile(rb"\d{12}Z"), re.compile(rb"\d{14}Z")
_MULTI_OCTET_TAG = 0x1F
_MOST_LENGTH_OCTETS = 4
_LONGEST_OID = 128


def encode(tag: int, content: bytes) -> bytes:
    """Return one element with ``tag`` and its length in the shortest form."""
    size = len(content)
    if size < _LONG:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, _LONG | len(length))) + length + content


def sequence(*parts: bytes) -> bytes:
    """Return a SEQUENCE of encoded parts."""
    return encode(SEQUENCE, b"".join(parts))


def integer(value: int) -> bytes:
    """Return a non-negative INTEGER; a leading zero octet only where the top bit needs it."""
    return encode(INTEGER, value.to_bytes(value.bit_length() // 8 + 1))


def bit_string(content: bytes) -> bytes:
    """Return a BIT STRING without unused bits."""
    return encode(BIT_STRING, b"\x00" + content)


@cache
def oid(dotted: str) -> bytes:
    """Return an OBJECT IDENTIFIER."""
    first, second, *rest = (int(part) for part in dotted.split("."))
    return encode(OBJECT_IDENTIFIER, b"".join(map(_base_128, (40 * first + second, *rest))))


def _base_128(number: int) -> bytes:
    octets = [number & 0x7F]
    while number := number >> 7:
        octets.append(_LONG | number & 0x7F)
    return bytes(reversed(octets))


def boolean(value: bool) -> bytes:  # noqa: FBT001 - the one content of a BOOLEAN
    """Return a BOOLEAN."""
    return encode(BOOLEAN, b"\xff" if value else b"\x00")


def octet_string(content: bytes) -> bytes:
    """Return an OCTET STRING."""
    return encode(OCTET_STRING, content)


def context(number: int, content: bytes, *, constructed: bool = True) -> bytes:
    """Return an element with the context-specific tag [number]."""
    return encode(_CONTEXT | (_CONSTRUCTED if constructed else 0) | number, content)


def named_bits(*numbers: int) -> bytes:
    """Return a BIT STRING of named bits: trailing zeros are left out (X.690 §11.2.2)."""
    value = sum(1 << (_WORD - 1 - number) for number in numbers)
    content = value.to_bytes(_WORD // 8).rstrip(b"\x00")
    unused = (content[-1] & -content[-1]).bit_length() - 1 if content else 0
    return encode(BIT_STRING, bytes((unused,)) + content)


@lru_cache(maxsize=4096)
def moment(at: datetime) -> bytes:
    """Return UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5), in seconds.

    Kept, since what is made at once shares its moments.
    """
    utc = at.astimezone(UTC)
    if _FIRST_SHORT_YEAR <= utc.year < _FIRST_LONG_YEAR:
        return encode(UTC_TIME, f"{utc:%y%m%d%H%M%SZ}".encode())
    return generalized(at)


def generalized(at: datetime) -> bytes:
    """Return GeneralizedTime in seconds, whatever the year (as OCSP asks)."""
    return encode(GENERALIZED_TIME, f"{at.astimezone(UTC):%Y%m%d%H%M%SZ}".encode())


@lru_cache(maxsize=1024)
def _dotted(content: bytes) -> str:
    """Read the content of an OBJECT IDENTIFIER; ``ValueError`` where it is not DER."""
    if not 0 < len(content) <= _LONGEST_OID or content[-1] >= _LONG:
        raise ValueError("cut off or absurd")
    numbers, number, is_first = [], 0, True
    for octet in content:
        if is_first and octet == _LONG:
            raise ValueError("not minimal")
        number, is_first = number << 7 | octet & 0x7F, octet < _LONG
        if is_first:
            numbers.append(number)
            number = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:])))


def content_of(data: bytes, tag: int, name: Sentence) -> bytes:
    """Return the content of the one element that ``data`` is; nothing may follow it."""
    reader = Reader(data, name)
    content = reader.take(tag)
    reader.end()
    return content


def parts_of(data: bytes, name: Sentence) -> Reader:
    """Return a reader of the SEQUENCE that ``data`` is; nothing may follow it."""
    return Reader(content_of(data, SEQUENCE, name), name)


class Reader:
    """Reads elements one after another; each refusal names what was read and the octet."""

    __slots__ = ("_at", "_data", "_name", "_size")

    def __init__(self, data: bytes, name: Sentence) -> None:
        self._data = data
        self._size = len(data)
        self._name = name
        self._at = 0

    @property
    def is_at_end(self) -> bool:
        """Whether everything was read."""
        return self._at == self._size

    @property
    def tag(self) -> int | None:
        """The tag of the next element, None at the end."""
        return self._data[self._at] if self._at < self._size else None

    def end(self) -> None:
        """Refuse anything that was not read."""
        if not self.is_at_end:
            raise self._malformed(Sentence("something follows its end"))

    def take(self, tag: int) -> bytes:
        """Return the content of the next element, which must have ``tag``."""
        if self._at == self._size or self._data[self._at] != tag:
            raise self._malformed(Sentence("an element of another kind is expected here"))
        return self._next()[1]

    def enter(self, tag: int = SEQUENCE) -> Reader:
        """Return a reader of the content of the next element."""
        return Reader(self.take(tag), self._name)

    def take_integer(self) -> int:
        """Return the next INTEGER, which must be minimal and not negative."""
        content = self.take(INTEGER)
        value = int.from_bytes(content, signed=True)
        if value < 0 or len(content) != value.bit_length() // 8 + 1:
            raise self._malformed(Sentence("an INTEGER is negative or not minimal"))
        return value

    def take_bits(self) -> bytes:
        """Return the next BIT STRING, which must have no unused bits."""
        content = self.take(BIT_STRING)
        if not content or content[0]:
            raise self._malformed(Sentence("a BIT STRING has unused bits"))
        return content[1:]

    def take_whole(self) -> bytes:
        """Return the next element with its tag and length, exactly as it stands."""
        begin = self._at
        self._next()
        return self._data[begin : self._at]

    def take_oid(self) -> str:
        """Return the next OBJECT IDENTIFIER in dotted form."""
        try:
            return _dotted(self.take(OBJECT_IDENTIFIER))
        except ValueError as error:
            reason = Sentence("an object identifier is cut off, absurd or not minimal")
            raise self._malformed(reason) from error

    def take_boolean(self) -> bool:
        """Return the next BOOLEAN, TRUE as FF and no other value."""
        content = self.take(BOOLEAN)
        if content not in {b"\x00", b"\xff"}:
            raise self._malformed(Sentence("a BOOLEAN is neither 00 nor FF"))
        return content == b"\xff"

    def take_moment(self) -> datetime:
        """Return the next time: UTCTime or GeneralizedTime, with seconds and Z."""
        is_short = self.tag == UTC_TIME
        text = self.take(UTC_TIME if is_short else GENERALIZED_TIME)
        form = _SHORT_TIME if is_short else _LONG_TIME
        if not form.fullmatch(text):
            raise self._malformed(Sentence("a time has no seconds, or does not end in Z"))
        digits = text[:-1].decode()
        if is_short:
            digits = ("20" if digits < "50" else "19") + digits
        try:
            month, day, hour, minute, second = (int(digits[at : at + 2]) for at in range(4, 14, 2))
            return datetime(int(digits[:4]), month, day, hour, minute, second, tzinfo=UTC)
        except ValueError as error:
            raise self._malformed(Sentence("a time is no moment of the calendar")) from error

    def _next(self) -> tuple[int, bytes]:
        data, at = self._data, self._at
        begin = at + 2
        if begin > self._size:
            raise self._malformed(Sentence("it is cut off"))
        tag, size = data[at], data[at + 1]
        if tag & _MULTI_OCTET_TAG == _MULTI_OCTET_TAG:
            raise self._malformed(Sentence("a tag of several octets is not expected here"))
        if size & _LONG:
            size, begin = self._long(size & ~_LONG, begin)
        end = begin + size
        if end > self._size:
            raise self._malformed(Sentence("it is cut off"))
        self._at = end
        return tag, data[begin:end]

    def _long(self, octets: int, begin: int) -> tuple[int, int]:
        if not 0 < octets <= _MOST_LENGTH_OCTETS:
            raise self._malformed(Sentence("a length is indefinite or absurd"))
        size = int.from_bytes(self._data[begin : begin + octets])
        if size < _LONG or size >> 8 * (octets - 1) == 0:
            raise self._malformed(Sentence("a length is not minimal"))
        return size, begin + octets

    def _malformed(self, reason: Sentence) -> CryptoError:
        return CryptoError(
            Sentence(
                "The {name} is malformed at octet {at}: {reason}.",
                name=self._name,
                at=self._at,
                reason=reason,
            ),
            remedy="Only DER is accepted; ask whoever made it for a valid one.",
        )
