"""The known-answer test that a provider must pass before it is used.

The standard's own example (GB/T 32918.2-2016 on the recommended curve), one signature made and
checked, one ciphertext, and refusals: a provider that says yes to everything fails too.
"""

from __future__ import annotations

from netops.errors import CryptoError, Sentence
from netops.gm import pkcs8
from netops.gm.curve import Point
from netops.gm.identity import signing_digest
from netops.gm.provider import Provider
from netops.gm.signature import Signature

SCALAR = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
POINT = Point(
    bytes.fromhex(
        "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
        "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
    )
)
MESSAGE = b"message digest"
DIGEST = bytes.fromhex("F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640")
SIGNATURE = Signature(
    0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3,
    0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA,
)


def check_provider(provider: Provider) -> None:
    """Raise ``CryptoError`` unless ``provider`` computes what the standard says."""
    key = provider.load(pkcs8.wrap(SCALAR, POINT))
    made = provider.sign_digest(key, DIGEST)
    other = bytes(reversed(DIGEST))
    steps = {
        "digest": signing_digest(POINT, MESSAGE) == DIGEST,
        "public key": key.point == POINT,
        "verification": provider.verify_digest(POINT, DIGEST, SIGNATURE),
        "signature": provider.verify_digest(POINT, DIGEST, made),
        "refusal": not provider.verify_digest(POINT, other, SIGNATURE),
        "encryption": provider.decrypt(key, provider.encrypt(POINT, MESSAGE)) == MESSAGE,
    }
    failed = [name for name, passed in steps.items() if not passed]
    if failed:
        raise CryptoError(
            Sentence(
                "{library} fails the known-answer test of SM2 ({steps}).",
                library=provider.capabilities.library,
                steps=", ".join(failed),
            ),
            remedy="Use another library (NETOPS_LIBCRYPTO); do not sign with this one.",
        )
