"""Gives out what an authority publishes: lists, and certificates in both forms.

Only names that lie in the folder ``public`` and look like ours; a file that was replaced is read
anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from netops.errors import CryptoError
from netops.gm.revocation import RevocationList
from netops.trust.keys import CERTIFICATE, from_pem

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}\.(crl|cer|pem)")
_KINDS = {
    "crl": "application/pkix-crl",
    "cer": "application/pkix-cert",
    "pem": "application/x-pem-file",
}


@dataclass(frozen=True, slots=True)
class Published:
    """A file as it is given out, and until when it may be kept: None where it does not say."""

    body: bytes
    kind: str
    made_at: datetime
    until: datetime | None = None


class Publisher:
    """Reads the folder of public things."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, tuple[tuple[int, int], Published]] = {}

    def find(self, name: str) -> Published | None:
        """Return the file of that name; ``NAME.cer`` is ``NAME.pem`` in DER."""
        told = _NAME.fullmatch(name)
        if told is None:
            return None
        path = self._folder / name
        if told[1] == "cer":
            path = path.with_suffix(".pem")
        try:
            seen = path.stat()
            state = (seen.st_mtime_ns, seen.st_size)
            kept = self._kept.get(name)
            if kept is None or kept[0] != state:
                kept = state, _read(path, told[1], datetime.fromtimestamp(seen.st_mtime, UTC))
                self._kept[name] = kept
        except (OSError, CryptoError):
            return None
        return kept[1]


def _read(path: Path, ending: str, made_at: datetime) -> Published:
    raw, kind = path.read_bytes(), _KINDS[ending]
    if ending == "crl":
        listed = RevocationList.from_der(raw, heading_only=True)
        return Published(raw, kind, listed.this_update, listed.next_update)
    return Published(from_pem(raw, CERTIFICATE) if ending == "cer" else raw, kind, made_at)
