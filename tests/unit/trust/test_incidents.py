"""What other authorities paid for, one test a lesson, in the order of the list we keep of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from authorities import ACTOR, PASSPHRASE, ROOT_PASSPHRASE
from ocsp_asking import cert_id

from netops.errors import AuthorityError, JournalError, NetopsError
from netops.gm.certificate import Certificate, Fields
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.ocsp import Question, Reply, Status
from netops.gm.request import Request, make_request
from netops.gm.revocation import Reason, RevocationList
from netops.journal import Act, Journal
from netops.trust import issuing, linting
from netops.trust.authority import Authority, opened
from netops.trust.drafting import Template, apply_profile, draft
from netops.trust.health import Grade, examine
from netops.trust.home import Home
from netops.trust.issuing import Job, issue, issue_batch
from netops.trust.lists import make_lists
from netops.trust.responder import Desk, Responder, appoint
from netops.trust.revoking import Revocation, read_revocations, revoke
from netops.trust.store import Store
from netops.trust.tables import State

PROVIDER = default_provider()


def _job(name: str) -> Job:
    subject = write_name((Attribute("C", "CN"), Attribute("CN", name)))
    return Job(name, make_request(PROVIDER, PROVIDER.generate(), subject))


def test_01_a_serial_holds_more_than_64_random_bits_and_none_is_filtered_out(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        made = [*issue_batch(authority, authority.profile("device"), [_job("a"), _job("b")])]
    assert all(one.serial.bit_length() == 129 for one in made)
    assert len({one.serial & 0xFFFFFFFF for one in made}) == 2


def test_02_a_serial_and_the_octets_are_on_record_before_they_are_signed(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[State, str]] = []
    real = issuing.sign

    def watched(*given: object) -> bytes:
        store = Store.of(home)
        seen.extend((kept.state, kept.tbs) for kept in store.in_state("sub", State.INTENDED))
        store.close()
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(issuing, "sign", watched)
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        made = issue(authority, authority.profile("device"), _job("a"))
        kept = authority.store.find("sub", made.serial)
    assert kept is not None
    assert seen == [(State.INTENDED, kept.tbs)]


def test_03_a_second_signer_cannot_take_a_serial_that_is_taken(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        made = issue(authority, authority.profile("device"), _job("a"))
        kept = authority.store.find("sub", made.serial)
        assert kept is not None
        with pytest.raises(AuthorityError, match=r"(?i)unique"):
            authority.store.intend([kept])


def test_04_a_certificate_that_is_not_on_record_is_never_good(home: Home) -> None:
    """Signed by the right key, but not by this authority's hand: a stolen key."""
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        signer, issuer = appoint(authority), authority.certificate
        store = Store.of(home)
        responder = Responder("sub", (Desk(issuer, signer),), PROVIDER, store, lambda: True)
        meant = cert_id(issuer.subject, issuer.point.octets, 1 << 127)
        reply = Reply.from_der(responder.answer(Question((meant,)).der))
        store.close()
    assert [one.status for one in reply.answers] == [Status.UNKNOWN]


@pytest.mark.parametrize(
    ("after", "grade"), [(11, Grade.GOOD), (13, Grade.WARNING), (25, Grade.BAD), (-48, Grade.BAD)]
)
def test_05_a_list_at_half_its_life_and_a_clock_moved_back_are_told(
    home: Home, after: int, grade: Grade
) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        make_lists(authority)
    checks = {c.part: c.grade for c in examine(home, datetime.now(UTC) + timedelta(hours=after))}
    assert checks["list sub.crl" if after > 0 else "clock"] is grade


def test_06_a_list_is_not_published_over_anothers_nor_over_a_higher_number(home: Home) -> None:
    place = home.public / "sub.crl"
    with opened(home, "root", ROOT_PASSPHRASE, ACTOR) as authority:
        (roots,) = make_lists(authority)
    place.write_bytes(roots.der)
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        with pytest.raises(AuthorityError, match="list of another issuer"):
            make_lists(authority)
        assert place.read_bytes() == roots.der
        place.unlink()
        (first,) = make_lists(authority)
        (second,) = make_lists(authority)
    assert second.kept.number > first.kept.number
    assert RevocationList.from_der(place.read_bytes()).number == second.kept.number


