"""The record in PostgreSQL: a server of its own, started here and ended here."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from authorities import ACTOR, PASSPHRASE, make_authority

from netops.errors import AuthorityError, NetopsError
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.request import make_request
from netops.gm.revocation import Reason, RevocationList
from netops.trust.audit import verify_journal
from netops.trust.authority import opened
from netops.trust.backup import back_up
from netops.trust.health import Grade, examine
from netops.trust.home import Home
from netops.trust.issuing import Job, issue, issue_batch, renew
from netops.trust.lists import make_deltas, make_lists
from netops.trust.migrating import migrate
from netops.trust.revoking import Revocation, release, revoke
from netops.trust.store import Store
from netops.trust.tables import METADATA, State

pytest.importorskip("psycopg", reason="pip install psycopg")
PROVIDER = default_provider()
_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
_INITDB = _FOLDERS[-1] / "initdb" if _FOLDERS else Path()
_POSTGRES = shutil.which("postgres") or (str(_FOLDERS[-1] / "postgres") if _FOLDERS else "")

pytestmark = pytest.mark.skipif(
    not _FOLDERS and os.environ.get("NETOPS_CI") != "1", reason="apt-get install postgresql"
)


def _as_nobody(folder: Path) -> list[str]:
    """PostgreSQL does not run as root: give it the folder and a user without rights."""
    if os.geteuid():
        return []
    user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Yield the address of a database that is empty; its socket is a file, no port is opened."""
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder = Path(name)
        become = _as_nobody(folder)
        data = folder / "data"
        words = [_INITDB, "-D", data, "-U", "ca", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"]
        subprocess.run([*become, *words], check=True, capture_output=True, timeout=120)
        words = [_POSTGRES, "-D", data, "-k", folder, "-c", "listen_addresses="]
        with (folder.parent / f"{folder.name}.log").open("wb+") as log:
            running = subprocess.Popen([*become, *words], stderr=log)
            try:
                _await(folder)
                yield f"postgresql+psycopg://ca@/postgres?host={folder}"
            finally:
                running.terminate()
                running.wait(60)
                Path(log.name).unlink()


def _await(folder: Path) -> None:
    words = [_INITDB.with_name("pg_isready"), "-h", folder, "-t", "60", "-U", "ca"]
    for _ in range(600):
        if subprocess.run(words, check=False, capture_output=True).returncode == 0:
            return
    raise AssertionError("PostgreSQL does not start")


def _job(name: str) -> Job:
    subject = write_name((Attribute("C", "CN"), Attribute("CN", name)))
    return Job(name, make_request(PROVIDER, PROVIDER.generate(), subject))


@pytest.fixture(scope="module")
def home(server: str, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_authority(tmp_path_factory.mktemp("ca") / "home", server)


def test_the_whole_life_of_certificates_on_postgresql(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        profile = authority.profile("device")
        jobs = [_job(f"b{number}") for number in range(5)]
        made = list(issue_batch(authority, profile, [*jobs, jobs[0]]))
        again = issue(authority, profile, jobs[0])
        newer = renew(authority, made[1].serial)
        revoke(authority, [Revocation(made[2].serial, Reason.keyCompromise)])
        revoke(authority, [Revocation(made[3].serial, Reason.certificateHold)])
        release(authority, made[3].serial)
        (listed,) = make_lists(authority)
        assert authority.store.counts()[("sub", State.ISSUED)] >= 5
        found = {one.serial for one in authority.store.search("b1")}
    assert again.certificate == made[0].certificate == made[5].certificate
    assert set(RevocationList.from_der(listed.der).entries) == {made[2].serial}
    assert {made[1].serial, newer.serial} <= found
    assert verify_journal(home) == ()
    assert not home.store.exists()


def test_health_reads_it_and_a_copy_of_the_folder_alone_is_refused(
    home: Home, tmp_path: Path
) -> None:
    checks = examine(home, datetime.now(UTC))
    assert {c.grade for c in checks if c.part in {"record", "clock"}} == {Grade.GOOD}
    with pytest.raises(AuthorityError, match="database of its own"):
        back_up(home, tmp_path / "copy.tar")


def test_a_database_is_of_one_authority_alone(home: Home, server: str, tmp_path: Path) -> None:
    assert home.is_made
    with pytest.raises(AuthorityError, match="another authority"):
        make_authority(tmp_path / "second", server)


def test_a_serial_number_is_unique_by_the_database_itself(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        made = issue(authority, authority.profile("device"), _job("unique"))
    store = Store.of(home)
    kept = store.find("sub", made.serial)
    assert kept is not None
    with pytest.raises(AuthorityError, match="refused"):
        store.intend([kept])
    store.close()


def test_an_older_store_is_migrated_by_one_command(home: Home) -> None:
    store = Store.of(home)
    with store.transaction() as connection:
        for statement in (
            "ALTER TABLE certificates DROP COLUMN released_at",
            "ALTER TABLE lists DROP COLUMN base",
            "ALTER TABLE lists ALTER COLUMN number TYPE INTEGER",
            "DROP TABLE alembic_version",
        ):
            connection.exec_driver_sql(statement)
    with pytest.raises(AuthorityError, match="older form"):
        Store.of(home)
    assert migrate(home, "sub", PASSPHRASE, ACTOR) == "0001"
    with store.transaction(reads=True) as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    store.close()
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        make_lists(authority)
        assert len(make_deltas(authority)) == 1


def test_a_database_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(NetopsError, match="refused"):
        make_authority(tmp_path / "home", f"postgresql+psycopg://ca@/x?host={tmp_path}")
