"""A certificate request: PKCS#10 (RFC 2986) as GM/T 0092-2020 profiles it, read strictly.

What it asks for beyond subject, key and alternative names is read and shown, never obeyed: a
profile decides what is certified.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from netops.errors import CryptoError, Sentence
from netops.gm import der as asn1
from netops.gm.certificate import read_extensions
from netops.gm.curve import Point
from netops.gm.extensions import Extension
from netops.gm.provider import KeyHandle, Provider
from netops.gm.signed import ACCEPTED, Fit, Signed, sign
from netops.gm.spki import point_of_spki, spki_der

EXTENSION_REQUEST = "1.2.840.113549.1.9.14"

_ATTRIBUTES_TAG = 0xA0
LONGEST = 64 * 1024
"""Octets of the longest request that is read."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request: whom to certify, with which key, signed by that key.

    ``extensions`` are those asked for. ``attributes`` holds the other attributes by their OIDs,
    encoded.
    """

    signed: Signed
    subject: bytes
    point: Point
    extensions: Mapping[str, Extension]
    attributes: Mapping[str, bytes]

    @classmethod
    def from_der(cls, der: bytes) -> Request:
        """Read a request; raise ``CryptoError`` unless it is strict and its key is SM2's."""
        name = Sentence("certificate request")
        if len(der) > LONGEST:
            raise CryptoError(
                Sentence("The certificate request is longer than {most} octets.", most=LONGEST),
                remedy="Send a request without anything but subject, key and names.",
            )
        signed = Signed.from_der(der, name)
        info = asn1.Reader(signed.contents, name).enter()
        version = info.take_integer()
        subject = info.take_whole()
        point = point_of_spki(info.take_whole())
        attributes = _attributes(info) if info.tag == _ATTRIBUTES_TAG else {}
        info.end()
        if version:
            raise CryptoError(
                "The certificate request is of an unknown version.",
                remedy="Send PKCS#10 version 1 (value 0).",
            )
        asked = attributes.pop(EXTENSION_REQUEST, None)
        extensions = {} if asked is None else _asked(asked, name)
        return cls(
            signed, subject, point, MappingProxyType(extensions), MappingProxyType(attributes)
        )

    def check(self, provider: Provider) -> None:
        """Raise ``CryptoError`` unless the applicant holds the key (RFC 2986 §3)."""
        if self.signed.algorithm not in ACCEPTED:
            cause = Sentence("The request is not signed with SM2 and SM3.")
        elif (found := self.signed.fit(provider, self.point)) is Fit.GOOD:
            return
        elif found is Fit.OTHER_ID:
            cause = Sentence("The request is signed under another identifier than the standard's.")
        else:
            cause = Sentence("The signature of the request does not fit its key.")
        raise CryptoError(
            cause,
            remedy="Sign it again with SM2, SM3 and the identifier 1234567812345678 "
            "(openssl: -sm3 -sigopt distid:1234567812345678).",
        )


def _attributes(info: asn1.Reader) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    listed = info.enter(_ATTRIBUTES_TAG)
    while not listed.is_at_end:
        one = listed.enter()
        oid = one.take_oid()
        values = one.take(asn1.SET)
        one.end()
        if oid in found:
            raise CryptoError(
                Sentence("The attribute {oid} stands there twice.", oid=oid),
                remedy="Refuse the request.",
            )
        found[oid] = values
    return found


def _asked(values: bytes, name: Sentence) -> dict[str, Extension]:
    outer = asn1.Reader(values, name)
    listed = outer.enter()
    outer.end()
    return read_extensions(listed)


def make_request(
    provider: Provider,
    key: KeyHandle,
    subject: bytes,
    extensions: tuple[Extension, ...] = (),
) -> bytes:
    """Return the DER of a request of ours; ``subject`` is an encoded Name."""
    attributes = b""
    if extensions:
        listed = asn1.sequence(*(extension.der for extension in extensions))
        wanted = asn1.sequence(asn1.oid(EXTENSION_REQUEST), asn1.encode(asn1.SET, listed))
        attributes = wanted
    info = asn1.sequence(asn1.integer(0), subject, spki_der(key.point), asn1.context(0, attributes))
    return sign(provider, key, info)
