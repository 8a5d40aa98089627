"""Names certificates in OCSP questions, as clients do."""

from __future__ import annotations

import hashlib

from netops.gm import der as asn1
from netops.gm.ocsp import CertId

_SHA1, _SM3 = "1.3.14.3.2.26", "1.2.156.10197.1.401"


def cert_id(issuer: bytes, key: bytes, serial: int, *, with_sm3: bool = False) -> CertId:
    """Name a certificate of ``issuer`` (Name) with ``key`` (04‖x‖y), by SHA-1 or by SM3."""
    algorithm = _SM3 if with_sm3 else _SHA1
    name, hashed = (
        hashlib.new("sm3" if with_sm3 else "sha1", data, usedforsecurity=False).digest()
        for data in (issuer, key)
    )
    parameters = b"" if with_sm3 else asn1.encode(asn1.NULL, b"")
    der = asn1.sequence(
        asn1.sequence(asn1.oid(algorithm), parameters),
        asn1.octet_string(name),
        asn1.octet_string(hashed),
        asn1.integer(serial),
    )
    return CertId(algorithm, name, hashed, serial, der)
