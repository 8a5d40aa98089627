"""Takes certificates back: every reason of RFC 5280, a hold and its release, many at once.

A hold may be taken back or made final; every other reason is final, but that a key is compromised
may be told later too. The journal says so before the store does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from netops.errors import AuthorityError, InputError, Place, Sentence
from netops.gm.revocation import Reason
from netops.trust.authority import Authority
from netops.trust.tables import Kept, State

_GROUP = 1000
_LONGEST_LINE = 200
ALLOWED = tuple(reason for reason in Reason if reason is not Reason.removeFromCRL)
"""Reasons that an operator may give; removal is what a release writes."""
_OF_THE_KEY = frozenset({Reason.keyCompromise, Reason.cACompromise, Reason.aACompromise})
"""Reasons that tell of the key: none of them gives way to another."""


@dataclass(frozen=True, slots=True)
class Revocation:
    """What is asked: which certificate, why; ``place`` is where a file says so."""

    serial: int
    reason: Reason
    place: Place | None = None


def parse_serial(text: str, place: Place | None = None) -> int:
    """Read a serial number in hexadecimal, with or without 0x or colons."""
    digits = text.strip().lower().removeprefix("0x").replace(":", "")
    try:
        if len(digits) > _LONGEST_LINE or not digits.isalnum():
            raise ValueError  # noqa: TRY301 - told as any other fault of the form
        return int(digits, 16)
    except ValueError as error:
        raise InputError(
            Sentence("“{text}” is no serial number.", text=text[:40]),
            remedy="Write it in hexadecimal, as `netops ca list` prints it.",
            place=place,
        ) from error


def parse_reason(text: str, place: Place | None = None) -> Reason:
    """Read a reason by its name in RFC 5280."""
    found = Reason.__members__.get(text.strip())
    if found is None or found not in ALLOWED:
        raise InputError(
            Sentence("“{text}” is no reason of a revocation.", text=text[:40]),
            remedy=Sentence("Name one of: {names}.", names=", ".join(r.name for r in ALLOWED)),
            place=place,
        )
    return found


def read_revocations(path: Path, reason: Reason) -> tuple[Revocation, ...]:
    """Read a file of serial numbers, one a line, each with a reason of its own or ``reason``."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "The list of serial numbers cannot be read.",
            remedy="Name a text file with a serial number a line.",
            place=Place(str(path)),
        ) from error
    found = tuple(_revocations(path, lines, reason))
    if not found:
        raise InputError(
            "The list of serial numbers is empty.",
            remedy="Name a text file with a serial number a line.",
            place=Place(str(path)),
        )
    return found


def _revocations(path: Path, lines: Sequence[str], reason: Reason) -> Iterator[Revocation]:
    for number, line in enumerate(lines, start=1):
        words = line.partition("#")[0].replace(",", " ").split()
        if not words:
            continue
        place = Place(str(path), number)
        own = parse_reason(words[1], place) if len(words) > 1 else reason
        yield Revocation(parse_serial(words[0], place), own, place)


def revoke(authority: Authority, asked: Sequence[Revocation]) -> int:
    """Revoke all of ``asked``, or none where one cannot be; return how many changed.

    What is revoked already stays as it is, and that is no fault; only that its key is compromised
    may still be told: then its reason changes, its date does not, and the key is certified no more.
    """
    changes = _changes(authority, asked)
    at = authority.moment()
    for begin in range(0, len(changes), _GROUP):
        group = changes[begin : begin + _GROUP]
        authority.journal.append(
            authority.actor.act(
                "revoke",
                authority=authority.name,
                serial=f"{one.serial:x}",
                reason=one.reason.name,
            )
            for one in group
        )
        for reason in {one.reason for one in group}:
            serials = [one.serial for one in group if one.reason is reason]
            authority.store.revoke(authority.name, serials, at, reason)
    return len(changes)


def in_force_under_lost_keys(authority: Authority, asked: Sequence[Revocation]) -> list[int]:
    """Return certificates still in force for keys that ``asked`` told to be compromised."""
    lost = [one.serial for one in asked if one.reason is Reason.keyCompromise]
    found = authority.store.in_force_beside(authority.name, lost, authority.moment())
    return sorted({kept.serial for kept in found})


def _changes(authority: Authority, asked: Sequence[Revocation]) -> list[Revocation]:
    """Return what changes anything, a serial number once: the reason that stands in the end."""
    found: dict[int, Revocation] = {}
    for one in asked:
        before = found.get(one.serial)
        is_first = before is None and _is_change(authority, one)
        if is_first or (before is not None and _outranks(one.reason, before.reason)):
            found[one.serial] = one
    return list(found.values())


def _is_change(authority: Authority, asked: Revocation) -> bool:
    kept = _kept(authority, asked.serial, asked.place)
    if kept.state is State.REVOKED:
        return _outranks(asked.reason, kept.reason or Reason.unspecified)
    return not (kept.state is State.HELD and asked.reason is Reason.certificateHold)


def _outranks(reason: Reason, before: Reason) -> bool:
    """Whether a reason takes the place of an earlier one: of a hold, or that the key is lost."""
    is_of_the_key = reason is Reason.keyCompromise and before not in _OF_THE_KEY
    return before is Reason.certificateHold or is_of_the_key


def release(authority: Authority, serial: int) -> None:
    """Take a hold back; every other revocation is final."""
    kept = _kept(authority, serial, None)
    if kept.state is not State.HELD:
        raise AuthorityError(
            Sentence("The certificate {serial:x} is not on hold.", serial=serial),
            remedy="Only a hold may be taken back; issue a new certificate.",
        )
    at = authority.moment()
    authority.journal.append(
        [authority.actor.act("release", authority=authority.name, serial=f"{serial:x}")]
    )
    authority.store.release(authority.name, serial, at)


def _kept(authority: Authority, serial: int, place: Place | None) -> Kept:
    kept = authority.store.find(authority.name, serial)
    if kept is None:
        raise AuthorityError(
            Sentence("The serial number {serial:x} is not on record.", serial=serial),
            remedy="See `netops ca list`; what the root certified, --authority root revokes.",
            place=place,
        )
    return kept
