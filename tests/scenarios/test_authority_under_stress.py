"""An authority that is killed, crowded and starved: nothing signed is lost, no serial comes twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from authorities import ACTOR, PASSPHRASE, make_authority
from authority_stores import Stores

from netops.errors import AuthorityError, NetopsError
from netops.gm.certificate import Certificate
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.request import make_request
from netops.gm.revocation import Reason
from netops.trust.audit import verify_journal
from netops.trust.authority import Authority, opened
from netops.trust.home import Home
from netops.trust.issuing import Job, issue
from netops.trust.keys import REQUEST, from_pem, to_pem
from netops.trust.revoking import Revocation, revoke
from netops.trust.tables import State

PROVIDER = default_provider()

_STEPS = (
    "Store.find_requests:before", "Store.find_requests:after",
    "draft:before", "draft:after",
    "lint:before", "lint:after",
    "Store.intend:before", "Store.intend:after",
    "sign:before", "sign:after",
    "check_again:before", "check_again:after",
    "Journal.append:before", "Journal.append:after",
    "Journal._write:before", "Journal._write:after",
    "Journal._seal:before", "Journal._seal:after",
    "Store.complete:before", "Store.complete:after",
    "Journal._leave:before", "Journal._leave:after",
    "write_durably:before", "write_durably:after",
)  # fmt: skip
_PLACES = {
    "Store": "netops.trust.store",
    "Journal": "netops.journal.book",
    "sign": "netops.trust.issuing",
    "draft": "netops.trust.issuing",
    "lint": "netops.trust.issuing",
    "check_again": "netops.trust.checking",
    "write_durably": "netops.trust.home",
}

_KILLED = """
import importlib, os, signal, sys
from netops.cli.app import main
import netops.trust.authority, netops.trust.issuing, netops.trust.home, netops.journal.book
import netops.gm.choice
netops.gm.choice.default_provider(), netops.gm.choice.second_provider()

