"""Which provider computes here, and which one checks it: libcrypto, and gmssl beside it."""

from __future__ import annotations

from functools import cache

from netops.gm.evp import EvpProvider
from netops.gm.provider import Provider
from netops.gm.selftest import check_provider
from netops.gm.software import GmsslProvider


@cache
def default_provider() -> Provider:
    """Return libcrypto's provider after its known-answer test, or raise ``CryptoError``."""
    provider = EvpProvider()
    check_provider(provider)
    return provider


@cache
def second_provider() -> Provider:
    """Return the independent implementation, after its known-answer test."""
    provider = GmsslProvider()
    check_provider(provider)
    return provider
