"""Every profile's certificates, held against pkilint: no finding but those that are written here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from authorities import ACTOR, PASSPHRASE, PROFILES

from netops.gm import extensions as ext
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.request import make_request
from netops.trust.authority import opened
from netops.trust.home import Home
from netops.trust.issuing import Job, issue
from netops.trust.keys import CERTIFICATE, from_pem, to_pem
from netops.trust.profile import load_profiles

PROVIDER = default_provider()
LINTER = Path(sys.executable).with_name("lint_pkix_cert")
EXCEPTIONS = {"pkix.key_usage_value_prohibited_for_ec": {"encryption"}}
"""RFC 5480 §3 forbids what the national profile asks of encryption certificates."""
NAME = write_name((Attribute("C", "CN"), Attribute("O", "局"), Attribute("CN", "a.example.cn")))
ISSUED = sorted(n for n, p in load_profiles(PROFILES).items() if p.kind == "signing")


def _findings(path: Path) -> set[str]:
    words = [str(LINTER), "lint", "-s", "NOTICE", "-f", "JSON", str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    found = json.loads(done.stdout)
    return {d["code"] for result in found["results"] for d in result["finding_descriptions"]}


@pytest.mark.parametrize("profile", ISSUED)
def test_what_a_profile_issues_has_no_finding(home: Home, tmp_path: Path, profile: str) -> None:
    asked = (ext.subject_alt_name([ext.dns_name("a.example.cn")]),)
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        kind = authority.profile(profile)
        extensions = asked if "dns" in kind.alternative_names.kinds else ()
        request = make_request(PROVIDER, PROVIDER.generate(), NAME, extensions)
        if "O" not in {*kind.subject.required, *kind.subject.optional}:
            pytest.fail("every profile of ours knows an organisation")
        made = issue(authority, kind, Job("a", request))
    path = tmp_path / "leaf.pem"
    path.write_bytes(to_pem(made.certificate, CERTIFICATE))
    assert {code for code in _findings(path) if profile not in EXCEPTIONS.get(code, ())} == set()


@pytest.mark.parametrize("name", ["root", "sub"])
def test_the_authorities_themselves_have_no_finding(home: Home, name: str) -> None:
    assert _findings(home.certificate_file(name)) == set()


def test_the_linter_does_find_something(home: Home, tmp_path: Path) -> None:
    """A judge that never objects proves nothing."""
    der = from_pem(home.certificate_file("root").read_bytes(), CERTIFICATE)
    odd = der.replace(bytes.fromhex("0603551d0f0101ff"), bytes.fromhex("0603551d0e0101ff"))
    path = tmp_path / "odd.pem"
    path.write_bytes(to_pem(odd, CERTIFICATE))
    assert _findings(path)
