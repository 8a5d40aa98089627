"""Turns ``probing.yaml`` into vantage points, reflectors and permits.

Knows the form of the file only; whether its parts fit the rest of the inventory is a check's
matter. The file may be absent: then nothing is measured from anywhere but by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from netops.inventory.fields import Fields
from netops.inventory.model import Probing, Reflector, SpoofPermit, Vantage
from netops.inventory.tables import Row

_T = TypeVar("_T")
_DEFAULT_PACE = 1000
_MOST_PACE = 100_000
_PORTS = (1, 65535)
VANTAGE_KINDS = ("local", "device", "host")


class Collect(Protocol):
    """Makes the records of a list, by their key; a key that stands twice is a fault."""

    def __call__(
        self, rows: tuple[Row, ...], key: str, kind: str, make: Callable[[Row], _T | None]
    ) -> dict[str, _T]:
        """Return what could be made."""
        ...


def build_probing(top: Row | None, fields: Fields, collect: Collect) -> Probing:
    """Build what ``probing.yaml`` says; every record that cannot be built is a fault already."""
    if top is None:
        return Probing()
    reading = _Reading(fields)
    fields.only(top, ("pace", "vantages", "reflectors", "spoof_permits"))
    rows = {name: tuple(fields.rows(top, name)) for name in ("vantages", "reflectors")}
    permits = tuple(fields.rows(top, "spoof_permits"))
    pace = fields.number(top, "pace", (1, _MOST_PACE), _DEFAULT_PACE)
    return Probing(
        vantages=collect(rows["vantages"], "id", "vantage", reading.vantage),
        reflectors=collect(rows["reflectors"], "id", "reflector", reading.reflector),
        spoof_permits=tuple(collect(permits, "prefix", "spoof_permit", reading.permit).values()),
        pace=pace or _DEFAULT_PACE,
    )


class _Reading:
    """Makes one record of each kind."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields

    def vantage(self, row: Row) -> Vantage | None:
        self._fields.only(row, ("id", "kind", "device", "department", "sources"))
        self._fields.file_id(row, "id")
        kind = self._fields.word(row, "kind", VANTAGE_KINDS)
        if kind not in VANTAGE_KINDS:
            return None
        return Vantage(
            id=row.text("id"),
            kind=kind,
            device=row.text("device") or None,
            department=row.text("department") or None,
            sources=self._fields.addresses(row, "sources"),
        )

    def reflector(self, row: Row) -> Reflector | None:
        names = ("id", "addresses", "port", "http_port", "dns_port", "zone", "key")
        self._fields.only(row, names)
        self._fields.file_id(row, "id")
        self._fields.required(row, "port")
        port = self._fields.number(row, "port", _PORTS, None)
        http_port = self._fields.number(row, "http_port", _PORTS, None)
        dns_port = self._fields.number(row, "dns_port", _PORTS, None)
        if port is None:
            return None
        return Reflector(
            id=row.text("id"),
            addresses=self._fields.addresses(row, "addresses"),
            port=port,
            key=self._fields.required(row, "key"),
            http_port=http_port,
            dns_port=dns_port,
            zone=row.text("zone").rstrip(".").lower(),
        )

    def permit(self, row: Row) -> SpoofPermit | None:
        self._fields.only(row, ("prefix", "owner", "approval", "end"))
        prefix = self._fields.prefix(row, "prefix", row.text("prefix"))
        end = self._fields.day(row, "end")
        owner = self._fields.required(row, "owner")
        approval = self._fields.required(row, "approval")
        if prefix is None or end is None:
            return None
        return SpoofPermit(prefix, owner, approval, end)
