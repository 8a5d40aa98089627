"""Certificates, lists and requests of other makers: the right is accepted, the wrong is refused."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from command_line import netops
from outside_judges import judge

from netops.errors import Sentence
from netops.gm import der as asn1
from netops.gm import extensions as ext
from netops.gm.certificate import Fields
from netops.gm.choice import default_provider
from netops.gm.identity import signing_digest
from netops.gm.names import Attribute, write_name
from netops.gm.signed import ALGORITHM
from netops.gm.spki import spki_der
from netops.trust.keys import CERTIFICATE, to_pem

PROVIDER = default_provider()
KEY, OTHER = PROVIDER.generate(), PROVIDER.generate()
ID = "distid:1234567812345678"
NOW = datetime.now(UTC).replace(microsecond=0)
NULLED = asn1.sequence(asn1.oid("1.2.156.10197.1.501"), asn1.encode(asn1.NULL, b""))
ROOT_NAME = write_name((Attribute("C", "CN"), Attribute("CN", "other root")))
LEAF_NAME = write_name((Attribute("C", "CN"), Attribute("CN", "leaf")))
ROOT = Fields(
    1 << 64, ROOT_NAME, ROOT_NAME, NOW - timedelta(days=1), NOW + timedelta(days=99), KEY.point,
    (ext.subject_key_identifier(b"k" * 32), ext.key_usage(("keyCertSign", "cRLSign")),
     ext.basic_constraints(path_length=None)),
)  # fmt: skip
LEAF = replace(
    ROOT,
    serial=1 << 65,
    subject=LEAF_NAME,
    point=OTHER.point,
    extensions=(ext.authority_key_identifier(b"k" * 32), ext.key_usage(("digitalSignature",))),
)


def _sealed(tbs: bytes, outer: bytes = ALGORITHM, identifier: bytes = b"1234567812345678") -> bytes:
    """Sign octets that our own writer would never write."""
    signature = PROVIDER.sign_digest(KEY, signing_digest(KEY.point, tbs, identifier))
    return asn1.sequence(tbs, outer, asn1.bit_string(signature.der))


def _verified(
    folder: Path, der: bytes, root: bytes, *more: str | Path
) -> tuple[int, dict[str, Any]]:
    (folder / "leaf.pem").write_bytes(to_pem(der, CERTIFICATE))
    (folder / "root.pem").write_bytes(to_pem(root, CERTIFICATE))
    ended = netops("ca", "verify", folder / "leaf.pem", "--trust", folder / "root.pem",
                   "--format", "json", *more)  # fmt: skip
    assert "Traceback" not in ended.err, ended.err
    return ended.code, json.loads(ended.out or "{}")


def _kinds(told: dict[str, Any]) -> set[str]:
    return {one["kind"] for one in told["problems"]} - {"list_missing"}


def test_a_key_identifier_of_32_octets_is_as_good_as_one_of_20(tmp_path: Path) -> None:
    code, told = _verified(tmp_path, _sealed(LEAF.der), _sealed(ROOT.der))
    assert (code, told["standing"], _kinds(told)) == (0, "valid", set())


def test_null_parameters_are_accepted_where_both_places_hold_them(tmp_path: Path) -> None:
    body = asn1.Reader(LEAF.der, Sentence("certificate")).take(asn1.SEQUENCE)
    tbs = asn1.encode(asn1.SEQUENCE, body.replace(ALGORITHM, NULLED, 1))
    assert _verified(tmp_path, _sealed(tbs, NULLED), _sealed(ROOT.der))[0] == 0
    code, told = _verified(tmp_path, _sealed(LEAF.der, NULLED), _sealed(ROOT.der))
    assert (code, _kinds(told)) == (1, {"algorithm"})


def test_another_identifier_is_a_finding_of_its_own(tmp_path: Path) -> None:
    code, told = _verified(tmp_path, _sealed(LEAF.der, identifier=b""), _sealed(ROOT.der))
    assert (code, _kinds(told)) == (1, {"other_id"})


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("another curve under the key's OID", "2a811ccf5501822d", "2a811ccf5501822e"),
        ("P-256 named in place of SM2", "06082a811ccf5501822d", "06082a8648ce3d030107"),
        ("a compressed point", "03420004", "03420002"),
        ("version 1 with extensions of version 3", "a003020102", "a003020100"),
    ],
)
def test_a_key_that_is_not_what_it_says_is_refused(
    tmp_path: Path, name: str, old: str, new: str
) -> None:
    tbs = LEAF.der.replace(bytes.fromhex(old), bytes.fromhex(new), 1)
    assert tbs != LEAF.der, name
    code, _told = _verified(tmp_path, _sealed(tbs), _sealed(ROOT.der))
    assert code in {1, 2}


def test_a_point_off_the_curve_is_refused(tmp_path: Path) -> None:
    spki = spki_der(OTHER.point)
    tbs = LEAF.der.replace(spki, spki[:-1] + bytes((spki[-1] ^ 1,)))
    code, told = _verified(tmp_path, _sealed(tbs), _sealed(ROOT.der))
    assert (code, _kinds(told)) == (1, {"key"})


@pytest.mark.parametrize("spoil", ["long length", "s + n", "raw", "padded"])
def test_a_signature_that_is_not_strict_der_is_refused(tmp_path: Path, spoil: str) -> None:
    signature = PROVIDER.sign_digest(KEY, signing_digest(KEY.point, LEAF.der))
    n = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
    parts = asn1.integer(signature.r) + asn1.integer(signature.s)
    spoilt = {
        "long length": b"\x30\x81" + bytes((len(parts),)) + parts,
        "s + n": asn1.sequence(asn1.integer(signature.r), asn1.integer(signature.s + n)),
        "raw": signature.raw,
        "padded": signature.der + b"\0",
    }[spoil]
    der = asn1.sequence(LEAF.der, ALGORITHM, asn1.bit_string(spoilt))
    code, told = _verified(tmp_path, der, _sealed(ROOT.der))
    assert (code, _kinds(told)) == (1, {"signature"})


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(
        [judge("openssl"), *words], cwd=folder, check=True, capture_output=True, timeout=60
    )


def _openssl_root(folder: Path, kind: str, *identifier: str) -> None:
    made = {"sm2": ["-newkey", "sm2", "-sm3"], "rsa": ["-newkey", "rsa:2048", "-sha256"],
            "p256": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-sha256"]}[kind]  # fmt: skip
    _openssl(folder, "req", "-x509", *made, "-nodes", "-subj", f"/C=CN/CN={kind}", "-keyout",
             f"{kind}.key", "-out", f"{kind}.pem", *identifier)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "identifier", "code", "problem"),
    [
        ("sm2", ("-sigopt", ID), 0, set()),
        ("sm2", (), 1, {"other_id"}),
        ("rsa", (), 1, {"algorithm"}),
        ("p256", (), 1, {"algorithm"}),
    ],
)
def test_what_openssl_signed_with_its_own_root(
    tmp_path: Path, kind: str, identifier: tuple[str, ...], code: int, problem: set[str]
) -> None:
    _openssl_root(tmp_path, kind, *identifier)
    _openssl(tmp_path, "req", "-new", "-newkey", "sm2", "-sm3", "-nodes", "-subj", "/C=CN/CN=x",
             "-keyout", "x.key", "-out", "x.csr", "-sigopt", ID)  # fmt: skip
    _openssl(tmp_path, "x509", "-req", "-in", "x.csr", "-CA", f"{kind}.pem", "-CAkey",
             f"{kind}.key", "-set_serial", "0x123456789", "-out", "x.pem", "-vfyopt", ID,
             *(("-sm3",) if kind == "sm2" else ()), *identifier)  # fmt: skip
    ended = netops("ca", "verify", tmp_path / "x.pem", "--trust", tmp_path / f"{kind}.pem",
                   "--format", "json")  # fmt: skip
    told = json.loads(ended.out)
    assert (ended.code, _kinds(told) & {"algorithm", "other_id"}) == (code, problem), told


@pytest.mark.parametrize(("identifier", "code"), [(("-sigopt", ID), 0), ((), 1)])
def test_requests_of_openssl_with_the_standards_identifier_and_without(
    tmp_path: Path, identifier: tuple[str, ...], code: int
) -> None:
    _openssl(tmp_path, "req", "-new", "-newkey", "sm2", "-sm3", "-nodes", "-subj", "/C=CN/CN=x",
             "-keyout", "x.key", "-out", "x.csr", *identifier)  # fmt: skip
    ended = netops("ca", "verify", tmp_path / "x.csr", "--format", "json")
    assert ended.code == code
    if code:
        assert "another identifier" in ended.out


@pytest.mark.parametrize(("identifier", "code"), [(("-sigopt", ID), 0), ((), 1)])
def test_lists_of_openssl_with_the_standards_identifier_and_without(
    tmp_path: Path, identifier: tuple[str, ...], code: int
) -> None:
    _openssl_root(tmp_path, "sm2", "-sigopt", ID)
    (tmp_path / "index").touch()
    (tmp_path / "number").write_text("01\n")
    (tmp_path / "conf").write_text(
        "[ca]\ndefault_ca=d\n[d]\ndatabase=index\ncrlnumber=number\ndefault_md=sm3\n"
        "default_crl_days=9\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n"
    )
    _openssl(tmp_path, "ca", "-gencrl", "-config", "conf", "-cert", "sm2.pem", "-keyfile",
             "sm2.key", "-out", "list.pem", *identifier)  # fmt: skip
    ended = netops("ca", "verify", tmp_path / "list.pem", "--trust", tmp_path / "sm2.pem",
                   "--format", "json")  # fmt: skip
    assert ended.code == code
    assert ("other_id" in ended.out) is bool(code)


def test_of_several_certificates_in_a_file_the_first_is_judged_and_the_others_help(
    tmp_path: Path,
) -> None:
    sub = replace(
        ROOT, serial=1 << 66, subject=write_name((Attribute("CN", "sub"),)), point=KEY.point
    )
    leaf = replace(LEAF, issuer=sub.subject)
    chain = tmp_path / "chain.pem"
    chain.write_bytes(b"".join(to_pem(_sealed(one.der), CERTIFICATE) for one in (leaf, sub)))
    (tmp_path / "root.pem").write_bytes(to_pem(_sealed(ROOT.der), CERTIFICATE))
    ended = netops("ca", "verify", chain, "--trust", tmp_path / "root.pem", "--format", "json")
    told = json.loads(ended.out)
    assert (ended.code, told["not_judged"], len(told["path"])) == (0, 1, 3)


def test_a_file_that_is_cut_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cut.pem"
    path.write_bytes(to_pem(_sealed(LEAF.der), CERTIFICATE)[:200])
    ended = netops("ca", "verify", path)
    assert ended.code == 2
    assert str(path) in ended.err


def test_pkcs12_is_not_taken_for_a_key(tmp_path: Path) -> None:
    path = tmp_path / "a.p12"
    body = asn1.sequence(asn1.oid("1.2.840.113549.1.7.1"), asn1.context(0, asn1.octet_string(b"")))
    path.write_bytes(asn1.sequence(asn1.integer(3), body, asn1.sequence()))
    ended = netops("ca", "verify", path)
    assert ended.code == 2
    assert "private key" not in ended.out + ended.err
