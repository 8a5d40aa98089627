"""Is the authority well: certificates, lists, keys, journal, store, clock, disk.

A list that nobody renews is an outage; it is told at half of its life (a lesson other
authorities paid for). Reads only.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from netops.errors import AuthorityError, NetopsError, Sentence
from netops.gm.revocation import RevocationList
from netops.trust.audit import verify_journal
from netops.trust.authority import ROOT, SUB, read_certificate
from netops.trust.drafting import partition_address
from netops.trust.home import Home
from netops.trust.lists import list_name
from netops.trust.record import read_record
from netops.trust.store import Store
from netops.trust.tables import KeptList, State

_SOON = timedelta(days=180)
_LEAST_FREE = 1 << 28


class Grade(StrEnum):
    """How a part of the authority is."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """One part of the authority, how it is, and why."""

    part: str
    grade: Grade
    cause: str


def examine(home: Home, at: datetime) -> tuple[Check, ...]:
    """Return every check of the authority in ``home`` at the moment ``at``."""
    return tuple(_checks(home, at))


def _checks(home: Home, at: datetime) -> Iterator[Check]:
    kind = home.settings().kind
    names = {"both": (ROOT, SUB), "root_only": (ROOT,), "external_root": (SUB,)}[kind]
    for name in names:
        yield _certificate(home, name, at)
        yield _key(home, name)
    try:
        with read_record(home) as store:
            found = [check for name in names for check in _lists(home, store, name, at)]
            found += (_record(store), _clock(store, at))
        yield from found
    except AuthorityError as error:
        yield Check("record", Grade.BAD, error.cause)
    yield _journal(home)
    yield _disk(home)


def _certificate(home: Home, name: str, at: datetime) -> Check:
    part = f"certificate {name}"
    try:
        found = read_certificate(home, name)
    except NetopsError as error:
        return Check(part, Grade.BAD, error.cause)
    until = Sentence("valid until {moment}", moment=found.not_after.isoformat())
    if at > found.not_after:
        return Check(part, Grade.BAD, until)
    return Check(part, Grade.WARNING if at + _SOON > found.not_after else Grade.GOOD, until)


def _key(home: Home, name: str) -> Check:
    part, path = f"key {name}", home.key_file(name)
    if not path.exists():
        if name == ROOT:
            return Check(part, Grade.GOOD, Sentence("not on this machine"))
        return Check(part, Grade.BAD, Sentence("the key file is missing"))
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Check(part, Grade.BAD, Sentence("others may read the key file"))
    return Check(part, Grade.GOOD, Sentence("here, under a passphrase"))


def _lists(home: Home, store: Store, name: str, at: datetime) -> Iterator[Check]:
    settings = home.settings()
    partitions = 1 if name == ROOT else settings.crl_partitions
    has_deltas = bool(settings.addresses.delta) and name != ROOT
    for partition in range(partitions):
        path = home.public / partition_address(list_name(name), partition, partitions)
        kept = store.newest_list(name, partition)
        if kept is None or not path.exists():
            grade = Grade.WARNING if name == ROOT else Grade.BAD
            yield Check(f"list {path.name}", grade, Sentence("no list was signed yet"))
            continue
        yield _list(path, kept.number, at)
        if has_deltas:
            amending = list_name(name, is_delta=True)
            delta = home.public / partition_address(amending, partition, partitions)
            yield _delta(delta, store.newest_delta(name, partition), at)


def _delta(path: Path, kept: KeptList | None, at: datetime) -> Check:
    """Judge a delta list: without it the whole list still tells, only later."""
    if kept is None or not path.exists():
        return Check(f"list {path.name}", Grade.WARNING, Sentence("no list was signed yet"))
    found = _list(path, kept.number, at)
    return replace(found, grade=Grade.WARNING) if found.grade is Grade.BAD else found


def _list(path: Path, newest: int, at: datetime) -> Check:
    part = f"list {path.name}"
    try:
        found = RevocationList.from_der(path.read_bytes(), heading_only=True)
    except (OSError, NetopsError):
        return Check(part, Grade.BAD, Sentence("the published list cannot be read"))
    if found.number != newest:
        return Check(part, Grade.BAD, Sentence("the published list is not the newest"))
    until = found.next_update or found.this_update
    cause = Sentence("until {moment}", moment=until.isoformat())
    if at > until:
        return Check(part, Grade.BAD, cause)
    half = found.this_update + (until - found.this_update) / 2
    return Check(part, Grade.WARNING if at > half else Grade.GOOD, cause)


def _record(store: Store) -> Check:
    counts = store.counts()
    left = sum(n for (_, state), n in counts.items() if state is State.INTENDED)
    if left:
        cause = Sentence("{count} serial numbers were only intended: a crash left them", count=left)
        return Check("record", Grade.WARNING, cause)
    return Check("record", Grade.GOOD, Sentence("{count} certificates", count=sum(counts.values())))


def _clock(store: Store, at: datetime) -> Check:
    latest = store.latest_moment()
    if latest is not None and at < latest:
        cause = Sentence("the clock is behind the last act on record")
        return Check("clock", Grade.BAD, cause)
    return Check("clock", Grade.GOOD, Sentence("not behind the record"))


def _journal(home: Home) -> Check:
    faults = sorted(verify_journal(home), key=lambda fault: fault.warning)
    if faults:
        grade = Grade.WARNING if faults[0].warning else Grade.BAD
        return Check("journal", grade, faults[0].cause)
    return Check("journal", Grade.GOOD, Sentence("unbroken"))


def _disk(home: Home) -> Check:
    if os.statvfs(home.path).f_flag & os.ST_RDONLY:
        cause = Sentence("read-only: nothing can be issued or published here")
        return Check("disk", Grade.WARNING, cause)
    free = shutil.disk_usage(home.path).free
    cause = Sentence("{size} MiB free", size=free >> 20)
    return Check("disk", Grade.GOOD if free > _LEAST_FREE else Grade.BAD, cause)
