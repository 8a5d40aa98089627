"""The authority behind an ASGI server that is not ours: uvicorn, asked over real sockets."""

from __future__ import annotations

import http.client
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
import uvicorn
from authorities import PASSPHRASE
from ocsp_asking import cert_id

from netops.errors import AuthorityError
from netops.gm.certificate import Certificate
from netops.gm.ocsp import LONGEST_REQUEST, Question, Reply, Status
from netops.trust.asgi import Application, application, from_environment
from netops.trust.authority import read_certificate
from netops.trust.desk import open_counter
from netops.trust.home import Home
from netops.trust.store import Store

_DEADLINE_S = 20.0


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_bytes(PASSPHRASE)
    file.chmod(0o600)
    return file


@contextmanager
def _served(made: Application) -> Iterator[int]:
    server = uvicorn.Server(
        uvicorn.Config(made, host="127.0.0.1", port=0, log_level="error", lifespan="on")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    began = time.monotonic()
    while not server.started and time.monotonic() - began < _DEADLINE_S:
        time.sleep(0.01)
    assert server.started
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(_DEADLINE_S)


def _ask(port: int, method: str, path: str, body: bytes = b"") -> tuple[int, bytes, dict[str, str]]:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    client.request(method, path, body or None)
    reply = client.getresponse()
    found = reply.status, reply.read(), {k.lower(): v for k, v in reply.getheaders()}
    client.close()
    return found


def _signer(home: Home) -> tuple[Certificate, int]:
    """Return the subordinate, and a serial number of its record."""
    issuer = read_certificate(home, "sub")
    store = Store.of(home)
    (serial, *_) = [one.serial for one in store.search() if one.authority == "sub"]
    store.close()
    return issuer, serial


def test_another_server_gives_the_answers_of_ours(home: Home, passphrase: Path) -> None:
    made = application(open_counter(home.path, passphrase))
    issuer, serial = _signer(home)
    question = Question((cert_id(issuer.subject, issuer.point.octets, serial),)).der
    with _served(made) as port:
        posted = _ask(port, "POST", "/", question)
        got = _ask(port, "GET", "/" + quote(b64encode(question).decode(), safe=""))
        published = _ask(port, "GET", "/sub.pem")
    assert posted[:2] == got[:2]
    assert posted[0] == 200
    assert posted[2]["content-type"] == "application/ocsp-response"
    assert "max-age=" in got[2]["cache-control"]
    assert "cache-control" not in posted[2]
    answers = Reply.from_der(posted[1]).answers
    assert [a.status for a in answers] == [Status.GOOD]
    assert published[0] == 200
    assert published[1] == (home.public / "sub.pem").read_bytes()


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "/", b"x", 405),
        ("GET", "/../ca.yaml", b"", 404),
        ("GET", "/%2e%2e%2fca.yaml", b"", 404),
        ("GET", "/not+base64*", b"", 400),
        ("POST", "/", b"x" * (LONGEST_REQUEST + 1), 413),
    ],
)
def test_what_is_no_question_is_refused(
    home: Home, passphrase: Path, method: str, path: str, body: bytes, status: int
) -> None:
    with _served(application(open_counter(home.path, passphrase))) as port:
        assert _ask(port, method, path, body)[0] == status


def test_the_environment_names_the_authority(
    home: Home, passphrase: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NETOPS_CA_HOME", raising=False)
    with pytest.raises(AuthorityError, match="NETOPS_CA_HOME is not set"):
        from_environment()
    monkeypatch.setenv("NETOPS_CA_HOME", str(home.path))
    monkeypatch.setenv("NETOPS_CA_PASSPHRASE_FILE", str(passphrase))
    with _served(from_environment()) as port:
        assert _ask(port, "GET", "/root.pem")[0] == 200
