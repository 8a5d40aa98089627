"""Answers for the status of certificates (RFC 6960), from what is on record and nothing else.

Answers without a nonce are signed once and kept until they are half through their time or the
record changes; those with a nonce are signed each. The signer is a certificate of its own that
lives for days; its key is never written.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from netops.errors import CryptoError, NetopsError
from netops.gm import ocsp
from netops.gm.certificate import Certificate
from netops.gm.names import Attribute, read_name, write_name
from netops.gm.provider import KeyHandle, Provider
from netops.gm.request import make_request
from netops.gm.revocation import Reason
from netops.gm.signed import sign
from netops.trust.authority import Authority, Clock, now
from netops.trust.issuing import Job, issue
from netops.trust.store import Kept, State, Store

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


@dataclass(slots=True)
class Responder:
    """Answers encoded requests with encoded responses; holds no key but the signer's.

    ``changed`` says whether the record may differ from what was read before.
    """

    name: str
    issuer: Certificate
    signer: StatusSigner
    provider: Provider
    store: Store
    changed: Callable[[], bool]
    clock: Clock = now
    _kept: OrderedDict[bytes, Given] = field(default_factory=OrderedDict)

    def answer(self, request: bytes) -> bytes:
        """Return the response to an encoded request; whatever goes wrong is a refusal."""
        return self.give(request).body

    def give(self, request: bytes) -> Given:
        """Return the response, and until when a cache may keep it."""
        try:
            question = ocsp.Question.from_der(request)
        except CryptoError:
            return Given(ocsp.refusal(ocsp.Refusal.MALFORMED))
        if not all(self._is_ours(one) for one in question.ids):
            return Given(ocsp.refusal(ocsp.Refusal.UNAUTHORIZED))
        try:
            return self._answered(question)
        except NetopsError:
            return Given(ocsp.refusal(ocsp.Refusal.TRY_LATER))

    def _is_ours(self, asked: ocsp.CertId) -> bool:
        return asked.names(self.issuer.subject, self.issuer.point.octets)

    def _answered(self, question: ocsp.Question) -> Given:
        at = self.clock().replace(microsecond=0)
        if self.changed():
            self._kept.clear()
        if question.nonce is not None or len(question.ids) > 1:
            return Given(self._signed(question, at))
        key = question.ids[0].der
        found = self._kept.get(key)
        if found is not None and found.until is not None and at < found.until:
            return found
        made = Given(self._signed(question, at), at, at + VALID_FOR / 2)
        self._kept[key] = made
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return made

    def _signed(self, question: ocsp.Question, at: datetime) -> bytes:
        answers = tuple(self._status(one, at) for one in question.ids)
        subject = self.signer.certificate.subject
        data = ocsp.response_data(subject, at, answers, question.nonce)
        signed = sign(self.provider, self.signer.key, data)
        return ocsp.response(signed, (self.signer.certificate.der,))

    def _status(self, asked: ocsp.CertId, at: datetime) -> ocsp.Answer:
        kept = self.store.find(self.name, asked.serial)
        until = at + VALID_FOR
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
