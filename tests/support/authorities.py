"""A small authority for tests: root and subordinate, every profile of the repository."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from netops.trust.authority import Actor
from netops.trust.ceremony import Plan, hold_ceremony
from netops.trust.home import Addresses, Home

PROFILES = Path(__file__).parents[2] / "certs" / "profiles"
PASSPHRASE, ROOT_PASSPHRASE = b"correct horse", b"battery staple"
ACTOR = Actor("wang")
ADDRESSES = Addresses(
    crl="http://crl.example.cn/sub.crl",
    ocsp="http://ocsp.example.cn/",
    issuer="http://crl.example.cn/sub.cer",
)


@dataclass(frozen=True)
class Issued:
    """An authority, its certificates by profile, and one more that is revoked; all in PEM."""

    home: Home
    leaves: dict[str, Path]
    revoked: Path


@dataclass(frozen=True)
class Amended:
    """An authority with a whole list and a delta, and certificates by what the two say of them.

    ``good``; ``old``: revoked on the whole list; ``fresh``: on the delta alone; ``held`` on the
    whole list; ``lifted``: held on the whole list, taken back (removeFromCRL) on the delta.
    """

    home: Home
    leaves: dict[str, Path]
    mutant: Path
    """The delta with one octet of its signature changed."""

    @property
    def whole(self) -> tuple[Path, Path]:
        """The whole lists of the subordinate and of the root."""
        return self.home.public / "sub.crl", self.home.public / "root.crl"

    @property
    def delta(self) -> Path:
        """The delta."""
        return self.home.public / "sub-delta.crl"


def make_authority(path: Path, store: str = "") -> Home:
    """Hold a ceremony in ``path``."""
    home = Home(path)
    plan = Plan(
        "湖南", "both", PROFILES, PASSPHRASE, ROOT_PASSPHRASE, ACTOR, ADDRESSES, store=store
    )
    hold_ceremony(home, plan)
    return home


BEFORE_KEYS = (
    "DROP INDEX certificates_key",
    "DROP INDEX certificates_intended",
    "DROP INDEX certificates_state",
    "CREATE INDEX certificates_state ON certificates (authority, state)",
    "ALTER TABLE certificates DROP COLUMN key",
    "ALTER TABLE certificates DROP COLUMN reason_at",
)
"""What takes a record back to its form 0002, in which keys were not known."""
