"""Signs revocation lists: whole ones, deltas that amend them, one a partition; the root's too.

A number never goes back. An entry stays until a list was signed after its certificate had
expired. A file is replaced only by a newer list of the same issuer, whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from netops.errors import AuthorityError, CryptoError, Place, Sentence
from netops.gm import extensions as ext
from netops.gm.extensions import Extension
from netops.gm.revocation import (
    ListFields,
    RevocationList,
    crl_number,
    delta_indicator,
    entry_der,
    issuing_distribution_point,
    list_der,
)
from netops.gm.signed import sign
from netops.gm.sm3 import sm3_hex
from netops.trust.authority import ROOT, Authority
from netops.trust.checking import check_again
from netops.trust.drafting import partition_address, partition_of
from netops.trust.home import write_durably
from netops.trust.tables import KeptList, Revoked


@dataclass(frozen=True, slots=True)
class MadeList:
    """A list as it was signed."""

    kept: KeptList
    der: bytes
    entries: int


@dataclass(frozen=True, slots=True)
class _Slot:
    """Which list is to be signed: of which part, and amending which whole one (None: whole)."""

    authority: Authority
    partition: int
    partitions: int
    base: KeptList | None = None

    @property
    def path(self) -> Path:
        """Where it is published in the home: its name follows the address."""
        name = list_name(self.authority.name, is_delta=self.base is not None)
        return self.authority.home.public / partition_address(name, self.partition, self.partitions)

    @property
    def interval(self) -> timedelta:
        """How long it holds."""
        settings = self.authority.settings
        if self.base is not None:
            return timedelta(hours=settings.delta_hours)
        if self.authority.name == ROOT:
            return timedelta(days=settings.arl_days)
        return timedelta(hours=settings.crl_hours)

    def extensions(self, number: int) -> Iterator[Extension]:
        """Yield what the list says of itself; a delta has the scope of the list it amends."""
        addresses = self.authority.settings.addresses
        yield ext.authority_key_identifier(self.authority.issuer.key_identifier)
        yield crl_number(number)
        if self.base is not None:
            yield delta_indicator(self.base.number)
        if self.partitions > 1:
            address = partition_address(addresses.crl, self.partition, self.partitions)
            yield issuing_distribution_point(address)
        if self.base is None and addresses.delta and self.authority.name != ROOT:
            address = partition_address(addresses.delta, self.partition, self.partitions)
            yield ext.freshest_crl([address])

    def entries(self) -> Iterator[bytes]:
        """Yield what it names, by serial number."""
        store, name = self.authority.store, self.authority.name
        found: Iterator[Revoked]
        if self.base is None:
            last = store.newest_list(name, self.partition)
            since = None if last is None else last.this_update.replace(tzinfo=None)
            found = filter(lambda one: not _is_past(one, since), store.revoked(name))
        else:
            found = store.changed(name, self.base.this_update)
        for one in found:
            if partition_of(one.serial, self.partitions) == self.partition:
                yield entry_der(one.serial, one.at.replace(tzinfo=UTC), one.reason)


def list_name(authority: str, *, is_delta: bool = False) -> str:
    """Return the file name of an authority's list, its partition aside."""
    return f"{authority}-delta.crl" if is_delta else f"{authority}.crl"


def make_lists(authority: Authority) -> list[MadeList]:
    """Sign a new whole list for each partition, put it on record and publish it."""
    partitions = _partitions(authority)
    return [_make(_Slot(authority, partition, partitions)) for partition in range(partitions)]


def make_deltas(authority: Authority) -> list[MadeList]:
    """Sign what changed since the newest whole list of each partition (RFC 5280 §5.2.4)."""
    partitions = _partitions(authority)
    slots = [
        _Slot(authority, partition, partitions, _base(authority, partition, partitions))
        for partition in range(partitions)
    ]
    return [_make(slot) for slot in slots]


def _partitions(authority: Authority) -> int:
    return 1 if authority.name == ROOT else authority.settings.crl_partitions


def _base(authority: Authority, partition: int, partitions: int) -> KeptList:
    """Return the whole list that a delta may amend: the one published, by our key, in force."""
    base = authority.store.newest_list(authority.name, partition)
    path = _Slot(authority, partition, partitions).path
    if base is None or not path.exists() or base.next_update <= authority.moment():
        raise _no_base(path, Sentence("there is none in force"))
    found = RevocationList.from_der(path.read_bytes(), heading_only=True)
    mine = ext.authority_key_identifier(authority.issuer.key_identifier)
    if found.number != base.number or found.extensions.get(mine.oid) != mine:
        raise _no_base(path, Sentence("the published one is another, or signed by another key"))
    return base


def _no_base(path: Path, reason: Sentence) -> AuthorityError:
    return AuthorityError(
        Sentence("There is no whole list that a delta could amend: {reason}.", reason=reason),
        remedy="Sign a whole list first: netops ca crl.",
        place=Place(str(path)),
    )


def _make(slot: _Slot) -> MadeList:
    authority, base = slot.authority, slot.base
    at = authority.moment()
    # The clock as a floor: a store that was restored from a backup must not number anew.
    last = authority.store.newest_number(authority.name, slot.partition)
    number = max(int(at.timestamp()), last + 1)
    extensions = tuple(slot.extensions(number))
    fields = ListFields(authority.certificate.subject, at, at + slot.interval, extensions)
    listed = list(slot.entries())
    der = sign(authority.provider, authority.key, list_der(fields, listed))
    check_again(authority.key.point, der, Sentence("revocation list"))
    _check_slot(slot.path, der, fields)
    kept = KeptList(
        authority.name, slot.partition, number, at, fields.next_update, sm3_hex(der), len(der),
        None if base is None else base.number,
    )  # fmt: skip
    authority.journal.append(
        [
            authority.actor.act(
                "list", authority=authority.name, partition=slot.partition, number=number,
                base=kept.base, digest=kept.digest,
            )
        ]
    )  # fmt: skip
    authority.store.keep_list(kept)
    write_durably(slot.path, der)
    return MadeList(kept, der, len(listed))


def _check_slot(path: Path, der: bytes, fields: ListFields) -> None:
    """Refuse a list that does not belong where it would be published; the old one stays."""
    made = RevocationList.from_der(der, heading_only=True)
    wanted = {one.oid: one for one in fields.extensions}
    if made.issuer != fields.issuer or dict(made.extensions) != wanted:
        raise _misplaced(path, Sentence("its issuer, key or scope is another"))
    if not path.exists():
        return
    try:
        old = RevocationList.from_der(path.read_bytes(), heading_only=True)
    except CryptoError:
        return  # what is no list is replaced by one
    if old.issuer != made.issuer:
        raise _misplaced(path, Sentence("a list of another issuer stands there"))
    if (old.number or 0) >= (made.number or 0):
        raise _misplaced(path, Sentence("the list there has a higher number"))


def _misplaced(path: Path, reason: Sentence) -> AuthorityError:
    return AuthorityError(
        Sentence("The new revocation list is not published: {reason}.", reason=reason),
        remedy="Find out what wrote the file that stands there.",
        place=Place(str(path)),
    )


def _is_past(one: Revoked, since: datetime | None) -> bool:
    """Whether a list that was signed after the certificate expired has named it already."""
    return since is not None and one.not_after < since and one.at < since
