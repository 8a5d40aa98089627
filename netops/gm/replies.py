"""Judges status answers (RFC 6960 §3.2, §4.2.2.2): who signed them, and until when they hold.

Pure, as ``chain``: certificates, an answer and a moment in, what is wrong out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from netops.errors import CryptoError, Sentence
from netops.gm import der as asn1
from netops.gm.certificate import Certificate
from netops.gm.chain import Kind, Problem, Report, Standing, Trust, judge, purposes_of
from netops.gm.ocsp import Answer, Reply
from netops.gm.provider import Provider
from netops.gm.signed import Fit

_OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
_OPEN = frozenset({Kind.LIST_STALE})


def judge_reply(provider: Provider, reply: Reply, trust: Trust) -> Report:
    """Judge an answer by ``trust``; the path is that of who signed it."""
    if reply.signed is None:
        cause = Sentence("The responder refused to answer (status {code}).", code=reply.refused)
        return Report(Standing.UNKNOWN, (), (Problem(Kind.LIST_MISSING, 0, cause),))
    try:
        brought = tuple(Certificate.from_der(der) for der in reply.certificates)
        by = replace(trust, others=(*trust.others, *brought))
        signer, problem = _signer(provider, reply, by)
        if signer is None:
            return Report(Standing.INVALID, (), (problem,))
        path = judge(provider, signer, by)
        problems = (
            *(one for one in path.problems if one.kind is not Kind.LIST_MISSING),
            *_unauthorised(signer, path, reply, trust),
            *_dates(reply, trust),
        )
    except CryptoError as error:
        cause = error.sentence
        return Report(Standing.INVALID, (), (Problem(Kind.MALFORMED, 0, cause),))
    if path.standing is Standing.INVALID or {one.kind for one in problems} - _OPEN:
        return Report(Standing.INVALID, path.path, problems)
    standing = Standing.UNKNOWN if problems else path.standing
    return Report(standing, path.path, problems)


def _signer(provider: Provider, reply: Reply, trust: Trust) -> tuple[Certificate | None, Problem]:
    """Return the certificate whose key signed; else why there is none."""
    named = [one for one in (*trust.others, *trust.anchors) if _is_named(one, reply)]
    fits = {one.der: _fit(provider, reply, one) for one in named}
    for one in named:
        if fits[one.der] is Fit.GOOD:
            return one, Problem(Kind.SIGNATURE, 0, Sentence(""))
    cause, kind = Sentence("The certificate of who signed it is not at hand."), Kind.NO_PATH
    if Fit.OTHER_ID in fits.values():
        kind = Kind.OTHER_ID
        cause = Sentence("It is signed under another identifier than the standard's.")
    elif named:
        kind = Kind.SIGNATURE
        cause = Sentence("Its signature is by no certificate that bears the responder's name.")
    return None, Problem(kind, 0, cause)


def _is_named(one: Certificate, reply: Reply) -> bool:
    """Whether the responder calls itself by the name of ``one``, or by the SHA-1 of its key."""
    if one.subject == reply.responder:
        return True
    try:
        octets = one.point.octets
    except CryptoError:
        return False
    digest = hashlib.sha1(octets, usedforsecurity=False).digest()
    return reply.responder == asn1.octet_string(digest)


def _fit(provider: Provider, reply: Reply, one: Certificate) -> Fit:
    try:
        return Fit.BAD if reply.signed is None else reply.signed.fit(provider, one.point)
    except CryptoError:
        return Fit.BAD


def _unauthorised(
    signer: Certificate, path: Report, reply: Reply, trust: Trust
) -> Iterator[Problem]:
    """Yield where the signer is neither the issuer nor appointed by the issuer's own key."""
    above = path.path[1] if len(path.path) > 1 else None
    is_delegate = _OCSP_SIGNING in (purposes_of(signer) or ())
    for answer in reply.answers:
        issuers = [one for one in (*trust.anchors, *trust.others) if _names(answer, one)]
        if not issuers:
            cause = Sentence("The issuer of what it answers for is not at hand.")
            yield Problem(Kind.NO_PATH, 0, cause)
        elif not any(
            one.spki == signer.spki
            or (is_delegate and above is not None and one.spki == above.spki)
            for one in issuers
        ):
            cause = Sentence("Who signed it is neither the issuer nor appointed by it.")
            yield Problem(Kind.USAGE, 0, cause)


def _names(answer: Answer, one: Certificate) -> bool:
    try:
        return answer.id.names(one.subject, one.point.octets)
    except CryptoError:
        return False


def _dates(reply: Reply, trust: Trust) -> Iterator[Problem]:
    for answer in reply.answers:
        until = answer.next_update
        if trust.at < answer.this_update or (until is not None and trust.at > until):
            cause = Sentence("What it says of {serial:x} is out of date.", serial=answer.id.serial)
            yield Problem(Kind.LIST_STALE, 0, cause)
