"""Question and answer of the reflector: one canonical form of 160 octets, sealed by HMAC-SM3.

Both are equally long, so that no answer is worth forging a sender for. Parsing is strict:
another length, a padding that is not zero, an unknown family is no message. Knows no socket
and no clock.
"""

from __future__ import annotations

import base64
import binascii
import secrets
import struct
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from netops.errors import Place, SecretError, Sentence
from netops.gm.mac import MAC_OCTETS, hmac_sm3, is_right_mac

Address = IPv4Address | IPv6Address

SIZE = 160
NONCE_OCTETS = 16
LEAST_KEY_OCTETS = 16
"""A shorter key can be guessed from one answer."""
_MAGIC = b"NOR1"
_FORM = struct.Struct(">4sB16sQB16sHB64s15s")
_QUESTION, _ANSWER = 1, 2
_MOST_ID = 64
_LABEL_MAC = 16
"""Octets of the code in a DNS label, which holds 63 letters."""
_LABEL_CONTEXT = b"NOR1 dns "


class NotAMessageError(ValueError):
    """The octets are not of the form."""


class WrongMacError(NotAMessageError):
    """The form is right and the authentication code is not."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a collector asks: who saw me? ``time_ms`` is its clock, since 1970 in UTC."""

    reflector: str
    nonce: bytes
    time_ms: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reflector saw, and when by its own clock."""

    reflector: str
    nonce: bytes
    time_ms: int
    seen: Address
    seen_port: int


def key_octets(secret: str, name: str) -> bytes:
    """Return a key's octets; one that could be guessed is refused."""
    octets = secret.encode()
    if len(octets) < LEAST_KEY_OCTETS:
        raise SecretError(
            Sentence("The key of reflector {name} is shorter than 16 octets.", name=name),
            remedy="Make one with: openssl rand -hex 32",
            place=Place("probing.yaml", field="key"),
        )
    return octets


def new_nonce() -> bytes:
    """Return octets that nobody can foresee."""
    return secrets.token_bytes(NONCE_OCTETS)


def encode_question(key: bytes, question: Question) -> bytes:
    """Return the octets of a question."""
    fields = (question.nonce, question.time_ms, 0, bytes(16), 0)
    return _seal(key, _QUESTION, question.reflector, fields)


def encode_answer(key: bytes, answer: Answer) -> bytes:
    """Return the octets of an answer."""
    packed = answer.seen.packed.ljust(16, b"\0")
    fields = (answer.nonce, answer.time_ms, answer.seen.version, packed, answer.seen_port)
    return _seal(key, _ANSWER, answer.reflector, fields)


def _seal(
    key: bytes, kind: int, reflector: str, fields: tuple[bytes, int, int, bytes, int]
) -> bytes:
    name = reflector.encode()
    nonce, time_ms, family, address, port = fields
    if not 1 <= len(name) <= _MOST_ID or len(nonce) != NONCE_OCTETS:
        raise ValueError("an id of 1 to 64 octets and a nonce of 16 are wanted")
    body = _FORM.pack(
        _MAGIC, kind, nonce, time_ms, family, address, port, len(name), name, bytes(15)
    )
    return body + hmac_sm3(key, body)


def decode_question(key: bytes, data: bytes) -> Question:
    """Return the question in ``data``, or raise ``NotAMessageError``."""
    name, nonce, time_ms, family, _, port = _open(key, _QUESTION, data)
    if family or port:
        raise NotAMessageError("a question names no address")
    return Question(name, nonce, time_ms)


def decode_answer(key: bytes, data: bytes) -> Answer:
    """Return the answer in ``data``, or raise ``NotAMessageError`` (``WrongMacError``)."""
    name, nonce, time_ms, family, packed, port = _open(key, _ANSWER, data)
    return Answer(name, nonce, time_ms, _address(family, packed), port)


def _open(key: bytes, kind: int, data: bytes) -> tuple[str, bytes, int, int, bytes, int]:
    if len(data) != SIZE or not data.startswith(_MAGIC):
        raise NotAMessageError("not of the form")
    body, code = data[:-MAC_OCTETS], data[-MAC_OCTETS:]
    if not is_right_mac(key, body, code):
        raise WrongMacError("the authentication code is not the reflector's")
    _, found, nonce, time_ms, family, packed, port, length, name, padding = _FORM.unpack(body)
    if found != kind:
        raise NotAMessageError("another kind of message")
    if not 1 <= length <= _MOST_ID or any(name[length:]) or any(padding):
        raise NotAMessageError("not of the form")
    try:
        return name[:length].decode(), nonce, time_ms, family, packed, port
    except UnicodeDecodeError as error:
        raise NotAMessageError("not of the form") from error


def _address(family: int, packed: bytes) -> Address:
    if family == 6:  # noqa: PLR2004 - IPv6
        return IPv6Address(packed)
    if family == 4 and not any(packed[4:]):  # noqa: PLR2004 - IPv4
        return IPv4Address(packed[:4])
    raise NotAMessageError("an unknown family")


def dns_label(key: bytes, zone: str, nonce: bytes) -> str:
    """Return the label that asks over DNS: the nonce and a short code over it and the zone."""
    code = hmac_sm3(key, _LABEL_CONTEXT + zone.encode() + nonce)[:_LABEL_MAC]
    return f"{_letters(nonce)}{_letters(code)}"


def nonce_of_label(key: bytes, zone: str, label: str) -> bytes | None:
    """Return the nonce in a label that the key's owner made; None for any other label."""
    half = len(label) // 2
    try:
        nonce = base64.b32decode(label[:half].upper() + "======")
    except (binascii.Error, ValueError):
        return None
    # Resolvers may change the case of letters, so both sides are held against in one case.
    right = dns_label(key, zone, nonce).encode() if len(nonce) == NONCE_OCTETS else b""
    return nonce if secrets.compare_digest(right, label.lower().encode()) else None


def _letters(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=").lower()


def to_text(data: bytes) -> str:
    """Return a message as letters, for a TXT record."""
    return base64.b64encode(data).decode()


def from_text(text: str) -> bytes:
    """Return the octets of such letters, b"" where they are none."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