def test_07_an_entry_stays_until_a_list_was_signed_after_the_certificate_expired(
    home: Home,
) -> None:
    start = datetime.now(UTC)
    moment = [start]

    def clock() -> datetime:
        return moment[0]

    with opened(home, "sub", PASSPHRASE, ACTOR, clock) as authority:
        made = issue(authority, authority.profile("ocsp"), _job("a"))
        revoke(authority, [Revocation(made.serial, Reason.keyCompromise)])
        found = []
        for days in (1, 29, 31, 32):
            moment[0] = start + timedelta(days=days)
            (listed,) = make_lists(authority)
            found.append(made.serial in RevocationList.from_der(listed.der).entries)
    assert found == [True, True, True, False]


def test_08_a_certificate_begins_when_it_is_issued_whatever_the_applicant_asks(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        at = authority.moment()
        made = issue(authority, authority.profile("device"), _job("a"))
        step = authority.settings.back_step_seconds
        begun = authority.certificate.not_before
    leaf = Certificate.from_der(made.certificate)
    assert leaf.not_before >= max(begun, at - timedelta(seconds=step))
    assert leaf.not_before <= datetime.now(UTC)


def _meant(authority: Authority, serial: int = 1 << 128) -> Fields:
    profile = authority.profile("device")
    applied = apply_profile(Request.from_der(_job("a").der), profile)
    return draft(applied, Template.of(profile, authority.issuer), serial, datetime.now(UTC))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (bytes.fromhex("030206c0"), bytes.fromhex("03020106")),  # another key usage
        (bytes.fromhex("550403"), bytes.fromhex("550404")),  # another part of the name
        (bytes.fromhex("2a811ccf5501822d"), bytes.fromhex("2a811ccf5501822e")),  # another curve
        (bytes.fromhex("2a811ccf55018375"), bytes.fromhex("2a811ccf55018376")),  # SM9 with SM3
        (bytes.fromhex("0603551d0e"), bytes.fromhex("0603551d23")),  # an extension twice
    ],
)
def test_09_the_very_octets_are_linted_and_any_finding_stops_the_issue(
    home: Home, old: bytes, new: bytes
) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        meant, profile = _meant(authority), authority.profile("device")
    good = meant.der
    linting.lint(good, meant, profile)
    assert old in good
    with pytest.raises(NetopsError):
        linting.lint(good.replace(old, new, 1), meant, profile)


@pytest.mark.parametrize("bad", range(3))
def test_10_each_of_many_requests_is_checked_not_only_the_first(home: Home, bad: int) -> None:
    jobs = [_job(str(number)) for number in range(3)]
    der = jobs[bad].der
    jobs[bad] = Job("bad", der[:-1] + bytes((der[-1] ^ 1,)))
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        made = [*issue_batch(authority, authority.profile("device"), jobs)]
    assert [number for number, one in enumerate(made) if one.refusal is not None] == [bad]


def test_11_nothing_is_issued_when_the_log_cannot_be_written(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: Journal, _acts: list[Act]) -> None:
        raise JournalError("The journal cannot be written: disk full.", remedy="Free the disk.")

    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        before = authority.store.counts().get(("sub", State.ISSUED), 0)
        monkeypatch.setattr(Journal, "append", full)
        with pytest.raises(JournalError):
            issue(authority, authority.profile("device"), _job("a"))
        assert authority.store.counts().get(("sub", State.ISSUED), 0) == before
        assert authority.store.counts()[("sub", State.INTENDED)] == 1


def test_12_many_are_revoked_from_a_file_at_once_or_none(home: Home, tmp_path: Path) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        made = [
            *issue_batch(authority, authority.profile("device"), [_job(str(n)) for n in range(40)])
        ]
        source = tmp_path / "serials"
        source.write_text("".join(f"{one.serial:x}\n" for one in made))
        assert revoke(authority, read_revocations(source, Reason.cACompromise)) == 40
        (listed,) = make_lists(authority)
        assert len(RevocationList.from_der(listed.der).entries) == 40
        source.write_text(
            f"{issue(authority, authority.profile('device'), _job('x')).serial:x}\nff\n"
        )
        with pytest.raises(AuthorityError, match="not on record"):
            revoke(authority, read_revocations(source, Reason.cACompromise))
        assert authority.store.counts()[("sub", State.REVOKED)] == 40