def killed(step, home, request, out, count, place):
    name, _, when = step.partition(":")
    owner_name, _, method = name.partition(".")
    module = importlib.import_module(place)
    owner = getattr(module, owner_name) if method else module
    method = method or owner_name
    real, left = getattr(owner, method), [int(count)]
    def dying(*arguments, **named):
        left[0] -= 1
        if left[0] == 0 and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        made = real(*arguments, **named)
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return made
    setattr(owner, method, dying)
    sys.argv = ["netops", "ca", "issue", "--home", home, "--profile", "device", "--csr", request,
                "--out", out, "--passphrase-file", os.path.join(os.path.dirname(request), "P")]
    main()

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        try:
            killed(*line.rstrip("\\n").split("\\t"))
        finally:
            os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Imports once, then forks for each point that it is told: a start each would take minutes."""


def _request(path: Path, name: str) -> Path:
    key = PROVIDER.generate()
    der = make_request(PROVIDER, key, write_name((Attribute("C", "CN"), Attribute("CN", name))))
    path.write_bytes(to_pem(der, REQUEST))
    return path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, lasting_stores: Stores) -> Home:
    folder = tmp_path_factory.mktemp("stress")
    secret = folder / "P"
    secret.touch(0o600)
    secret.write_bytes(PASSPHRASE)
    return make_authority(folder / "home", lasting_stores.fresh())


def _counts(step: str) -> tuple[int, ...]:
    """Return which calls to die at: the journal is written twice where a crash was before."""
    return (1, 2) if step.startswith("Journal") else (1,)


def test_a_kill_at_any_step_of_the_issue_loses_nothing_that_was_signed(home: Home) -> None:
    folder = home.path.parent
    points = [(step, count) for step in _STEPS for count in _counts(step)]
    assert len(points) >= 20
    ends: Counter[int] = Counter()
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED], text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as forking:  # fmt: skip
        assert forking.stdin is not None
        assert forking.stdout is not None
        for number, (step, count) in enumerate(points):
            request = _request(folder / f"{number}.csr", f"r{number}")
            out = folder / f"{number}.pem"
            place = _PLACES[step.partition(":")[0].partition(".")[0]]
            words = (step, str(home.path), str(request), str(out), str(count), place)
            forking.stdin.write("\t".join(words) + "\n")
            forking.stdin.flush()
            ends[int(forking.stdout.readline())] += 1
            _check_handed_out(home, out)
        forking.stdin.close()
    assert ends[-9] >= 20
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        assert not list(authority.store.in_state("sub", State.INTENDED))
        logged = (home.journal / "journal.log").read_text()
        for kept in authority.store.search(most=10_000):
            if kept.authority == "sub":
                assert f"{kept.serial:x}" in logged
                if kept.state is State.ISSUED:
                    assert revoke(authority, [Revocation(kept.serial, Reason.superseded)]) == 1
    assert [fault for fault in verify_journal(home) if not fault.warning] == []


def _check_handed_out(home: Home, out: Path) -> None:
    """Whoever holds a certificate finds it on record and the same when asked again."""
    if not out.exists():
        return
    leaf = Certificate.from_der(from_pem(out.read_bytes(), "CERTIFICATE"))
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        kept = authority.store.find("sub", leaf.serial)
    assert kept is not None
    assert (kept.der, kept.state) == (leaf.der, State.ISSUED)


def test_eight_that_issue_at_once_give_no_serial_twice(home: Home) -> None:
    folder = home.path.parent
    running = []
    for number in range(8):
        request = _request(folder / f"e{number}.csr", f"e{number}")
        words = ["ca", "issue", "--home", str(home.path), "--profile", "device",
                 "--csr", str(request), "--out", str(folder / f"e{number}.pem"),
                 "--passphrase-file", str(folder / "P")]  # fmt: skip
        command = [str(Path(sys.executable).with_name("netops")), *words]
        running.append(subprocess.Popen(command, stderr=subprocess.PIPE))
    assert [process.wait(120) for process in running] == [0] * 8
    for process in running:
        assert process.stderr is not None
        process.stderr.close()
    serials = Counter(
        Certificate.from_der(from_pem((folder / f"e{n}.pem").read_bytes(), "CERTIFICATE")).serial
        for n in range(8)
    )
    assert len(serials) == 8
    assert verify_journal(home) == ()


def test_a_full_disk_under_the_store_issues_nothing(home: Home) -> None:
    request = from_pem(_request(home.path.parent / "f.csr", "f").read_bytes(), REQUEST)
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        _fill_the_disk(authority)
        before = authority.journal.last
        with pytest.raises(AuthorityError, match="store of the authority refused"):
            _issue_many(authority, 200)
        assert authority.journal.last >= before
        if authority.settings.store:
            _ask(authority, "ALTER TABLE certificates DROP CONSTRAINT full_disk")
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        assert issue(authority, authority.profile("device"), Job("f", request)).serial


def _ask(authority: Authority, statement: str) -> None:
    with authority.store.transaction() as connection:
        connection.exec_driver_sql(statement)


def _fill_the_disk(authority: Authority) -> None:
    """Let the store refuse to grow, until it is opened anew (SQLite) or told otherwise."""
    if not authority.settings.store:
        return _ask(authority, "PRAGMA max_page_count=1")
    _ask(
        authority,
        "CREATE FUNCTION full_disk() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE"
        " 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$",
    )
    return _ask(
        authority,
        "ALTER TABLE certificates ADD CONSTRAINT full_disk CHECK (full_disk()) NOT VALID",
    )


def _issue_many(authority: Authority, count: int) -> None:
    for number in range(count):
        issue(authority, authority.profile("device"), _numbered(number))


def _numbered(number: int) -> Job:
    name = write_name((Attribute("C", "CN"), Attribute("CN", f"n{number}")))
    return Job(str(number), make_request(PROVIDER, PROVIDER.generate(), name))


@pytest.mark.sqlite_file(reason="the rights of a database are the server's")
@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_store_that_may_not_be_written_issues_nothing(home: Home) -> None:
    home.store.chmod(0o400)
    try:
        with pytest.raises(NetopsError), opened(home, "sub", PASSPHRASE, ACTOR) as authority:
            issue(authority, authority.profile("device"), _numbered(1))
    finally:
        home.store.chmod(0o644)
