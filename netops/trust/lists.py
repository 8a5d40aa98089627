"""Signs revocation lists: full ones, one a partition, and the root's list of authorities.

A number never goes back. An entry stays until a list was signed after its certificate had
expired. The file is replaced only by a newer list of the same issuer, whole or not at all.
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
    entry_der,
    issuing_distribution_point,
    list_der,
)
from netops.gm.signed import sign
from netops.gm.sm3 import sm3_hex
from netops.trust.authority import ROOT, Authority, check_again
from netops.trust.drafting import partition_address, partition_of
from netops.trust.home import write_durably
from netops.trust.store import KeptList, Revoked


@dataclass(frozen=True, slots=True)
class MadeList:
    """A list as it was signed."""

    kept: KeptList
    der: bytes
    entries: int


def make_lists(authority: Authority) -> list[MadeList]:
    """Sign a new list for each partition, put it on record and publish it."""
    partitions = 1 if authority.name == ROOT else authority.settings.crl_partitions
    return [_make(authority, partition, partitions) for partition in range(partitions)]


def _make(authority: Authority, partition: int, partitions: int) -> MadeList:
    at = authority.moment()
    last = authority.store.newest_list(authority.name, partition)
    # The clock as a floor: a store that was restored from a backup must not number anew.
    number = max(int(at.timestamp()), 0 if last is None else last.number + 1)
    fields = ListFields(
        authority.certificate.subject,
        at,
        at + _interval(authority),
        tuple(_extensions(authority, number, partition, partitions)),
    )
    listed = list(_entries(authority, partition, partitions, last))
    der = sign(authority.provider, authority.key, list_der(fields, listed))
    check_again(authority.key.point, der, Sentence("revocation list"))
    place = published(authority, partition, partitions)
    _check_slot(place, der, fields)
    kept = KeptList(
        authority.name, partition, number, at, fields.next_update, sm3_hex(der), len(der)
    )
    authority.journal.append(
        [
            authority.actor.act(
                "list", authority=authority.name, partition=partition, number=number,
                digest=kept.digest,
            )
        ]
    )  # fmt: skip
    authority.store.keep_list(kept)
    write_durably(place, der)
    return MadeList(kept, der, len(listed))


def published(authority: Authority, partition: int, partitions: int) -> Path:
    """Return where a list is published in the home: its name follows the address."""
    name = partition_address(f"{authority.name}.crl", partition, partitions)
    return authority.home.public / name


def _check_slot(path: Path, der: bytes, fields: ListFields) -> None:
    """Refuse a list that does not belong where it would be published; the old one stays."""
    made = RevocationList.from_der(der, heading_only=True)
    wanted = {one.oid: one for one in fields.extensions if isinstance(one, Extension)}
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


def _interval(authority: Authority) -> timedelta:
    if authority.name == ROOT:
        return timedelta(days=authority.settings.arl_days)
    return timedelta(hours=authority.settings.crl_hours)


def _extensions(
    authority: Authority, number: int, partition: int, partitions: int
) -> Iterator[Extension]:
    yield ext.authority_key_identifier(authority.issuer.key_identifier)
    yield crl_number(number)
    if partitions > 1:
        address = authority.settings.addresses.crl
        yield issuing_distribution_point(partition_address(address, partition, partitions))


def _entries(
    authority: Authority, partition: int, partitions: int, last: KeptList | None
) -> Iterator[bytes]:
    """Yield what is revoked, by serial number; long expired ones were on a list after that."""
    since = None if last is None else last.this_update.replace(tzinfo=None)
    for one in authority.store.revoked(authority.name):
        if partition_of(one.serial, partitions) == partition and not _is_past(one, since):
            yield entry_der(one.serial, one.at.replace(tzinfo=UTC), one.reason)


def _is_past(one: Revoked, since: datetime | None) -> bool:
    """Whether a list that was signed after the certificate expired has named it already."""
    return since is not None and one.not_after < since and one.at < since
