"""Revocation: final but for a hold, on record first, and on the next list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from authorities import ACTOR, PASSPHRASE, ROOT_PASSPHRASE
from authority_stores import Stores

from netops.errors import AuthorityError, InputError
from netops.gm import extensions as ext
from netops.gm.certificate import Certificate
from netops.gm.chain import Kind, Standing, Trust, judge
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.request import make_request
from netops.gm.revocation import Reason, RevocationList
from netops.journal import verify
from netops.trust.authority import Authority, opened, read_certificate
from netops.trust.home import Home
from netops.trust.issuing import Job, issue
from netops.trust.lists import make_lists
from netops.trust.revoking import (
    Revocation,
    parse_reason,
    parse_serial,
    read_revocations,
    release,
    revoke,
)
from netops.trust.tables import State

PROVIDER = default_provider()
NAME = write_name((Attribute("C", "CN"), Attribute("CN", "vpn-1")))


def _issued(authority: Authority) -> Certificate:
    request = make_request(PROVIDER, PROVIDER.generate(), NAME)
    made = issue(authority, authority.profile("device"), Job("a", request))
    return Certificate.from_der(made.certificate)


def _list(home: Home) -> RevocationList:
    return RevocationList.from_der((home.public / "sub.crl").read_bytes())


def test_a_revoked_certificate_is_on_the_next_list_and_no_longer_valid(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        leaf = _issued(authority)
        assert revoke(authority, [Revocation(leaf.serial, Reason.keyCompromise)]) == 1
        (made,) = make_lists(authority)
    found = _list(home)
    assert found.entries[leaf.serial].reason is Reason.keyCompromise
    assert (made.entries, found.number) == (1, made.kept.number)
    root, sub = read_certificate(home, "root"), read_certificate(home, "sub")
    report = judge(PROVIDER, leaf, Trust((root,), datetime.now(UTC), (sub,), (found,)))
    assert report.standing is Standing.INVALID
    assert Kind.REVOKED in {problem.kind for problem in report.problems}
    assert verify(home.journal) == ()


def test_a_hold_can_be_taken_back_and_is_gone_from_the_next_list(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        leaf = _issued(authority)
        revoke(authority, [Revocation(leaf.serial, Reason.certificateHold)])
        first = make_lists(authority)[0].kept.number
        assert _list(home).entries[leaf.serial].reason is Reason.certificateHold
        release(authority, leaf.serial)
        second = make_lists(authority)[0].kept.number
    assert _list(home).entries == {}
    assert _list(home).number == second
    assert second > first


def test_a_store_restored_from_a_backup_does_not_number_lists_anew(
    home: Home, tmp_path: Path, stores: Stores
) -> None:
    restored = stores.copied(home, tmp_path / "backup")
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        published = [make_lists(authority)[0].kept.number for _ in range(2)][-1]
    later = datetime.now(UTC) + timedelta(minutes=1)
    with opened(restored, "sub", PASSPHRASE, ACTOR, lambda: later) as authority:
        assert make_lists(authority)[0].kept.number > published


def test_a_hold_can_be_made_final_and_then_not_taken_back(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        leaf = _issued(authority)
        revoke(authority, [Revocation(leaf.serial, Reason.certificateHold)])
        assert revoke(authority, [Revocation(leaf.serial, Reason.superseded)]) == 1
        with pytest.raises(AuthorityError, match="not on hold"):
            release(authority, leaf.serial)


def test_revoking_twice_changes_nothing(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        leaf = _issued(authority)
        revoke(authority, [Revocation(leaf.serial, Reason.keyCompromise)])
        assert revoke(authority, [Revocation(leaf.serial, Reason.superseded)]) == 0
        kept = authority.store.find("sub", leaf.serial)
    assert kept is not None
    assert (kept.state, kept.reason) == (State.REVOKED, Reason.keyCompromise)


def test_of_a_list_with_one_unknown_serial_none_is_revoked(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        leaf = _issued(authority)
        asked = [Revocation(leaf.serial, Reason.superseded), Revocation(5, Reason.superseded)]
        with pytest.raises(AuthorityError, match="5 is not on record"):
            revoke(authority, asked)
        kept = authority.store.find("sub", leaf.serial)
    assert kept is not None
    assert kept.state is State.ISSUED


def test_an_entry_stays_until_a_list_was_signed_after_the_certificate_expired(home: Home) -> None:
    moment = datetime.now(UTC)

    def clock() -> datetime:
        return moment

    with opened(home, "sub", PASSPHRASE, ACTOR, clock) as authority:
        leaf = _issued(authority)
        revoke(authority, [Revocation(leaf.serial, Reason.superseded)])
        counts = []
        for later in (timedelta(days=1), timedelta(days=1826), timedelta(days=1827)):
            moment = datetime.now(UTC) + later
            counts.append(make_lists(authority)[0].entries)
    assert counts == [1, 1, 0]


def test_the_root_signs_the_list_of_authorities(home: Home) -> None:
    sub = read_certificate(home, "sub")
    with opened(home, "root", ROOT_PASSPHRASE, ACTOR) as authority:
        revoke(authority, [Revocation(sub.serial, Reason.cACompromise)])
        make_lists(authority)
    found = RevocationList.from_der((home.public / "root.crl").read_bytes())
    assert set(found.entries) == {sub.serial}
    assert found.next_update == found.this_update + timedelta(days=180)


def test_partitions_share_the_entries_and_each_certificate_names_its_own(home: Home) -> None:
    settings = home.settings_file
    settings.write_text(settings.read_text().replace("crl_partitions: 1", "crl_partitions: 4"))
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        leaves = [_issued(authority) for _ in range(6)]
        revoke(authority, [Revocation(leaf.serial, Reason.superseded) for leaf in leaves])
        made = make_lists(authority)
    assert sum(one.entries for one in made) == 6
    for leaf in leaves:
        number = leaf.serial % 4
        found = RevocationList.from_der((home.public / f"sub-{number}.crl").read_bytes())
        assert leaf.serial in found.entries
        address = f"http://crl.example.cn/sub-{number}.crl".encode()
        assert address in leaf.extensions[ext.CRL_DISTRIBUTION_POINTS].value
        assert address in found.extensions[ext.ISSUING_DISTRIBUTION_POINT].value


def test_a_file_of_serials_is_read_with_reasons(tmp_path: Path) -> None:
    path = tmp_path / "serials.txt"
    path.write_text("# lost tokens\n0x1F keyCompromise\n\n2A:2b, superseded\n3c\n")
    assert [(one.serial, one.reason) for one in read_revocations(path, Reason.unspecified)] == [
        (0x1F, Reason.keyCompromise), (0x2A2B, Reason.superseded), (0x3C, Reason.unspecified),
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["xyz", "1f because", "-5", "1f removeFromCRL"])
def test_a_bad_line_is_named_with_its_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "serials.txt"
    path.write_text(f"1f\n{line}\n")
    with pytest.raises(InputError) as caught:
        read_revocations(path, Reason.unspecified)
    assert caught.value.place is not None
    assert caught.value.place.line == 2


def test_reasons_are_those_of_the_rfc() -> None:
    assert parse_reason("aACompromise") is Reason.aACompromise
    assert parse_serial("00:ff") == 255
