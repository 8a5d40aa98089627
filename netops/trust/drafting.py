"""From a request and a profile to the exact octets that would be signed; decides every refusal.

Pure but for the serial number, which is handed in. An applicant fills only what the profile
leaves open; dates, usages and addresses are the authority's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from netops.errors import AuthorityError, CryptoError, Sentence
from netops.gm import der as asn1
from netops.gm import extensions as ext
from netops.gm.certificate import Certificate, Fields
from netops.gm.curve import Point
from netops.gm.extensions import Encodable, Encoded, Extension
from netops.gm.names import Attribute, read_name, write_name
from netops.gm.request import Request
from netops.trust.home import NO_ADDRESSES, Addresses
from netops.trust.profile import PURPOSES, NameRules, Profile

_DNS, _EMAIL, _URI, _IP = 0x82, 0x81, 0x86, 0x87
_KINDS = {_DNS: "dns", _EMAIL: "email", _URI: "uri", _IP: "ip"}
_LONGEST_NAME = 253
_REPEATED = frozenset({"O", "OU"})
"""Parts that a name may hold several times."""
_KEY_IDENTIFIER = 20
_KEY_IDENTIFIER_HEAD = ext.subject_key_identifier(bytes(_KEY_IDENTIFIER)).der[:-_KEY_IDENTIFIER]
"""What stands before an identifier of our length: alike for all keys."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues: its name, key identifier, validity, and where status is found."""

    subject: bytes
    key_identifier: bytes
    not_before: datetime
    not_after: datetime
    addresses: Addresses
    partitions: int = 1

    @classmethod
    def of(cls, certificate: Certificate, addresses: Addresses, partitions: int = 1) -> Issuer:
        """Make an issuer of its own certificate."""
        found = certificate.extensions.get(ext.SUBJECT_KEY_IDENTIFIER)
        if found is None:
            identifier = key_identifier(certificate.point)
        else:
            reader = asn1.Reader(found.value, Sentence("subject key identifier"))
            identifier = reader.take(asn1.OCTET_STRING)
        return cls(
            subject=certificate.subject,
            key_identifier=identifier,
            not_before=certificate.not_before,
            not_after=certificate.not_after,
            addresses=addresses,
            partitions=partitions,
        )


def key_identifier(point: Point) -> bytes:
    """Return the identifier that we give keys: 20 octets by RFC 7093 §2, method 1.

    It only tells keys apart and secures nothing; this method linters and others' readers know.
    """
    return hashlib.sha256(point.octets).digest()[:_KEY_IDENTIFIER]


@dataclass(frozen=True, slots=True)
class Applied:
    """What an applicant asks for, once it fits the profile."""

    subject: bytes
    point: Point
    names: tuple[bytes, ...] = ()


def apply_profile(request: Request, profile: Profile) -> Applied:
    """Hold a request against a profile; raise ``AuthorityError`` naming what does not fit."""
    subject = _subject(read_name(request.subject), profile)
    names = alternative_names(request.extensions, profile)
    if profile.alternative_names.required and not names:
        raise _unfit(profile, Sentence("it names no host or address (subjectAltName)"))
    if len(names) > profile.alternative_names.most:
        most = profile.alternative_names.most
        raise _unfit(profile, Sentence("it has more than {most} alternative names", most=most))
    return Applied(subject, request.point, names)


def alternative_names(extensions: Mapping[str, Extension], profile: Profile) -> tuple[bytes, ...]:
    """Return the alternative names asked for, each of a kind that the profile gives."""
    asked = extensions.get(ext.SUBJECT_ALT_NAME)
    return () if asked is None else tuple(_names(asked, profile.alternative_names))


def _subject(parts: tuple[Attribute, ...], profile: Profile) -> bytes:
    rules = profile.subject
    allowed = {*rules.required, *rules.optional, *rules.fixed}
    for part in parts:
        if part.name not in allowed:
            raise _unfit(profile, Sentence("its name may not hold {part}", part=part.name))
        if part.name not in _REPEATED and sum(each.name == part.name for each in parts) > 1:
            raise _unfit(profile, Sentence("its name holds {part} twice", part=part.name))
    told = {part.name for part in parts}
    missing = [name for name in rules.required if name not in told and name not in rules.fixed]
    if missing:
        raise _unfit(profile, Sentence("its name lacks {parts}", parts=", ".join(missing)))
    for name, text in rules.fixed.items():
        if any(part.name == name and part.text != text for part in parts):
            raise _unfit(profile, Sentence("{part} must be “{text}”", part=name, text=text))
    added = (Attribute(name, text) for name, text in rules.fixed.items() if name not in told)
    return write_name((*parts, *added))


def _names(asked: Extension, rules: NameRules) -> Iterator[bytes]:
    listed = asn1.parts_of(asked.value, Sentence("subjectAltName"))
    while not listed.is_at_end:
        tag = listed.tag or 0
        kind = _KINDS.get(tag)
        content = listed.take(tag)
        if kind is None or kind not in rules.kinds:
            raise _unfit_name(Sentence("this kind of name is not given by the profile"))
        yield _name(kind, content)


def _name(kind: str, content: bytes) -> bytes:
    if kind == "ip":
        try:
            return ext.ip_address(ip_address(content))
        except ValueError as error:
            raise _unfit_name(Sentence("an address has neither 4 nor 16 octets")) from error
    try:
        text = content.decode("ascii")
    except UnicodeDecodeError as error:
        raise _unfit_name(Sentence("a name is not ASCII")) from error
    if kind == "dns":
        _check_host(text)
        return ext.dns_name(text)
    return ext.email(text) if kind == "email" else ext.uri(text)


