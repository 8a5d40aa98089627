"""Both providers against the standard's example, against each other, and against OpenSSL."""

from __future__ import annotations

import subprocess
from base64 import b64decode
from dataclasses import replace
from pathlib import Path

import pytest
from outside_judges import judge

from netops.errors import CryptoError
from netops.gm import pkcs8
from netops.gm.ciphertext import Ciphertext
from netops.gm.curve import N, P, Point
from netops.gm.evp import EvpProvider
from netops.gm.identity import DEFAULT_ID, signing_digest, z_value
from netops.gm.provider import Provider
from netops.gm.selftest import DIGEST, MESSAGE, POINT, SCALAR, SIGNATURE, check_provider
from netops.gm.signature import Signature
from netops.gm.software import GmsslProvider, SoftwareKey

PROVIDERS: tuple[type[Provider], ...] = (EvpProvider, GmsslProvider)
NIBBLE_KEYS = (0x04, 0x40, 0x00, 0x44)
"""Defect 1 of gmssl: leading 0 and 4 nibbles of a public key."""


def _key_whose_point_begins_with(octet: int) -> SoftwareKey:
    provider = GmsslProvider()
    maker = EvpProvider()
    while True:
        made = maker.generate()
        if made.point.raw[0] == octet:
            return provider.load(maker.export(made))


def test_z_is_that_of_the_standard() -> None:
    wanted = "B2E14C5C79C6DF5B85F4FE7ED8DB7A262B9DA7E07CCB0EA9F4747B8CCDA8A4F3"
    assert z_value(POINT).hex().upper() == wanted


def test_the_digest_is_that_of_the_standard() -> None:
    assert signing_digest(POINT, MESSAGE) == DIGEST


def test_another_identifier_gives_another_digest() -> None:
    assert signing_digest(POINT, MESSAGE, b"") != DIGEST
    assert signing_digest(POINT, MESSAGE, DEFAULT_ID) == DIGEST


def test_an_identifier_of_8192_octets_is_refused() -> None:
    with pytest.raises(CryptoError, match="8192 octets"):
        z_value(POINT, bytes(8192))


@pytest.mark.parametrize("kind", PROVIDERS)
def test_a_provider_passes_the_known_answer_test(kind: type[Provider]) -> None:
    check_provider(kind())


class _SaysYes(EvpProvider):
    def verify_digest(self, *_question: object) -> bool:
        return True


def test_a_provider_that_says_yes_to_everything_fails_the_known_answer_test() -> None:
    with pytest.raises(CryptoError, match="refusal"):
        check_provider(_SaysYes())


@pytest.mark.parametrize("octet", NIBBLE_KEYS)
def test_keys_with_leading_nibbles_0_and_4_work_in_both_directions(octet: int) -> None:
    ours, theirs = EvpProvider(), GmsslProvider()
    software = _key_whose_point_begins_with(octet)
    held = ours.load(theirs.export(software))
    assert held.point == software.point
    assert ours.verify_digest(held.point, DIGEST, theirs.sign_digest(software, DIGEST))
    assert theirs.verify_digest(held.point, DIGEST, ours.sign_digest(held, DIGEST))


def test_each_decrypts_what_the_other_encrypted() -> None:
    ours, theirs = EvpProvider(), GmsslProvider()
    key = ours.generate()
    same = theirs.load(ours.export(key))
    assert ours.decrypt(key, theirs.encrypt(key.point, b"k" * 33)) == b"k" * 33
    assert theirs.decrypt(same, ours.encrypt(key.point, b"k" * 33)) == b"k" * 33


@pytest.mark.parametrize("kind", PROVIDERS)
@pytest.mark.parametrize("part", ["digest", "body"])
def test_a_changed_ciphertext_is_refused(kind: type[Provider], part: str) -> None:
    provider = kind()
    key = provider.generate()
    good = provider.encrypt(key.point, b"sixteen octets..")
    changed = {"digest": good.digest, "body": good.body}
    changed[part] = bytes((changed[part][0] ^ 1,)) + changed[part][1:]
    with pytest.raises(CryptoError):
        provider.decrypt(key, Ciphertext(good.point, **changed))


@pytest.mark.parametrize("kind", PROVIDERS)
def test_a_signature_whose_r_and_s_sum_to_n_is_refused(kind: type[Provider]) -> None:
    assert not kind().verify_digest(POINT, DIGEST, Signature(SIGNATURE.r, N - SIGNATURE.r))


@pytest.mark.parametrize("kind", PROVIDERS)
def test_the_key_of_another_provider_is_refused(kind: type[Provider]) -> None:
    class Stranger:
        point = POINT

    with pytest.raises(CryptoError, match="another provider"):
        kind().sign_digest(Stranger(), DIGEST)


@pytest.mark.parametrize("number", [0, N - 1, N, 2**256 - 1])
def test_a_private_key_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(CryptoError, match="between 1 and n"):
        SoftwareKey(number)


@pytest.mark.parametrize(
    "raw",
    [
        bytes(64),
        b"\x11" * 64,
        P.to_bytes(32) + POINT.raw[32:],
        POINT.raw[:32] + bytes(32),
        POINT.raw[:63],
    ],
)
def test_what_is_no_point_of_the_curve_is_refused(raw: bytes) -> None:
    with pytest.raises(CryptoError, match="no point of the SM2 curve"):
        Point(raw)


