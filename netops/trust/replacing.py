"""What may be written over unasked, because nothing is lost by it.

A certificate on record that would be written again as it is; of a folder every certificate on
record; an older list of the same authority. Everything else is somebody's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from netops.errors import CryptoError
from netops.gm.certificate import Certificate
from netops.gm.revocation import RevocationList
from netops.gm.sm3 import sm3_hex
from netops.trust.authority import ROOT, SUB, read_certificate
from netops.trust.home import Home
from netops.trust.keys import CERTIFICATE, from_pem, to_pem
from netops.trust.record import read_record
from netops.trust.store import Store

BATCH = "netops/ca-batch/1"
"""The schema of the report that lies beside the certificates of a batch."""
_LARGEST_CERTIFICATE = 1 << 16
_LARGEST_REPORT = 1 << 30


def is_answer(home: Home, path: Path, request: bytes, profile: str, at: datetime) -> bool:
    """Whether ``path`` holds the very certificate that ``request`` will be answered with."""
    digest = sm3_hex(request)
    with read_record(home) as store:
        kept = store.find_requests([digest], profile).get(digest)
    if kept is None or kept.der is None or kept.not_after <= at:
        return False
    return _contents(path, _LARGEST_CERTIFICATE) == to_pem(kept.der, CERTIFICATE)


def is_earlier_list(
    home: Home, authority: str, path: Path, at: datetime, *, is_delta: bool
) -> bool:
    """Whether ``path`` holds a list of that authority and kind that one signed now comes after."""
    try:
        found = RevocationList.from_der(path.read_bytes(), heading_only=True)
    except (OSError, CryptoError):
        return False
    with read_record(home) as store:
        latest = max(int(at.timestamp()), store.newest_number(authority))
    is_ours = found.issuer == read_certificate(home, authority).subject
    return is_ours and (found.base is not None) is is_delta and (found.number or 0) <= latest


def not_on_record(home: Home, paths: Iterable[Path]) -> list[Path]:
    """Return those of ``paths`` that hold neither a certificate on record nor a batch's report."""
    there = [path for path in paths if path.exists() or path.is_symlink()]
    if not there:
        return []
    with read_record(home) as store:
        return [path for path in there if not (_is_kept(store, path) or _is_report(path))]


def _is_kept(store: Store, path: Path) -> bool:
    """Whether a file is a certificate on record and holds nothing else, a key say."""
    raw = _contents(path, _LARGEST_CERTIFICATE)
    try:
        serial = Certificate.from_der(from_pem(raw, CERTIFICATE)).serial
    except CryptoError:
        return False
    found = (store.find(name, serial) for name in (SUB, ROOT))
    return any(one and one.der and to_pem(one.der, CERTIFICATE) == raw for one in found)


def _is_report(path: Path) -> bool:
    try:
        told = json.loads(_contents(path, _LARGEST_REPORT) if path.suffix == ".json" else b"")
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and told.get("schema") == BATCH


def _contents(path: Path, most: int) -> bytes:
    """Return what a file holds; nothing of what cannot be read, is none, or is larger."""
    try:
        if not path.is_file() or path.stat().st_size > most:
            return b""
        return path.read_bytes()
    except OSError:
        return b""
