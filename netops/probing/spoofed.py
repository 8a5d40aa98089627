"""Whether a question with a borrowed source may be sent: the source is ours, the owner allows it.

Pure: inventory, addresses and a day in, a refusal or nothing out.
"""

from __future__ import annotations

from datetime import date
from ipaddress import IPv4Address, IPv6Address

from netops.errors import Place, Sentence, UsageError
from netops.inventory.model import Inventory, SpoofPermit

Address = IPv4Address | IPv6Address


def permit_for(
    inventory: Inventory, target: Address, source: Address | None, day: date
) -> SpoofPermit:
    """Return the permit that covers ``target`` on ``day``, or raise ``UsageError``."""
    if source is None:
        raise UsageError(
            "The check with a borrowed source is off unless it is asked for.",
            remedy="Name the reflector's address to borrow: --spoofed-source ADDRESS.",
        )
    ours = [
        one for reflector in inventory.probing.reflectors.values() for one in reflector.addresses
    ]
    if source not in ours:
        raise UsageError(
            Sentence("{address} is no address of a reflector of this inventory.", address=source),
            remedy="Only an address of our own may be borrowed; see probing.yaml.",
        )
    if source.version != target.version:
        raise UsageError(
            "Source and target are not of one IP version.", remedy="Name two of the same."
        )
    covering = [
        one
        for one in inventory.probing.spoof_permits
        if one.prefix.version == target.version and target in one.prefix
    ]
    in_force = [one for one in covering if day <= one.end]
    if in_force:
        return in_force[0]
    ended = max((one.end for one in covering), default=None)
    cause = (
        Sentence("No permit covers {target}.", target=target)
        if ended is None
        else Sentence("The permit for {target} ended on {day}.", target=target, day=ended)
    )
    raise UsageError(
        cause,
        remedy="Its owner must allow it: add a spoof_permits entry with approval and end.",
        place=Place("probing.yaml", field="spoof_permits"),
    )
