"""A key that is compromised is never certified again, one on hold not before it is released."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from authorities import ACTOR, BEFORE_KEYS, PASSPHRASE, ROOT_PASSPHRASE
from command_line import netops

from netops.errors import AuthorityError
from netops.gm import pkcs8
from netops.gm.certificate import Certificate
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.provider import KeyHandle
from netops.gm.request import make_request
from netops.gm.revocation import Reason, RevocationList
from netops.trust.audit import verify_journal
from netops.trust.authority import Authority, opened
from netops.trust.home import Home
from netops.trust.issuing import Job, Outcome, issue, issue_batch, renew, renew_batch
from netops.trust.keys import REQUEST, key_digest, to_pem
from netops.trust.lists import make_deltas, make_lists
from netops.trust.revoking import Revocation, release, revoke
from netops.trust.store import Store

PROVIDER = default_provider()
COMPROMISED = "revoked as compromised"


def _request(key: KeyHandle, name: str = "vpn-1") -> bytes:
    return make_request(PROVIDER, key, write_name((Attribute("C", "CN"), Attribute("CN", name))))


def _issue(authority: Authority, key: KeyHandle, name: str = "vpn-1") -> Outcome:
    return issue(authority, authority.profile("device"), Job(name, _request(key, name)))


def _lose(authority: Authority, made: Outcome, reason: Reason = Reason.keyCompromise) -> None:
    assert revoke(authority, [Revocation(made.serial, reason)]) == 1


def test_no_other_request_brings_a_compromised_key_back(home: Home) -> None:
    key = PROVIDER.generate()
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        _lose(authority, _issue(authority, key))
        before = authority.journal.last
        with pytest.raises(AuthorityError, match=COMPROMISED):
            _issue(authority, key, "another-name")
        person = write_name((Attribute("C", "CN"), Attribute("CN", "王工")))
        with pytest.raises(AuthorityError, match=COMPROMISED):
            issue(
                authority,
                authority.profile("person"),
                Job("p", make_request(PROVIDER, key, person)),
            )
        assert authority.journal.last == before


def test_a_batch_refuses_the_compromised_key_alone(home: Home) -> None:
    key = PROVIDER.generate()
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        _lose(authority, _issue(authority, key))
        jobs = [
            Job("a", _request(PROVIDER.generate(), "a")),
            Job("b", _request(key, "b")),
            Job("c", _request(PROVIDER.generate(), "c")),
        ]
        made = list(issue_batch(authority, authority.profile("device"), jobs))
    assert [one.refusal is None for one in made] == [True, False, True]
    assert COMPROMISED in str(made[1].refusal)


def test_a_request_that_was_answered_before_is_refused_once_its_key_is_lost(home: Home) -> None:
    key = PROVIDER.generate()
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        _issue(authority, key, "a")
        _lose(authority, _issue(authority, key, "b"))
        with pytest.raises(AuthorityError, match=COMPROMISED):
            _issue(authority, key, "a")


def test_no_certificate_of_a_compromised_key_is_renewed(home: Home) -> None:
    key = PROVIDER.generate()
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        kept = _issue(authority, key, "a")
        renewed = renew(authority, kept.serial)
        _lose(authority, _issue(authority, key, "b"))
        with pytest.raises(AuthorityError, match=COMPROMISED):
            renew(authority, kept.serial)
        (many,) = renew_batch(authority, [kept.serial])
        assert COMPROMISED in str(many.refusal)
        revoke(authority, [Revocation(kept.serial, Reason.superseded)])
        (again,) = renew_batch(authority, [kept.serial])
        with pytest.raises(AuthorityError, match=COMPROMISED):
            renew(authority, kept.serial)
    assert (again.certificate, renewed.is_new) == (b"", True)
    assert COMPROMISED in str(again.refusal)


def test_a_key_on_hold_is_certified_again_only_after_the_hold(home: Home) -> None:
    key = PROVIDER.generate()
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        held = _issue(authority, key, "a")
        _lose(authority, held, Reason.certificateHold)
        with pytest.raises(AuthorityError, match="for this key is on hold"):
            _issue(authority, key, "b")
        release(authority, held.serial)
        assert _issue(authority, key, "b").is_new


@pytest.mark.parametrize("reason", [Reason.superseded, Reason.cACompromise])
def test_other_reasons_say_nothing_of_the_key_of_a_leaf(home: Home, reason: Reason) -> None:
    key = PROVIDER.generate()
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        _lose(authority, _issue(authority, key), reason)
        assert _issue(authority, key, "b").is_new


def test_the_key_of_an_authority_that_was_compromised_is_not_certified_again(home: Home) -> None:
    key = PROVIDER.generate()
    with opened(home, "root", ROOT_PASSPHRASE, ACTOR) as root:
        name = (Attribute("C", "CN"), Attribute("O", "某市"), Attribute("CN", "某市 CA"))
        below = make_request(PROVIDER, key, write_name(name))
        made = issue(root, root.profile("sub"), Job("below", below))
        _lose(root, made, Reason.cACompromise)
    with (
        opened(home, "sub", PASSPHRASE, ACTOR) as authority,
        pytest.raises(AuthorityError, match=COMPROMISED),
    ):
        _issue(authority, key)


def test_a_revoked_certificate_may_still_be_told_to_be_compromised(home: Home) -> None:
    key = PROVIDER.generate()
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        made = _issue(authority, key)
        _lose(authority, made, Reason.superseded)
        first = authority.store.find("sub", made.serial)
        make_lists(authority)
        _lose(authority, made)
        make_deltas(authority)
        last = authority.store.find("sub", made.serial)
        assert revoke(authority, [Revocation(made.serial, Reason.superseded)]) == 0
        with pytest.raises(AuthorityError, match=COMPROMISED):
            _issue(authority, key, "b")
    assert first is not None
    assert last is not None
    assert (last.revoked_at, last.reason) == (first.revoked_at, Reason.keyCompromise)
    delta = RevocationList.from_der((home.public / "sub-delta.crl").read_bytes())
    assert delta.entries[made.serial].reason is Reason.keyCompromise
    assert verify_journal(home) == ()


def test_of_two_reasons_in_one_file_the_lost_key_counts(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        made = _issue(authority, PROVIDER.generate())
        reasons = (Reason.superseded, Reason.keyCompromise, Reason.affiliationChanged)
        assert revoke(authority, [Revocation(made.serial, one) for one in reasons]) == 1
        kept = authority.store.find("sub", made.serial)
    assert kept is not None
    assert kept.reason is Reason.keyCompromise


@pytest.mark.parametrize(
    "scalar",
    [
        "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8",
        "81EB26E941BB5AF16DF116495F90695272AE2CD63D6C4AE1678418BE48230029",
        "785129917D45A9EA5437A59356B82338EAADDA6CEB199088F14AE10DEFA229B5",
        f"{1:064X}",
    ],
)
def test_a_key_that_a_standard_prints_is_not_certified(home: Home, scalar: str) -> None:
    der = pkcs8.wrap(bytes.fromhex(scalar))
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        with pytest.raises(AuthorityError, match="printed in a standard"):
            _issue(authority, PROVIDER.load(der))
        assert _issue(authority, PROVIDER.load(pkcs8.wrap((2).to_bytes(32)))).is_new


def _secret(folder: Path) -> Path:
    path = folder / "P"
    path.touch(0o600)
    path.write_bytes(PASSPHRASE)
    return path


def test_other_certificates_of_a_lost_key_are_told_until_they_are_revoked(
    home: Home, tmp_path: Path
) -> None:
    key, common = PROVIDER.generate(), ("--home", home.path, "--passphrase-file", _secret(tmp_path))
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        one, other = _issue(authority, key, "a"), _issue(authority, key, "b")
        _issue(authority, PROVIDER.generate(), "c")
    lost = ("--reason", "keyCompromise")
    ended = netops("ca", "revoke", f"{one.serial:x}", *lost, *common)
    assert ended.code == 0
    assert "Warning: 1 certificates in force bear a compromised key" in ended.err
    assert f"{other.serial:x}" in ended.err
    ended = netops("ca", "revoke", f"{other.serial:x}", *lost, *common)
    assert (ended.code, "Warning" in ended.err) == (0, False)


def test_a_hold_is_not_called_a_revocation(home: Home, tmp_path: Path) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        serial = f"{_issue(authority, PROVIDER.generate()).serial:x}"
    said = []
    for reason in ("certificateHold", "superseded"):
        ended = netops("ca", "revoke", serial, "--reason", reason, "--home", home.path,
                       "--passphrase-file", _secret(tmp_path))  # fmt: skip
        said.append(ended.err.partition(".")[0])
    assert said == ["Put on hold: 1", "Revoked 1"]


def test_one_key_for_two_names_is_issued_with_a_warning(home: Home, tmp_path: Path) -> None:
    key, secret = PROVIDER.generate(), _secret(tmp_path)
    said = []
    for number, name in enumerate(("a", "b", "b")):
        csr = tmp_path / "r.csr"
        csr.write_bytes(to_pem(_request(key, name), REQUEST))
        out = tmp_path / f"{number}.pem"
        ended = netops("ca", "issue", "--home", home.path, "--profile", "device", "--csr", csr,
                       "--out", out, "--passphrase-file", secret)  # fmt: skip
        assert ended.code == 0, ended.err
        said.append("the same key is certified for another name" in ended.err)
    assert said == [False, True, True]


_OLDER = (
    *BEFORE_KEYS,
    "UPDATE alembic_version SET version_num = '0002'",
)


def _aged(home: Home, key: KeyHandle) -> int:
    """Leave a store of the form 0002 with a compromised key in it; return its serial number."""
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        made = _issue(authority, key)
        _lose(authority, made)
        make_lists(authority)
        with authority.store.transaction() as connection:
            for statement in _OLDER:
                connection.exec_driver_sql(statement)
    return made.serial


def _migrate(home: Home) -> tuple[str, ...]:
    secret = _secret(home.path.parent)
    return "ca", "migrate", "--home", str(home.path), "--passphrase-file", str(secret)


def test_a_migrated_store_knows_the_keys_that_were_lost_before(home: Home) -> None:
    key = PROVIDER.generate()
    serial = _aged(home, key)
    assert netops(*_migrate(home)).code == 0
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        for kept in authority.store.search():
            assert kept.der is not None
            assert kept.key == key_digest(Certificate.from_der(kept.der).point)
        lost = authority.store.find("sub", serial)
        assert lost is not None
        assert lost.reason_at == lost.revoked_at
        with pytest.raises(AuthorityError, match=COMPROMISED):
            _issue(authority, key, "b")
    assert verify_journal(home) == ()


_DYING = """
import os, signal, sys
from alembic import op
from netops.cli.app import main
def dying(*_arguments):
    os.kill(os.getpid(), signal.SIGKILL)
op.create_index = dying
sys.argv[0] = "netops"
main()
"""
"""Dies after the keys were written and before their index is made."""


def test_a_migration_that_is_killed_leaves_the_older_store_whole(home: Home) -> None:
    key = PROVIDER.generate()
    serial = _aged(home, key)
    ended = subprocess.run(
        [sys.executable, "-c", _DYING, *_migrate(home)], check=False, capture_output=True
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    address = home.settings().store or f"sqlite+pysqlite:///{home.store}"
    with closing(Store(address)) as store, store.transaction(reads=True) as connection:
        form = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    assert form == "0002"
    assert netops(*_migrate(home)).code == 0
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        assert authority.store.find("sub", serial) is not None
        with pytest.raises(AuthorityError, match=COMPROMISED):
            _issue(authority, key, "b")
    assert verify_journal(home) == ()
