"""A status server that runs on: its signer is renewed, its clients cannot wear it out."""

from __future__ import annotations

import asyncio
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from authorities import ACTOR, PASSPHRASE, ROOT_PASSPHRASE
from ocsp_asking import cert_id

from netops.gm.certificate import Certificate
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.ocsp import Question, Refusal, Reply, Status
from netops.gm.request import make_request
from netops.trust import http_status
from netops.trust.appointing import Appointer, desks_of
from netops.trust.authority import Authority, opened, read_certificate
from netops.trust.home import Home
from netops.trust.http_answer import Counter
from netops.trust.issuing import Job, issue
from netops.trust.responder import Given, Responder
from netops.trust.rollover import roll_over
from netops.trust.store import Store

PROVIDER = default_provider()
NAME = write_name((Attribute("C", "CN"), Attribute("CN", "vpn-1")))


@pytest.fixture
def passphrase_file(tmp_path: Path) -> Path:
    path = tmp_path / "P"
    path.write_bytes(PASSPHRASE + b"\n")
    path.chmod(0o600)
    return path


class _Later:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class _Told:
    """Hears why an attempt failed, or that one ended."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.heard = threading.Event()

    def __call__(self, error: Exception) -> None:
        self.errors.append(str(error))
        self.heard.set()


@contextmanager
def _running(
    home: Home, passphrase_file: Path, clock: _Later, told: _Told
) -> Iterator[tuple[Responder, int]]:
    def again() -> AbstractContextManager[Authority]:
        return opened(home, "sub", PASSPHRASE, ACTOR, clock)

    appointer = Appointer(home.certificate_file("sub"), again, passphrase_file, told)
    with again() as authority:
        desks, _ = desks_of(authority, PASSPHRASE)
        serial = _issued(authority)
    store = Store.of(home)
    yield (
        Responder("sub", desks, PROVIDER, store, store.watcher(0.0), clock, appointing=appointer),
        serial,
    )
    store.close()


def _issued(authority: Authority) -> int:
    request = make_request(PROVIDER, PROVIDER.generate(), NAME)
    made = issue(authority, authority.profile("device"), Job("a", request))
    return Certificate.from_der(made.certificate).serial


def _asked(responder: Responder, issuer: Certificate, serial: int) -> Reply:
    meant = cert_id(issuer.subject, issuer.point.octets, serial)
    return Reply.from_der(responder.answer(Question((meant,)).der))


def _asked_until_changed(responder: Responder, issuer: Certificate, serial: int) -> Reply:
    """Ask until the desks were changed by the thread beside; at most for a while."""
    before = responder.desks
    waited = threading.Event()
    for _ in range(2000):
        reply = _asked(responder, issuer, serial)
        if responder.desks is not before:
            return reply
        waited.wait(0.01)
    pytest.fail("nobody was appointed")


def test_a_new_signer_is_certified_before_the_old_one_expires(
    home: Home, passphrase_file: Path
) -> None:
    clock, told = _Later(), _Told()
    issuer = read_certificate(home, "sub")
    with _running(home, passphrase_file, clock, told) as (responder, serial):
        first = Certificate.from_der(_asked(responder, issuer, serial).certificates[0])
        clock.ahead = timedelta(days=16)
        reply = _asked_until_changed(responder, issuer, serial)
    second = Certificate.from_der(reply.certificates[0])
    assert second.serial != first.serial
    assert second.not_after > first.not_after
    assert reply.answers[0].status is Status.GOOD
    assert told.errors == []


def test_an_answer_never_outlives_its_signer_and_is_none_after_it(
    home: Home, passphrase_file: Path
) -> None:
    clock, told = _Later(), _Told()
    issuer = read_certificate(home, "sub")
    with _running(home, passphrase_file, clock, told) as (responder, serial):
        signer = responder.desks[0].signer.certificate
        passphrase_file.unlink()
        clock.ahead = signer.not_after - datetime.now(UTC) - timedelta(hours=1)
        (answer,) = _asked(responder, issuer, serial).answers
        assert answer.next_update == signer.not_after
        clock.ahead += timedelta(hours=2)
        assert _asked(responder, issuer, serial).refused == Refusal.TRY_LATER
        assert told.heard.wait(10)
    assert "cannot be read once more" in told.errors[0]


def test_a_new_key_of_the_authority_is_answered_for_without_a_restart(
    home: Home, passphrase_file: Path
) -> None:
    clock, told = _Later(), _Told()
    old = read_certificate(home, "sub")
    with _running(home, passphrase_file, clock, told) as (responder, serial):
        assert _asked(responder, old, serial).answers[0].status is Status.GOOD
        with opened(home, "root", ROOT_PASSPHRASE, ACTOR) as root:
            roll_over(root, "sub", PASSPHRASE)
        with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
            fresh = _issued(authority)
        _asked_until_changed(responder, old, serial)
        new = read_certificate(home, "sub")
        assert _asked(responder, new, fresh).answers[0].status is Status.GOOD
        assert _asked(responder, old, serial).answers[0].status is Status.GOOD


def test_a_question_in_get_may_follow_the_path_of_the_address() -> None:
    heard: list[bytes] = []

    def answer(request: bytes) -> Given:
        heard.append(request)
        return Given(b"answer")

    question = b"\x30\x03\x02\x01\xff"
    encoded = quote(b64encode(question).decode(), safe="").encode()
    counter = Counter(answer, path=b"/status/ocsp")
    assert counter.get(b"/status/ocsp/" + encoded).body == b"answer"
    assert counter.get(b"/" + encoded).body == b"answer"
    assert heard == [question, question]
    assert counter.get(b"/elsewhere!/" + encoded).status == 400


class _Transport(asyncio.Transport):
    """A client that takes nothing: what is written stays."""

    def __init__(self) -> None:
        super().__init__()
        self.written = 0
        self.reads = True
        self.ends: list[str] = []
        self.protocol: http_status._Connection | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += len(data)
        if self.written > 1000 and self.protocol is not None:
            self.protocol.pause_writing()

    def get_write_buffer_size(self) -> int:
        return self.written

    def pause_reading(self) -> None:
        self.reads = False

    def resume_reading(self) -> None:
        self.reads = True

    def is_closing(self) -> bool:
        return bool(self.ends)

    def close(self) -> None:
        self.ends.append("close")

    def abort(self) -> None:
        self.ends.append("abort")


class _Loop:
    """Begins times, and ends them when the test says so."""

    def __init__(self) -> None:
        self.begun: list[Callable[[], None]] = []
        self._now = 0.0
        self._real = asyncio.new_event_loop()

    def time(self) -> float:
        return self._now

    def call_later(self, seconds: float, act: Callable[[], None]) -> asyncio.TimerHandle:
        due = self._now + seconds

        def end() -> None:
            self._now = due
            act()

        self.begun.append(end)
        return asyncio.TimerHandle(0, end, (), self._real)

    def close(self) -> None:
        self._real.close()


@contextmanager
def _connected(
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[http_status._Connection, _Transport, _Loop]]:
    loop, transport = _Loop(), _Transport()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: loop)
    connection = http_status._Connection(Counter(lambda _request: Given(b"x" * 300)), set())
    transport.protocol = connection
    connection.connection_made(transport)
    yield connection, transport, loop
    loop.close()


def test_who_takes_no_answer_is_given_no_more_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    with _connected(monkeypatch) as (connection, transport, _):
        connection.data_received(b"GET / HTTP/1.1\r\n\r\n" * 10_000)
        assert transport.written < 3000
        assert not transport.reads
        before, transport.written = transport.written, 0
        connection.resume_writing()
        assert 0 < transport.written <= before


def test_a_request_that_trickles_in_gains_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with _connected(monkeypatch) as (connection, transport, loop):
        for octet in b"GET / HTTP/1.1\r\nX: " * 20:
            connection.data_received(bytes([octet]))
        (expire,) = loop.begun
        expire()
        assert transport.ends == ["close"]


def test_a_client_that_asks_again_has_the_whole_time_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    with _connected(monkeypatch) as (connection, transport, loop):
        loop.call_later(20, lambda: connection.data_received(b"GET / HTTP/1.1\r\n\r\n"))
        first, asks = loop.begun
        asks()
        transport.written = 0
        first()
        assert (transport.ends, loop.time()) == ([], 30)
        loop.begun[-1]()
        assert (transport.ends, loop.time()) == (["close"], 50)


def test_who_stopped_taking_his_answer_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    with _connected(monkeypatch) as (connection, transport, loop):
        connection.data_received(b"GET / HTTP/1.1\r\n\r\n")
        loop.begun[-1]()
        transport.written -= 100  # he still takes some of it
        loop.begun[-1]()
        assert transport.ends == []
        loop.begun[-1]()
        assert transport.ends == ["abort"]
