"""Where libcrypto has no SM2, and where a quicker signer is asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from authorities import ACTOR, PASSPHRASE, ROOT_PASSPHRASE
from command_line import netops
from no_sm2 import make_libcrypto_without_sm2
from outside_judges import optional_package

from netops.errors import CryptoError
from netops.gm import pkcs8
from netops.gm.certificate import Certificate
from netops.gm.choice import accelerated_provider, default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.request import make_request
from netops.gm.selftest import DIGEST, POINT, SCALAR
from netops.gm.signed import Fit
from netops.trust.audit import verify_journal
from netops.trust.authority import opened, read_certificate
from netops.trust.home import Home
from netops.trust.issuing import Job, issue

PROVIDER = default_provider()


def _with_library(path: Path, *words: str | Path) -> tuple[int, str]:
    environ = {**os.environ, "NETOPS_LIBCRYPTO": str(path), "NETOPS_LANG": "en"}
    done = subprocess.run(
        [sys.executable, "-m", "netops", *map(str, words)],
        capture_output=True, text=True, check=False, env=environ, timeout=120,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_software_that_stands_in_verifies_loudly_and_holds_no_key_of_an_authority(
    home: Home, tmp_path: Path
) -> None:
    library = make_libcrypto_without_sm2(tmp_path)
    code, said = _with_library(
        library, "ca", "verify", home.public / "sub.pem", "--trust", home.public / "root.pem"
    )
    assert (code, "certificate: valid" in said) == (0, True), said
    assert "libcrypto has no SM2 here: gmssl" in said
    secret = tmp_path / "P"
    secret.touch(0o600)
    secret.write_bytes(PASSPHRASE)
    code, said = _with_library(
        library, "ca", "crl", "--home", home.path, "--passphrase-file", secret
    )
    assert (code, "must not hold keys of an authority" in said) == (2, True), said
    assert not (home.public / "sub.crl").exists()
    code, said = _with_library(library, "doctor")
    assert "libcrypto has no SM2 here" in said


def test_a_library_that_cannot_be_loaded_is_stood_in_for_by_nothing(home: Home) -> None:
    code, said = _with_library(
        home.settings_file, "ca", "verify", home.public / "sub.pem", "--trust",
        home.public / "root.pem",
    )  # fmt: skip
    assert (code, "cannot be used" in said) == (2, True), said


def _asking_for(home: Home, signer: str) -> None:
    settings = yaml.safe_load(home.settings_file.read_text())
    settings["signer"] = signer
    home.settings_file.write_text(yaml.safe_dump(settings, allow_unicode=True))


def _job() -> Job:
    name = write_name((Attribute("C", "CN"), Attribute("CN", "a")))
    return Job("a", make_request(PROVIDER, PROVIDER.generate(), name))


def test_the_quicker_signer_is_off_unless_asked_for(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        assert authority.provider.capabilities.name == "evp"


def test_the_quicker_signer_issues_for_the_subordinate_and_never_for_the_root(home: Home) -> None:
    optional_package("gmssl_pyx")
    _asking_for(home, "gmssl-pyx")
    with opened(home, "root", ROOT_PASSPHRASE, ACTOR) as root:
        assert root.provider.capabilities.name == "evp"
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        assert authority.provider.capabilities.name == "gmssl-pyx"
        made = issue(authority, authority.profile("device"), _job())
    leaf = Certificate.from_der(made.certificate)
    assert leaf.signed.fit(PROVIDER, read_certificate(home, "sub").point) is Fit.GOOD
    assert verify_journal(home) == ()


def test_the_quicker_signer_never_shows_its_key_and_takes_no_other_ones() -> None:
    optional_package("gmssl_pyx")
    quicker = accelerated_provider()
    key = quicker.load(pkcs8.wrap(SCALAR, POINT))
    assert PROVIDER.verify_digest(POINT, DIGEST, quicker.sign_digest(key, DIGEST))
    assert SCALAR.hex() not in repr(key)
    with pytest.raises(CryptoError, match="another provider"):
        quicker.sign_digest(PROVIDER.generate(), DIGEST)


def test_a_quicker_signer_that_is_not_installed_is_told(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "gmssl_pyx", None)
    accelerated_provider.cache_clear()
    _asking_for(home, "gmssl-pyx")
    with (
        pytest.raises(CryptoError, match="gmssl-pyx"),
        opened(home, "sub", PASSPHRASE, ACTOR),
    ):
        pass


def test_a_root_alone_cannot_ask_for_it(home: Home) -> None:
    settings = yaml.safe_load(home.settings_file.read_text())
    settings |= {"kind": "root_only", "signer": "gmssl-pyx"}
    home.settings_file.write_text(yaml.safe_dump(settings, allow_unicode=True))
    ended = netops("ca", "health", "--home", home.path)
    assert (ended.code, "libcrypto alone" in ended.err) == (2, True), ended.err