def test_compressed_points_are_refused() -> None:
    with pytest.raises(CryptoError, match="uncompressed"):
        Point.from_octets(b"\x03" + POINT.raw[:32])


def test_der_of_a_signature_goes_there_and_back() -> None:
    assert Signature.from_der(SIGNATURE.der) == SIGNATURE
    assert Signature.from_raw(SIGNATURE.raw) == SIGNATURE
    small = Signature(1, 0x80)
    assert small.der.hex() == "3007020101" + "02020080"


@pytest.mark.parametrize(
    "der",
    [
        "30080202000102020080",  # r with a needless leading zero
        "3006020101020180",  # s is negative
        "300702010102020080" + "00",  # something follows
        "30810702010102020080",  # a length that is not minimal
        "30800201010202008000" + "00",  # an indefinite length
        "3006020100020101",  # r is 0
        "3003020101",  # no s
        "",
        "31070201010202" + "0080",
    ],
)
def test_a_signature_that_is_not_der_is_refused(der: str) -> None:
    with pytest.raises(CryptoError):
        Signature.from_der(bytes.fromhex(der))


def test_s_equal_to_n_is_refused() -> None:
    with pytest.raises(CryptoError, match="between 1 and n"):
        Signature(1, N)


@pytest.mark.parametrize("form", ["gm", "openssl"])
def test_a_key_comes_back_out_of_its_protection(form: pkcs8.Form) -> None:
    plain = pkcs8.wrap(SCALAR, POINT)
    kept = pkcs8.encrypt(plain, b"correct horse", form)
    assert SCALAR not in kept
    assert pkcs8.decrypt(kept, b"correct horse") == plain


@pytest.mark.parametrize("form", ["gm", "openssl"])
def test_a_wrong_passphrase_and_a_damaged_file_say_the_same(form: pkcs8.Form) -> None:
    kept = pkcs8.encrypt(pkcs8.wrap(SCALAR, POINT), b"correct horse", form)
    damaged = kept[:-1] + bytes((kept[-1] ^ 0xFF,))
    for der, passphrase in ((kept, b"battery staple"), (damaged, b"correct horse")):
        with pytest.raises(CryptoError, match="passphrase is wrong, or the file is damaged"):
            pkcs8.decrypt(der, passphrase)


def test_an_empty_passphrase_is_refused() -> None:
    with pytest.raises(CryptoError, match="passphrase is empty"):
        pkcs8.encrypt(pkcs8.wrap(SCALAR, POINT), b"")


@pytest.mark.parametrize("rounds", [999, 10_000_001])
def test_a_key_under_too_few_or_absurdly_many_rounds_is_refused(
    rounds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheme = replace(pkcs8._SCHEMES["gm"], rounds=rounds)
    monkeypatch.setitem(pkcs8._SCHEMES, "gm", scheme)
    monkeypatch.setattr(pkcs8, "_derive", lambda *_: bytes(16))
    kept = pkcs8.encrypt(pkcs8.wrap(SCALAR, POINT), b"p")
    with pytest.raises(CryptoError, match=f"{rounds} rounds"):
        pkcs8.decrypt(kept, b"p")


def test_a_key_at_rest_is_in_the_form_that_gmssl_reads() -> None:
    hmac_sm3_without_parameters = bytes.fromhex("300b06092a811ccf5501831102")
    assert hmac_sm3_without_parameters in pkcs8.encrypt(pkcs8.wrap(SCALAR, POINT), b"p")
    provider = EvpProvider()
    exported = provider.export(provider.load(pkcs8.wrap(SCALAR)))
    curve_named_inside = bytes.fromhex("a00a06082a811ccf5501822d")
    assert curve_named_inside in exported


def test_openssl_reads_the_form_made_for_it(tmp_path: Path) -> None:
    openssl = judge("openssl")
    kept = tmp_path / "key.der"
    kept.write_bytes(pkcs8.encrypt(pkcs8.wrap(SCALAR, POINT), b"pass", "openssl"))
    words = ["pkey", "-inform", "DER", "-in", str(kept), "-passin", "pass:pass", "-text", "-noout"]
    done = subprocess.run([openssl, *words], capture_output=True, text=True, check=True)
    assert "SM2" in done.stdout
    assert "39:45:20:8f" in done.stdout


@pytest.mark.parametrize("kind", PROVIDERS)
def test_a_key_beside_the_public_key_of_another_is_refused(kind: type[Provider]) -> None:
    with pytest.raises(CryptoError, match="does not fit"):
        kind().load(pkcs8.wrap(SCALAR, kind().generate().point))


def test_a_p256_key_is_refused() -> None:
    openssl = judge("openssl")
    words = ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
    pem = subprocess.run([openssl, *words], capture_output=True, check=True).stdout.decode()
    der = b64decode("".join(pem.splitlines()[1:-1]))
    for kind in PROVIDERS:
        with pytest.raises(CryptoError, match="SM2"):
            kind().load(der)
