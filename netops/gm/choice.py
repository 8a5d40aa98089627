"""Which provider computes here, and which one checks it: libcrypto, and gmssl beside it.

Where libcrypto has no SM2, gmssl computes alone: enough to verify, refused for an authority's
keys, and whoever shows a result says so (``fallback``).
"""

from __future__ import annotations

from functools import cache

from netops.errors import Sentence
from netops.gm.accelerated import AcceleratedProvider
from netops.gm.evp import EvpProvider, NoSm2Error
from netops.gm.provider import Provider
from netops.gm.selftest import check_provider
from netops.gm.software import GmsslProvider


@cache
def default_provider() -> Provider:
    """Return libcrypto's provider after its known-answer test, or the software that stands in.

    Raises ``CryptoError`` where the library cannot be used or fails the test: only one that is
    sound and lacks SM2 is stood in for.
    """
    try:
        provider = EvpProvider()
    except NoSm2Error:
        return second_provider()
    check_provider(provider)
    return provider


def fallback() -> Sentence | None:
    """Return what is to be said loudly where software stands in for libcrypto."""
    found = default_provider().capabilities
    if found.may_hold_ca_keys:
        return None
    return Sentence(
        "libcrypto has no SM2 here: {library} computes instead, slowly and not in constant time.",
        library=found.library,
    )


@cache
def second_provider() -> Provider:
    """Return the independent implementation, after its known-answer test."""
    provider = GmsslProvider()
    check_provider(provider)
    return provider


@cache
def accelerated_provider() -> Provider:
    """Return the quicker signer for issuing keys, after its known-answer test."""
    provider = AcceleratedProvider(EvpProvider())
    check_provider(provider)
    return provider
