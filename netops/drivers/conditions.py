"""Conditions under which a further command of a getter has nothing to add."""

from __future__ import annotations

from netops.drivers.shapes import is_bare_v6
from netops.facts.device import DeviceFacts


def is_named(told: DeviceFacts) -> bool:
    """Whether the host name is known."""
    return told.identity is not None and bool(told.identity.hostname)


def has_lengths(told: DeviceFacts) -> bool:
    """Whether no IPv6 address stands without its prefix length."""
    addresses = (a for one in told.interfaces for a in one.addresses or ())
    return not any(is_bare_v6(address) for address in addresses)


def has_no_instances(told: DeviceFacts) -> bool:
    """Whether there is no VPN instance to learn more of."""
    return not told.vpn_instances
