"""Bench of status answers: `ca ocsp serve` against `openssl ocsp -port`, the same client for both.

The client asks over one connection after another, then over one that is kept; OpenSSL's
responder closes each, so its one rate is the peer of both. Processor time of the servers stands
beside, since the machine's other work does not reach it.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from authorities import PASSPHRASE, make_authority
from ocsp_asking import cert_id

from netops.gm.certificate import Certificate
from netops.gm.ocsp import Question
from netops.trust.keys import CERTIFICATE, from_pem
from tests.bench.measuring import ROOT, Figure

OPENSSL = shutil.which("openssl") or "openssl"
_ASKED = 1500
_ASKED_OF_PEER = 400
_ADDRESS = "127.0.0.1"


def answers(runs: int) -> list[Figure]:
    """Status answers a second: a connection each, kept alive, with a nonce; and the peer's."""
    with tempfile.TemporaryDirectory(prefix="netops-bench-") as name:
        rows = [_row(Path(name) / str(number)) for number in range(runs)]
    found = {name: tuple(row[name] for row in rows) for name in rows[0]}

    def over(ours: str, theirs: str) -> tuple[float, ...]:
        return tuple(a / b for a, b in zip(found[ours], found[theirs], strict=True))

    bench, peer = "ca status", "openssl ocsp"
    figures = [Figure(bench, f"{name}, a second", values) for name, values in found.items()]
    for kind, least in (("a connection each", 2), ("kept alive", 4)):
        figures += [
            Figure(bench, f"{kind}{suffix} / {peer}", over(kind + suffix, peer + suffix), "x",
                   f">= {least}", lambda v, least=least: v >= least)
            for suffix in ("", " of CPU")
        ]  # fmt: skip
    return figures


def _row(folder: Path) -> dict[str, float]:
    folder.mkdir()
    row: dict[str, float] = {}
    with _ours(folder) as (port, pid, plain, fresh):
        _each(port, plain, 20)
        _measure(row, "a connection each", pid, _ASKED, lambda: _each(port, plain, _ASKED))
        _measure(row, "kept alive", pid, _ASKED, lambda: _kept(port, [plain] * _ASKED))
        _measure(row, "with a nonce, kept alive", pid, _ASKED,
                 lambda: _kept(port, [fresh(n) for n in range(_ASKED)]))  # fmt: skip
    with _theirs(folder) as (port, pid, plain):
        _each(port, plain, 20)
        _measure(row, "openssl ocsp", pid, _ASKED_OF_PEER,
                 lambda: _each(port, plain, _ASKED_OF_PEER))  # fmt: skip
    return row


def _measure(
    row: dict[str, float], name: str, pid: int, times: int, act: Callable[[], None]
) -> None:
    used, begin = _cpu(pid), time.monotonic()
    act()
    row[name] = times / (time.monotonic() - begin)
    row[f"{name} of CPU"] = times / max(_cpu(pid) - used, 0.01)


def _cpu(pid: int) -> float:
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / 100


def _post(request: bytes) -> bytes:
    head = (
        "POST / HTTP/1.1\r\nHost: ocsp\r\nContent-Type: application/ocsp-request\r\n"
        f"Content-Length: {len(request)}\r\n\r\n"
    )
    return head.encode() + request


def _each(port: int, request: bytes, times: int) -> None:
    for _ in range(times):
        with socket.create_connection((_ADDRESS, port), timeout=30) as client:
            client.sendall(_post(request))
            _answer(client)


def _kept(port: int, requests: list[bytes]) -> None:
    with socket.create_connection((_ADDRESS, port), timeout=30) as client:
        for request in requests:
            client.sendall(_post(request))
            _answer(client)


def _answer(client: socket.socket) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(client)
    head, _, body = data.partition(b"\r\n\r\n")
    told = re.search(rb"(?i)content-length: *(\d+)", head)
    if told is None or b" 200 " not in head:
        raise RuntimeError("no answer")
    while len(body) < int(told[1]):
        body += _some(client)


def _some(client: socket.socket) -> bytes:
    data = client.recv(65536)
    if not data:
        raise RuntimeError("the connection ended early")
    return data


_Served = tuple[int, int, bytes, Callable[[int], bytes]]


@contextmanager
def _ours(folder: Path) -> Iterator[_Served]:
    home = make_authority(folder / "home")
    secret = folder / "P"
    secret.touch(0o600)
    secret.write_bytes(PASSPHRASE)
    words = [sys.executable, "-m", "netops", "ca", "ocsp", "serve", "--home", str(home.path),
             "--listen", f"{_ADDRESS}:0", "--passphrase-file", str(secret)]  # fmt: skip
    issuer = Certificate.from_der(from_pem(home.certificate_file("sub").read_bytes(), CERTIFICATE))
    with subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        told = re.search(r":(\d+)", server.stderr.readline())
        assert told is not None
        meant = cert_id(issuer.subject, issuer.point.octets, 1)
        try:
            yield (
                int(told[1]), server.pid, Question((meant,)).der,
                lambda n: Question((meant,), n.to_bytes(16)).der,
            )  # fmt: skip
        finally:
            server.terminate()


@contextmanager
def _theirs(folder: Path) -> Iterator[tuple[int, int, bytes]]:
    subprocess.run(
        [OPENSSL, "req", "-x509", "-newkey", "sm2", "-sm3", "-nodes", "-subj", "/C=CN/CN=peer",
         "-keyout", folder / "ca.key", "-out", folder / "ca.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    (folder / "index").touch()
    issuer = Certificate.from_der(from_pem((folder / "ca.pem").read_bytes(), CERTIFICATE))
    meant = cert_id(issuer.subject, issuer.point.octets, 1)
    with socket.create_server((_ADDRESS, 0)) as free:
        port = int(free.getsockname()[1])
    words = [OPENSSL, "ocsp", "-index", "index", "-port", str(port), "-rsigner", "ca.pem",
             "-rkey", "ca.key", "-CA", "ca.pem", "-rmd", "sm3", "-nmin", "60"]  # fmt: skip
    log = folder / "log"
    with log.open("wb") as sink, subprocess.Popen(words, cwd=folder, stdout=sink,
                                                  stderr=sink) as server:  # fmt: skip
        try:
            _await(log)
            yield port, server.pid, Question((meant,)).der
        finally:
            server.terminate()


def _await(log: Path) -> None:
    """Wait until it listens: a connection without a request would stall it."""
    until = time.monotonic() + 20
    while b"waiting" not in log.read_bytes():
        if time.monotonic() > until:
            raise RuntimeError("openssl ocsp does not listen")
        time.sleep(0.05)
