"""Reads single fields of a record into values; a field that cannot be read is a fault.

Knows types and their spelling. Refuses to know other fields, records or files.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import TypeVar
from urllib.parse import quote

from netops.errors import Sentence
from netops.inventory.tables import Faults, Row

_E = TypeVar("_E", bound=StrEnum)

_HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9_:][A-Za-z0-9_:%-]{0,62}(\.[A-Za-z0-9_-]{1,63})*\.?")
_FLAGS = {
    "": False,
    "true": True,
    "false": False,
    "yes": True,
    "no": False,
    "on": True,
    "off": False,
}
_SHOWN = 40
_LONGEST_ID = 200
"""Octets of the percent-encoded id, which names the device's files in a snapshot."""


class Fields:
    """Typed access to records, noting what cannot be read."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def required(self, row: Row, name: str) -> str:
        """Return a text that must not be empty."""
        text = row.text(name)
        if not text:
            self._faults.add(
                "missing_value",
                row.place(name),
                Sentence("The field “{name}” is empty.", name=name),
                "Fill it in.",
            )
        return text

    def flag(self, row: Row, name: str) -> bool:
        """Return whether a field says yes; one that is absent does not."""
        text = row.text(name).lower()
        if text not in _FLAGS:
            self._faults.add(
                "unknown_value",
                row.place(name),
                Sentence("“{text}” is not known here.", text=text[:_SHOWN]),
                Sentence("Use one of: {values}.", values="true, false"),
            )
        return _FLAGS.get(text, False)

    def file_id(self, row: Row, name: str) -> None:
        """Refuse an id that cannot name a file or stand in a list: a device's is used so."""
        text = row.text(name)
        if text.startswith(("-", ".")) or any(letter in "/\\;," for letter in text):
            self._faults.add(
                "bad_id",
                row.place(name),
                Sentence("“{text}” cannot be an id of a device.", text=text[:_SHOWN]),
                "Use letters, digits, - and _; begin with a letter or digit.",
            )
        elif len(quote(text)) > _LONGEST_ID:
            self._faults.add(
                "bad_id",
                row.place(name),
                Sentence("The id “{text}…” is too long.", text=text[:_SHOWN]),
                "Use at most 100 letters and digits, or 20 Chinese characters.",
            )

    def host(self, row: Row) -> None:
        """Refuse a host that no name service can be asked for; empty stands for the address."""
        text = row.text("host")
        if text and not _HOST.fullmatch(text):
            self._faults.add(
                "bad_host",
                row.place("host"),
                Sentence("“{text}” is not a host.", text=text[:_SHOWN]),
                "Write an IP address or a name like gw1.example.org.",
            )

    def choice(self, row: Row, name: str, kind: type[_E]) -> _E | None:
        """Return a member of a closed set."""
        text = row.text(name)
        try:
            return kind(text)
        except ValueError:
            self._faults.add(
                "unknown_value",
                row.place(name),
                Sentence("“{text}” is not known here.", text=text),
                Sentence("Use one of: {values}.", values=", ".join(kind)),
            )
            return None

    def word(self, row: Row, name: str, allowed: tuple[str, ...], empty: str | None = None) -> str:
        """Return one of ``allowed`` words; ``empty`` stands for an empty field."""
        text = row.text(name)
        if not text and empty is not None:
            return empty
        if text not in allowed:
            self._faults.add(
                "unknown_value",
                row.place(name),
                Sentence("“{text}” is not known here.", text=text),
                Sentence("Use one of: {values}.", values=", ".join(allowed)),
            )
        return text

    def number(self, row: Row, name: str, bounds: tuple[int, int], empty: int | None) -> int | None:
        """Return a whole number within ``bounds``; ``empty`` stands for an empty field."""
        text = row.text(name)
        if not text:
            return empty
        if text.isascii() and text.isdigit() and bounds[0] <= int(text[:12]) <= bounds[1]:
            return int(text)
        self._faults.add(
            "bad_number",
            row.place(name),
            Sentence(
                "“{text}” is not a whole number from {least} to {most}.",
                text=text,
                least=bounds[0],
                most=bounds[1],
            ),
            "Write the number in digits.",
        )
        return empty

    def address(self, row: Row, name: str) -> IPv4Address | IPv6Address | None:
        """Return an IP address."""
        return self._address(row, name, row.text(name))

    def _address(self, row: Row, name: str, text: str) -> IPv4Address | IPv6Address | None:
        try:
            return ip_address(text)
        except ValueError:
            self._faults.add(
                "bad_address",
                row.place(name),
                Sentence("“{text}” is not an IP address.", text=text),
                "Write it like 10.1.2.3 or 2001:db8::1.",
            )
            return None

    def addresses(self, row: Row, name: str) -> tuple[IPv4Address | IPv6Address, ...]:
        """Return a list of IP addresses; an absent key is an empty list."""
        found = (self._address(row, name, text) for text in self.texts(row, name))
        return tuple(one for one in found if one is not None)

    def prefix(self, row: Row, name: str, text: str) -> IPv4Network | IPv6Network | None:
        """Return a prefix without host bits."""
        try:
            return ip_network(text)
        except ValueError:
            self._faults.add(
                "bad_prefix",
                row.place(name),
                Sentence("“{text}” is not a prefix.", text=text),
                "Write it like 10.1.2.0/24, without host bits.",
            )
            return None

    def day(self, row: Row, name: str) -> date | None:
        """Return a calendar day."""
        value = row.values.get(name)
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(row.text(name))
        except ValueError:
            self._faults.add(
                "bad_date",
                row.place(name),
                Sentence("“{text}” is not a day.", text=row.text(name)),
                "Write it like 2026-12-31.",
            )
            return None

    def rows(self, row: Row, name: str) -> list[Row]:
        """Return a list of mappings; an absent key is an empty list."""
        value = row.values.get(name)
        if value is None:
            return []
        if isinstance(value, list) and all(isinstance(item, Row) for item in value):
            return value
        self._faults.add(
            "bad_list",
            row.place(name),
            Sentence("“{name}” is not a list of records.", name=name),
            "Write a list of mappings (lines that begin with `- `).",
        )
        return []

    def texts(self, row: Row, name: str) -> list[str]:
        """Return a list of texts; an absent key is an empty list."""
        value = row.values.get(name)
        if value is None:
            return []
        if isinstance(value, list) and all(isinstance(v, str | int) for v in value):
            return [str(v) for v in value]
        self._faults.add(
            "bad_list",
            row.place(name),
            Sentence("“{name}” is not a list of texts.", name=name),
            "Write a list like [a, b].",
        )
        return []

    def only(self, row: Row, allowed: tuple[str, ...]) -> None:
        """Refuse keys that are not in ``allowed``."""
        for name in row.values:
            if name not in allowed:
                self._faults.add(
                    "unknown_key",
                    row.place(name),
                    Sentence("The key “{name}” is not known.", name=name),
                    Sentence("Use only: {values}.", values=", ".join(allowed)),
                )
