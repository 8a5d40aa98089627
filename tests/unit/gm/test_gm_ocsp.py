"""OCSP questions and answers, held against OpenSSL's and cryptography's readers."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509 import ocsp as outside
from cryptography.x509.oid import NameOID
from ocsp_asking import cert_id
from outside_judges import judge

from netops.errors import CryptoError
from netops.gm import der as asn1
from netops.gm.evp import EvpProvider
from netops.gm.ocsp import (
    Answer,
    Question,
    Refusal,
    Reply,
    Status,
    refusal,
    response,
    response_data,
)
from netops.gm.revocation import Reason
from netops.gm.signed import Fit, sign

PROVIDER = EvpProvider()
KEY = PROVIDER.generate()
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sub")]).public_bytes()
AT = datetime(2026, 1, 1, tzinfo=UTC)
ID = cert_id(NAME, KEY.point.octets, 0x1234)


def _answer(status: Status, **more: object) -> bytes:
    answer = Answer(ID, status, AT, AT + timedelta(hours=1), **more)  # type: ignore[arg-type]
    data = response_data(NAME, AT, (answer,), b"n" * 16)
    return response(sign(PROVIDER, KEY, data))


def test_a_question_goes_there_and_back() -> None:
    asked = Question((ID, cert_id(NAME, KEY.point.octets, 5, with_sm3=True)), b"nonce")
    assert Question.from_der(asked.der) == asked


def test_openssl_reads_a_question_of_ours(tmp_path: Path) -> None:
    openssl = judge("openssl")
    path = tmp_path / "q.der"
    path.write_bytes(Question((ID,), b"0123456789abcdef").der)
    words = [openssl, "ocsp", "-reqin", str(path), "-req_text", "-noverify"]
    shown = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    assert "Serial Number: 1234" in shown
    assert "OCSP Nonce" in shown


def test_a_question_means_the_issuer_whose_name_and_key_it_hashes() -> None:
    other = PROVIDER.generate().point.octets
    for with_sm3 in (False, True):
        meant = cert_id(NAME, KEY.point.octets, 5, with_sm3=with_sm3)
        assert meant.names(NAME, KEY.point.octets)
        assert not meant.names(NAME, other)


@pytest.mark.parametrize("size", [0, 129])
def test_a_nonce_of_no_or_too_many_octets_is_refused(size: int) -> None:
    with pytest.raises(CryptoError, match="nonce"):
        Question.from_der(Question((ID,), bytes(size)).der)


def test_a_question_for_101_certificates_is_refused() -> None:
    with pytest.raises(CryptoError, match="more than 100"):
        Question.from_der(Question((ID,) * 101).der)


def test_a_question_for_nothing_is_refused() -> None:
    with pytest.raises(CryptoError, match="no certificate"):
        Question.from_der(Question(()).der)


def test_cryptography_reads_an_answer_of_ours() -> None:
    der = _answer(Status.REVOKED, revoked_at=AT, reason=Reason.keyCompromise)
    read = outside.load_der_ocsp_response(der)
    assert read.response_status is outside.OCSPResponseStatus.SUCCESSFUL
    assert read.certificate_status is outside.OCSPCertStatus.REVOKED
    assert read.serial_number == 0x1234
    assert read.revocation_reason is x509.ReasonFlags.key_compromise
    assert read.next_update_utc == AT + timedelta(hours=1)
    nonce = read.extensions.get_extension_for_class(x509.OCSPNonce).value
    assert nonce.nonce == b"n" * 16


@pytest.mark.parametrize("status", Status)
def test_an_answer_is_read_as_it_was_written(status: Status) -> None:
    revoked_at = AT if status is Status.REVOKED else None
    found = Reply.from_der(_answer(status, revoked_at=revoked_at))
    assert [one.status for one in found.answers] == [status]
    assert (found.responder, found.produced_at, found.nonce) == (NAME, AT, b"n" * 16)
    assert found.signed is not None
    assert found.signed.fit(PROVIDER, KEY.point) is Fit.GOOD


def test_a_refusal_is_read_as_one() -> None:
    assert refusal(Refusal.MALFORMED).hex() == "30030a0101"
    assert Reply.from_der(refusal(Refusal.TRY_LATER)).refused == Refusal.TRY_LATER


def test_every_truncation_of_an_answer_is_refused() -> None:
    good = _answer(Status.GOOD)
    for size in range(len(good)):
        with pytest.raises(CryptoError):
            Reply.from_der(good[:size])


def test_every_flipped_octet_of_an_answer_is_refused_or_makes_the_signature_bad() -> None:
    good = _answer(Status.GOOD)
    for position in range(len(good)):
        changed = bytearray(good)
        changed[position] ^= 0x01
        try:
            found = Reply.from_der(bytes(changed))
        except CryptoError:
            continue
        if found.signed is not None and not found.refused:
            assert found.signed.fit(PROVIDER, KEY.point) is Fit.BAD, position


def test_a_certificate_comes_with_the_answer() -> None:
    one = asn1.sequence(asn1.integer(1))
    data = response_data(NAME, AT, (Answer(ID, Status.GOOD, AT, None),), None)
    assert Reply.from_der(response(sign(PROVIDER, KEY, data), (one,))).certificates == (one,)
