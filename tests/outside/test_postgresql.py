"""What is particular to the record in PostgreSQL.

All other tests of the record run there too: ``NETOPS_TEST_STORE=postgresql`` (`.ci/authority`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from authorities import ACTOR, PASSPHRASE, make_authority
from command_line import netops
from ocsp_asking import cert_id
from postgresql_server import Server, crashed

from netops.errors import AuthorityError, NetopsError
from netops.gm.certificate import Certificate
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.ocsp import Question, Refusal, Reply, Status
from netops.gm.request import make_request
from netops.trust import issuing
from netops.trust.audit import verify_journal
from netops.trust.authority import opened
from netops.trust.backup import back_up
from netops.trust.desk import counter_of
from netops.trust.health import Grade, examine
from netops.trust.home import Home
from netops.trust.issuing import Job, Outcome, issue
from netops.trust.store import Store
from netops.trust.tables import State

PROVIDER = default_provider()


@pytest.fixture(scope="module")
def home(postgresql: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    database = postgresql.make()
    folder = tmp_path_factory.mktemp("ca") / "home"
    yield make_authority(folder, postgresql.url(database))
    postgresql.drop(database)


def _issue(home: Home, name: str) -> Outcome:
    subject = write_name((Attribute("C", "CN"), Attribute("CN", name)))
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        job = Job(name, make_request(PROVIDER, PROVIDER.generate(), subject))
        return issue(authority, authority.profile("device"), job)


def test_health_reads_it_and_a_copy_of_the_folder_alone_is_refused(
    home: Home, tmp_path: Path
) -> None:
    checks = examine(home, datetime.now(UTC))
    assert {c.grade for c in checks if c.part in {"record", "clock"}} == {Grade.GOOD}
    with pytest.raises(AuthorityError, match="database of its own"):
        back_up(home, tmp_path / "copy.tar")
    assert not home.store.exists()


def test_a_database_is_of_one_authority_alone(home: Home, tmp_path: Path) -> None:
    with pytest.raises(AuthorityError, match="another authority"):
        make_authority(tmp_path / "second", home.settings().store)


def test_a_database_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(NetopsError, match="refused"):
        make_authority(tmp_path / "home", f"postgresql+psycopg://ca@/x?host={tmp_path}")


# psycopg's own complaint of a cursor whose server went away.
@pytest.mark.filterwarnings("ignore:<psycopg.ServerCursor:ResourceWarning")
def test_a_server_that_crashes_and_is_started_anew_loses_nothing(
    home: Home, postgresql: Server
) -> None:
    made = _issue(home, "before")
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        counter, _ = counter_of(authority, PASSPHRASE)
        issuer = authority.certificate
        meant = cert_id(issuer.subject, issuer.point.octets, made.serial)
        question = Question((meant,), b"n" * 16).der
        assert Reply.from_der(counter.post(question).body).answers[0].status is Status.GOOD
        subject = write_name((Attribute("C", "CN"), Attribute("CN", "meanwhile")))
        job = Job("meanwhile", make_request(PROVIDER, PROVIDER.generate(), subject))
        with crashed(postgresql):
            assert Reply.from_der(counter.post(question).body).refused == Refusal.TRY_LATER
            with pytest.raises(AuthorityError, match="refused"):
                issue(authority, authority.profile("device"), job)
            told = netops("ca", "list", "--home", home.path)
            assert (told.code, len(told.err.splitlines())) == (2, 1), told.err
        after = issue(authority, authority.profile("device"), job)
        assert authority.store.find("sub", after.serial) is not None
    assert Reply.from_der(counter.post(question).body).answers[0].status is Status.GOOD
    counter.close()
    store = Store.of(home)
    assert store.find("sub", made.serial) is not None
    store.close()
    assert _issue(home, "after").is_new
    assert verify_journal(home) == ()


def test_what_a_crash_of_the_server_left_between_intent_and_record_is_revoked(
    home: Home, postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, signed = issuing.sign, []

    def crashing(*given: object) -> bytes:
        signed.append(real(*given))  # type: ignore[arg-type]
        with crashed(postgresql):
            return signed[-1]

    with monkeypatch.context() as patch:
        patch.setattr(issuing, "sign", crashing)
        with pytest.raises(AuthorityError, match="refused"):
            _issue(home, "left")
    serial = Certificate.from_der(signed[0]).serial
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        kept = authority.store.find("sub", serial)
    assert kept is not None
    assert kept.state is State.REVOKED
    assert verify_journal(home) == ()
