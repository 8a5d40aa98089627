"""Issuing: what is handed out is on record, and what does not fit is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from authorities import ACTOR, PASSPHRASE

from netops.errors import AuthorityError, CryptoError, NetopsError
from netops.gm import extensions as ext
from netops.gm.certificate import Certificate
from netops.gm.chain import Standing, Trust, judge
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.request import make_request
from netops.gm.revocation import Reason
from netops.journal import verify
from netops.trust import authority as authority_module
from netops.trust import checking, issuing
from netops.trust.authority import opened, read_certificate
from netops.trust.home import Home
from netops.trust.issuing import Job, issue, issue_batch, renew, renew_batch
from netops.trust.revoking import Revocation, revoke
from netops.trust.store import Store
from netops.trust.tables import State

PROVIDER = default_provider()
NAME = (Attribute("C", "CN"), Attribute("CN", "vpn-1"))
HOST = ext.subject_alt_name([ext.dns_name("vpn-1.example.cn")])


def _request(*parts: Attribute, names: ext.Extension | None = HOST) -> bytes:
    asked = () if names is None else (names,)
    return make_request(PROVIDER, PROVIDER.generate(), write_name(parts or NAME), asked)


def test_a_certificate_is_valid_under_the_authoritys_chain(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        made = issue(authority, authority.profile("server"), Job("a", _request()))
    leaf = Certificate.from_der(made.certificate)
    trust = Trust(
        (read_certificate(home, "root"),), datetime.now(UTC), (read_certificate(home, "sub"),)
    )
    assert judge(PROVIDER, leaf, trust).standing is Standing.VALID
    assert leaf.serial == made.serial
    assert leaf.not_before >= read_certificate(home, "sub").not_before
    assert leaf.serial.bit_length() == 129
    assert b"http://crl.example.cn/sub.crl" in leaf.der


def test_what_was_issued_is_on_record_and_in_the_journal(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        made = issue(authority, authority.profile("server"), Job("a", _request()))
        kept = authority.store.find("sub", made.serial)
    assert kept is not None
    assert (kept.state, kept.der, kept.actor) == (State.ISSUED, made.certificate, "wang")
    assert f"{made.serial:x}".encode() in (home.journal / "journal.log").read_bytes()
    assert verify(home.journal) == ()


def test_the_same_request_twice_gives_the_same_certificate(home: Home) -> None:
    request = _request()
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        profile = authority.profile("server")
        first = issue(authority, profile, Job("a", request))
        second = issue(authority, profile, Job("b", request))
        twins = list(issue_batch(authority, profile, [Job("c", request), Job("d", request)]))
    assert first.is_new
    assert not second.is_new
    assert {one.certificate for one in (first, second, *twins)} == {first.certificate}


def test_two_equal_requests_in_one_batch_give_one_certificate(home: Home) -> None:
    request = _request()
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        jobs = [Job("c", request), Job("d", request)]
        first, second = issue_batch(authority, authority.profile("server"), jobs)
    assert first.certificate == second.certificate
    assert (first.is_new, second.is_new) == (True, False)


def test_a_bad_request_in_a_batch_stops_no_other(home: Home) -> None:
    good, bad = _request(), _request(names=None)
    broken = good[:-1] + bytes((good[-1] ^ 1,))
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        jobs = [Job("1", bad), Job("2", good), Job("3", b"junk"), Job("4", broken)]
        outcomes = list(issue_batch(authority, authority.profile("server"), jobs))
    assert [one.refusal is None for one in outcomes] == [False, True, False, False]


@pytest.mark.parametrize(
    ("parts", "names", "said"),
    [
        ((Attribute("CN", "x"),), HOST, "lacks C"),
        ((*NAME, Attribute("GN", "x")), HOST, "may not hold GN"),
        (NAME, None, "names no host"),
        (NAME, ext.subject_alt_name([ext.uri("http://x/")]), "kind of name"),
        (NAME, ext.subject_alt_name([ext.dns_name("-bad-.example")]), "no host name"),
        (NAME, ext.subject_alt_name([ext.dns_name("a.cn")] * 21), "more than 20"),
    ],
)
def test_what_does_not_fit_the_profile_is_refused(
    home: Home, parts: tuple[Attribute, ...], names: ext.Extension | None, said: str
) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        profile = authority.profile("server")
        with pytest.raises(NetopsError, match=said):
            issue(authority, profile, Job("a", _request(*parts, names=names)))


def test_an_applicant_cannot_make_itself_an_authority(home: Home) -> None:
    key = PROVIDER.generate()
    asked = (HOST, ext.basic_constraints(path_length=None), ext.key_usage(["keyCertSign"]))
    request = make_request(PROVIDER, key, write_name(NAME), asked)
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        made = issue(authority, authority.profile("server"), Job("a", request))
    leaf = Certificate.from_der(made.certificate)
    assert ext.BASIC_CONSTRAINTS not in leaf.extensions
    assert leaf.extensions[ext.KEY_USAGE] == ext.key_usage(["digitalSignature", "nonRepudiation"])


@pytest.mark.parametrize("profile", ["root", "sub", "encryption"])
def test_a_subordinate_issues_no_authorities_and_no_encryption_certificates(
    home: Home, profile: str
) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority, pytest.raises(AuthorityError):
        issue(authority, authority.profile(profile), Job("a", _request()))


def test_a_wrong_passphrase_opens_nothing(home: Home) -> None:
    with (
        pytest.raises(CryptoError, match="passphrase is wrong"),
        opened(home, "sub", b"wrong", ACTOR),
    ):
        pass


def test_a_clock_that_was_moved_back_stops_the_issue(home: Home) -> None:
    def yesterday() -> datetime:
        return datetime.now(UTC) - timedelta(days=1)

    with (
        opened(home, "sub", PASSPHRASE, ACTOR, yesterday) as authority,
        pytest.raises(AuthorityError, match="The clock shows"),
    ):
        issue(authority, authority.profile("server"), Job("a", _request()))


def test_what_a_crash_left_is_revoked_when_the_authority_is_next_opened(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_arguments: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(checking, "check_again", crash)
        with pytest.raises(KeyboardInterrupt), opened(home, "sub", PASSPHRASE, ACTOR) as authority:
            issue(authority, authority.profile("server"), Job("a", _request()))
    store = Store.of(home)
    (left,) = store.in_state("sub", State.INTENDED)
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        kept = authority.store.find("sub", left.serial)
    store.close()
    assert kept is not None
    assert kept.state is State.REVOKED
    assert b"abandon" in (home.journal / "journal.log").read_bytes()


def test_nothing_is_handed_out_that_the_second_implementation_refuses(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refuses:
        def verify_digest(self, *_question: object) -> bool:
            return False

    monkeypatch.setattr(checking, "second_provider", Refuses)
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        profile = authority.profile("server")
        with pytest.raises(AuthorityError, match="second implementation"):
            issue(authority, profile, Job("a", _request()))
        assert authority.store.counts()[("sub", State.INTENDED)] == 1


def test_a_serial_is_never_thrown_away_to_fit_a_length() -> None:
    drawn = {authority_module.open_serial() for _ in range(1000)}
    assert len(drawn) == 1000
    assert {serial.bit_length() for serial in drawn} == {129}


def test_a_renewal_certifies_the_same_key_and_names_under_a_new_serial(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        made = issue(authority, authority.profile("server"), Job("a", _request()))
        again = renew(authority, made.serial)
    old, new = map(Certificate.from_der, (made.certificate, again.certificate))
    assert (old.subject, old.point) == (new.subject, new.point)
    assert old.extensions[ext.SUBJECT_ALT_NAME] == new.extensions[ext.SUBJECT_ALT_NAME]
    assert old.serial != new.serial


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        (Reason.superseded, "not in force"),
        (Reason.keyCompromise, "revoked as compromised"),
        (Reason.certificateHold, "on hold"),
    ],
)
def test_a_revoked_certificate_is_not_renewed(home: Home, reason: Reason, cause: str) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        made = issue(authority, authority.profile("server"), Job("a", _request()))
        revoke(authority, [Revocation(made.serial, reason)])
        with pytest.raises(AuthorityError, match=cause):
            renew(authority, made.serial)


def test_many_are_renewed_whatever_their_profiles_and_once_only(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        olds = [
            issue(authority, authority.profile(name), Job(name, _request())).serial
            for name in ("server", "device")
        ]
        asked = [*olds, 0xFFFF, olds[0]]
        first = {one.job.name: one for one in renew_batch(authority, asked)}
        revoke(authority, [Revocation(serial, Reason.superseded) for serial in olds])
        second = {one.job.name: one for one in renew_batch(authority, asked)}
    assert set(first) == {f"{serial:x}" for serial in asked}
    assert first["ffff"].refusal is not None
    for serial in olds:
        name = f"{serial:x}"
        new = Certificate.from_der(first[name].certificate)
        assert (new.serial, first[name].is_new) == (first[name].serial, True)
        assert new.serial not in asked
        assert (second[name].certificate, second[name].is_new) == (new.der, False)


def test_requests_that_come_again_in_another_group_are_answered_alike(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing, "_GROUP", 2)
    requests = [_request() for _ in range(3)]
    order = [0, 1, 0, 2, 1, 2, 0]
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        jobs = [Job(str(place), requests[number]) for place, number in enumerate(order)]
        made = list(issue_batch(authority, authority.profile("server"), jobs))
        assert authority.store.counts()[("sub", State.ISSUED)] == 3
    assert [one.job.name for one in made] == [str(place) for place in range(7)]
    assert [one.is_new for one in made] == [True, True, False, True, False, False, False]
    for one, number in zip(made, order, strict=True):
        assert one.certificate == made[order.index(number)].certificate


@pytest.mark.parametrize(
    ("text", "found"), [("VPN", {"vpn-1"}), ("50%", {"50%_a"}), ("_", {"50%_a"}), ("局", {"局 b"})]
)
def test_a_search_tells_no_small_letters_from_large_and_takes_every_sign_as_it_is(
    home: Home, text: str, found: set[str]
) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        profile = authority.profile("device")
        for name in ("vpn-1", "50%_a", "局 b"):
            parts = (Attribute("C", "CN"), Attribute("CN", name))
            issue(authority, profile, Job(name, _request(*parts, names=None)))
        subjects = {one.subject_text for one in authority.store.search(text)}
    assert subjects == {f"C=CN, CN={name}" for name in found}
