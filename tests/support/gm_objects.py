"""A good object of every kind that the readers of ``gm`` read, and what uses each further.

Tests with mutants and the fuzzer begin from these.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache

from ocsp_asking import cert_id

from netops.gm import extensions as ext
from netops.gm import ocsp, pkcs8
from netops.gm.certificate import Certificate, Fields
from netops.gm.chain import Trust, judge
from netops.gm.choice import default_provider
from netops.gm.ciphertext import Ciphertext
from netops.gm.names import Attribute, read_name, shown_name, write_name
from netops.gm.request import Request, make_request
from netops.gm.revocation import (
    Entry,
    ListFields,
    Reason,
    RevocationList,
    crl_number,
    issuing_distribution_point,
    list_der,
)
from netops.gm.scope import covers
from netops.gm.selftest import POINT, SCALAR
from netops.gm.signature import Signature
from netops.gm.signed import sign
from netops.trust.drafting import alternative_names, apply_profile
from netops.trust.profile import Profile

PROVIDER = default_provider()
KEY = PROVIDER.load(pkcs8.wrap(SCALAR, POINT))
AT = datetime(2026, 1, 1, tzinfo=UTC)
NAME = write_name((Attribute("C", "CN"), Attribute("O", "局"), Attribute("CN", "a.example.cn")))
SERVER = "1.3.6.1.5.5.7.3.1"
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
        ext.extended_key_usage((SERVER,)),
        ext.crl_distribution_points(["http://crl/1.crl"]),
        ext.certificate_policies(("1.2.156.1",)),
    )
    fields = Fields(1 << 128, NAME, NAME, AT, AT + timedelta(days=9), KEY.point, own)
    return sign(PROVIDER, KEY, fields.der)


def _list() -> bytes:
    part = issuing_distribution_point("http://crl/1.crl")
    fields = ListFields(NAME, AT, AT + timedelta(days=1), (crl_number(1), part))
    entries = [Entry(5, AT, Reason.keyCompromise).der, Entry(6, AT).der]
    return sign(PROVIDER, KEY, list_der(fields, entries))


def _reply() -> bytes:
    meant = cert_id(NAME, KEY.point.octets, 5)
    answers = (
        ocsp.Answer(meant, ocsp.Status.GOOD, AT, AT + timedelta(hours=1)),
        ocsp.Answer(meant, ocsp.Status.REVOKED, AT, None, AT, Reason.superseded),
    )
    data = ocsp.response_data(NAME, AT, answers, b"n" * 16)
    return ocsp.response(sign(PROVIDER, KEY, data), (_certificate(),))


@cache
def good_objects() -> dict[str, tuple[bytes, Callable[[bytes], object]]]:
    """Return a good object of each kind with its reader, and what uses it further."""
    names = ext.subject_alt_name([ext.dns_name("a.example.cn"), ext.uri("http://a/")])
    question = ocsp.Question((cert_id(NAME, b"k", 5, with_sm3=True),), b"n" * 16)
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
    anchor = Certificate.from_der(good_objects()["certificate"][0])
    told = (RevocationList.from_der(good_objects()["list"][0]),)
    judge(PROVIDER, found, Trust((anchor,), AT, lists=told, purpose=SERVER))
    covers(told[0], found)
    alternative_names(found.extensions, PROFILE)
    shown_name(found.subject)


def _use_request(der: bytes) -> None:
    found = Request.from_der(der)
    apply_profile(found, PROFILE)
    found.check(PROVIDER)


def _use_list(der: bytes) -> None:
    found = RevocationList.from_der(der)
    _ = found.number, found.base
    leaf = Certificate.from_der(good_objects()["certificate"][0])
    covers(found, leaf)
    judge(PROVIDER, leaf, Trust((leaf,), AT, lists=(found,)))


def _use_ciphertext(der: bytes) -> None:
    PROVIDER.decrypt(KEY, Ciphertext.from_der(der))
