"""Says of a file what it is and what it is worth: certificate, list, request, status answer, key.

Used by `ca verify`, also on files of other makers: what is right is accepted, what is not is
refused with its reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from netops.errors import CryptoError, InputError, Place, Sentence
from netops.gm import der as asn1
from netops.gm.certificate import Certificate
from netops.gm.chain import Problem, Standing, Trust, judge
from netops.gm.names import shown_name
from netops.gm.ocsp import Reply, Status
from netops.gm.provider import Provider
from netops.gm.replies import judge_reply
from netops.gm.request import Request
from netops.gm.revocation import RevocationList
from netops.gm.signed import Fit
from netops.trust.inspecting_keys import inspect_key, key_label
from netops.trust.keys import CERTIFICATE, LIST, REQUEST, all_from_pem

_LARGEST = 1 << 28


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a file is (``kind``), its standing, and facts worth showing."""

    kind: str
    standing: Standing
    facts: dict[str, Any]
    problems: tuple[tuple[str, int, Sentence], ...]


def read_file(path: Path, most: int = _LARGEST) -> bytes:
    """Read a file that a person named; what is missing or longer than ``most`` is told."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(most + 1)
    except OSError as error:
        raise InputError(
            Sentence("The file cannot be read: {reason}.", reason=error.strerror),
            remedy="Name a file in PEM or DER.",
            place=Place(str(path)),
        ) from error
    if len(raw) > most:
        raise InputError(
            "The file is too large.", remedy="Name a file in PEM or DER.", place=Place(str(path))
        )
    return raw


def read_certificates(path: Path) -> tuple[Certificate, ...]:
    """Read every certificate of a file."""
    found = all_from_pem(read_file(path), CERTIFICATE)
    if not found:
        raise InputError(
            "The file holds no certificate.",
            remedy="Name a file in PEM or DER.",
            place=Place(str(path)),
        )
    return tuple(_at(path, Certificate.from_der, der) for der in found)


def read_lists(path: Path) -> tuple[RevocationList, ...]:
    """Read every revocation list of a file."""
    found = all_from_pem(read_file(path), LIST)
    if not found:
        raise InputError(
            "The file holds no revocation list.",
            remedy="Name a file in PEM or DER.",
            place=Place(str(path)),
        )
    return tuple(_at(path, RevocationList.from_der, der) for der in found)


def _at(path: Path, read: Any, der: Any) -> Any:  # noqa: ANN401 - a reader of any of our objects
    try:
        return read(der)
    except CryptoError as error:
        error.place = Place(str(path))
        raise


def inspect(
    provider: Provider, path: Path, trust: Trust, passphrase: bytes | None = None
) -> Inspected:
    """Judge the first object of a file by ``trust``; ``passphrase`` opens a protected key."""
    raw = read_file(path)
    label = key_label(raw)
    if label and b"-----BEGIN CERTIFICATE-----" not in raw:
        return Inspected(*inspect_key(provider, raw, label, passphrase))
    if _is_reply(raw):
        return _reply(provider, _at(path, Reply.from_der, raw), trust)
    for label, kind, judged in (
        (CERTIFICATE, Certificate, _certificate),
        (LIST, RevocationList, _list),
        (REQUEST, Request, _request),
    ):
        found = _at(path, partial(all_from_pem, raw), label)
        if found and _is_a(kind, found[0], raw):
            told = judged(provider, _at(path, kind.from_der, found[0]), _with_rest(trust, found))
            more = {"not_judged": len(found) - 1} if len(found) > 1 else {}
            return replace(told, facts=told.facts | more)
    raise InputError(
        "The file holds neither a certificate, list or request nor a status answer or key.",
        remedy="Name a file in PEM or DER.",
        place=Place(str(path)),
    )


def _with_rest(trust: Trust, found: Sequence[bytes]) -> Trust:
    """Let the certificates that follow in the file help to find the path."""
    rest: list[Certificate] = []
    for der in found[1:]:
        with suppress(CryptoError):  # what cannot be read helps nobody
            rest.append(Certificate.from_der(der))
    return replace(trust, others=(*trust.others, *rest))


def _is_reply(raw: bytes) -> bool:
    """Whether the first thing in DER is an ENUMERATED: only an OCSPResponse begins so."""
    try:
        return asn1.Reader(raw, Sentence("file")).enter().tag == asn1.ENUMERATED
    except CryptoError:
        return False


def _reply(provider: Provider, found: Reply, trust: Trust) -> Inspected:
    report = judge_reply(provider, found, trust)
    facts = {
        "path": [shown_name(one.subject) for one in report.path],
        "nonce": found.nonce is not None,
        "answers": [
            {
                "serial": f"{one.id.serial:x}",
                "status": one.status.value,
                "this_update": one.this_update.isoformat(),
                "next_update": None if one.next_update is None else one.next_update.isoformat(),
                "reason": one.reason.name if one.status is Status.REVOKED else None,
            }
            for one in found.answers
        ],
    }
    return Inspected("status answer", report.standing, facts, _told(report.problems))


def _is_a(kind: Any, der: bytes, raw: bytes) -> bool:  # noqa: ANN401 - one of our classes
    """PEM names its kind; of DER the shape decides, and what fits none is read as a certificate."""
    if b"-----BEGIN " in raw or (kind is Certificate and not _fits_other(der)):
        return True
    try:
        kind.from_der(der)
    except CryptoError:
        return False
    return True


def _fits_other(der: bytes) -> bool:
    for kind in (RevocationList, Request):
        try:
            kind.from_der(der)
        except CryptoError:
            continue
        return True
    return False


def _certificate(provider: Provider, found: Certificate, trust: Trust) -> Inspected:
    report = judge(provider, found, trust)
    facts = {
        "subject": shown_name(found.subject),
        "issuer": shown_name(found.issuer),
        "serial": f"{found.serial:x}",
        "not_before": found.not_before.isoformat(),
        "not_after": found.not_after.isoformat(),
        "path": [shown_name(one.subject) for one in report.path],
    }
    return Inspected("certificate", report.standing, facts, _told(report.problems))


def _told(problems: Sequence[Problem]) -> tuple[tuple[str, int, Sentence], ...]:
    return tuple((problem.kind.value, problem.depth, problem.cause) for problem in problems)


def _list(provider: Provider, found: RevocationList, trust: Trust) -> Inspected:
    facts = {
        "issuer": shown_name(found.issuer),
        "number": found.number,
        "base": found.base,
        "entries": len(found.entries),
        "this_update": found.this_update.isoformat(),
        "next_update": None if found.next_update is None else found.next_update.isoformat(),
    }
    problems: list[tuple[str, int, Sentence]] = []
    signers = [one for one in (*trust.anchors, *trust.others) if one.subject == found.issuer]
    fits = {_fit(provider, found, one) for one in signers}
    if not signers:
        cause = Sentence("The certificate of its issuer is not at hand.")
        problems.append(("no_path", 0, cause))
    elif Fit.GOOD not in fits:
        is_other = Fit.OTHER_ID in fits
        cause = Sentence("Its signature is by no certificate that bears its issuer's name.")
        if is_other:
            cause = Sentence("It is signed under another identifier than the standard's.")
        problems.append(("other_id" if is_other else "signature", 0, cause))
    problems += _list_form(found)
    problems += _list_dates(found, trust.at)
    standing = Standing.INVALID if problems else Standing.VALID
    if {kind for kind, _, _ in problems} == {"list_stale"}:
        standing = Standing.UNKNOWN
    return Inspected("list", standing, facts, tuple(problems))


def _fit(provider: Provider, found: RevocationList, signer: Certificate) -> Fit:
    try:
        return found.signed.fit(provider, signer.point)
    except CryptoError:
        return Fit.BAD


def _list_form(found: RevocationList) -> list[tuple[str, int, Sentence]]:
    if found.inner_algorithm == found.signed.algorithm:
        return []
    return [("algorithm", 0, Sentence("It names two algorithms."))]


def _list_dates(found: RevocationList, at: datetime) -> list[tuple[str, int, Sentence]]:
    if found.next_update is None:
        return [("list_stale", 0, Sentence("It does not say until when it holds."))]
    if at < found.this_update:
        return [("list_stale", 0, Sentence("It is of a later moment."))]
    if at > found.next_update:
        return [("list_stale", 0, Sentence("It is out of date."))]
    return []


def _request(provider: Provider, found: Request, _trust: Trust) -> Inspected:
    facts = {"subject": shown_name(found.subject), "asks_for": sorted(found.extensions)}
    try:
        found.check(provider)
    except CryptoError as error:
        cause = error.sentence
        return Inspected("request", Standing.INVALID, facts, (("signature", 0, cause),))
    return Inspected("request", Standing.VALID, facts, ())
