"""Judges a certificate: path to an anchor, signatures, dates, usage, revocation (RFC 5280 §6).

Our own, over the exact signed octets: the system's `openssl verify` cannot check a chain of SM2
certificates under the standard identifier. Pure: certificates, lists and a moment in, a report
out; every fault is named, not only the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from netops.errors import CryptoError, Sentence
from netops.gm import der as asn1
from netops.gm import extensions as ext
from netops.gm.certificate import Certificate
from netops.gm.provider import Provider
from netops.gm.revocation import Entry, Reason, RevocationList
from netops.gm.scope import Spoken
from netops.gm.signed import ACCEPTED, Fit

_LONGEST_PATH = 8
_MOST_TRIED = 64
"""Certificates tried as issuers at one step: a heap of namesakes must not stall us."""

_KNOWN = frozenset(
    {
        ext.SUBJECT_KEY_IDENTIFIER, ext.KEY_USAGE, ext.SUBJECT_ALT_NAME, ext.BASIC_CONSTRAINTS,
        ext.CRL_DISTRIBUTION_POINTS, ext.CERTIFICATE_POLICIES, ext.AUTHORITY_KEY_IDENTIFIER,
        ext.EXTENDED_KEY_USAGE, ext.AUTHORITY_INFORMATION_ACCESS, ext.OCSP_NO_CHECK,
    }
)  # fmt: skip


class Kind(StrEnum):
    """What is wrong, or not known, of a certificate."""

    NO_PATH = "no_path"
    SIGNATURE = "signature"
    OTHER_ID = "other_id"
    ALGORITHM = "algorithm"
    KEY = "key"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    OUTLIVES_ISSUER = "outlives_issuer"
    NO_AUTHORITY = "no_authority"
    PATH_LENGTH = "path_length"
    USAGE = "usage"
    UNKNOWN_CRITICAL = "unknown_critical"
    REVOKED = "revoked"
    ON_HOLD = "on_hold"
    MALFORMED = "malformed"
    LIST_SIGNATURE = "list_signature"
    LIST_STALE = "list_stale"
    LIST_SCOPE = "list_scope"
    LIST_MISSING = "list_missing"


_NOTES = frozenset({Kind.LIST_MISSING, Kind.OUTLIVES_ISSUER})
"""Said, but no reason to refuse."""
_OPEN = frozenset({Kind.LIST_STALE, Kind.LIST_SIGNATURE, Kind.LIST_SCOPE})
"""The status cannot be told: neither good nor bad."""


class Standing(StrEnum):
    """What a certificate is worth at a moment."""

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one certificate of the path; ``depth`` 0 is the leaf."""

    kind: Kind
    depth: int
    cause: Sentence


