"""Certificates that we write and read, held against OpenSSL and against hand-made octets."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from outside_judges import judge

from netops.errors import CryptoError, Sentence
from netops.gm import der as asn1
from netops.gm import extensions as ext
from netops.gm.certificate import Certificate, Fields
from netops.gm.evp import EvpProvider
from netops.gm.provider import KeyHandle
from netops.gm.selftest import POINT
from netops.gm.signed import Fit, Signed, sign
from netops.gm.sm3 import sm3

PROVIDER = EvpProvider()
BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2056, 1, 1, tzinfo=UTC)


def _name(common: str) -> bytes:
    country = x509.NameAttribute(NameOID.COUNTRY_NAME, "CN")
    return x509.Name([country, x509.NameAttribute(NameOID.COMMON_NAME, common)]).public_bytes()


def _root(key: KeyHandle) -> Fields:
    identifier = sm3(key.point.octets)
    return Fields(
        serial=0x7F00000000000000000000000000000000000001,
        issuer=_name("Root"),
        subject=_name("Root"),
        not_before=BEGIN,
        not_after=END,
        point=key.point,
        extensions=(
            ext.subject_key_identifier(identifier),
            ext.key_usage(["keyCertSign", "cRLSign"]),
            ext.basic_constraints(path_length=1),
        ),
    )


def _openssl(*words: str) -> subprocess.CompletedProcess[str]:
    openssl = judge("openssl")
    return subprocess.run([openssl, *words], capture_output=True, text=True, check=False)


def test_openssl_reads_and_verifies_a_root_of_ours(tmp_path: Path) -> None:
    key = PROVIDER.generate()
    path = tmp_path / "root.der"
    path.write_bytes(sign(PROVIDER, key, _root(key).der))
    shown = _openssl("x509", "-inform", "DER", "-in", str(path), "-noout", "-text").stdout
    assert "Signature Algorithm: SM2-with-SM3" in shown
    assert "CA:TRUE, pathlen:1" in shown
    assert "Certificate Sign, CRL Sign" in shown
    assert "Not After : Jan  1 00:00:00 2056 GMT" in shown
    pem = tmp_path / "root.pem"
    _openssl("x509", "-inform", "DER", "-in", str(path), "-out", str(pem))
    leaf = replace(
        _root(key), serial=5, subject=_name("Leaf"), point=POINT,
        extensions=(ext.key_usage(["digitalSignature", "nonRepudiation"]),),
    )  # fmt: skip
    below = tmp_path / "leaf.der"
    below.write_bytes(sign(PROVIDER, key, leaf.der))
    leaf_pem = tmp_path / "leaf.pem"
    _openssl("x509", "-inform", "DER", "-in", str(below), "-out", str(leaf_pem))
    words = ("verify", "-vfyopt", "distid:1234567812345678", "-partial_chain", "-trusted")
    assert "OK" in _openssl(*words, str(pem), str(leaf_pem)).stdout


def test_a_certificate_is_read_as_it_was_written() -> None:
    key = PROVIDER.generate()
    fields = _root(key)
    found = Certificate.from_der(sign(PROVIDER, key, fields.der))
    assert found.version == 3
    assert found.serial == fields.serial
    assert (found.issuer, found.subject) == (fields.issuer, fields.subject)
    assert (found.not_before, found.not_after) == (BEGIN, END)
    assert found.point == key.point
    assert found.is_consistent
    assert tuple(found.extensions.values()) == fields.extensions
    assert found.signed.fit(PROVIDER, key.point) is Fit.GOOD


def test_cryptography_reads_the_same_extensions() -> None:
    key = PROVIDER.generate()
    read = x509.load_der_x509_certificate(sign(PROVIDER, key, _root(key).der))
    constraints = read.extensions.get_extension_for_class(x509.BasicConstraints)
    assert constraints.critical
    assert constraints.value.path_length == 1
    usage = read.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.key_cert_sign
    assert usage.crl_sign
    assert not usage.digital_signature


def test_the_certificate_of_openssl_is_read_and_its_empty_identifier_found(tmp_path: Path) -> None:
    key, cert = tmp_path / "k.pem", tmp_path / "c.der"
    _openssl("genpkey", "-algorithm", "SM2", "-out", str(key))
    words = ("req", "-x509", "-new", "-sm3", "-key", str(key), "-subj", "/C=CN/CN=Other")
    _openssl(*words, "-days", "10", "-outform", "DER", "-out", str(cert))
    found = Certificate.from_der(cert.read_bytes())
    assert found.signed.fit(PROVIDER, found.point) is Fit.OTHER_ID
    standard = ("-sigopt", "distid:1234567812345678")
    _openssl(*words, *standard, "-days", "10", "-outform", "DER", "-out", str(cert))
    found = Certificate.from_der(cert.read_bytes())
    assert found.signed.fit(PROVIDER, found.point) is Fit.GOOD


def test_every_flipped_octet_is_refused_or_makes_the_signature_bad() -> None:
    key = PROVIDER.generate()
    good = sign(PROVIDER, key, _root(key).der)
    for position in range(len(good)):
        changed = bytearray(good)
        changed[position] ^= 0x01
        try:
            found = Certificate.from_der(bytes(changed))
        except CryptoError:
            continue
        assert found.signed.fit(PROVIDER, key.point) is Fit.BAD, position


def test_every_truncation_is_refused() -> None:
    key = PROVIDER.generate()
    good = sign(PROVIDER, key, _root(key).der)
    for size in range(len(good)):
        with pytest.raises(CryptoError):
            Certificate.from_der(good[:size])


@pytest.mark.parametrize("serial", [0, 1 << 159])
def test_a_serial_of_zero_or_21_octets_is_refused(serial: int) -> None:
    key = PROVIDER.generate()
    with pytest.raises(CryptoError, match="serial number"):
        Certificate.from_der(sign(PROVIDER, key, replace(_root(key), serial=serial).der))


def test_an_extension_that_comes_twice_is_refused() -> None:
    key = PROVIDER.generate()
    fields = _root(key)
    twice = replace(fields, extensions=(*fields.extensions, fields.extensions[0]))
    with pytest.raises(CryptoError, match="twice"):
        Certificate.from_der(sign(PROVIDER, key, twice.der))


def test_null_parameters_are_accepted_on_reading() -> None:
    key = PROVIDER.generate()
    name = Sentence("certificate")
    good = Signed.from_der(sign(PROVIDER, key, asn1.sequence(asn1.integer(1))), name)
    old = bytes.fromhex("300c06082a811ccf550183750500")
    der = asn1.sequence(good.contents, old, asn1.bit_string(good.signature))
    assert Signed.from_der(der, name).fit(PROVIDER, key.point) is Fit.GOOD


@pytest.mark.parametrize(
    ("at", "wanted"),
    [
        (datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC), "170d3439313233313233353935395a"),
        (datetime(2050, 1, 1, tzinfo=UTC), "180f32303530303130313030303030305a"),
    ],
)
def test_times_change_their_form_in_2050(at: datetime, wanted: str) -> None:
    assert asn1.moment(at).hex() == wanted
    assert asn1.Reader(bytes.fromhex(wanted), Sentence("time")).take_moment() == at


@pytest.mark.parametrize("text", ["2601010000Z", "260101000000+0800", "261301000000Z"])
def test_times_of_other_forms_are_refused(text: str) -> None:
    encoded = asn1.encode(asn1.UTC_TIME, text.encode())
    with pytest.raises(CryptoError):
        asn1.Reader(encoded, Sentence("time")).take_moment()


@pytest.mark.parametrize(
    ("dotted", "wanted"),
    [
        ("1.2.156.10197.1.501", "06082a811ccf55018375"),
        ("2.5.29.15", "0603551d0f"),
        ("2.999.3", "0603883703"),
    ],
)
def test_object_identifiers_go_there_and_back(dotted: str, wanted: str) -> None:
    assert asn1.oid(dotted).hex() == wanted
    assert asn1.Reader(bytes.fromhex(wanted), Sentence("name")).take_oid() == dotted


def test_named_bits_lose_their_trailing_zeros() -> None:
    assert asn1.named_bits(5, 6).hex() == "03020106"
    assert asn1.named_bits(0, 8).hex() == "0303078080"
