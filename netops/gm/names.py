"""Distinguished names (RFC 5280 §4.1.2.4; GB/T 20518-2018 §5.2): read to text, written from it.

Country is PrintableString of two letters, mail IA5String, all else UTF8String. Compared by their
octets, never after mapping; read for people and for profiles alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from netops.errors import CryptoError, Sentence
from netops.gm import der as asn1

ATTRIBUTES = {
    "C": "2.5.4.6",
    "ST": "2.5.4.8",
    "L": "2.5.4.7",
    "O": "2.5.4.10",
    "OU": "2.5.4.11",
    "CN": "2.5.4.3",
    "SN": "2.5.4.4",
    "GN": "2.5.4.42",
    "serialNumber": "2.5.4.5",
    "emailAddress": "1.2.840.113549.1.9.1",
}
_SHORT = {oid: name for name, oid in ATTRIBUTES.items()}

_UTF8, _PRINTABLE, _IA5 = 0x0C, 0x13, 0x16
_CODECS = {_UTF8: "utf-8", _PRINTABLE: "ascii", _IA5: "ascii"}
_LONGEST = {"C": 2, "ST": 128, "L": 128, "emailAddress": 255}
_USUAL_LONGEST = 64
_MOST = 16
_PRINTABLE_ALPHABET = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?"
)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a name: its short name (or dotted OID) and its text."""

    name: str
    text: str


def read_name(der: bytes) -> tuple[Attribute, ...]:
    """Read an encoded Name of single-valued parts; raise ``CryptoError`` for other forms."""
    outer = asn1.Reader(der, Sentence("name"))
    parts = outer.enter()
    outer.end()
    found: list[Attribute] = []
    while not parts.is_at_end:
        one = parts.enter(asn1.SET)
        pair = one.enter()
        if not one.is_at_end:
            raise _refused(Sentence("a part of it has several values"))
        found.append(_read_attribute(pair))
        if len(found) > _MOST:
            raise _refused(Sentence("it has more than {most} parts", most=_MOST))
    return tuple(found)


def _read_attribute(pair: asn1.Reader) -> Attribute:
    oid = pair.take_oid()
    tag = pair.tag
    name = _SHORT.get(oid, oid)
    if tag not in _CODECS:
        raise _refused(Sentence("{name} is in a kind of string that is not used", name=name))
    content = pair.take(tag)
    pair.end()
    try:
        text = content.decode(_CODECS[tag])
    except UnicodeDecodeError as error:
        raise _refused(Sentence("{name} is not in its own encoding", name=name)) from error
    _check(name, text)
    return Attribute(name, text)


def write_name(attributes: Iterable[Attribute]) -> bytes:
    """Return the encoded Name of attributes, in their order."""
    return asn1.sequence(*(asn1.encode(asn1.SET, _written(one)) for one in attributes))


def _written(one: Attribute) -> bytes:
    _check(one.name, one.text)
    tag = {"C": _PRINTABLE, "serialNumber": _PRINTABLE, "emailAddress": _IA5}.get(one.name, _UTF8)
    content = one.text.encode(_CODECS[tag])
    return asn1.sequence(asn1.oid(ATTRIBUTES.get(one.name, one.name)), asn1.encode(tag, content))


def _check(name: str, text: str) -> None:
    longest = _LONGEST.get(name, _USUAL_LONGEST)
    if not 0 < len(text) <= longest:
        raise _refused(
            Sentence("{name} is empty or longer than {most} characters", name=name, most=longest)
        )
    if not text.isprintable() or text != text.strip():
        raise _refused(Sentence("{name} holds characters that do not show", name=name))
    if name == "C" and not (len(text) == longest and text.isascii() and text.isupper()):
        raise _refused(Sentence("C is not a country of two capital letters"))
    if name == "serialNumber" and not set(text) <= _PRINTABLE_ALPHABET:
        raise _refused(Sentence("serialNumber holds other than printable ASCII"))
    if name == "emailAddress" and not text.isascii():
        raise _refused(Sentence("emailAddress holds other than ASCII"))


def shown_name(der: bytes) -> str:
    """Return a name as people write it, ``C=CN, O=…``; its octets where it cannot be read."""
    try:
        return ", ".join(f"{one.name}={one.text}" for one in read_name(der))
    except CryptoError:
        return der.hex()


def _refused(reason: Sentence) -> CryptoError:
    return CryptoError(
        Sentence("The name is refused: {reason}.", reason=reason),
        remedy="Ask for a certificate with a name as the profile describes it.",
    )
