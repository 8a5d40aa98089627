"""An authority at work: its key open, its journal and store at hand, one process at a time."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from netops.errors import AuthorityError, Place, Sentence
from netops.gm.certificate import Certificate
from netops.gm.choice import accelerated_provider, default_provider
from netops.gm.provider import KeyHandle, Provider
from netops.gm.revocation import Reason
from netops.journal import Act, Journal
from netops.trust import settling
from netops.trust.drafting import Issuer
from netops.trust.home import Home, Settings
from netops.trust.keys import CERTIFICATE, KeySigner, from_pem, load_key
from netops.trust.profile import Profile, load_profiles
from netops.trust.sealing import seal_check
from netops.trust.store import Store
from netops.trust.tables import State

ROOT, SUB = "root", "sub"
_SERIAL_BITS = 128
_BACKWARDS = timedelta(seconds=60)
"""So far a clock may be set back by its own discipline without anybody being warned."""

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a name that is only claimed, until operators sign their acts."""

    name: str
    authenticated: bool = False

    def act(self, name: str, **detail: Any) -> Act:  # noqa: ANN401 - any plain JSON
        """Return an act of this actor."""
        return Act(self.name, name, detail, self.authenticated)


@dataclass(slots=True)
class Authority:
    """One authority (``root`` or ``sub``) of a home, open for signing."""

    home: Home
    settings: Settings
    name: str
    certificate: Certificate
    key: KeyHandle
    provider: Provider
    store: Store
    journal: Journal
    actor: Actor
    clock: Clock = now

    @property
    def issuer(self) -> Issuer:
        """What certificates say of their issuer."""
        return Issuer.of(self.certificate, self.settings.addresses, self.settings.crl_partitions)

    def profile(self, name: str) -> Profile:
        """Return the profile ``name`` of this authority, or refuse naming those there are."""
        known = load_profiles(self.home.profiles)
        if name not in known:
            raise AuthorityError(
                Sentence("There is no profile “{name}”.", name=name),
                remedy=Sentence("Name one of: {names}.", names=", ".join(known)),
                place=Place(str(self.home.profiles)),
            )
        return known[name]

    def moment(self) -> datetime:
        """Return this moment in whole seconds; refuse a clock that was moved back."""
        found = self.clock().astimezone(UTC)
        latest = self.store.latest_moment()
        if latest is not None and found < latest - _BACKWARDS:
            raise AuthorityError(
                Sentence(
                    "The clock shows {now}, before the last act on record ({latest}).",
                    now=found.isoformat(timespec="seconds"),
                    latest=latest.isoformat(timespec="seconds"),
                ),
                remedy="Set the clock right; nothing is signed under a wrong date.",
            )
        return found.replace(microsecond=0)


def ca_provider() -> Provider:
    """Return the provider that may hold keys of an authority, or refuse."""
    provider = default_provider()
    if not provider.capabilities.may_hold_ca_keys:
        raise AuthorityError(
            Sentence(
                "{library} must not hold keys of an authority.",
                library=provider.capabilities.library,
            ),
            remedy="Use a libcrypto that has SM2; see `netops doctor`.",
        )
    return provider


def _signer(settings: Settings, name: str) -> Provider:
    """Return what signs as ``name``; a quicker one that the settings ask for never as the root."""
    ours = ca_provider()
    if settings.signer == "libcrypto":
        return ours
    quicker = accelerated_provider()
    return quicker if name != ROOT or quicker.capabilities.may_hold_root_keys else ours


def open_serial() -> int:
    """Return a serial number: 128 random bits under a set bit, so that none is thrown away."""
    return 1 << _SERIAL_BITS | secrets.randbits(_SERIAL_BITS)


@contextmanager
def opened(
    home: Home, name: str, passphrase: bytes, actor: Actor, clock: Clock = now
) -> Iterator[Authority]:
    """Open an authority alone: key, store, journal; finish what an earlier crash left."""
    settings = home.settings()
    provider = _signer(settings, name)
    with home.held(), closing(Store.of(home)) as store:
        is_settled = settling.is_due(home)
        if is_settled:
            settling.settle(home, store)
        certificate = read_certificate(home, name)
        key = load_key(home.key_file(name), provider, passphrase)
        if key.point != certificate.point:
            raise AuthorityError(
                "The key is not the one of the authority's certificate.",
                remedy="Bring the right key back.",
                place=Place(str(home.key_file(name))),
            )
        check = seal_check(home, store)
        with Journal(home.journal, KeySigner(provider, key, name), clock, check) as journal:
            authority = Authority(
                home, settings, name, certificate, key, provider, store, journal, actor, clock
            )
            if is_settled:
                journal.append([actor.act("rolled_over")])
                settling.done(home)
            _abandon(authority)
            yield authority


def read_certificate(home: Home, name: str) -> Certificate:
    """Read the certificate of ``root`` or ``sub`` from the folder of public things."""
    path = home.certificate_file(name)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise AuthorityError(
            Sentence("The certificate of the authority “{name}” is not here.", name=name),
            remedy="Install it: netops ca install --home DIR --cert FILE --chain FILE.",
            place=Place(str(path)),
        ) from error
    return Certificate.from_der(from_pem(raw, CERTIFICATE))


def _abandon(authority: Authority) -> None:
    """Revoke what a crash left between intention and hand-over: it may have been signed."""
    left = [one.serial for one in authority.store.in_state(authority.name, State.INTENDED)]
    if not left:
        return
    listed = [f"{serial:x}" for serial in left]
    authority.journal.append([authority.actor.act("abandon", serials=listed)])
    authority.store.revoke(authority.name, left, authority.moment(), Reason.superseded)
