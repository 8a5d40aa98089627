"""Tongsuo, the SM2 library of many sites: as our library, and as a judge in both directions.

``NETOPS_TONGSUO`` names the folder that it is installed in (`.ci/tongsuo` makes one). Unlike
OpenSSL it takes the standard identifier where none is told, so it judges whole paths and lists.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from authorities import ACTOR, PASSPHRASE, Amended, Issued
from command_line import netops

from netops.gm import pkcs8
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.request import make_request
from netops.gm.spki import spki_der
from netops.trust.authority import opened
from netops.trust.desk import counter_of
from netops.trust.home import Home
from netops.trust.keys import CERTIFICATE, ENCRYPTED_KEY, LIST, REQUEST, from_pem, to_pem

PLACE = Path(os.environ.get("NETOPS_TONGSUO", ""))
PROVIDER = default_provider()
NAME = write_name((Attribute("C", "CN"), Attribute("CN", "vpn-1")))
if not os.environ.get("NETOPS_TONGSUO"):
    pytest.skip("NETOPS_TONGSUO is not set (see .ci/tongsuo)", allow_module_level=True)


def _said(*words: str | Path, good: bool = True) -> str:
    """Run Tongsuo's program; ``good`` is whether it must be content."""
    environ = {"LD_LIBRARY_PATH": str(PLACE / "lib"), "OPENSSL_CONF": "/dev/null"}
    command = [str(PLACE / "bin" / "openssl"), *map(str, words)]
    done = subprocess.run(
        command, capture_output=True, text=True, errors="replace", check=False, env=environ,
        timeout=60,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert (done.returncode == 0) is good, said
    return said


def _mutant(path: Path, kind: str, target: Path) -> Path:
    """Write a copy with the last octet of its signature changed."""
    der = from_pem(path.read_bytes(), kind)
    target.write_bytes(to_pem(der[:-1] + bytes((der[-1] ^ 1,)), kind))
    return target


# -- as our library ------------------------------------------------------------------------------


def test_as_our_library_it_is_named_and_passes_the_known_answer_test() -> None:
    environ = {**os.environ, "NETOPS_LIBCRYPTO": str(PLACE / "lib" / "libcrypto.so.3")}
    done = subprocess.run(
        [sys.executable, "-m", "netops", "doctor"], capture_output=True, text=True, check=False,
        env=environ, timeout=60,
    )  # fmt: skip
    assert "SM2: evp: Tongsuo 8" in done.stdout
    assert done.stdout.count("known-answer test passed") == 2


# -- what we write -------------------------------------------------------------------------------


def _path(home: Home) -> tuple[str | Path, ...]:
    public = home.public
    return "-CAfile", public / "root.pem", "-untrusted", public / "sub.pem"


def _lists(folder: Path, *lists: Path) -> Path:
    made = folder / "lists.pem"
    made.write_bytes(b"".join(to_pem(one.read_bytes(), LIST) for one in lists))
    return made


def test_every_profile_is_valid_by_path_and_lists_and_the_revoked_is_not(
    made: Issued, tmp_path: Path
) -> None:
    lists = _lists(tmp_path, made.home.public / "sub.crl", made.home.public / "root.crl")
    words = ("verify", *_path(made.home), "-x509_strict", "-crl_check_all", "-CRLfile", lists)
    for leaf in made.leaves.values():
        _said(*words, leaf)
    assert "certificate revoked" in _said(*words, made.revoked, good=False)


def test_a_mutant_and_another_identifier_are_refused(made: Issued, tmp_path: Path) -> None:
    leaf = made.leaves["server"]
    _said("verify", *_path(made.home), _mutant(leaf, CERTIFICATE, tmp_path / "m"), good=False)
    identifier = ("-vfyopt", "distid:8765432187654321")
    _said("verify", *_path(made.home), *identifier, leaf, good=False)


def test_a_delta_revokes_and_takes_a_hold_back_and_a_mutated_one_is_refused(
    amended: Amended, tmp_path: Path
) -> None:
    deltas = ("-use_deltas", "-extended_crl")

    def good(*more: Path) -> set[str]:
        lists = _lists(tmp_path, *amended.whole, *more)
        words = ("verify", *_path(amended.home), "-crl_check_all", *deltas, "-CRLfile", lists)
        listed = _said(*words, *amended.leaves.values(), good=False)
        return {name for name, leaf in amended.leaves.items() if f"{leaf}: OK" in listed}

    assert good() == {"good", "fresh"}
    assert good(amended.delta) == {"good", "lifted"}
    assert good(amended.mutant) == set()


@pytest.mark.parametrize("name", ["sub", "root", "sub-delta"])
def test_lists_are_by_their_issuer(amended: Amended, tmp_path: Path, name: str) -> None:
    public = amended.home.public
    listed = _lists(tmp_path, public / f"{name}.crl")
    words = ("crl", "-noout", "-CAfile", public / f"{name.partition('-')[0]}.pem", "-in")
    assert "verify OK" in _said(*words, listed)
    changed = _mutant(listed, LIST, tmp_path / "m")
    assert "verify failure" in _said(*words, changed)


def test_a_request_of_ours_is_signed_by_its_key(tmp_path: Path) -> None:
    request = tmp_path / "a.csr"
    request.write_bytes(to_pem(make_request(PROVIDER, PROVIDER.generate(), NAME), REQUEST))
    assert "verify OK" in _said("req", "-noout", "-verify", "-in", request)
    changed = _mutant(request, REQUEST, tmp_path / "m")
    assert "verify failure" in _said("req", "-noout", "-verify", "-in", changed)


def test_a_key_under_a_passphrase_is_read_in_the_form_for_openssl_and_not_in_that_for_gmssl(
    tmp_path: Path,
) -> None:
    key = PROVIDER.generate()
    path, secret = tmp_path / "a.key", tmp_path / "P"
    secret.write_bytes(PASSPHRASE)
    words = ("pkey", "-pubout", "-in", path, "-passin", f"file:{secret}")
    path.write_bytes(
        to_pem(pkcs8.encrypt(PROVIDER.export(key), PASSPHRASE, "openssl"), ENCRYPTED_KEY)
    )
    assert from_pem(_said(*words).encode(), "PUBLIC KEY") == spki_der(key.point)
    path.write_bytes(to_pem(pkcs8.encrypt(PROVIDER.export(key), PASSPHRASE), ENCRYPTED_KEY))
    assert "unsupported prf" in _said(*words, good=False)


@pytest.mark.parametrize("digest", ["-sha1", "-sm3"])
@pytest.mark.parametrize("nonce", ["-nonce", "-no_nonce"])
def test_it_asks_for_status_and_believes_the_answer(
    made: Issued, tmp_path: Path, digest: str, nonce: str
) -> None:
    public, leaf = made.home.public, made.leaves["device"]
    question, answer = tmp_path / "q.der", tmp_path / "a.der"
    about = ("ocsp", digest, "-issuer", public / "sub.pem", "-cert", leaf, digest, "-cert",
             made.revoked)  # fmt: skip
    _said(*about, nonce, "-reqout", question)
    with opened(made.home, "sub", PASSPHRASE, ACTOR) as authority:
        counter, _ = counter_of(authority, PASSPHRASE)
    answer.write_bytes(counter.post(question.read_bytes()).body)
    # Otherwise it puts a nonce of today over that of the question.
    told = ("-no_nonce", "-reqin", question, "-respin", answer, "-CAfile", public / "chain.pem")
    said = _said(*about, *told)
    assert "Response verify OK" in said
    assert f"{leaf}: good" in said
    assert f"{made.revoked}: revoked" in said
    der = answer.read_bytes()
    changed = der.replace(b"\x80\x00\x18", b"\x82\x00\x18", 1)
    assert changed != der
    answer.write_bytes(changed)
    assert "Response verify OK" not in _said(*about, *told, good=False)
    counter.close()


# -- what it writes ------------------------------------------------------------------------------

_SETTINGS = """
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf]
keyUsage = critical, digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ca]
default_ca = own
[own]
database = {folder}/index.txt
new_certs_dir = {folder}
crlnumber = {folder}/number
default_md = sm3
default_days = 30
default_crl_days = 7
policy = any
rand_serial = yes
unique_subject = no
crl_extensions = list
[list]
authorityKeyIdentifier = keyid
[any]
countryName = optional
commonName = supplied
"""


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Let Tongsuo make an authority, two certificates, a list, and an answer of status."""
    folder = tmp_path_factory.mktemp("tongsuo")
    settings = folder / "settings"
    settings.write_text(_SETTINGS.format(folder=folder))
    (folder / "index.txt").touch()
    (folder / "number").write_text("01")
    root, key = folder / "root.pem", folder / "root.key"
    _said("genpkey", "-algorithm", "SM2", "-out", key)
    _said("req", "-x509", "-new", "-config", settings, "-extensions", "root", "-key", key, "-sm3",
          "-subj", "/C=CN/CN=Other Root", "-days", "90", "-out", root)  # fmt: skip
    own = ("ca", "-batch", "-config", settings, "-keyfile", key, "-cert", root)
    for name in ("leaf", "gone"):
        request = _asked(folder, name)
        _said(
            *own, "-notext", "-extensions", "leaf", "-in", request, "-out", folder / f"{name}.pem"
        )
    _said(*own, "-revoke", folder / "gone.pem", "-crl_reason", "keyCompromise")
    _said(*own, "-gencrl", "-out", folder / "root.crl")
    about = ("-issuer", root, "-cert", folder / "leaf.pem", "-no_nonce")
    _said("ocsp", *about, "-reqout", folder / "q.der")
    _said("ocsp", "-index", folder / "index.txt", "-rsigner", root, "-rkey", key, "-CA", root,
          "-reqin", folder / "q.der", "-respout", folder / "answer.der", "-ndays", "1")  # fmt: skip
    return folder


def _asked(folder: Path, name: str, *options: str) -> Path:
    """Let Tongsuo make a key and a request."""
    key, request = folder / f"{name}.key", folder / f"{name}.csr"
    _said("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", key)
    _said("req", "-new", "-sm3", "-config", "/dev/null", "-key", key,
          "-subj", f"/C=CN/CN={name}", *options, "-out", request)  # fmt: skip
    return request


def _code(other: Path, file: Path, *options: str | Path) -> int:
    trust = ("--trust", other / "root.pem", "--crl", other / "root.crl")
    return netops("ca", "verify", file, *trust, *options).code


@pytest.mark.parametrize(
    ("name", "code"),
    [("root.pem", 0), ("leaf.pem", 0), ("gone.pem", 1), ("root.crl", 0), ("leaf.csr", 0),
     ("answer.der", 0), ("root.key", 0), ("leaf.key", 0)],
)  # fmt: skip
def test_we_judge_what_it_makes(other: Path, name: str, code: int) -> None:
    assert _code(other, other / name) == code


@pytest.mark.parametrize(
    ("name", "kind"), [("leaf.pem", CERTIFICATE), ("root.crl", LIST), ("leaf.csr", REQUEST)]
)
def test_we_refuse_its_mutants(other: Path, tmp_path: Path, name: str, kind: str) -> None:
    assert _code(other, _mutant(other / name, kind, tmp_path / name)) in {1, 3}


def test_we_refuse_a_request_of_it_under_another_identifier(other: Path, tmp_path: Path) -> None:
    request = _asked(tmp_path, "x", "-sigopt", "distid:8765432187654321")
    assert _code(other, request) == 1


@pytest.mark.parametrize("cipher", ["-sm4-cbc", "-aes256"])
def test_we_read_its_keys_under_a_passphrase(other: Path, tmp_path: Path, cipher: str) -> None:
    key, secret = tmp_path / "a.key", tmp_path / "P"
    _said("genpkey", "-algorithm", "SM2", cipher, "-pass", "pass:right", "-out", key)
    secret.touch(0o600)
    secret.write_bytes(b"right")
    assert _code(other, key, "--passphrase-file", secret) == 0
    secret.write_bytes(b"wrong")
    assert _code(other, key, "--passphrase-file", secret) != 0


def test_we_certify_its_request_and_it_finds_its_key_in_the_certificate(
    made: Issued, tmp_path: Path
) -> None:
    request, leaf, secret = _asked(tmp_path, "vpn"), tmp_path / "vpn.pem", tmp_path / "P"
    secret.touch(0o600)
    secret.write_bytes(PASSPHRASE)
    done = netops("ca", "issue", "--home", made.home.path, "--profile", "device", "--csr", request,
                  "--out", leaf, "--passphrase-file", secret)  # fmt: skip
    assert done.code == 0, done.err
    _said("verify", *_path(made.home), leaf)
    key = _said("pkey", "-in", tmp_path / "vpn.key", "-pubout")
    assert _said("x509", "-in", leaf, "-noout", "-pubkey") == key
