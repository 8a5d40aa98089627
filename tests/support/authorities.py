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


def make_authority(path: Path, store: str = "") -> Home:
    """Hold a ceremony in ``path``."""
    home = Home(path)
    plan = Plan(
        "湖南", "both", PROFILES, PASSPHRASE, ROOT_PASSPHRASE, ACTOR, ADDRESSES, store=store
    )
    hold_ceremony(home, plan)
    return home
