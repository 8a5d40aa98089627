"""OpenSSL judges link by link, and lists, status answers and log heads over the octets cut out."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from authorities import ACTOR, PASSPHRASE, Issued
from ocsp_asking import cert_id
from outside_judges import judge

from netops.gm.certificate import Certificate
from netops.gm.choice import default_provider
from netops.gm.curve import Point
from netops.gm.ocsp import Question, Reply
from netops.gm.revocation import RevocationList
from netops.gm.spki import spki_der
from netops.journal.book import read_head
from netops.trust.authority import opened, read_certificate
from netops.trust.keys import CERTIFICATE, from_pem, to_pem
from netops.trust.responder import Desk, Responder, appoint
from netops.trust.store import Store

ID = "distid:1234567812345678"


def _link(leaf: Path, issuer: Path, identifier: str = ID) -> bool:
    words = [
        judge("openssl"),
        "verify",
        "-vfyopt",
        identifier,
        "-partial_chain",
        "-trusted",
        issuer,
        leaf,
    ]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def _signed(folder: Path, point: Point, message: bytes, signature: bytes) -> bool:
    key, text, made = (folder / name for name in ("key.pem", "message", "signature"))
    key.write_bytes(to_pem(spki_der(point), "PUBLIC KEY"))
    text.write_bytes(message)
    made.write_bytes(signature)
    words = [
        judge("openssl"),
        "dgst",
        "-sm3",
        "-verify",
        key,
        "-sigopt",
        ID,
        "-signature",
        made,
        text,
    ]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def test_every_profiles_certificate_is_by_the_subordinate_and_that_by_the_root(
    made: Issued,
) -> None:
    public = made.home.public
    assert _link(public / "sub.pem", public / "root.pem")
    assert {
        name for name, leaf in made.leaves.items() if not _link(leaf, public / "sub.pem")
    } == set()


def test_the_judge_refuses_another_identifier_and_a_changed_octet(
    made: Issued, tmp_path: Path
) -> None:
    leaf, sub = made.leaves["device"], made.home.public / "sub.pem"
    assert not _link(leaf, sub, "distid:8765432187654321")
    der = from_pem(leaf.read_bytes(), CERTIFICATE)
    changed = tmp_path / "changed.pem"
    changed.write_bytes(to_pem(der.replace(b"device", b"Device", 1), CERTIFICATE))
    assert not _link(changed, sub)


@pytest.mark.parametrize("name", ["sub", "root"])
def test_a_list_is_signed_by_its_issuer(made: Issued, tmp_path: Path, name: str) -> None:
    found = RevocationList.from_der((made.home.public / f"{name}.crl").read_bytes())
    point = read_certificate(made.home, name).point
    assert _signed(tmp_path, point, found.signed.contents, found.signed.signature)
    assert not _signed(tmp_path, point, found.signed.contents + b"x", found.signed.signature)


def test_a_status_answer_is_signed_by_the_delegate(made: Issued, tmp_path: Path) -> None:
    leaf = Certificate.from_der(from_pem(made.leaves["device"].read_bytes(), CERTIFICATE))
    with opened(made.home, "sub", PASSPHRASE, ACTOR) as authority:
        signer, issuer = appoint(authority), authority.certificate
    store = Store.of(made.home)
    responder = Responder(
        "sub", (Desk(issuer, signer),), default_provider(), store, store.watcher()
    )
    meant = cert_id(issuer.subject, issuer.point.octets, leaf.serial, with_sm3=True)
    reply = Reply.from_der(responder.answer(Question((meant,)).der))
    store.close()
    assert reply.signed is not None
    delegate = Certificate.from_der(reply.certificates[0]).point
    assert _signed(tmp_path, delegate, reply.signed.contents, reply.signed.signature)


def test_the_head_of_the_log_is_signed_by_the_authority(made: Issued, tmp_path: Path) -> None:
    head = read_head(made.home.journal)
    assert head is not None
    assert json.loads((made.home.journal / "head.json").read_text())["n"] == head.number
    point = read_certificate(made.home, head.signer).point
    assert _signed(tmp_path, point, head.message, bytes.fromhex(head.signature))
