"""Pinned SSH host keys (``known_hosts`` of the inventory) and the verdict on a key shown."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from netops.collection.contact import ContactError
from netops.errors import InputError, Place
from netops.facts.device import Contact

_FIELDS = 3
SSH_PORT = 22


@dataclass(frozen=True, slots=True)
class HostKeys:
    """``host`` or ``[host]:port`` → the keys approved for it, by key type."""

    keys: Mapping[str, Mapping[str, frozenset[bytes]]]

    @staticmethod
    def parse(text: str) -> HostKeys:
        """Read OpenSSH's form; hashed names and markers are refused, not passed over."""
        keys: dict[str, dict[str, frozenset[bytes]]] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            names, kind, blob = _split(line, number)
            for name in names:
                known = keys.setdefault(name, {})
                known[kind] = known.get(kind, frozenset()) | {blob}
        return HostKeys(keys)

    def of(self, host: str, port: int) -> Mapping[str, frozenset[bytes]]:
        """Return the keys pinned for a place; empty where there are none."""
        name = host if port == SSH_PORT else f"[{host}]:{port}"
        found = self.keys.get(name, {})
        return found or (self.keys.get(f"[{host}]:{port}", {}) if port == SSH_PORT else {})

    def check(self, host: str, port: int, kind: str, blob: bytes) -> None:
        """Raise ``ContactError`` unless the key shown is one that was approved."""
        pinned = self.of(host, port)
        shown = f"{kind} {fingerprint(blob)}"
        if not pinned:
            raise ContactError(Contact.HOST_KEY_UNKNOWN, f"no key is pinned; it shows {shown}")
        if blob not in pinned.get(kind, frozenset()):
            raise ContactError(Contact.HOST_KEY_CHANGED, f"it shows {shown}, which is not pinned")


def fingerprint(blob: bytes) -> str:
    """Return OpenSSH's fingerprint of a public key."""
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return f"SHA256:{digest}"


def _split(line: str, number: int) -> tuple[list[str], str, bytes]:
    parts = line.split()
    plain = len(parts) >= _FIELDS and not parts[0].startswith(("@", "|"))
    try:
        blob = base64.b64decode(parts[2], validate=True) if plain else b""
    except binascii.Error:
        blob = b""
    if not blob:
        raise InputError(
            "The line is not “host key-type key”.",
            remedy="Write plain names; hashed names and markers are not read.",
            place=Place("known_hosts", number),
        )
    return parts[0].split(","), parts[1], blob
