"""Answers for the status of certificates (RFC 6960), from what is on record and nothing else.

Answers without a nonce are signed once and kept until they are half through their time or the
record changes; those with a nonce are signed each. The signer is a certificate of its own that
lives for days; its key is never written.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from netops.errors import CryptoError, NetopsError, SecretError
from netops.gm import ocsp
from netops.gm.certificate import Certificate
from netops.gm.names import Attribute, read_name, write_name
from netops.gm.provider import KeyHandle, Provider
from netops.gm.request import make_request
from netops.gm.revocation import Reason
from netops.gm.signed import sign
from netops.trust.authority import Authority, Clock, now
from netops.trust.issuing import Job, issue
from netops.trust.keys import CERTIFICATE, from_pem, load_key
from netops.trust.store import Store
from netops.trust.tables import Kept, State

VALID_FOR = timedelta(hours=8)
_MOST_KEPT = 200_000


class Given(NamedTuple):
    """A response, and until when it may be kept: None where it answers this question alone."""

    body: bytes
    made_at: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class StatusSigner:
    """The delegated signer: certificate and key, which live only in this process."""

    certificate: Certificate
    key: KeyHandle


def appoint(authority: Authority) -> StatusSigner:
    """Make a key and have the authority certify it for signing status."""
    key = authority.provider.generate()
    parts = [one for one in read_name(authority.certificate.subject) if one.name in {"C", "O"}]
    name = write_name((*parts, Attribute("CN", "OCSP")))
    request = make_request(authority.provider, key, name)
    made = issue(authority, authority.profile("ocsp"), Job("ocsp", request))
    return StatusSigner(Certificate.from_der(made.certificate), key)


@dataclass(frozen=True, slots=True)
class Desk:
    """For which key of the authority is answered, and by whom.

    Who signs must be certified by the very key that certified what is asked about (RFC 6960
    §4.2.2.2), so a key that was rolled over has a signer of its own.
    """

    issuer: Certificate
    signer: StatusSigner


def former_desks(authority: Authority, passphrase: bytes) -> tuple[list[Desk], list[str]]:
    """Appoint a signer for each former key that still has valid certificates.

    Return them, and the certificates of those whose key is not here or has another passphrase.
    """
    desks: list[Desk] = []
    silent: list[str] = []
    for path in sorted(authority.home.public.glob(f"{authority.name}-*.pem")):
        found = Certificate.from_der(from_pem(path.read_bytes(), CERTIFICATE))
        is_own = f"{authority.name}-{found.serial:x}" == path.stem
        if not is_own or found.not_after <= authority.clock():
            continue
        try:
            key = load_key(authority.home.keys / f"{path.stem}.key", authority.provider, passphrase)
        except (SecretError, CryptoError):
            silent.append(path.name)
            continue
        desks.append(Desk(found, appoint(replace(authority, certificate=found, key=key))))
    return desks, silent


class Appointing(Protocol):
    """Whoever has new signers certified before those in office expire."""

    def look(self, desks: tuple[Desk, ...], at: datetime) -> tuple[Desk, ...]:
        """Return the desks to answer at from now on; waits for nothing."""


@dataclass(slots=True)
class Responder:
    """Answers encoded requests with encoded responses; holds no keys but the signers'.

    ``changed`` says whether the record may differ from what was read before. Who ``ignores_nonces``
    gives the answer that is signed already, which then holds none (RFC 5019 §4).
    """

    name: str
    desks: tuple[Desk, ...]
    provider: Provider
    store: Store
    changed: Callable[[], bool]
    clock: Clock = now
    ignores_nonces: bool = False
    appointing: Appointing | None = None
    _kept: OrderedDict[bytes, Given] = field(default_factory=OrderedDict)
    _looked: datetime | None = None

    def answer(self, request: bytes) -> bytes:
        """Return the response to an encoded request; whatever goes wrong is a refusal."""
        return self.give(request).body

    def give(self, request: bytes) -> Given:
        """Return the response, and until when a cache may keep it."""
        try:
            question = ocsp.Question.from_der(request)
        except CryptoError:
            return Given(ocsp.refusal(ocsp.Refusal.MALFORMED))
        at = self.clock().replace(microsecond=0)
        self._keep_up(at)
        desk = self._desk(question)
        if desk is None:
            return Given(ocsp.refusal(ocsp.Refusal.UNAUTHORIZED))
        if at >= desk.signer.certificate.not_after:
            return Given(ocsp.refusal(ocsp.Refusal.TRY_LATER))
        try:
            return self._answered(question, desk, at)
        except NetopsError:
            return Given(ocsp.refusal(ocsp.Refusal.TRY_LATER))

    def _keep_up(self, at: datetime) -> None:
        """Take new desks, and forget what they did not sign; look once a second."""
        if self.appointing is None or at == self._looked:
            return
        self._looked = at
        found = self.appointing.look(self.desks, at)
        if found is not self.desks:
            self.desks = found
            self._kept.clear()

    def _desk(self, question: ocsp.Question) -> Desk | None:
        """Return who answers for all that is asked, None where nobody here does."""
        for desk in self.desks:
            name, octets = desk.issuer.subject, desk.issuer.point.octets
            if all(one.names(name, octets) for one in question.ids):
                return desk
        return None

    def _answered(self, question: ocsp.Question, desk: Desk, at: datetime) -> Given:
        if self.changed():
            self._kept.clear()
        if self.ignores_nonces:
            question = replace(question, nonce=None)
        if question.nonce is not None or len(question.ids) > 1:
            return Given(self._signed(question, desk.signer, at))
        key = question.ids[0].der
        found = self._kept.get(key)
        if found is not None and found.until is not None and at < found.until:
            return found
        until = min(at + VALID_FOR / 2, desk.signer.certificate.not_after)
        made = Given(self._signed(question, desk.signer, at), at, until)
        self._kept[key] = made
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return made

    def _signed(self, question: ocsp.Question, signer: StatusSigner, at: datetime) -> bytes:
        until = min(at + VALID_FOR, signer.certificate.not_after)
        answers = tuple(self._status(one, at, until) for one in question.ids)
        data = ocsp.response_data(signer.certificate.subject, at, answers, question.nonce)
        signed = sign(self.provider, signer.key, data)
        return ocsp.response(signed, (signer.certificate.der,))

    def _status(self, asked: ocsp.CertId, at: datetime, until: datetime) -> ocsp.Answer:
        kept = self.store.find(self.name, asked.serial)
        if kept is None or kept.state is State.INTENDED:
            return ocsp.Answer(asked, ocsp.Status.UNKNOWN, at, until)
        if kept.state is State.ISSUED:
            return ocsp.Answer(asked, ocsp.Status.GOOD, at, until)
        return _revoked(asked, kept, at, until)


def _revoked(asked: ocsp.CertId, kept: Kept, at: datetime, until: datetime) -> ocsp.Answer:
    reason = Reason.unspecified if kept.reason is None else kept.reason
    return ocsp.Answer(
        asked, ocsp.Status.REVOKED, at, until, kept.revoked_at or kept.intended_at, reason
    )
