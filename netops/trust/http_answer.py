"""What is answered to one HTTP request, whoever carries it: the server of ours, or any ASGI server.

GET and POST of status questions (RFC 6960 appendix A), GET of what is published, and what caches
between are told (RFC 5019 §6.2). Knows no connection.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import unquote_to_bytes

from netops.gm.ocsp import LONGEST_REQUEST
from netops.gm.sm3 import sm3_hex
from netops.trust.publisher import Published
from netops.trust.responder import Given

RESPONSE = "application/ocsp-response"

Answer = Callable[[bytes], Given]
Find = Callable[[str], Published | None]
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: HTTP status, body, its media type, and headers for caches."""

    status: int
    body: bytes = b""
    kind: str = RESPONSE
    caching: Headers = ()


@dataclass(frozen=True, slots=True)
class Counter:
    """Where questions are answered: ``answer`` for a status, ``find`` for what is published.

    ``close`` lets go of the record when nobody is answered any more. ``path`` is that of the
    address which certificates name for status; a question in GET follows it (RFC 6960 §A.1).
    """

    answer: Answer
    find: Find = lambda _name: None
    close: Callable[[], None] = lambda: None
    path: bytes = b""

    def get(self, target: bytes) -> Said:
        """Answer GET of a path: a published file, or a question in base64."""
        name = target.rpartition(b"/")[2]
        if b"." in name:  # which no encoded question holds
            return self._published(name.decode("ascii", "replace"))
        try:
            question = unquote_to_bytes(target).removeprefix(self.path).lstrip(b"/")
            request = b64decode(question, validate=True)
        except (ValueError, NotBase64):
            return Said(400)
        given = self.answer(request)
        return Said(200, given.body, caching=_caching(given))

    def post(self, body: bytes) -> Said:
        """Answer POST of a question."""
        if len(body) > LONGEST_REQUEST:
            return Said(413)
        return Said(200, self.answer(body).body)

    def _published(self, name: str) -> Said:
        found = self.find(name)
        if found is None:
            return Said(404)
        caching = _kept_until(found.body, found.made_at, found.until)
        return Said(200, found.body, found.kind, caching)


def _caching(given: Given) -> Headers:
    """Return what caches between are told: not to keep it longer than we do ourselves."""
    if given.made_at is None or given.until is None:
        return (("Cache-Control", "no-store"),)
    return _kept_until(given.body, given.made_at, given.until)


def _kept_until(body: bytes, made_at: datetime, until: datetime | None) -> Headers:
    now = datetime.now(UTC)
    told = (
        ("Date", format_datetime(now, usegmt=True)),
        ("Last-Modified", format_datetime(made_at, usegmt=True)),
        ("ETag", f'"{sm3_hex(body)}"'),
    )
    if until is None:
        return (*told, ("Cache-Control", "no-cache"))
    left = max(0, int((until - now).total_seconds()))
    return (
        *told,
        ("Expires", format_datetime(until, usegmt=True)),
        ("Cache-Control", f"max-age={left}, public, no-transform, must-revalidate"),
    )
