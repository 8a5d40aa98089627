"""OCSP requests and responses (RFC 6960, RFC 9654; GM/T 0014): what both sides say, octet by octet.

Knows the structures; refuses to know any store. An answer uses the hash that was asked with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from netops.errors import CryptoError, Sentence
from netops.gm import der as asn1
from netops.gm.certificate import read_extensions
from netops.gm.extensions import Extension
from netops.gm.revocation import Reason
from netops.gm.signed import Signed
from netops.gm.sm3 import sm3

NONCE = "1.3.6.1.5.5.7.48.1.2"
_BASIC = "1.3.6.1.5.5.7.48.1.1"
_SHA1, _SHA256, _SM3 = "1.3.14.3.2.26", "2.16.840.1.101.3.4.2.1", "1.2.156.10197.1.401"
_NONCE_SIZES = range(1, 129)

LONGEST_REQUEST = 64 * 1024
MOST_ASKED = 100
"""Certificates that one request may name."""

_EXPLICIT = (0xA0, 0xA1, 0xA2)
_BY_NAME, _BY_KEY = 0xA1, 0xA2
_GOOD, _REVOKED, _UNKNOWN = 0x80, 0xA1, 0x82


class Refusal(IntEnum):
    """Unsigned answers (RFC 6960 §4.2.1)."""

    MALFORMED = 1
    INTERNAL = 2
    TRY_LATER = 3
    UNAUTHORIZED = 6


class Status(StrEnum):
    """What is known of a certificate. Good only of one on record."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CertId:
    """Which certificate is meant: hashes of the issuer's name and key, and the serial number."""

    algorithm: str
    name_hash: bytes
    key_hash: bytes
    serial: int
    der: bytes = b""

    @classmethod
    def read(cls, reader: asn1.Reader) -> CertId:
        """Take the next CertID."""
        whole = reader.take_whole()
        parts = asn1.Reader(whole, Sentence("OCSP request")).enter()
        algorithm = parts.enter().take_oid()
        hashes = parts.take(asn1.OCTET_STRING), parts.take(asn1.OCTET_STRING)
        serial = parts.take_integer()
        parts.end()
        return cls(algorithm, *hashes, serial, whole)

    def names(self, issuer: bytes, key: bytes) -> bool:
        """Whether it means a certificate of ``issuer`` (Name) with public key ``key`` (04‖x‖y)."""
        digest = _HASHES.get(self.algorithm)
        return (
            digest is not None and digest(issuer) == self.name_hash and digest(key) == self.key_hash
        )


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


_HASHES = {_SHA1: _sha1, _SHA256: _sha256, _SM3: sm3}


@dataclass(frozen=True, slots=True)
class Question:
    """A request: the certificates meant, and the nonce where there is one."""

    ids: tuple[CertId, ...]
    nonce: bytes | None = None

    @classmethod
    def from_der(cls, der: bytes) -> Question:
        """Read an OCSPRequest; a signature on it is allowed and not judged."""
        name = Sentence("OCSP request")
        if len(der) > LONGEST_REQUEST:
            raise _refused(Sentence("it is longer than {most} octets", most=LONGEST_REQUEST))
        outer = asn1.Reader(der, name)
        request = outer.enter()
        outer.end()
        tbs = request.enter()
        while tbs.tag in _EXPLICIT[:2]:
            tbs.take_whole()
        listed = tbs.enter()
        ids: list[CertId] = []
        while not listed.is_at_end:
            ids.append(CertId.read(listed.enter()))
            if len(ids) > MOST_ASKED:
                raise _refused(Sentence("it names more than {most} certificates", most=MOST_ASKED))
        extensions: Mapping[str, Extension] = {}
        if tbs.tag == _EXPLICIT[2]:
            extensions = read_extensions(tbs.enter(_EXPLICIT[2]).enter())
        tbs.end()
        if not ids:
            raise _refused(Sentence("it names no certificate"))
        return cls(tuple(ids), _nonce(extensions))

    @property
    def der(self) -> bytes:
        """The OCSPRequest, unsigned."""
        listed = asn1.sequence(*(asn1.sequence(one.der) for one in self.ids))
        extensions = b"" if self.nonce is None else asn1.context(2, _nonce_extensions(self.nonce))
        return asn1.sequence(asn1.sequence(listed, extensions))


def _nonce(extensions: Mapping[str, Extension]) -> bytes | None:
    found = extensions.get(NONCE)
    if found is None:
        return None
    reader = asn1.Reader(found.value, Sentence("OCSP request"))
    nonce = reader.take(asn1.OCTET_STRING)
    reader.end()
    if len(nonce) not in _NONCE_SIZES:
        raise _refused(Sentence("its nonce is empty or longer than 128 octets"))
    return nonce


def _nonce_extensions(nonce: bytes) -> bytes:
    return asn1.sequence(Extension(NONCE, asn1.octet_string(nonce)).der)


