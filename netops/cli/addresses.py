"""Addresses as a person writes them on the command line."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from netops.errors import UsageError
from netops.i18n import _

if TYPE_CHECKING:
    from netops.facts.measurements import Address


def read_address(text: str) -> Address:
    """Return the address that a person wrote."""
    try:
        return ip_address(text)
    except ValueError:
        raise UsageError(
            _("“{text}” is neither an address nor a device of the inventory.").format(text=text),
            remedy=_("Write it like 10.1.2.3 or 2001:db8::1, or name the --inventory."),
        ) from None
