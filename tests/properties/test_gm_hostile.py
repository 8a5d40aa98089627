"""Whatever octets arrive, a reader answers with what they say or with ``CryptoError``."""

from __future__ import annotations

from gm_objects import AT, POINT, PROVIDER, SCALAR, good_objects
from hypothesis import example, given, settings
from hypothesis import strategies as st

from netops.errors import CryptoError, NetopsError
from netops.gm import pkcs8
from netops.gm.certificate import Certificate
from netops.gm.chain import Trust, judge
from netops.trust.keys import all_from_pem
from netops.trust.revoking import parse_serial

FEW = settings(max_examples=300)


@st.composite
def _mutants(draw: st.DrawFn) -> tuple[str, bytes]:
    kind = draw(st.sampled_from(sorted(good_objects())))
    data = bytearray(good_objects()[kind][0])
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        how = draw(st.sampled_from(("flip", "set", "cut", "repeat", "insert", "end")))
        size = draw(st.integers(1, 8))
        if how == "flip" and data:
            data[at] ^= 1 << draw(st.integers(0, 7))
        elif how == "set" and data:
            data[at] = draw(st.sampled_from((0x00, 0x01, 0x1F, 0x7F, 0x80, 0x81, 0x84, 0xFF)))
        elif how == "cut":
            del data[at : at + size]
        elif how == "repeat":
            data[at:at] = data[at : at + size]
        elif how == "insert":
            data[at:at] = draw(st.binary(min_size=1, max_size=size))
        else:
            del data[at:]
    return kind, bytes(data)


@FEW
@given(_mutants())
def test_a_mutated_object_is_read_or_refused(mutant: tuple[str, bytes]) -> None:
    kind, data = mutant
    try:
        good_objects()[kind][1](data)
    except NetopsError:
        return


@FEW
@given(st.sampled_from(sorted(good_objects())), st.binary(max_size=400))
@example("certificate", b"")
@example("name", b"0" * 3)
@example("request", b"\x30\x84\xff\xff\xff\xff")
def test_arbitrary_octets_are_read_or_refused(kind: str, data: bytes) -> None:
    try:
        good_objects()[kind][1](data)
    except NetopsError:
        return


@FEW
@given(_mutants())
def test_no_mutant_of_a_signed_object_is_valid_unless_its_contents_are_the_same(
    mutant: tuple[str, bytes],
) -> None:
    kind, data = mutant
    good = good_objects()[kind][0]
    if kind != "certificate" or data == good:
        return
    anchor = Certificate.from_der(good)
    try:
        found = Certificate.from_der(data)
    except CryptoError:
        return
    report = judge(PROVIDER, found, Trust((anchor,), AT))
    assert report.standing != "valid" or found.signed.contents == anchor.signed.contents


@FEW
@given(st.binary(max_size=300))
def test_pem_that_is_none_is_refused_or_empty(data: bytes) -> None:
    try:
        found = all_from_pem(b"-----BEGIN CERTIFICATE-----\n" + data, "CERTIFICATE")
    except CryptoError:
        return
    assert all(isinstance(one, bytes) for one in found)


_ENCRYPTED = bytearray(pkcs8.encrypt(pkcs8.wrap(SCALAR, POINT), b"pass"))


@settings(max_examples=60)
@given(st.integers(0, len(_ENCRYPTED) - 1), st.integers(1, 255))
def test_a_damaged_key_file_is_refused_and_tells_no_secret(at: int, change: int) -> None:
    data = bytearray(_ENCRYPTED)
    data[at] ^= change
    said = ""
    try:
        PROVIDER.load(pkcs8.decrypt(bytes(data), b"pass"))
    except CryptoError as error:
        said = str(error).lower()
    assert SCALAR.hex() not in said


@FEW
@given(st.text(max_size=60))
def test_what_is_no_serial_number_is_refused(text: str) -> None:
    try:
        assert parse_serial(text) >= 0
    except NetopsError:
        return
