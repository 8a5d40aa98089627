"""`ca verify` of keys and status answers, ours and of other makers."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from authorities import ACTOR, PASSPHRASE
from command_line import netops
from ocsp_asking import cert_id
from outside_judges import judge

from netops.gm import der as asn1
from netops.gm import ocsp, pkcs8
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.request import make_request
from netops.gm.selftest import POINT, SCALAR
from netops.gm.signed import sign
from netops.gm.spki import spki_der
from netops.trust.authority import opened
from netops.trust.home import Home
from netops.trust.issuing import Job, issue
from netops.trust.keys import to_pem
from netops.trust.responder import Desk, Responder, appoint
from netops.trust.store import Store

PROVIDER = default_provider()
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123


def _verified(path: Path, *more: str | Path) -> tuple[int, dict[str, Any]]:
    ended = netops("ca", "verify", path, "--format", "json", *more)
    assert "Traceback" not in ended.err, ended.err
    assert SCALAR.hex() not in (ended.out + ended.err).lower()
    return ended.code, json.loads(ended.out or "{}")


def _file(folder: Path, der: bytes, label: str = "") -> Path:
    path = folder / "key"
    path.write_bytes(to_pem(der, label) if label else der)
    return path


def _secret(folder: Path, text: bytes) -> Path:
    path = folder / "P"
    path.touch(0o600)
    path.write_bytes(text)
    return path


def _bare(scalar: bytes) -> bytes:
    return asn1.sequence(
        asn1.integer(1), asn1.octet_string(scalar),
        asn1.context(0, asn1.oid("1.2.156.10197.1.301")),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("der", "label"),
    [
        (spki_der(POINT), "PUBLIC KEY"),
        (pkcs8.wrap(SCALAR, POINT), "PRIVATE KEY"),
        (pkcs8.wrap(SCALAR), "PRIVATE KEY"),
        (_bare(SCALAR), "EC PRIVATE KEY"),
    ],
)
@pytest.mark.parametrize("is_pem", [True, False])
def test_a_whole_key_is_valid_and_only_its_public_half_is_shown(
    tmp_path: Path, der: bytes, label: str, *, is_pem: bool
) -> None:
    code, told = _verified(_file(tmp_path, der, label if is_pem else ""))
    assert (code, told["standing"], told["point"]) == (0, "valid", POINT.raw.hex())
    assert told["kind"] == label.removeprefix("EC ").lower()


def test_a_key_under_a_passphrase_wants_it(tmp_path: Path) -> None:
    der = pkcs8.encrypt(pkcs8.wrap(SCALAR), b"right")
    path = _file(tmp_path, der, "ENCRYPTED PRIVATE KEY")
    code, told = _verified(path)
    assert (code, told["standing"], told["protected"]) == (3, "unknown", True)
    code, told = _verified(path, "--passphrase-file", _secret(tmp_path, b"right"))
    assert (code, told["point"]) == (0, POINT.raw.hex())
    code, told = _verified(path, "--passphrase-file", _secret(tmp_path, b"wrong"))
    assert (code, [one["kind"] for one in told["problems"]]) == (1, ["key"])
    words = ("ca", "verify", path, "--passphrase-file", _secret(tmp_path, b"wrong"))
    assert "口令错误" in netops(*words, environ={"NETOPS_LANG": "zh"}).out


OTHER = PROVIDER.generate().point


@pytest.mark.parametrize(
    ("der", "label"),
    [
        (spki_der(POINT)[:-1] + b"\x00", "PUBLIC KEY"),
        (pkcs8.wrap(bytes(32)), "PRIVATE KEY"),
        (pkcs8.wrap((N - 1).to_bytes(32)), "PRIVATE KEY"),
        (pkcs8.wrap(SCALAR, OTHER), "PRIVATE KEY"),
        (_bare(SCALAR).replace(b"\x82\x2d", b"\x82\x2e"), "EC PRIVATE KEY"),
        (_bare(SCALAR)[:-1], "EC PRIVATE KEY"),
    ],
    ids=["off the curve", "d = 0", "d = n - 1", "another's public half", "another curve", "cut"],
)
def test_a_key_that_is_none_is_refused_with_its_reason(
    tmp_path: Path, der: bytes, label: str
) -> None:
    code, told = _verified(_file(tmp_path, der, label))
    assert (code, told["standing"], len(told["problems"])) == (1, "invalid", 1)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("genpkey", "-algorithm", "SM2"), 0),
        (("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2"), 0),
        (("ecparam", "-name", "SM2", "-genkey"), 0),
        (("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"), 1),
        (("genpkey", "-algorithm", "ED25519"), 1),
        (("genpkey", "-algorithm", "SM2", "-aes-256-cbc", "-pass", "pass:right"), 0),
        (("genpkey", "-algorithm", "SM2", "-sm4-cbc", "-pass", "pass:right"), 0),
        (("genpkey", "-algorithm", "SM2", "-des3", "-pass", "pass:right"), 3),
    ],
)
def test_keys_of_openssl(tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    path = tmp_path / "key"
    made = [judge("openssl"), *words, "-out", str(path)]
    subprocess.run(made, check=True, capture_output=True, timeout=60)
    secret = _secret(tmp_path, b"right")
    assert _verified(path, "--passphrase-file", secret)[0] == code


def _answered(home: Home, folder: Path) -> tuple[Path, int]:
    name = write_name((Attribute("C", "CN"), Attribute("CN", "a")))
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        request = make_request(PROVIDER, PROVIDER.generate(), name)
        leaf = issue(authority, authority.profile("device"), Job("a", request))
        issuer, signer = authority.certificate, appoint(authority)
    store = Store.of(home)
    responder = Responder("sub", (Desk(issuer, signer),), PROVIDER, store, store.watcher())
    meant = cert_id(issuer.subject, issuer.point.octets, leaf.serial)
    path = folder / "answer.der"
    path.write_bytes(responder.answer(ocsp.Question((meant,), b"n" * 16).der))
    store.close()
    return path, leaf.serial


def _by(home: Home) -> tuple[str | Path, ...]:
    return "--trust", home.public / "root.pem", "--untrusted", home.public / "sub.pem"


def test_a_status_answer_of_ours_is_valid_and_says_of_whom(home: Home, tmp_path: Path) -> None:
    path, serial = _answered(home, tmp_path)
    code, told = _verified(path, *_by(home))
    assert (code, told["kind"], told["nonce"]) == (0, "status answer", True)
    assert [(one["serial"], one["status"]) for one in told["answers"]] == [(f"{serial:x}", "good")]
    late = (datetime.now(UTC) + timedelta(hours=9)).isoformat()
    code, told = _verified(path, *_by(home), "--at", late)
    assert (code, {one["kind"] for one in told["problems"]}) == (3, {"list_stale"})
    assert _verified(path, "--trust", home.public / "root.pem")[0] == 1


def _changed(change: Callable[[bytearray], None], path: Path) -> None:
    data = bytearray(path.read_bytes())
    change(data)
    path.write_bytes(data)


def test_a_status_answer_that_was_changed_is_refused(home: Home, tmp_path: Path) -> None:
    path, serial = _answered(home, tmp_path)
    good = asn1.integer(serial) + b"\x80\x00"
    assert good in path.read_bytes()

    def to_unknown(data: bytearray) -> None:
        data[data.index(good) + len(good) - 2] = 0x82

    _changed(to_unknown, path)
    code, told = _verified(path, *_by(home))
    assert (code, [one["kind"] for one in told["problems"]]) == (1, ["signature"])


def test_a_status_answer_by_another_certificate_of_the_same_authority_is_refused(
    home: Home, tmp_path: Path
) -> None:
    key = PROVIDER.generate()
    name = write_name((Attribute("C", "CN"), Attribute("CN", "b")))
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        made = issue(
            authority, authority.profile("device"), Job("b", make_request(PROVIDER, key, name))
        )
        issuer = authority.certificate
    at = datetime.now(UTC).replace(microsecond=0)
    meant = cert_id(issuer.subject, issuer.point.octets, 5)
    answer = ocsp.Answer(meant, ocsp.Status.GOOD, at, at + timedelta(hours=1))
    data = ocsp.response_data(name, at, (answer,), None)
    path = tmp_path / "answer.der"
    path.write_bytes(ocsp.response(sign(PROVIDER, key, data), (made.certificate,)))
    code, told = _verified(path, *_by(home), "--at", (at + timedelta(seconds=5)).isoformat())
    assert (code, [one["kind"] for one in told["problems"]]) == (1, ["usage"])


def test_a_refusal_of_a_responder_leaves_the_status_unknown(tmp_path: Path) -> None:
    path = tmp_path / "answer.der"
    path.write_bytes(ocsp.refusal(ocsp.Refusal.TRY_LATER))
    assert _verified(path)[0] == 3
