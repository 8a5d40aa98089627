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