@dataclass(frozen=True, slots=True)
class Trust:
    """What a certificate is judged by, at the moment ``at`` (with zone).

    ``anchors`` are believed as they are; ``others`` only help to find a path. ``purpose`` asks
    for an extended key usage in dotted form.
    """

    anchors: tuple[Certificate, ...]
    at: datetime
    others: tuple[Certificate, ...] = ()
    lists: tuple[RevocationList, ...] = ()
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict with its path (leaf first, anchor last; empty where none was found)."""

    standing: Standing
    path: tuple[Certificate, ...]
    problems: tuple[Problem, ...] = field(default=())


def judge(provider: Provider, leaf: Certificate, trust: Trust) -> Report:
    """Judge ``leaf`` by ``trust``. Extensions that cannot be read make it invalid."""
    try:
        path = _path(provider, leaf, trust)
        if not path:
            return Report(Standing.INVALID, (), tuple(_no_path(provider, leaf, trust)))
        problems = tuple(_problems(provider, path, trust))
    except CryptoError as error:
        return Report(Standing.INVALID, (), (Problem(Kind.MALFORMED, 0, error.sentence),))
    kinds = {problem.kind for problem in problems} - _NOTES
    if kinds - _OPEN:
        return Report(Standing.INVALID, path, problems)
    return Report(Standing.UNKNOWN if kinds else Standing.VALID, path, problems)


def _path(provider: Provider, leaf: Certificate, trust: Trust) -> tuple[Certificate, ...]:
    """Find the shortest way from ``leaf`` to an anchor over signatures that fit."""
    anchors = {anchor.der for anchor in trust.anchors}
    if leaf.der in anchors:
        return (leaf,)
    ways: list[tuple[Certificate, ...]] = [(leaf,)]
    seen = {leaf.der}
    while ways:
        way = ways.pop(0)
        for issuer in _issuers(provider, way[-1], trust):
            if issuer.der in anchors:
                return (*way, issuer)
            if issuer.der not in seen and len(way) < _LONGEST_PATH:
                seen.add(issuer.der)
                ways.append((*way, issuer))
    return ()


def _issuers(provider: Provider, one: Certificate, trust: Trust) -> Iterator[Certificate]:
    """Yield those whose key signed ``one``, anchors first, under whichever identifier."""
    for issuer in _namesakes(one, trust)[:_MOST_TRIED]:
        if _fit(provider, one, issuer) is not Fit.BAD:
            yield issuer


def _namesakes(one: Certificate, trust: Trust) -> list[Certificate]:
    """Return the certificates that ``one`` names as its issuer by name and key identifier."""
    wanted = _authority_key(one)
    found = [c for c in (*trust.anchors, *trust.others) if c.subject == one.issuer]
    fitting = [c for c in found if wanted is None or _subject_key(c) in {None, wanted}]
    # One key may have been certified again: what is valid at the moment goes before.
    return sorted(fitting, key=lambda c: not c.not_before <= trust.at <= c.not_after)


def _fit(provider: Provider, one: Certificate, issuer: Certificate) -> Fit:
    try:
        return one.signed.fit(provider, issuer.point)
    except CryptoError:
        return Fit.BAD


def _authority_key(one: Certificate) -> bytes | None:
    found = one.extensions.get(ext.AUTHORITY_KEY_IDENTIFIER)
    if found is None:
        return None
    parts = asn1.parts_of(found.value, Sentence("authority key identifier"))
    return parts.take(_KEY_ID) if parts.tag == _KEY_ID else None


_KEY_ID = 0x80


def _subject_key(one: Certificate) -> bytes | None:
    found = one.extensions.get(ext.SUBJECT_KEY_IDENTIFIER)
    if found is None:
        return None
    return asn1.content_of(found.value, asn1.OCTET_STRING, Sentence("subject key identifier"))


def _no_path(provider: Provider, leaf: Certificate, trust: Trust) -> Iterator[Problem]:
    """Say why there is no path: the kinds of fault a person can act on."""
    yield from _form(leaf, 0)
    named = _namesakes(leaf, trust)
    if any(_fit(provider, leaf, issuer) is not Fit.BAD for issuer in named):
        cause = Sentence("No path leads from its issuer to a trusted certificate.")
        yield Problem(Kind.NO_PATH, 0, cause)
    elif named:
        cause = Sentence(
            "Its signature is by none of the certificates that bear its issuer's name."
        )
        yield Problem(Kind.SIGNATURE, 0, cause)
    else:
        yield Problem(Kind.NO_PATH, 0, Sentence("The certificate of its issuer is not at hand."))


def _problems(provider: Provider, path: Sequence[Certificate], trust: Trust) -> Iterator[Problem]:
    for depth, one in enumerate(path):
        issuer = path[depth + 1] if depth + 1 < len(path) else None
        yield from _form(one, depth)
        yield from _dates(one, issuer, depth, trust.at)
        if depth:
            yield from _authority(one, depth, _below(path, depth))
        if issuer is not None:
            if _fit(provider, one, issuer) is Fit.OTHER_ID:
                cause = Sentence("It is signed under another identifier than the standard's.")
                yield Problem(Kind.OTHER_ID, depth, cause)
            yield from _revocation(provider, one, issuer, depth, trust)
    if len(path) == 1:
        yield from _own_signature(provider, path[0])
    yield from _purpose(path[0], trust.purpose)


def _own_signature(provider: Provider, anchor: Certificate) -> Iterator[Problem]:
    """Judge the signature of a root that is asked about itself; one above others is believed."""
    if anchor.subject != anchor.issuer:
        return
    fit = _fit(provider, anchor, anchor)
    if fit is Fit.OTHER_ID:
        cause = Sentence("It is signed under another identifier than the standard's.")
        yield Problem(Kind.OTHER_ID, 0, cause)
    elif fit is Fit.BAD:
        cause = Sentence("It bears its own name as issuer, and its signature is not its own key's.")
        yield Problem(Kind.SIGNATURE, 0, cause)


def _form(one: Certificate, depth: int) -> Iterator[Problem]:
    if not one.is_consistent or one.signed.algorithm not in ACCEPTED:
        cause = Sentence("It is not signed with SM2 and SM3, or names two algorithms.")
        yield Problem(Kind.ALGORITHM, depth, cause)
    try:
        _ = one.point
    except CryptoError as error:
        yield Problem(Kind.KEY, depth, error.sentence)
    for extension in one.extensions.values():
        if extension.critical and extension.oid not in _KNOWN:
            cause = Sentence("Its critical extension {oid} is not known.", oid=extension.oid)
            yield Problem(Kind.UNKNOWN_CRITICAL, depth, cause)


def _dates(
    one: Certificate, issuer: Certificate | None, depth: int, at: datetime
) -> Iterator[Problem]:
    if at < one.not_before:
        cause = Sentence("It is not valid before {moment}.", moment=one.not_before.isoformat())
        yield Problem(Kind.NOT_YET_VALID, depth, cause)
    if at > one.not_after:
        cause = Sentence("It expired at {moment}.", moment=one.not_after.isoformat())
        yield Problem(Kind.EXPIRED, depth, cause)
    if issuer is not None and one.not_after > issuer.not_after:
        cause = Sentence("It is valid for longer than its issuer.")
        yield Problem(Kind.OUTLIVES_ISSUER, depth, cause)


def _below(path: Sequence[Certificate], depth: int, first: int = 1) -> int:
    """Count the authorities below; who certified its own new key is none (RFC 5280 §6.1.4 (l))."""
    return sum(each.subject != each.issuer for each in path[first:depth])


def _authority(one: Certificate, depth: int, below: int) -> Iterator[Problem]:
    """Judge a certificate that others of the path were signed by, ``below`` authorities of it."""
    found = one.extensions.get(ext.BASIC_CONSTRAINTS)
    is_authority, length = (False, None) if found is None else _constraints(found.value)
    if not is_authority:
        cause = Sentence("It issued another certificate and is none of an authority.")
        yield Problem(Kind.NO_AUTHORITY, depth, cause)
    if length is not None and below > length:
        cause = Sentence("More authorities stand below it than its path length allows.")
        yield Problem(Kind.PATH_LENGTH, depth, cause)
    if not _allows(one, "keyCertSign"):
        cause = Sentence("Its key usage does not allow signing certificates.")
        yield Problem(Kind.USAGE, depth, cause)


def _constraints(value: bytes) -> tuple[bool, int | None]:
    parts = asn1.parts_of(value, Sentence("basic constraints"))
    is_authority = parts.take_boolean() if parts.tag == asn1.BOOLEAN else False
    length = None if parts.is_at_end else parts.take_integer()
    parts.end()
    return is_authority, length


def _allows(one: Certificate, usage: str) -> bool:
    """Whether keyUsage allows ``usage``; where it is absent it forbids nothing (RFC 5280)."""
    found = one.extensions.get(ext.KEY_USAGE)
    if found is None:
        return True
    content = asn1.content_of(found.value, asn1.BIT_STRING, Sentence("key usage"))
    number = ext.KEY_USAGE_BITS[usage]
    octet = content[1 + number // 8] if len(content) > 1 + number // 8 else 0
    return bool(octet >> (7 - number % 8) & 1)


def purposes_of(one: Certificate) -> frozenset[str] | None:
    """Return the extended key usages in dotted form; None where it is not limited to any."""
    found = one.extensions.get(ext.EXTENDED_KEY_USAGE)
    if found is None:
        return None
    listed = asn1.parts_of(found.value, Sentence("extended key usage"))
    purposes = set()
    while not listed.is_at_end:
        purposes.add(listed.take_oid())
    return frozenset(purposes)


def _purpose(leaf: Certificate, purpose: str | None) -> Iterator[Problem]:
    allowed = None if purpose is None else purposes_of(leaf)
    if allowed is not None and purpose not in allowed:
        cause = Sentence("Its extended key usage does not allow {oid}.", oid=purpose)
        yield Problem(Kind.USAGE, 0, cause)


def _revocation(
    provider: Provider, one: Certificate, issuer: Certificate, depth: int, trust: Trust
) -> Iterator[Problem]:
    named = [found for found in trust.lists if found.issuer == one.issuer]
    signers = [issuer, *_newer_keys(provider, issuer, trust)] if named else []
    fitting = [found for found in named if any(_is_by(provider, found, s) for s in signers)]
    if not fitting:
        kind = Kind.LIST_SIGNATURE if named else Kind.LIST_MISSING
        cause = Sentence("No revocation list of its issuer is at hand: not known if it is revoked.")
        if named:
            cause = Sentence("The revocation list of its issuer's name is not signed by it.")
        yield Problem(kind, depth, cause)
        return
    spoken = Spoken.of(fitting, one, trust.at)
    entry = spoken.entry(one.serial)
    if entry is not None:
        yield _revoked(entry, depth)
    if spoken.whole is None:
        cause = Sentence("No revocation list at hand speaks of it: they are for other parts.")
        yield Problem(Kind.LIST_SCOPE, depth, cause)
    elif not spoken.is_current(trust.at):
        cause = Sentence("The revocation list of its issuer is out of date.")
        yield Problem(Kind.LIST_STALE, depth, cause)


def _revoked(entry: Entry, depth: int) -> Problem:
    cause = Sentence(
        "It was revoked at {moment} ({reason}).",
        moment=entry.at.isoformat(),
        reason=entry.reason.name,
    )
    on_hold = entry.reason is Reason.certificateHold
    return Problem(Kind.ON_HOLD if on_hold else Kind.REVOKED, depth, cause)


def _newer_keys(provider: Provider, issuer: Certificate, trust: Trust) -> Iterator[Certificate]:
    """Yield other certificates of the same authority's name, with another key, that chain too."""
    named = [one for one in (*trust.anchors, *trust.others) if one.subject == issuer.subject]
    for one in named[:_MOST_TRIED]:
        if one.spki != issuer.spki and _chains(provider, one, trust):
            yield one


def _chains(provider: Provider, one: Certificate, trust: Trust) -> bool:
    """Whether an authority's certificate leads to an anchor, revocation aside."""
    path = _path(provider, one, trust)
    faults = (
        problem
        for depth, each in enumerate(path)
        for problem in (
            *_form(each, depth),
            *_dates(each, None, depth, trust.at),
            *_authority(each, max(depth, 1), _below(path, depth, first=0)),
        )
    )
    return bool(path) and next(faults, None) is None


def _is_by(provider: Provider, found: RevocationList, issuer: Certificate) -> bool:
    if found.inner_algorithm != found.signed.algorithm or not _allows(issuer, "cRLSign"):
        return False
    try:
        return found.signed.fit(provider, issuer.point) is Fit.GOOD
    except CryptoError:
        return False
