"""What an applicant tries to get past the profile: names twice, wildcards, hidden octets."""

from __future__ import annotations

import pytest
from authorities import PROFILES

from netops.errors import NetopsError
from netops.gm import der as asn1
from netops.gm import extensions as ext
from netops.gm.choice import default_provider
from netops.gm.extensions import Extension
from netops.gm.names import Attribute, read_name, write_name
from netops.gm.request import Request, make_request
from netops.trust.drafting import apply_profile
from netops.trust.profile import load_profile

PROVIDER = default_provider()
KEY = PROVIDER.generate()
SERVER = load_profile(PROFILES / "server.yaml")
NAME = (Attribute("C", "CN"), Attribute("CN", "x"))


def _asked(*names: bytes, behind: bytes = b"") -> Extension:
    return Extension(ext.SUBJECT_ALT_NAME, asn1.sequence(*names) + behind)


def _request(*parts: Attribute, asked: Extension | None = None) -> Request:
    wanted = _asked(ext.dns_name("a.example.cn")) if asked is None else asked
    return Request.from_der(make_request(PROVIDER, KEY, write_name(parts), (wanted,)))


@pytest.mark.parametrize("twice", ["C", "CN"])
def test_a_part_that_tells_who_it_is_stands_in_a_name_once(twice: str) -> None:
    parts = (*NAME, next(one for one in NAME if one.name == twice))
    with pytest.raises(NetopsError, match=f"holds {twice} twice"):
        apply_profile(_request(*parts), SERVER)


def test_an_organisation_may_have_several_units() -> None:
    units = (Attribute("OU", "a"), Attribute("OU", "b"))
    applied = apply_profile(_request(*NAME, *units), SERVER)
    assert [one.text for one in read_name(applied.subject) if one.name == "OU"] == ["a", "b"]


@pytest.mark.parametrize("host", ["*.cn", "*", "a.*.cn", "*.*.example.cn"])
def test_a_wildcard_stands_for_one_label_below_a_name_of_two(host: str) -> None:
    with pytest.raises(NetopsError, match="no host name"):
        apply_profile(_request(*NAME, asked=_asked(asn1.encode(0x82, host.encode()))), SERVER)
    good = _request(*NAME, asked=_asked(ext.dns_name("*.example.cn")))
    assert apply_profile(good, SERVER).names == (ext.dns_name("*.example.cn"),)


def test_nothing_may_follow_the_names_that_are_asked_for() -> None:
    hidden = _asked(ext.dns_name("a.example.cn"), behind=asn1.encode(asn1.NULL, b""))
    with pytest.raises(NetopsError, match="follows its end"):
        apply_profile(_request(*NAME, asked=hidden), SERVER)
