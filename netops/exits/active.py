"""What the answer of a reflector says: the address that one question of ours was seen from.

Knows one answer at a time. Refuses to believe an answer that is not authentic and fresh, and to
make anything of silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netops.addressing import AddressPlan
from netops.exits.marks import Mark, Marks
from netops.exits.testimony import About, Kind, Testimony, Weight
from netops.facts.measurements import Address, Egress, EgressState

RESOLVER = "resolver"
NOT_TRANSLATED = "not_translated"
AMBIGUOUS = "ambiguous"
ALLOWED_EXIT = "allowed_exit"
OTHER_EXIT = "other_exit"
UNKNOWN_ADDRESS = "unknown_address"
EXIT_UNREAD = "exit_unread"
CLASS = "class"
PRIVATE_AREA = "private_area"

_SUSPICIOUS = (EgressState.FORGED, EgressState.REPLAYED)


class Bar(StrEnum):
    """Why no exit at all is meant for somebody."""

    NONE = ""
    CLASS = "class"
    PRIVATE = "private_area"


@dataclass(frozen=True, slots=True)
class Right:
    """What somebody may use: exits of the inventory, or none for the reason of ``bar``."""

    exits: frozenset[str]
    bar: Bar = Bar.NONE


@dataclass(frozen=True, slots=True)
class Seen:
    """The worth of an outside address for somebody."""

    weight: Weight
    word: str
    exit: str | None = None
    marks: tuple[Mark, ...] = ()


def weigh_address(address: Address, right: Right, marks: Marks, plan: AddressPlan) -> Seen:
    """Weigh the address that packets had outside."""
    found = marks.worn(address)
    exits = sorted({mark.exit for mark in found if mark.exit is not None})
    name = exits[0] if len(exits) == 1 else None
    if right.bar is Bar.PRIVATE:
        return Seen(Weight.COUNTER, PRIVATE_AREA, name, found)
    if not found:
        blind = marks.is_blind(right.exits, address.version)
        return _weigh_unmarked(address, right, plan, blind=blind)
    legal = [mark for mark in found if mark.exit in right.exits]
    if not legal:
        return Seen(Weight.COUNTER, OTHER_EXIT, name, found)
    if len(legal) < len(found):
        return Seen(Weight.NOTHING, AMBIGUOUS, None, found)
    if right.bar is Bar.CLASS:
        return Seen(Weight.DOUBT, CLASS, name, found)
    return Seen(Weight.POSITIVE, ALLOWED_EXIT, name, found)


def _weigh_unmarked(address: Address, right: Right, plan: AddressPlan, *, blind: bool) -> Seen:
    """Weigh an address that is of no exit: of the extranet itself, or of somebody else.

    ``blind``: an allowed exit did not tell its addresses, so that this may be one of them.
    """
    if not plan.is_inside(address):
        return Seen(Weight.NOTHING, EXIT_UNREAD) if blind else Seen(Weight.COUNTER, UNKNOWN_ADDRESS)
    if right.bar is Bar.CLASS:
        return Seen(Weight.DOUBT, CLASS)
    return Seen(Weight.NOTHING, NOT_TRANSLATED)


def read_egress(
    egress: Egress, about: About, right: Right, marks: Marks, plan: AddressPlan
) -> Testimony:
    """Return what one answer of a reflector says of somebody."""
    seen = _weigh(egress, right, marks, plan)
    return Testimony(
        kind=Kind.ACTIVE,
        weight=seen.weight,
        word=seen.word,
        about=about,
        family=egress.family,
        protocol=egress.protocol,
        target=egress.reflector,
        at=egress.at,
        seen="" if egress.seen is None else str(egress.seen),
        exit=seen.exit,
        points=tuple(m.point for m in seen.marks if m.point is not None),
        vantage=egress.vantage,
        command=command_of(egress),
        source=egress.evidence,
    )


def command_of(egress: Egress) -> str:
    """Return the question as the snapshot names it."""
    asked = f"egress {egress.reflector} {egress.protocol} ipv{egress.family}"
    return asked if egress.source is None else f"{asked} from {egress.source}"


def _weigh(egress: Egress, right: Right, marks: Marks, plan: AddressPlan) -> Seen:
    if egress.state in _SUSPICIOUS:
        return Seen(Weight.DOUBT, egress.state.value)
    if egress.state is not EgressState.CONFIRMED or egress.seen is None:
        return Seen(Weight.NOTHING, egress.state.value)
    if egress.protocol == "dns":
        # It shows the way of the resolver that asked, which may stand anywhere.
        return Seen(Weight.NOTHING, RESOLVER)
    return weigh_address(egress.seen, right, marks, plan)
