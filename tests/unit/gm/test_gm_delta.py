"""A whole list and a delta: what they say together (RFC 5280 §5.2.4), and when they do not fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from netops.errors import CryptoError
from netops.gm import der as asn1
from netops.gm import extensions as ext
from netops.gm.certificate import Certificate, Fields
from netops.gm.chain import Kind, Standing, Trust, judge
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
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
from netops.gm.signed import sign

PROVIDER = default_provider()
KEY = PROVIDER.generate()
NOW = datetime(2026, 6, 1, tzinfo=UTC)
NAME, LEAF_NAME = (write_name((Attribute("CN", text),)) for text in ("root", "leaf"))
PART = "http://crl.example.cn/sub-1.crl"
MINE = ext.authority_key_identifier(b"k" * 20)
ROOT_FIELDS = Fields(
    1, NAME, NAME, NOW - timedelta(days=9), NOW + timedelta(days=99), KEY.point,
    (ext.key_usage(("keyCertSign", "cRLSign")), ext.basic_constraints(path_length=None)),
)  # fmt: skip
LEAF_FIELDS = replace(
    ROOT_FIELDS, serial=3, subject=LEAF_NAME, extensions=(ext.crl_distribution_points([PART]),)
)
ROOT, LEAF = (Certificate.from_der(sign(PROVIDER, KEY, f.der)) for f in (ROOT_FIELDS, LEAF_FIELDS))
HELD = Entry(3, NOW - timedelta(days=2), Reason.certificateHold)
FREED = Entry(3, NOW - timedelta(hours=1), Reason.removeFromCRL)
STOLEN = Entry(3, NOW - timedelta(hours=1), Reason.keyCompromise)


def _list(
    number: int, *entries: Entry, hours_ago: int, for_hours: int, more: tuple[ext.Extension, ...]
) -> RevocationList:
    at = NOW - timedelta(hours=hours_ago)
    said = (crl_number(number), *more)
    fields = ListFields(NAME, at, at + timedelta(hours=for_hours), said)
    return RevocationList.from_der(
        sign(PROVIDER, KEY, list_der(fields, (one.der for one in entries)))
    )


def _whole(*entries: Entry, number: int = 10, for_hours: int = 48) -> RevocationList:
    return _list(number, *entries, hours_ago=24, for_hours=for_hours, more=(MINE,))


def _delta(
    *entries: Entry,
    number: int = 12,
    base: int = 10,
    hours_ago: int = 1,
    more: tuple[ext.Extension, ...] = (MINE,),
) -> RevocationList:
    said = (*more, delta_indicator(base))
    return _list(number, *entries, hours_ago=hours_ago, for_hours=2, more=said)


def _judged(*lists: RevocationList) -> tuple[Standing, set[Kind]]:
    report = judge(PROVIDER, LEAF, Trust((ROOT,), NOW, lists=lists))
    return report.standing, {problem.kind for problem in report.problems}


def test_a_delta_adds_what_was_revoked_since() -> None:
    assert _judged(_whole(), _delta(STOLEN)) == (Standing.INVALID, {Kind.REVOKED})
    assert _judged(_whole(), _delta()) == (Standing.VALID, set())


def test_a_delta_takes_a_hold_back() -> None:
    assert _judged(_whole(HELD)) == (Standing.INVALID, {Kind.ON_HOLD})
    assert _judged(_whole(HELD), _delta(FREED)) == (Standing.VALID, set())


def test_a_delta_makes_a_hold_final() -> None:
    assert _judged(_whole(HELD), _delta(STOLEN)) == (Standing.INVALID, {Kind.REVOKED})


def test_of_two_deltas_the_newer_counts() -> None:
    older = _delta(HELD, number=11, hours_ago=2)
    assert _judged(_whole(), older, _delta(FREED)) == (Standing.VALID, set())
    assert _judged(_whole(), older, _delta()) == (Standing.VALID, set())


def test_both_together_hold_as_long_as_the_delta() -> None:
    stale = _whole(for_hours=1)
    assert _judged(stale) == (Standing.UNKNOWN, {Kind.LIST_STALE})
    assert _judged(stale, _delta()) == (Standing.VALID, set())


def test_a_stale_delta_leaves_the_whole_list_its_word() -> None:
    old = _delta(STOLEN, hours_ago=20)
    assert _judged(_whole(), old) == (Standing.INVALID, {Kind.REVOKED})
    assert _judged(_whole(), _delta(hours_ago=20)) == (Standing.VALID, set())


@pytest.mark.parametrize(
    "unfit",
    [
        _delta(FREED, base=11),
        _delta(FREED, number=10),
        _delta(FREED, more=(ext.authority_key_identifier(b"o" * 20),)),
        _delta(FREED, more=(MINE, issuing_distribution_point(PART))),
        _delta(FREED, more=(MINE, ext.Extension("1.2.3.4", b"\x05\x00", critical=True))),
    ],
    ids=["a later base", "not later", "another key", "another scope", "an unknown extension"],
)
def test_a_delta_that_does_not_fit_takes_no_hold_back(unfit: RevocationList) -> None:
    assert _judged(_whole(HELD), unfit) == (Standing.INVALID, {Kind.ON_HOLD})


def test_a_delta_that_does_not_fit_revokes_all_the_same() -> None:
    assert _judged(_whole(), _delta(STOLEN, base=11)) == (Standing.INVALID, {Kind.REVOKED})


def test_a_delta_alone_proves_nothing() -> None:
    assert _judged(_delta()) == (Standing.UNKNOWN, {Kind.LIST_SCOPE})
    assert _judged(_delta(FREED)) == (Standing.UNKNOWN, {Kind.LIST_SCOPE})


def test_a_list_of_the_future_beside_one_of_today_is_not_asked() -> None:
    later = _list(11, STOLEN, hours_ago=-1, for_hours=9, more=(MINE,))
    assert _judged(_whole(), later) == (Standing.INVALID, {Kind.REVOKED})
    empty = _list(11, hours_ago=-1, for_hours=9, more=(MINE,))
    assert _judged(_whole(), empty) == (Standing.VALID, set())


def test_a_list_with_a_critical_extension_of_an_entry_that_is_not_known_is_refused() -> None:
    issuer = ext.Extension("2.5.29.29", asn1.sequence(), critical=True)
    entry = asn1.sequence(asn1.integer(9), asn1.moment(NOW), asn1.sequence(issuer.der))
    fields = ListFields(NAME, NOW, NOW, (crl_number(1),))
    with pytest.raises(CryptoError, match=r"critical extension 2\.5\.29\.29"):
        RevocationList.from_der(sign(PROVIDER, KEY, list_der(fields, (entry,))))
