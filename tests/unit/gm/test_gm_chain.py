"""Judging certificates: good ones pass, and each fault is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from netops.gm import der as asn1
from netops.gm import extensions as ext
from netops.gm.certificate import Certificate, Fields
from netops.gm.chain import Kind, Report, Standing, Trust, judge
from netops.gm.evp import EvpKey, EvpProvider
from netops.gm.identity import signing_digest
from netops.gm.revocation import (
    Entry,
    ListFields,
    Reason,
    RevocationList,
    crl_number,
    delta_indicator,
    issuing_distribution_point,
    list_der,
)
from netops.gm.signed import ALGORITHM, sign
from netops.gm.sm3 import sm3

PROVIDER = EvpProvider()
ROOT_KEY, SUB_KEY, LEAF_KEY, OTHER_KEY = (PROVIDER.generate() for _ in range(4))
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SERVER = "1.3.6.1.5.5.7.3.1"
CLIENT = "1.3.6.1.5.5.7.3.2"


def _name(common: str) -> bytes:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)]).public_bytes()


def _authority(usage: tuple[str, ...], key: EvpKey) -> tuple[ext.Extension, ...]:
    return (
        ext.subject_key_identifier(sm3(key.point.octets)),
        ext.key_usage(usage),
        ext.basic_constraints(path_length=None),
    )


ROOT_FIELDS = Fields(
    1, _name("Root"), _name("Root"), datetime(2020, 1, 1, tzinfo=UTC),
    datetime(2040, 1, 1, tzinfo=UTC), ROOT_KEY.point,
    _authority(("keyCertSign", "cRLSign"), ROOT_KEY),
)  # fmt: skip
SUB_FIELDS = replace(
    ROOT_FIELDS, serial=2, subject=_name("Sub"), point=SUB_KEY.point,
    not_after=datetime(2035, 1, 1, tzinfo=UTC),
    extensions=_authority(("keyCertSign", "cRLSign"), SUB_KEY),
)  # fmt: skip
LEAF_FIELDS = Fields(
    3, _name("Sub"), _name("Leaf"), datetime(2026, 1, 1, tzinfo=UTC),
    datetime(2028, 1, 1, tzinfo=UTC), LEAF_KEY.point,
    (
        ext.authority_key_identifier(sm3(SUB_KEY.point.octets)),
        ext.key_usage(("digitalSignature", "nonRepudiation")),
        ext.extended_key_usage((SERVER,)),
    ),
)  # fmt: skip


def _made(fields: Fields, key: EvpKey) -> Certificate:
    return Certificate.from_der(sign(PROVIDER, key, fields.der))


ROOT = _made(ROOT_FIELDS, ROOT_KEY)
SUB = _made(SUB_FIELDS, ROOT_KEY)
LEAF = _made(LEAF_FIELDS, SUB_KEY)


def _list(
    *entries: Entry,
    key: EvpKey = SUB_KEY,
    at: datetime = NOW - timedelta(days=1),
    until: datetime = NOW + timedelta(days=1),
    more: tuple[ext.Extension, ...] = (),
) -> RevocationList:
    fields = ListFields(_name("Sub"), at, until, (crl_number(1), *more))
    return RevocationList.from_der(
        sign(PROVIDER, key, list_der(fields, (one.der for one in entries)))
    )


def _judge(leaf: Certificate = LEAF, **more: object) -> Report:
    trust = Trust((ROOT,), NOW, (SUB,))
    return judge(PROVIDER, leaf, replace(trust, **more))  # type: ignore[arg-type]


def _kinds(report: Report) -> set[tuple[Kind, int]]:
    return {(p.kind, p.depth) for p in report.problems if p.kind is not Kind.LIST_MISSING}


def test_a_good_certificate_is_valid_and_its_path_is_told() -> None:
    report = _judge(lists=(_list(),))
    assert report.standing is Standing.VALID
    assert report.path == (LEAF, SUB, ROOT)
    assert [(p.kind, p.depth) for p in report.problems] == [(Kind.LIST_MISSING, 1)]


def test_without_lists_it_is_said_that_revocation_is_not_known() -> None:
    report = _judge()
    assert report.standing is Standing.VALID
    assert {p.kind for p in report.problems} == {Kind.LIST_MISSING}


def test_an_anchor_itself_is_valid() -> None:
    assert _judge(ROOT).path == (ROOT,)


def test_a_missing_issuer_is_told() -> None:
    report = _judge(others=())
    assert report.standing is Standing.INVALID
    assert _kinds(report) == {(Kind.NO_PATH, 0)}


def test_a_root_that_is_not_trusted_gives_no_path() -> None:
    stranger = _made(replace(ROOT_FIELDS, point=OTHER_KEY.point), OTHER_KEY)
    assert _kinds(_judge(anchors=(stranger,), others=(SUB, ROOT))) == {(Kind.NO_PATH, 0)}


def test_a_signature_by_another_key_under_the_issuers_name_is_told() -> None:
    forged = _made(replace(LEAF_FIELDS, extensions=()), OTHER_KEY)
    assert _kinds(_judge(forged)) == {(Kind.SIGNATURE, 0)}


def test_the_empty_identifier_is_a_finding_of_its_own() -> None:
    tbs = LEAF_FIELDS.der
    signature = PROVIDER.sign_digest(SUB_KEY, signing_digest(SUB_KEY.point, tbs, b""))
    der = asn1.sequence(tbs, ALGORITHM, asn1.bit_string(signature.der))
    report = _judge(Certificate.from_der(der))
    assert report.standing is Standing.INVALID
    assert _kinds(report) == {(Kind.OTHER_ID, 0)}


@pytest.mark.parametrize(
    ("at", "wanted"),
    [
        (LEAF.not_before, set()),
        (LEAF.not_before - timedelta(seconds=1), {(Kind.NOT_YET_VALID, 0)}),
        (LEAF.not_after, set()),
        (LEAF.not_after + timedelta(seconds=1), {(Kind.EXPIRED, 0)}),
    ],
)
def test_both_ends_of_the_validity_are_inside(at: datetime, wanted: set[tuple[Kind, int]]) -> None:
    assert _kinds(_judge(at=at)) == wanted


def test_an_end_entity_that_issued_is_no_authority() -> None:
    below = replace(
        LEAF_FIELDS, issuer=_name("Leaf"), subject=_name("Below"), point=OTHER_KEY.point,
        extensions=(),
    )  # fmt: skip
    report = _judge(_made(below, LEAF_KEY), others=(SUB, LEAF))
    assert {(Kind.NO_AUTHORITY, 1), (Kind.USAGE, 1)} <= _kinds(report)


def test_a_path_longer_than_allowed_is_told() -> None:
    short = replace(
        ROOT_FIELDS,
        extensions=(ext.key_usage(("keyCertSign",)), ext.basic_constraints(path_length=0)),
    )
    root = _made(short, ROOT_KEY)
    assert _kinds(_judge(anchors=(root,))) == {(Kind.PATH_LENGTH, 2)}


def test_an_unknown_critical_extension_is_told() -> None:
    strange = ext.Extension("1.2.3.4", b"\x05\x00", critical=True)
    odd = _made(replace(LEAF_FIELDS, extensions=(strange,)), SUB_KEY)
    assert _kinds(_judge(odd)) == {(Kind.UNKNOWN_CRITICAL, 0)}


def test_a_purpose_that_is_not_allowed_is_told() -> None:
    assert _judge(purpose=SERVER).standing is Standing.VALID
    assert _kinds(_judge(purpose=CLIENT)) == {(Kind.USAGE, 0)}


@pytest.mark.parametrize(
    ("reason", "kind"),
    [(Reason.keyCompromise, Kind.REVOKED), (Reason.certificateHold, Kind.ON_HOLD)],
)
def test_a_revoked_certificate_is_invalid(reason: Reason, kind: Kind) -> None:
    report = _judge(lists=(_list(Entry(3, NOW, reason)),))
    assert report.standing is Standing.INVALID
    assert _kinds(report) == {(kind, 0)}


def test_a_list_that_is_out_of_date_leaves_the_status_unknown() -> None:
    report = _judge(lists=(_list(until=NOW - timedelta(seconds=1)),))
    assert report.standing is Standing.UNKNOWN
    assert _kinds(report) == {(Kind.LIST_STALE, 0)}


def test_a_list_by_another_key_leaves_the_status_unknown() -> None:
    report = _judge(lists=(_list(Entry(3, NOW), key=OTHER_KEY),))
    assert report.standing is Standing.UNKNOWN
    assert _kinds(report) == {(Kind.LIST_SIGNATURE, 0)}


PART = "http://crl.example.cn/sub-1.crl"


@pytest.mark.parametrize(
    "extension",
    [
        issuing_distribution_point(PART),
        issuing_distribution_point(PART, authorities_only=True),
        delta_indicator(1),
        ext.Extension("1.2.3.4", b"\x05\x00", critical=True),
    ],
)
def test_a_list_for_others_proves_nothing_though_it_does_not_name_it(
    extension: ext.Extension,
) -> None:
    report = _judge(lists=(_list(more=(extension,)),))
    assert report.standing is Standing.UNKNOWN
    assert _kinds(report) == {(Kind.LIST_SCOPE, 0)}


def test_the_part_of_the_lists_that_a_certificate_names_speaks_of_it() -> None:
    named = (*LEAF_FIELDS.extensions, ext.crl_distribution_points([PART]))
    leaf = _made(replace(LEAF_FIELDS, extensions=named), SUB_KEY)
    whole = _list(more=(issuing_distribution_point(PART),))
    assert _judge(leaf, lists=(whole,)).standing is Standing.VALID


def test_a_list_for_others_that_names_it_all_the_same_revokes_it() -> None:
    found = _list(Entry(3, NOW, Reason.keyCompromise), more=(delta_indicator(1),))
    assert (Kind.REVOKED, 0) in _kinds(_judge(lists=(found,)))


def test_a_hold_that_a_newer_list_no_longer_names_is_over() -> None:
    held = _list(Entry(3, NOW - timedelta(days=2), Reason.certificateHold))
    assert _judge(lists=(held, _list(at=NOW))).standing is Standing.VALID


def test_a_list_of_the_future_leaves_the_status_unknown() -> None:
    assert _kinds(_judge(lists=(_list(at=NOW + timedelta(hours=1)),))) == {(Kind.LIST_STALE, 0)}


def test_a_certificate_that_outlives_its_issuer_is_noted() -> None:
    late = _made(replace(LEAF_FIELDS, not_after=SUB.not_after + timedelta(days=1)), SUB_KEY)
    report = _judge(late)
    assert report.standing is Standing.VALID
    assert _kinds(report) == {(Kind.OUTLIVES_ISSUER, 0)}


def test_a_loop_of_authorities_ends() -> None:
    first = _made(
        replace(SUB_FIELDS, issuer=_name("B"), subject=_name("A"), extensions=()), SUB_KEY
    )
    second = _made(
        replace(SUB_FIELDS, issuer=_name("A"), subject=_name("B"), extensions=()), SUB_KEY
    )
    assert _kinds(_judge(first, others=(first, second))) == {(Kind.NO_PATH, 0)}


def test_an_extension_that_cannot_be_read_makes_it_invalid() -> None:
    broken = ext.Extension(ext.AUTHORITY_KEY_IDENTIFIER, b"\x30\x05\x80")
    report = _judge(_made(replace(LEAF_FIELDS, extensions=(broken,)), SUB_KEY))
    assert report.standing is Standing.INVALID
    assert _kinds(report) == {(Kind.MALFORMED, 0)}


def test_an_issuer_whose_key_was_certified_again_is_judged_by_what_is_valid() -> None:
    over = _made(replace(SUB_FIELDS, serial=9, not_after=NOW - timedelta(days=1)), ROOT_KEY)
    report = _judge(others=(over, SUB))
    assert (report.standing, report.path) == (Standing.VALID, (LEAF, SUB, ROOT))


def test_a_root_that_certified_its_own_new_key_adds_no_level() -> None:
    one_level = (ext.key_usage(("keyCertSign",)), ext.basic_constraints(path_length=1))
    old_fields = replace(ROOT_FIELDS, point=OTHER_KEY.point, extensions=one_level)
    old = _made(old_fields, OTHER_KEY)
    new_with_old = _made(replace(ROOT_FIELDS, serial=5), OTHER_KEY)
    report = _judge(anchors=(old,), others=(SUB, new_with_old))
    assert (report.standing, report.path) == (Standing.VALID, (LEAF, SUB, new_with_old, old))


def test_a_root_that_is_asked_about_itself_must_have_signed_itself() -> None:
    tbs = ROOT_FIELDS.der
    signature = PROVIDER.sign_digest(ROOT_KEY, signing_digest(ROOT_KEY.point, tbs, b""))
    empty_id = Certificate.from_der(asn1.sequence(tbs, ALGORITHM, asn1.bit_string(signature.der)))
    assert _kinds(_judge(empty_id, anchors=(empty_id,))) == {(Kind.OTHER_ID, 0)}
    forged = _made(ROOT_FIELDS, OTHER_KEY)
    assert _kinds(_judge(forged, anchors=(forged,))) == {(Kind.SIGNATURE, 0)}
    assert _judge(anchors=(forged,)).standing is Standing.VALID  # believed as it is


def test_octets_behind_the_value_of_an_extension_make_it_invalid() -> None:
    plain = ext.basic_constraints(path_length=None)
    longer = ext.Extension(plain.oid, plain.value + b"\x05\x00", critical=True)
    fields = replace(SUB_FIELDS, extensions=(*SUB_FIELDS.extensions[:2], longer))
    assert _kinds(_judge(others=(_made(fields, ROOT_KEY),))) == {(Kind.MALFORMED, 0)}