def _refused(reason: Sentence) -> CryptoError:
    return CryptoError(
        Sentence("The OCSP request is refused: {reason}.", reason=reason),
        remedy="Ask again in the form of RFC 6960.",
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of one certificate."""

    id: CertId
    status: Status
    this_update: datetime
    next_update: datetime | None
    revoked_at: datetime | None = None
    reason: Reason = Reason.unspecified

    @property
    def der(self) -> bytes:
        """The SingleResponse."""
        then = b""
        if self.next_update is not None:
            then = asn1.context(0, asn1.generalized(self.next_update))
        return asn1.sequence(self.id.der, self._status, asn1.generalized(self.this_update), then)

    @property
    def _status(self) -> bytes:
        if self.status is Status.REVOKED and self.revoked_at is not None:
            reason = b""
            if self.reason:
                reason = asn1.context(0, asn1.encode(asn1.ENUMERATED, bytes((self.reason,))))
            return asn1.context(1, asn1.generalized(self.revoked_at) + reason)
        number = 0 if self.status is Status.GOOD else 2
        return asn1.context(number, b"", constructed=False)


def response_data(
    responder: bytes, produced_at: datetime, answers: tuple[Answer, ...], nonce: bytes | None
) -> bytes:
    """Return the ResponseData to be signed; ``responder`` is the signer's encoded Name."""
    return asn1.sequence(
        asn1.context(1, responder),
        asn1.generalized(produced_at),
        asn1.sequence(*(answer.der for answer in answers)),
        b"" if nonce is None else asn1.context(1, _nonce_extensions(nonce)),
    )


def response(signed: bytes, certificates: tuple[bytes, ...] = ()) -> bytes:
    """Return the OCSPResponse of ResponseData as signed, with the signer's certificates."""
    name = Sentence("OCSP response")
    body = asn1.Reader(signed, name).take(asn1.SEQUENCE)
    chain = asn1.context(0, asn1.sequence(*certificates)) if certificates else b""
    basic = asn1.encode(asn1.SEQUENCE, body + chain)
    typed = asn1.sequence(asn1.oid(_BASIC), asn1.octet_string(basic))
    return asn1.sequence(asn1.encode(asn1.ENUMERATED, b"\x00"), asn1.context(0, typed))


def refusal(reason: Refusal) -> bytes:
    """Return an unsigned OCSPResponse."""
    return asn1.sequence(asn1.encode(asn1.ENUMERATED, bytes((reason,))))


@dataclass(frozen=True, slots=True)
class Reply:
    """A response as it was read. ``refused`` is its status where it is no answer.

    ``responder`` is the encoded Name, or the key hash, that says who signed.
    """

    signed: Signed | None
    refused: int = 0
    responder: bytes = b""
    produced_at: datetime | None = None
    answers: tuple[Answer, ...] = ()
    nonce: bytes | None = None
    certificates: tuple[bytes, ...] = ()

    @classmethod
    def from_der(cls, der: bytes) -> Reply:
        """Read an OCSPResponse strictly."""
        name = Sentence("OCSP response")
        outer = asn1.Reader(der, name)
        top = outer.enter()
        outer.end()
        status = int.from_bytes(top.take(asn1.ENUMERATED))
        if top.is_at_end:
            return cls(None, status or Refusal.INTERNAL)
        typed = top.enter(_EXPLICIT[0]).enter()
        top.end()
        if typed.take_oid() != _BASIC:
            raise CryptoError(
                "The OCSP response is of an unknown type.", remedy="Ask another responder."
            )
        basic = typed.take(asn1.OCTET_STRING)
        parts = asn1.Reader(basic, name).enter()
        signed = Signed.from_parts(basic, parts)
        chain: list[bytes] = []
        if parts.tag == _EXPLICIT[0]:
            listed = parts.enter(_EXPLICIT[0]).enter()
            while not listed.is_at_end:
                chain.append(listed.take_whole())
        parts.end()
        return cls(signed, status, *_data(signed.contents, name), tuple(chain))


def _data(
    contents: bytes, name: Sentence
) -> tuple[bytes, datetime, tuple[Answer, ...], bytes | None]:
    data = asn1.Reader(contents, name).enter()
    if data.tag == _EXPLICIT[0]:
        data.take_whole()
    inside = data.enter(_BY_KEY if data.tag == _BY_KEY else _BY_NAME)
    responder = inside.take_whole()
    produced_at = data.take_moment()
    listed = data.enter()
    answers: list[Answer] = []
    while not listed.is_at_end:
        answers.append(_answer(listed.enter()))
    extensions: Mapping[str, Extension] = {}
    if data.tag == _EXPLICIT[1]:
        extensions = read_extensions(data.enter(_EXPLICIT[1]).enter())
    data.end()
    return responder, produced_at, tuple(answers), _nonce(extensions)


def _answer(one: asn1.Reader) -> Answer:
    meant = CertId.read(one)
    status, revoked_at, reason = Status.UNKNOWN, None, Reason.unspecified
    if one.tag == _GOOD:
        one.take(_GOOD)
        status = Status.GOOD
    elif one.tag == _REVOKED:
        told = one.enter(_REVOKED)
        status, revoked_at = Status.REVOKED, told.take_moment()
        if told.tag == _EXPLICIT[0]:
            content = told.enter(_EXPLICIT[0]).take(asn1.ENUMERATED)
            reason = _known_reason(content)
    else:
        one.take(_UNKNOWN)
    this_update = one.take_moment()
    next_update = one.enter(_EXPLICIT[0]).take_moment() if one.tag == _EXPLICIT[0] else None
    if one.tag == _EXPLICIT[1]:
        one.take_whole()
    one.end()
    return Answer(meant, status, this_update, next_update, revoked_at, reason)


def _known_reason(content: bytes) -> Reason:
    value = int.from_bytes(content)
    return Reason(value) if value in Reason.__members__.values() else Reason.unspecified