def _check_host(text: str) -> None:
    labels = text.removeprefix("*.").split(".")
    good = 0 < len(text) <= _LONGEST_NAME and all(_is_label(label) for label in labels)
    if not good or (text.startswith("*.") and len(labels) == 1):  # no wildcard of all of .cn
        raise _unfit_name(Sentence("{text!r} is no host name", text=text))


def _is_label(label: str) -> bool:
    plain = label.replace("-", "a")
    return 0 < len(label) < 64 and plain.isalnum() and label[0] != "-" and label[-1] != "-"  # noqa: PLR2004 - RFC 1035


@dataclass(frozen=True, slots=True)
class Template:
    """What all certificates of a profile and an issuer have alike, encoded once.

    ``usages`` follow the key identifiers, ``status`` the alternative names. ``points`` are the
    extensions that name the lists, where that does not depend on the serial number.
    """

    profile: Profile
    issuer: Issuer
    authority_key: Encoded
    usages: Encoded
    points: Encoded | None
    status: Encoded

    @classmethod
    def of(cls, profile: Profile, issuer: Issuer) -> Template:
        """Make the template of certificates that ``issuer`` issues by ``profile``."""
        has_one_list = issuer.partitions == 1 and bool(issuer.addresses.crl)
        return cls(
            profile=profile,
            issuer=issuer,
            authority_key=_encoded(ext.authority_key_identifier(issuer.key_identifier)),
            usages=_encoded(*_usages(profile)),
            points=_points(issuer, 0) if has_one_list else None,
            status=_encoded(*_status(profile, issuer)),
        )

    def extensions(self, applied: Applied, serial: int) -> tuple[Encodable, ...]:
        """Return the extensions of one certificate, in their order."""
        found: list[Encodable] = [
            self.authority_key,
            Encoded(_KEY_IDENTIFIER_HEAD + key_identifier(applied.point)),
            self.usages,
        ]
        if applied.names:
            found.append(ext.subject_alt_name(applied.names))
        if self.profile.points_to_status and self.issuer.addresses.crl:
            found.append(self.points or _points(self.issuer, serial))
        return (*found, self.status)


def _encoded(*extensions: Extension) -> Encoded:
    return Encoded(b"".join(one.der for one in extensions))


def draft(applied: Applied, template: Template, serial: int, begin: datetime) -> Fields:
    """Return what would be certified, inside the issuer's validity."""
    issuer = template.issuer
    begin = max(begin, issuer.not_before)
    end = min(begin + template.profile.validity, issuer.not_after)
    if end <= begin:
        raise AuthorityError(
            "The authority's own certificate ends too soon.",
            remedy="Renew the authority first (netops ca rollover).",
        )
    return Fields(
        serial=serial,
        issuer=issuer.subject,
        subject=applied.subject,
        not_before=begin.replace(microsecond=0),
        not_after=end.replace(microsecond=0),
        point=applied.point,
        extensions=template.extensions(applied, serial),
    )


def _usages(profile: Profile) -> Iterator[Extension]:
    yield ext.key_usage(profile.key_usage)
    if profile.kind == "authority":
        yield ext.basic_constraints(path_length=profile.path_length)
    if profile.policies:
        yield ext.certificate_policies(profile.policies)
    if profile.extended_key_usage:
        purposes = [PURPOSES[name] for name in profile.extended_key_usage]
        yield ext.extended_key_usage(purposes, critical=profile.extended_key_usage_critical)


def _points(issuer: Issuer, serial: int) -> Encoded:
    whole = ext.crl_distribution_points([list_address(issuer, serial)])
    if not issuer.addresses.delta:
        return _encoded(whole)
    part = partition_of(serial, issuer.partitions)
    delta = partition_address(issuer.addresses.delta, part, issuer.partitions)
    return _encoded(whole, ext.freshest_crl([delta]))


def _status(profile: Profile, issuer: Issuer) -> Iterator[Extension]:
    addresses = issuer.addresses
    if profile.points_to_status and (addresses.ocsp or addresses.issuer):
        ocsp = [addresses.ocsp] if addresses.ocsp else []
        issuers = [addresses.issuer] if addresses.issuer else []
        yield ext.authority_information_access(ocsp, issuers)
    if profile.ocsp_no_check:
        yield ext.ocsp_no_check()


def partition_of(serial: int, partitions: int) -> int:
    """Return the part of the lists in which a serial number stands."""
    return serial % partitions


def list_address(issuer: Issuer, serial: int) -> str:
    """Return where the list stands that would name ``serial``."""
    return partition_address(
        issuer.addresses.crl, partition_of(serial, issuer.partitions), issuer.partitions
    )


def partition_address(address: str, partition: int, partitions: int) -> str:
    """Return the address of one part of the lists: its number before the ending of the file."""
    if partitions == 1:
        return address
    folder, slash, name = address.rpartition("/")
    stem, dot, end = name.rpartition(".")
    return f"{folder}{slash}" + (f"{stem}-{partition}{dot}{end}" if dot else f"{name}-{partition}")


def self_issued(
    subject: bytes, point: Point, profile: Profile, serial: int, begin: datetime
) -> Fields:
    """Return what a root certifies of itself."""
    issuer = Issuer(subject, key_identifier(point), begin, begin + profile.validity, NO_ADDRESSES)
    return draft(Applied(subject, point), Template.of(profile, issuer), serial, begin)


def _unfit(profile: Profile, reason: Sentence) -> AuthorityError:
    return AuthorityError(
        Sentence(
            "The request does not fit the profile {name}: {reason}.",
            name=profile.name,
            reason=reason,
        ),
        remedy="Make a request as the profile describes it, or name another profile.",
    )


def _unfit_name(reason: Sentence) -> CryptoError:
    return CryptoError(
        Sentence("The alternative names of the request are refused: {reason}.", reason=reason),
        remedy="Make a request as the profile describes it.",
    )
