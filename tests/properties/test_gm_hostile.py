"""Whatever octets arrive, a reader answers with what they say or with ``CryptoError``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache

from hypothesis import example, given, settings
from hypothesis import strategies as st

from netops.errors import CryptoError, NetopsError
from netops.gm import extensions as ext
from netops.gm import ocsp, pkcs8
from netops.gm.certificate import Certificate, Fields
from netops.gm.chain import Trust, judge
from netops.gm.choice import default_provider
from netops.gm.ciphertext import Ciphertext
from netops.gm.names import Attribute, read_name, shown_name, write_name
from netops.gm.request import Request, make_request
from netops.gm.revocation import Entry, ListFields, Reason, RevocationList, crl_number, list_der
from netops.gm.selftest import POINT, SCALAR
from netops.gm.signature import Signature
from netops.gm.signed import sign
from netops.trust.drafting import alternative_names, apply_profile
from netops.trust.keys import all_from_pem
from netops.trust.profile import Profile
from netops.trust.revoking import parse_serial

PROVIDER = default_provider()
KEY = PROVIDER.load(pkcs8.wrap(SCALAR, POINT))
AT = datetime(2026, 1, 1, tzinfo=UTC)
NAME = write_name((Attribute("C", "CN"), Attribute("O", "局"), Attribute("CN", "a.example.cn")))
FEW = settings(max_examples=300, deadline=None)
PROFILE = Profile(
    schema="netops/profile/1",
    name="any",
    title={"zh": "任意", "en": "any"},
    kind="signing",
    validity_days=1,
    key_usage=("digitalSignature",),
    subject={"required": ("CN",), "optional": ("C", "O")},  # type: ignore[arg-type]
    alternative_names={"kinds": ("dns", "ip", "email", "uri"), "most": 20},  # type: ignore[arg-type]
)


def _certificate() -> bytes:
    own = (
        ext.subject_key_identifier(b"k" * 20),
        ext.authority_key_identifier(b"k" * 20),
        ext.key_usage(("keyCertSign", "cRLSign")),
        ext.basic_constraints(path_length=1),
        ext.subject_alt_name([ext.dns_name("a.example.cn")]),
        ext.extended_key_usage(("1.3.6.1.5.5.7.3.1",)),
    )
    fields = Fields(1 << 128, NAME, NAME, AT, AT + timedelta(days=9), KEY.point, own)
    return sign(PROVIDER, KEY, fields.der)


def _list() -> bytes:
    fields = ListFields(NAME, AT, AT + timedelta(days=1), (crl_number(1),))
    entries = [Entry(5, AT, Reason.keyCompromise).der, Entry(6, AT).der]
    return sign(PROVIDER, KEY, list_der(fields, entries))


def _reply() -> bytes:
    meant = ocsp.cert_id(NAME, KEY.point.octets, 5)
    answers = (
        ocsp.Answer(meant, ocsp.Status.GOOD, AT, AT + timedelta(hours=1)),
        ocsp.Answer(meant, ocsp.Status.REVOKED, AT, None, AT, Reason.superseded),
    )
    data = ocsp.response_data(NAME, AT, answers, b"n" * 16)
    return ocsp.response(sign(PROVIDER, KEY, data), (_certificate(),))


@cache
def _good() -> dict[str, tuple[bytes, Callable[[bytes], object]]]:
    """Return a good object of each kind with its reader, and what uses it further."""
    names = ext.subject_alt_name([ext.dns_name("a.example.cn"), ext.uri("http://a/")])
    question = ocsp.Question((ocsp.cert_id(NAME, b"k", 5, with_sm3=True),), b"n" * 16)
    return {
        "certificate": (_certificate(), _use_certificate),
        "request": (make_request(PROVIDER, KEY, NAME, (names,)), _use_request),
        "list": (_list(), _use_list),
        "question": (question.der, ocsp.Question.from_der),
        "reply": (_reply(), ocsp.Reply.from_der),
        "signature": (PROVIDER.sign_digest(KEY, bytes(32)).der, Signature.from_der),
        "ciphertext": (PROVIDER.encrypt(KEY.point, b"text").der, _use_ciphertext),
        "key": (pkcs8.wrap(SCALAR, POINT), PROVIDER.load),
        "name": (NAME, read_name),
    }


def _use_certificate(der: bytes) -> None:
    found = Certificate.from_der(der)
    judge(PROVIDER, found, Trust((found,), AT, (found,)))
    judge(PROVIDER, found, Trust((Certificate.from_der(_good()["certificate"][0]),), AT))
    alternative_names(found.extensions, PROFILE)
    shown_name(found.subject)


def _use_request(der: bytes) -> None:
    found = Request.from_der(der)
    apply_profile(found, PROFILE)
    found.check(PROVIDER)


def _use_list(der: bytes) -> None:
    found = RevocationList.from_der(der)
    _ = found.number, found.base
    leaf = Certificate.from_der(_good()["certificate"][0])
    judge(PROVIDER, leaf, Trust((leaf,), AT, lists=(found,)))


def _use_ciphertext(der: bytes) -> None:
    PROVIDER.decrypt(KEY, Ciphertext.from_der(der))


@st.composite
def _mutants(draw: st.DrawFn) -> tuple[str, bytes]:
    kind = draw(st.sampled_from(sorted(_good())))
    data = bytearray(_good()[kind][0])
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
        _good()[kind][1](data)
    except NetopsError:
        return


@FEW
@given(st.sampled_from(sorted(_good())), st.binary(max_size=400))
@example("certificate", b"")
@example("name", b"0" * 3)
@example("request", b"\x30\x84\xff\xff\xff\xff")
def test_arbitrary_octets_are_read_or_refused(kind: str, data: bytes) -> None:
    try:
        _good()[kind][1](data)
    except NetopsError:
        return


@FEW
@given(_mutants())
def test_no_mutant_of_a_signed_object_is_valid_unless_its_contents_are_the_same(
    mutant: tuple[str, bytes],
) -> None:
    kind, data = mutant
    good = _good()[kind][0]
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


@settings(max_examples=60, deadline=None)
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
