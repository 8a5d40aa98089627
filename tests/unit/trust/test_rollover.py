"""New keys: what the old ones signed stays valid and revocable, whenever the power fails."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from authorities import ACTOR, PASSPHRASE, ROOT_PASSPHRASE
from command_line import netops

from netops.errors import AuthorityError
from netops.gm.certificate import Certificate
from netops.gm.chain import Kind, Report, Standing, Trust, judge
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.request import make_request
from netops.gm.revocation import Reason, RevocationList
from netops.trust import settling
from netops.trust.audit import verify_journal
from netops.trust.authority import opened, read_certificate
from netops.trust.home import Home, write_durably
from netops.trust.issuing import Job, issue
from netops.trust.keys import CERTIFICATE, all_from_pem
from netops.trust.lists import make_lists
from netops.trust.revoking import Revocation, revoke
from netops.trust.rollover import roll_over
from netops.trust.store import Store
from netops.trust.tables import State

PROVIDER = default_provider()


def _issued(home: Home, name: str) -> Certificate:
    subject = write_name((Attribute("C", "CN"), Attribute("CN", name)))
    job = Job(name, make_request(PROVIDER, PROVIDER.generate(), subject))
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        return Certificate.from_der(issue(authority, authority.profile("device"), job).certificate)


def _prepare(home: Home, which: str) -> None:
    secret = ROOT_PASSPHRASE if which == "root" else PASSPHRASE
    with opened(home, "root", ROOT_PASSPHRASE, ACTOR) as root:
        roll_over(root, which, secret)


def _finish(home: Home, which: str) -> None:
    with opened(home, which, ROOT_PASSPHRASE if which == "root" else PASSPHRASE, ACTOR):
        pass


def _public(home: Home, pattern: str) -> list[Certificate]:
    return [
        Certificate.from_der(der)
        for path in sorted(home.public.glob(pattern))
        for der in all_from_pem(path.read_bytes(), CERTIFICATE)
    ]


def _judged(home: Home, leaf: Certificate, anchor: Certificate) -> Report:
    lists = tuple(RevocationList.from_der(p.read_bytes()) for p in home.public.glob("*.crl"))
    trust = Trust((anchor,), datetime.now(UTC), tuple(_public(home, "*.pem")), lists)
    return judge(PROVIDER, leaf, trust)


def test_a_new_subordinate_issues_and_what_the_old_one_issued_stays_valid(home: Home) -> None:
    before, root = _issued(home, "before"), read_certificate(home, "root")
    old = read_certificate(home, "sub")
    _prepare(home, "sub")
    _finish(home, "sub")
    new = read_certificate(home, "sub")
    after = _issued(home, "after")
    assert (new.subject, new.point == old.point) == (old.subject, False)
    assert [_judged(home, one, root).standing for one in (before, after)] == [Standing.VALID] * 2
    assert after.signed.fit(PROVIDER, new.point) == "good"
    assert verify_journal(home) == ()
    assert not home.next.exists()
    assert [one.der for one in _public(home, "chain.pem")] == [new.der, root.der]
    assert (home.keys / f"sub-{old.serial:x}.key").stat().st_mode & 0o077 == 0


def test_a_list_by_the_new_key_revokes_what_the_old_key_issued(home: Home) -> None:
    before, root = _issued(home, "before"), read_certificate(home, "root")
    _prepare(home, "sub")
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        revoke(authority, [Revocation(before.serial, Reason.keyCompromise)])
        make_lists(authority)
    assert {problem.kind for problem in _judged(home, before, root).problems} == {
        Kind.REVOKED, Kind.LIST_MISSING,
    }  # fmt: skip


def test_a_list_by_a_namesake_that_does_not_chain_is_not_believed(home: Home) -> None:
    before, root = _issued(home, "before"), read_certificate(home, "root")
    sub = read_certificate(home, "sub")
    _prepare(home, "sub")
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        (made,) = make_lists(authority)
    lists = (RevocationList.from_der(made.der),)
    report = judge(PROVIDER, before, Trust((root,), datetime.now(UTC), (sub,), lists))
    assert Kind.LIST_SIGNATURE in {problem.kind for problem in report.problems}


def test_a_new_root_is_reached_from_the_old_one_and_the_other_way(home: Home) -> None:
    leaf, old = _issued(home, "leaf"), read_certificate(home, "root")
    _prepare(home, "root")
    _finish(home, "root")
    new = read_certificate(home, "root")
    assert new.point != old.point
    assert _judged(home, leaf, new).standing is Standing.VALID
    assert _judged(home, leaf, old).standing is Standing.VALID
    (chained,) = _public(home, "root-new-with-old.pem")
    assert _judged(home, chained, old).standing is Standing.VALID
    assert {one.not_after for one in _public(home, "root-old-with-new.pem")} == {old.not_after}
    _prepare(home, "sub")
    _finish(home, "sub")
    assert _judged(home, _issued(home, "after"), new).standing is Standing.VALID
    assert verify_journal(home) == ()


class _PowerFails(BaseException):
    pass


@pytest.mark.parametrize("which", ["sub", "root"])
@pytest.mark.parametrize("point", range(1, 8))
def test_power_that_fails_while_a_key_is_put_in_force(
    home: Home, monkeypatch: pytest.MonkeyPatch, which: str, point: int
) -> None:
    leaf = _issued(home, "leaf")
    _prepare(home, which)
    left = point

    def failing(path: Path, data: bytes, mode: int = 0o644) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise _PowerFails
        write_durably(path, data, mode)

    with monkeypatch.context() as patch:
        patch.setattr(settling, "write_durably", failing)
        try:
            _finish(home, which)
        except _PowerFails:
            assert settling.is_due(home)
    _finish(home, which)
    assert _judged(home, leaf, read_certificate(home, "root")).standing is Standing.VALID
    assert (
        _issued(home, "after").signed.fit(PROVIDER, read_certificate(home, "sub").point) == "good"
    )
    assert verify_journal(home) == ()
    assert not home.next.exists()


def test_power_that_fails_before_leaves_the_old_key_and_nothing_in_force(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = read_certificate(home, "sub")
    with monkeypatch.context() as patch:
        patch.setattr("netops.trust.rollover._chain", _fail)
        with pytest.raises(_PowerFails):
            _prepare(home, "sub")
    _finish(home, "root")
    assert read_certificate(home, "sub").der == old.der
    store = Store.of(home)
    states = [kept.state for kept in store.search() if kept.profile == "sub"]
    store.close()
    assert sorted(states) == [State.ISSUED, State.REVOKED]
    _finish(home, "sub")
    _prepare(home, "sub")
    _finish(home, "sub")
    assert read_certificate(home, "sub").der != old.der


def _fail(*_given: object) -> bytes:
    raise _PowerFails


def test_a_subordinate_cannot_roll_over_by_itself(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as sub, pytest.raises(AuthorityError, match="root"):
        roll_over(sub, "sub", PASSPHRASE)


def test_an_operator_rolls_over_by_one_command(home: Home, tmp_path: Path) -> None:
    for name, secret in (("P", PASSPHRASE), ("R", ROOT_PASSPHRASE)):
        (tmp_path / name).touch(0o600)
        (tmp_path / name).write_bytes(secret)
    words = ("ca", "rollover", "--home", home.path, "--passphrase-file", tmp_path / "P",
             "--root-passphrase-file", tmp_path / "R", "--yes")  # fmt: skip
    old = read_certificate(home, "sub")
    assert netops(*words).code == 0
    assert read_certificate(home, "sub").point != old.point
    assert netops(*words, "--authority", "root").code == 0
    assert netops("ca", "log", "verify", "--home", home.path).code == 0
    assert netops("ca", "verify", home.public / "sub.pem", "--trust", home.public / "root.pem",
                  "--untrusted", home.public / "chain.pem").code == 0  # fmt: skip
