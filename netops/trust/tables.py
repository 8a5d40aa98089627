"""The tables of an authority's record, and what stands in a row of them.

A change here needs a migration beside it (``migrations/versions``), which a test compares with
these tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
)

from netops.gm.revocation import Reason


class State(StrEnum):
    """The life of a certificate on record."""

    INTENDED = "intended"
    """Its serial is taken; it may have been signed, and was never handed out."""
    ISSUED = "issued"
    HELD = "held"
    REVOKED = "revoked"


METADATA = MetaData()
_SERIAL = String(40)
_NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""Of a list: it begins at the clock's seconds, which outgrow 32 bits in 2038."""

CERTIFICATES = Table(
    "certificates",
    METADATA,
    Column("authority", String(16), primary_key=True),
    Column("serial", _SERIAL, primary_key=True),
    Column("profile", String(32), nullable=False),
    Column("subject", LargeBinary, nullable=False),
    Column("subject_text", String, nullable=False),
    Column("request", String(64), nullable=False),
    Column("tbs", String(64), nullable=False),
    Column("der", LargeBinary),
    Column("not_before", DateTime, nullable=False),
    Column("not_after", DateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("actor", String, nullable=False),
    Column("intended_at", DateTime, nullable=False),
    Column("revoked_at", DateTime),
    Column("reason", Integer),
    Column("released_at", DateTime),
    Column("reason_at", DateTime),
    Column("key", String(64)),
    Index("certificates_request", "request", "profile"),
    Index("certificates_state", "authority", "state", "serial"),
    Index("certificates_key", "key"),
    Index("certificates_intended", "intended_at"),
)
LISTS = Table(
    "lists",
    METADATA,
    Column("authority", String(16), primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("number", _NUMBER, primary_key=True, autoincrement=False),
    Column("this_update", DateTime, nullable=False),
    Column("next_update", DateTime, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("base", _NUMBER),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A certificate on record. Moments have a zone; ``der`` is None while only intended.

    ``released_at`` is when a hold was last taken back, ``reason_at`` when the reason was last told:
    a delta list has to say so. ``key`` is the SM3 of the SubjectPublicKeyInfo; None where the
    record is older than that column and never got a certificate.
    """

    authority: str
    serial: int
    profile: str
    subject: bytes
    subject_text: str
    request: str
    tbs: str
    not_before: datetime
    not_after: datetime
    state: State
    actor: str
    intended_at: datetime
    der: bytes | None = None
    revoked_at: datetime | None = None
    reason: Reason | None = None
    released_at: datetime | None = None
    reason_at: datetime | None = None
    key: str | None = None


class Barrier(StrEnum):
    """Why no certificate is given for a key."""

    COMPROMISED = "compromised"
    HELD = "held"
    PUBLISHED = "published"


class Revoked(NamedTuple):
    """A certificate as a list names it. Moments are in UTC, without saying so."""

    serial: int
    at: datetime
    reason: int
    not_after: datetime


@dataclass(frozen=True, slots=True)
class KeptList:
    """A revocation list that was signed: its number never goes back.

    ``base`` is the number of the whole list that a delta amends, None for a whole list.
    """

    authority: str
    partition: int
    number: int
    this_update: datetime
    next_update: datetime
    digest: str
    size: int
    base: int | None = None


def hex_serial(serial: int) -> str:
    """Return a serial number as it stands in the tables: it sorts as the number does."""
    return f"{serial:040x}"


def bare(moment: datetime) -> datetime:
    """Return a moment in UTC without zone, as every database keeps it alike."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def row_of(kept: Kept) -> dict[str, Any]:
    """Return a certificate as a row."""
    values = {name: getattr(kept, name) for name in Kept.__slots__}
    values["serial"] = hex_serial(kept.serial)
    values["state"] = kept.state.value
    for name in ("not_before", "not_after", "intended_at"):
        values[name] = bare(values[name])
    return values


def kept_of(row: Row[Any]) -> Kept:
    """Return a row as a certificate."""
    values = {**row._mapping}  # noqa: SLF001 - SQLAlchemy's own public name for it
    values["serial"] = int(values["serial"], 16)
    values["state"] = State(values["state"])
    for name in (
        "not_before",
        "not_after",
        "intended_at",
        "revoked_at",
        "released_at",
        "reason_at",
    ):
        if values[name] is not None:
            values[name] = values[name].replace(tzinfo=UTC)
    if values["reason"] is not None:
        values["reason"] = Reason(values["reason"])
    return Kept(**values)
