"""Requests and revocation lists that we write and read, held against OpenSSL."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from outside_judges import judge

from netops.errors import CryptoError
from netops.gm import der as asn1
from netops.gm import extensions as ext
from netops.gm.evp import EvpProvider
from netops.gm.request import LONGEST, Request, make_request
from netops.gm.revocation import (
    Entry,
    ListFields,
    Reason,
    RevocationList,
    crl_number,
    delta_indicator,
    issuing_distribution_point,
    list_der,
)
from netops.gm.signed import Fit, sign

PROVIDER = EvpProvider()
KEY = PROVIDER.generate()
NAME = x509.Name(
    [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        x509.NameAttribute(NameOID.COMMON_NAME, "长沙市"),
    ]
).public_bytes()
AT = datetime(2026, 1, 1, tzinfo=UTC)
FIELDS = ListFields(NAME, AT, AT + timedelta(days=7), (crl_number(3),))


def _openssl(*words: str) -> str:
    openssl = judge("openssl")
    done = subprocess.run([openssl, *words], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_openssl_verifies_a_request_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "r.der"
    wanted = ext.subject_alt_name([ext.dns_name("vpn.example.cn")])
    path.write_bytes(make_request(PROVIDER, KEY, NAME, (wanted,)))
    shown = _openssl("req", "-inform", "DER", "-in", str(path), "-noout", "-text", "-verify",
                     "-vfyopt", "distid:1234567812345678")  # fmt: skip
    assert "verify OK" in shown
    assert "DNS:vpn.example.cn" in shown


def test_a_request_is_read_as_it_was_written() -> None:
    wanted = ext.subject_alt_name([ext.dns_name("vpn.example.cn")])
    found = Request.from_der(make_request(PROVIDER, KEY, NAME, (wanted,)))
    assert (found.subject, found.point) == (NAME, KEY.point)
    assert found.extensions == {ext.SUBJECT_ALT_NAME: wanted}
    found.check(PROVIDER)


def _by_openssl(folder: Path, *options: str) -> bytes:
    key, path = folder / "k.pem", folder / "r.der"
    _openssl("genpkey", "-algorithm", "SM2", "-out", str(key))
    _openssl("req", "-new", "-sm3", "-key", str(key), "-subj", "/C=CN/CN=x", *options,
             "-outform", "DER", "-out", str(path))  # fmt: skip
    return path.read_bytes()


def test_a_request_of_openssl_under_the_standard_identifier_is_accepted(tmp_path: Path) -> None:
    der = _by_openssl(tmp_path, "-sigopt", "distid:1234567812345678")
    Request.from_der(der).check(PROVIDER)


def test_a_request_under_the_empty_identifier_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(CryptoError, match="another identifier"):
        Request.from_der(_by_openssl(tmp_path)).check(PROVIDER)


def test_a_request_signed_by_another_key_is_refused() -> None:
    other = PROVIDER.generate()
    der = make_request(PROVIDER, KEY, NAME)
    contents = Request.from_der(der).signed.contents
    with pytest.raises(CryptoError, match="does not fit its key"):
        Request.from_der(sign(PROVIDER, other, contents)).check(PROVIDER)


def test_a_request_of_a_mebibyte_is_refused_unread() -> None:
    with pytest.raises(CryptoError, match=str(LONGEST)):
        Request.from_der(asn1.sequence(bytes(1 << 20)))


def test_every_truncation_of_a_request_is_refused() -> None:
    good = make_request(PROVIDER, KEY, NAME)
    for size in range(len(good)):
        with pytest.raises(CryptoError):
            Request.from_der(good[:size])


def test_openssl_reads_a_list_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "l.der"
    entries = [Entry(5, AT, Reason.certificateHold), Entry(6, AT)]
    fields = ListFields(NAME, AT, AT + timedelta(days=7), (
        crl_number(9), issuing_distribution_point("http://crl.example.cn/1.crl"),
    ))  # fmt: skip
    path.write_bytes(sign(PROVIDER, KEY, list_der(fields, (one.der for one in entries))))
    shown = _openssl("crl", "-inform", "DER", "-in", str(path), "-noout", "-text")
    assert "Serial Number: 05" in shown
    assert "Certificate Hold" in shown
    assert "http://crl.example.cn/1.crl" in shown
    assert "Next Update: Jan  8 00:00:00 2026 GMT" in shown


def test_a_list_is_read_as_it_was_written() -> None:
    entries = [Entry(5, AT, Reason.keyCompromise), Entry(1 << 150, AT)]
    found = RevocationList.from_der(
        sign(PROVIDER, KEY, list_der(FIELDS, (one.der for one in entries)))
    )
    assert list(found.entries.values()) == entries
    assert (found.number, found.base) == (3, None)
    assert (found.this_update, found.next_update) == (AT, AT + timedelta(days=7))
    assert found.signed.fit(PROVIDER, KEY.point) is Fit.GOOD


def test_an_empty_list_has_no_field_of_entries() -> None:
    der = sign(PROVIDER, KEY, list_der(FIELDS, []))
    assert RevocationList.from_der(der).entries == {}
    assert x509.load_der_x509_crl(der).next_update_utc == AT + timedelta(days=7)


def test_the_reason_unspecified_is_never_written() -> None:
    assert Entry(5, AT).der.hex() == "3012020105" + "170d3236303130313030303030305a"


def test_a_delta_names_its_base() -> None:
    fields = ListFields(NAME, AT, AT, (crl_number(9), delta_indicator(7)))
    assert RevocationList.from_der(sign(PROVIDER, KEY, list_der(fields, []))).base == 7


def test_a_serial_that_is_listed_twice_is_refused() -> None:
    der = sign(PROVIDER, KEY, list_der(FIELDS, [Entry(5, AT).der] * 2))
    with pytest.raises(CryptoError, match="twice"):
        RevocationList.from_der(der)
