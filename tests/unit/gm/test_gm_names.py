"""Names: what we write others read, and what is odd is refused."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from netops.errors import CryptoError
from netops.gm import der as asn1
from netops.gm.names import Attribute, read_name, shown_name, write_name

PARTS = (
    Attribute("C", "CN"),
    Attribute("ST", "湖南省"),
    Attribute("O", "长沙市数据局"),
    Attribute("CN", "vpn-1"),
    Attribute("serialNumber", "430100-1"),
    Attribute("emailAddress", "a@example.cn"),
)


def test_a_name_goes_there_and_back() -> None:
    assert read_name(write_name(PARTS)) == PARTS


def test_it_is_octet_for_octet_what_cryptography_writes() -> None:
    others = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.STATE_OR_PROVINCE_NAME, "湖南省"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "长沙市数据局"),
            x509.NameAttribute(NameOID.COMMON_NAME, "vpn-1"),
        ]
    )
    assert write_name(PARTS[:4]) == others.public_bytes()


def test_a_name_is_shown_as_people_write_it() -> None:
    assert shown_name(write_name(PARTS[:4])) == "C=CN, ST=湖南省, O=长沙市数据局, CN=vpn-1"
    assert shown_name(b"\x30") == "30"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("C", "cn"),
        ("C", "CHN"),
        ("CN", ""),
        ("CN", "x" * 65),
        ("CN", " padded"),
        ("CN", "a\u202eb"),
        ("CN", "a\x00b"),
        ("emailAddress", "张@example.cn"),
        ("serialNumber", "a_b"),
    ],
)
def test_odd_parts_are_refused(name: str, text: str) -> None:
    with pytest.raises(CryptoError, match="refused"):
        write_name([Attribute(name, text)])


def _one(tag: int, content: bytes) -> bytes:
    pair = asn1.sequence(asn1.oid("2.5.4.3"), asn1.encode(tag, content))
    return asn1.sequence(asn1.encode(asn1.SET, pair))


def test_gb18030_in_a_utf8_string_is_refused() -> None:
    with pytest.raises(CryptoError, match="its own encoding"):
        read_name(_one(0x0C, "长沙".encode("gb18030")))


def test_other_kinds_of_string_are_refused() -> None:
    with pytest.raises(CryptoError, match="kind of string"):
        read_name(_one(0x1E, "长沙".encode("utf-16-be")))


def test_parts_of_several_values_are_refused() -> None:
    pair = asn1.sequence(asn1.oid("2.5.4.3"), asn1.encode(0x0C, b"a"))
    with pytest.raises(CryptoError, match="several values"):
        read_name(asn1.sequence(asn1.encode(asn1.SET, pair + pair)))


def test_a_name_of_seventeen_parts_is_refused() -> None:
    with pytest.raises(CryptoError, match="more than 16"):
        read_name(write_name([Attribute("OU", "x")] * 17))
