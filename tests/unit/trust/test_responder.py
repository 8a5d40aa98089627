"""Status answers over real sockets, asked by OpenSSL and by hand."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Self
from urllib.parse import quote

import pytest
from authorities import ACTOR, PASSPHRASE, ROOT_PASSPHRASE
from ocsp_asking import cert_id
from outside_judges import judge

from netops.gm.certificate import Certificate
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.ocsp import Question, Refusal, Reply, Status
from netops.gm.request import make_request
from netops.gm.revocation import Reason
from netops.gm.signed import Fit
from netops.trust.authority import opened, read_certificate
from netops.trust.home import Home
from netops.trust.http_answer import Counter
from netops.trust.http_status import serve
from netops.trust.issuing import Job, issue
from netops.trust.keys import CERTIFICATE, to_pem
from netops.trust.lists import make_lists
from netops.trust.publisher import Publisher
from netops.trust.responder import Desk, Responder, appoint, former_desks
from netops.trust.revoking import Revocation, revoke
from netops.trust.rollover import roll_over
from netops.trust.store import Store

PROVIDER = default_provider()
NAME = write_name((Attribute("C", "CN"), Attribute("CN", "vpn-1")))


@contextmanager
def _responder(home: Home) -> Iterator[tuple[Responder, Certificate]]:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        signer = appoint(authority)
        request = make_request(PROVIDER, PROVIDER.generate(), NAME)
        made = issue(authority, authority.profile("device"), Job("a", request))
        issuer = authority.certificate
    store = Store.of(home)
    responder = Responder("sub", (Desk(issuer, signer),), PROVIDER, store, store.watcher(0.0))
    yield responder, Certificate.from_der(made.certificate)
    store.close()


def _asked(responder: Responder, serial: int, nonce: bytes | None = None) -> Reply:
    issuer = responder.desks[0].issuer
    meant = cert_id(issuer.subject, issuer.point.octets, serial)
    return Reply.from_der(responder.answer(Question((meant,), nonce).der))


def test_a_certificate_on_record_is_good_and_the_answer_is_signed_by_the_delegate(
    home: Home,
) -> None:
    with _responder(home) as (responder, leaf):
        reply = _asked(responder, leaf.serial, b"n" * 16)
    assert [one.status for one in reply.answers] == [Status.GOOD]
    assert reply.nonce == b"n" * 16
    delegate = Certificate.from_der(reply.certificates[0])
    assert reply.signed is not None
    assert reply.signed.fit(PROVIDER, delegate.point) is Fit.GOOD
    assert delegate.signed.fit(PROVIDER, responder.desks[0].issuer.point) is Fit.GOOD


def test_a_serial_that_is_not_on_record_is_unknown_never_good(home: Home) -> None:
    with _responder(home) as (responder, _):
        assert [one.status for one in _asked(responder, 5).answers] == [Status.UNKNOWN]


def test_a_revocation_by_another_process_is_seen(home: Home) -> None:
    with _responder(home) as (responder, leaf):
        assert _asked(responder, leaf.serial).answers[0].status is Status.GOOD
        with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
            revoke(authority, [Revocation(leaf.serial, Reason.keyCompromise)])
        (found,) = _asked(responder, leaf.serial).answers
    assert (found.status, found.reason) == (Status.REVOKED, Reason.keyCompromise)


def test_the_certificates_of_another_issuer_are_not_answered_for(home: Home) -> None:
    with _responder(home) as (responder, leaf):
        meant = cert_id(NAME, PROVIDER.generate().point.octets, leaf.serial)
        reply = Reply.from_der(responder.answer(Question((meant,)).der))
    assert reply.refused == Refusal.UNAUTHORIZED


@pytest.mark.parametrize("junk", [b"", b"\x30", b"GET", bytes(100_000)])
def test_junk_is_refused_as_malformed(home: Home, junk: bytes) -> None:
    with _responder(home) as (responder, _):
        assert Reply.from_der(responder.answer(junk)).refused == Refusal.MALFORMED


def test_an_answer_without_a_nonce_is_signed_once(home: Home) -> None:
    with _responder(home) as (responder, leaf):
        meant = cert_id(
            responder.desks[0].issuer.subject, responder.desks[0].issuer.point.octets, leaf.serial
        )
        request = Question((meant,)).der
        assert responder.answer(request) == responder.answer(request)


class _Served:
    """A server in a thread of its own."""

    def __init__(self, responder: Responder, public: Path = Path("nowhere")) -> None:
        self._counter = Counter(responder.give, Publisher(public).find)
        self._ready = threading.Event()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        server = self._loop.run_until_complete(serve(self._counter, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_exception: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()


def _exchange(port: int, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        received = b""
        while part := client.recv(65536):
            received += part
    return received


def test_get_and_post_and_several_requests_on_one_connection(home: Home) -> None:
    with _responder(home) as (responder, leaf), _Served(responder) as served:
        meant = cert_id(
            responder.desks[0].issuer.subject, responder.desks[0].issuer.point.octets, leaf.serial
        )
        body = Question((meant,)).der
        post = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        path = quote(b64encode(body).decode(), safe="").encode()
        get = b"GET /" + path + b" HTTP/1.1\r\nConnection: close\r\n\r\n"
        received = _exchange(served.port, post + post + get)
    assert received.count(b"HTTP/1.1 200 OK") == 3
    assert Reply.from_der(received.rpartition(b"\r\n\r\n")[2]).answers[0].status is Status.GOOD


@pytest.mark.parametrize("nonce", [None, b"n" * 16])
def test_a_cache_may_keep_what_was_signed_ahead_and_nothing_else(
    home: Home, nonce: bytes | None
) -> None:
    with _responder(home) as (responder, leaf), _Served(responder) as served:
        meant = cert_id(
            responder.desks[0].issuer.subject, responder.desks[0].issuer.point.octets, leaf.serial
        )
        path = quote(b64encode(Question((meant,), nonce).der).decode(), safe="").encode()
        head, _, body = _exchange(
            served.port, b"GET /" + path + b" HTTP/1.1\r\nConnection: close\r\n\r\n"
        ).partition(b"\r\n\r\n")
    told = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
    if nonce is not None:
        assert told[b"Cache-Control"] == b"no-store"
        return
    (answer,) = Reply.from_der(body).answers
    assert answer.next_update is not None
    expires = parsedate_to_datetime(told[b"Expires"].decode())
    assert answer.this_update == parsedate_to_datetime(told[b"Last-Modified"].decode())
    assert answer.this_update < expires < answer.next_update
    age = int(told[b"Cache-Control"].partition(b",")[0].removeprefix(b"max-age="))
    assert 0 < age <= 4 * 3600
    assert told[b"Cache-Control"].endswith(b"public, no-transform, must-revalidate")
    assert len(told[b"ETag"]) == 66


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"PUT / HTTP/1.1\r\n\r\n", 405),
        (b"POST / HTTP/1.1\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n", 413),
        (b"nonsense\r\n\r\n", 400),
        (b"GET /*** HTTP/1.1\r\n\r\n", 400),
        (b"A" * 20_000, 431),
    ],
)
def test_what_is_no_request_is_refused_and_the_connection_ends(
    home: Home, data: bytes, status: int
) -> None:
    with _responder(home) as (responder, _), _Served(responder) as served:
        received = _exchange(served.port, data)
    assert received.startswith(b"HTTP/1.1 %d " % status)


def test_openssl_asks_and_understands(home: Home, tmp_path: Path) -> None:
    openssl = judge("openssl")
    with _responder(home) as (responder, leaf), _Served(responder) as served:
        path = tmp_path / "leaf.pem"
        path.write_bytes(to_pem(leaf.der, CERTIFICATE))
        words = [openssl, "ocsp", "-issuer", str(home.public / "sub.pem"), "-cert", str(path),
                 "-url", f"http://127.0.0.1:{served.port}", "-resp_text", "-noverify"]  # fmt: skip
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert "Cert Status: good" in done.stdout
    assert f"{path}: good" in done.stdout


def test_a_policy_that_ignores_nonces_gives_the_answer_that_is_signed_already(home: Home) -> None:
    with _responder(home) as (responder, leaf):
        responder.ignores_nonces = True
        first, second = (_asked(responder, leaf.serial, nonce) for nonce in (b"n" * 16, b"m" * 16))
    assert first == second
    assert first.nonce is None
    assert first.answers[0].status is Status.GOOD


@pytest.mark.parametrize(
    ("name", "kind"),
    [("sub.crl", b"pkix-crl"), ("sub.cer", b"pkix-cert"), ("root.pem", b"x-pem-file")],
)
def test_what_is_published_is_given_out_beside_the_status(
    home: Home, name: str, kind: bytes
) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        (made,) = make_lists(authority)
    with _responder(home) as (responder, _), _Served(responder, home.public) as served:
        asked = b"GET /pki/" + name.encode() + b" HTTP/1.1\r\nConnection: close\r\n\r\n"
        head, _, body = _exchange(served.port, asked).partition(b"\r\n\r\n")
    told = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
    assert told[b"Content-Type"] == b"application/" + kind
    if name == "sub.crl":
        assert body == made.der
        expires = parsedate_to_datetime(told[b"Expires"].decode())
        assert expires == made.kept.next_update
    elif name == "sub.cer":
        assert Certificate.from_der(body).der == read_certificate(home, "sub").der


@pytest.mark.parametrize("name", ["sub.key", "..%2Fca.yaml", "nothing.crl", "ca.yaml", "%00.crl"])
def test_nothing_else_is_given_out(home: Home, name: str) -> None:
    with _responder(home) as (responder, _), _Served(responder, home.public) as served:
        received = _exchange(served.port, f"GET /{name} HTTP/1.1\r\n\r\n".encode())
    assert received.startswith(b"HTTP/1.1 404 ")


def test_a_key_that_was_rolled_over_answers_for_what_it_certified(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        request = make_request(PROVIDER, PROVIDER.generate(), NAME)
        leaf = issue(authority, authority.profile("device"), Job("a", request))
        old = authority.certificate
    with opened(home, "root", ROOT_PASSPHRASE, ACTOR) as root:
        roll_over(root, "sub", PASSPHRASE)
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        own = Desk(authority.certificate, appoint(authority))
        former, silent = former_desks(authority, PASSPHRASE)
        store = Store.of(home)
        responder = Responder("sub", (own, *former), PROVIDER, store, store.watcher(0.0))
        meant = cert_id(old.subject, old.point.octets, leaf.serial)
        reply = Reply.from_der(responder.answer(Question((meant,), b"n").der))
        revoke(authority, [Revocation(leaf.serial, Reason.keyCompromise)])
        store.close()
        assert former_desks(authority, b"another") == ([], [f"sub-{old.serial:x}.pem"])
    assert silent == []
    assert reply.answers[0].status is Status.GOOD
    delegate = Certificate.from_der(reply.certificates[0])
    assert delegate.signed.fit(PROVIDER, old.point) is Fit.GOOD
    assert reply.signed is not None
    assert reply.signed.fit(PROVIDER, delegate.point) is Fit.GOOD
