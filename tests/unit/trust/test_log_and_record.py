"""Journal and record are held against each other: neither can be put back to an older copy."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from authorities import ACTOR, PASSPHRASE, ROOT_PASSPHRASE, make_authority
from authority_stores import Stores

from netops.errors import AuthorityError, JournalError
from netops.gm.certificate import Certificate
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.request import make_request
from netops.gm.revocation import Reason
from netops.trust.audit import verify_journal
from netops.trust.authority import opened
from netops.trust.comparing import Comparison
from netops.trust.health import Grade, examine
from netops.trust.home import Home
from netops.trust.issuing import Job, issue
from netops.trust.lists import make_lists
from netops.trust.revoking import Revocation, release, revoke
from netops.trust.rollover import roll_over

PROVIDER = default_provider()
NAME = write_name((Attribute("C", "CN"), Attribute("CN", "vpn-1")))


def _work(home: Home) -> int:
    """Issue, hold, release, revoke, publish; return the serial number."""
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        request = make_request(PROVIDER, PROVIDER.generate(), NAME)
        made = issue(authority, authority.profile("device"), Job("a", request))
        serial = Certificate.from_der(made.certificate).serial
        revoke(authority, [Revocation(serial, Reason.certificateHold)])
        release(authority, serial)
        revoke(authority, [Revocation(serial, Reason.keyCompromise)])
        make_lists(authority)
    return serial


def _causes(home: Home) -> list[str]:
    return [str(fault.cause) for fault in verify_journal(home)]


def test_journal_and_record_agree_after_work(home: Home) -> None:
    _work(home)
    assert _causes(home) == []


def test_a_journal_put_back_to_an_older_copy_is_found(home: Home, tmp_path: Path) -> None:
    shutil.copytree(home.journal, tmp_path / "older")
    serial = _work(home)
    shutil.copytree(tmp_path / "older", home.journal, dirs_exist_ok=True)
    assert _causes(home) == [
        f"Certificates on record are not in the journal: 1, {serial:x} among them.",
        f"Revocations on record are not in the journal: 1, {serial:x} among them.",
        "Lists on record are not in the journal: 1.",
    ]
    (check,) = (one for one in examine(home, datetime.now(UTC)) if one.part == "journal")
    assert check.grade is Grade.BAD


def test_a_record_put_back_to_an_older_copy_is_found(
    home: Home, tmp_path: Path, stores: Stores
) -> None:
    older = stores.copied(home, tmp_path / "older")
    serial = _work(home)
    shutil.copytree(home.journal, older.journal, dirs_exist_ok=True)
    assert _causes(older) == [
        f"Certificates in the journal are not on record: 1, {serial:x} among them."
    ]


def test_a_revocation_that_only_the_journal_tells_of_is_found(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        request = make_request(PROVIDER, PROVIDER.generate(), NAME)
        made = issue(authority, authority.profile("device"), Job("a", request))
        serial = Certificate.from_der(made.certificate).serial
        with monkeypatch.context() as patch:
            patch.setattr(type(authority.store), "revoke", lambda *_arguments: None)
            revoke(authority, [Revocation(serial, Reason.keyCompromise)])
    (fault,) = verify_journal(home)
    assert "Revocations in the journal are not on record: 1" in fault.cause
    assert "Revoke them again" in fault.remedy


def test_a_forged_head_stops_the_authority(home: Home) -> None:
    head = home.journal / "head.json"
    text = head.read_text()
    begin = text.index('"signature": "') + len('"signature": "')
    head.write_text(text[:begin] + text[begin + 20 :])
    with (
        pytest.raises(JournalError, match="signature"),
        opened(home, "sub", PASSPHRASE, ACTOR),
    ):
        pass
    assert [fault.kind for fault in verify_journal(home)] == ["signature"]


def test_a_journal_that_is_gone_is_not_begun_anew(home: Home) -> None:
    shutil.rmtree(home.journal)
    with pytest.raises(JournalError, match="not here"), opened(home, "sub", PASSPHRASE, ACTOR):
        pass
    assert [fault.kind for fault in verify_journal(home)] == ["missing"]


@pytest.mark.sqlite_file(reason="a database of its own has no file that could be gone")
def test_a_record_that_is_gone_is_not_begun_anew(home: Home) -> None:
    home.store.unlink()
    with (
        pytest.raises(AuthorityError, match="record of the authority is not here"),
        opened(home, "sub", PASSPHRASE, ACTOR),
    ):
        pass
    assert not home.store.exists()


def test_a_ceremony_deletes_no_authority_that_lost_its_settings(home: Home) -> None:
    _work(home)
    home.settings_file.unlink()
    before = (home.key_file("sub").read_bytes(), (home.journal / "journal.log").read_bytes())
    with pytest.raises(AuthorityError, match=r"lost its ca\.yaml"):
        make_authority(home.path)
    assert before == (
        home.key_file("sub").read_bytes(),
        (home.journal / "journal.log").read_bytes(),
    )


def test_a_head_signed_by_a_key_that_was_rolled_over_is_good(home: Home) -> None:
    with opened(home, "root", ROOT_PASSPHRASE, ACTOR) as root:
        roll_over(root, "root", ROOT_PASSPHRASE)
    with opened(home, "sub", PASSPHRASE, ACTOR):
        pass
    assert _causes(home) == []


def _issue(home: Home, name: bytes = NAME) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        request = make_request(PROVIDER, PROVIDER.generate(), name)
        issue(authority, authority.profile("device"), Job("a", request))


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_act_while_the_journal_is_verified_is_no_fault(
    home: Home, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    real, once = Comparison.keep, iter([None])

    def busy(comparison: Comparison) -> None:
        for _ in once if when == "before" else ():
            _issue(home)
        real(comparison)
        for _ in once:
            _issue(home)

    monkeypatch.setattr(Comparison, "keep", busy)
    assert _causes(home) == []


def test_a_certificate_between_journal_and_record_is_looked_for_while_nobody_acts(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, looks = Comparison.keep, []

    def crossing(comparison: Comparison) -> None:
        looks.append(len(looks))
        real(comparison)
        if looks == [0]:  # as if the record had been looked at before the group was committed
            comparison._scratch.execute("DELETE FROM kept")

    monkeypatch.setattr(Comparison, "keep", crossing)
    monkeypatch.setattr(Comparison, "_states", lambda *_arguments: set())
    assert (_causes(home), looks) == ([], [0, 1])


@pytest.mark.parametrize("detail", [{}, {"serial": "xyz"}, {"serial": 5}, {"serial": "f" * 50}])
def test_a_record_that_names_no_serial_number_is_a_fault_and_no_crash(
    home: Home, detail: dict[str, object]
) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        authority.journal.append([ACTOR.act("issue", **detail)])
    assert _causes(home) == ["Record 3 does not say what it is about."]


def test_revoked_and_released_certificates_are_compared_in_the_order_of_the_journal(
    home: Home,
) -> None:
    first = _work(home)
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        authority.journal.append([ACTOR.act("release", authority="sub", serial=f"{first:x}")])
    assert _causes(home) == [
        f"Revocations on record are not in the journal: 1, {first:x} among them."
    ]


def _bad(home: Home) -> dict[str, str]:
    checks = examine(home, datetime.now(UTC))
    return {one.part: str(one.cause) for one in checks if one.grade is Grade.BAD}


@pytest.mark.parametrize("content", [b"", b"x", b"0" * 300, None])
def test_health_goes_on_past_a_list_that_cannot_be_read(home: Home, content: bytes | None) -> None:
    _work(home)
    path = home.public / "sub.crl"
    path.unlink()
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    assert _bad(home) == {"list sub.crl": "the published list cannot be read"}


@pytest.mark.sqlite_file(reason="the files of a server are its own affair")
def test_health_and_the_remedy_speak_of_a_damaged_record(home: Home) -> None:
    home.store.write_bytes(b"damaged " * 512)
    (cause,) = _bad(home).values()
    assert "file is not a database" in cause
    with pytest.raises(AuthorityError) as caught, opened(home, "sub", PASSPHRASE, ACTOR):
        pass
    assert "from its copy" in caught.value.remedy
