"""Benches of the certification authority against OpenSSL and gmssl, all in one run.

Rates of the signing path are a second of processor time on one core; the durable rate, the disk
and the status answers are of wall time, since they wait for others by their nature.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from authorities import ACTOR, PASSPHRASE, make_authority
from gmssl.sm2 import CryptSM2

from netops.errors import Sentence
from netops.gm import der as asn1
from netops.gm import extensions as ext
from netops.gm.choice import default_provider, second_provider
from netops.gm.evp import EvpKey, EvpProvider
from netops.gm.names import Attribute, write_name
from netops.gm.provider import KeyHandle, Provider
from netops.gm.request import Request, make_request
from netops.gm.signature import Signature
from netops.gm.signed import ALGORITHM, Signed, sign
from netops.trust import lists
from netops.trust.authority import Authority, opened
from netops.trust.drafting import Applied, Template, apply_profile, draft
from netops.trust.home import Home
from netops.trust.issuing import Job, issue_batch
from netops.trust.keys import REQUEST, to_pem
from netops.trust.linting import lint
from tests.bench.measuring import Figure, measured

OPENSSL = shutil.which("openssl") or "openssl"
_TURNS = 15
_MANY = 100
_FEW = 5
_PROCESSES = 40
_BATCH = 4096
_LISTED = 1_000_000
_SERIAL = 1 << 128


def _cpu_rates(acts: dict[str, tuple[Callable[[], object], int]]) -> dict[str, float]:
    """Return how often a second of processor time each is done: the median of many turns.

    Each is done a few times in turn, so that what else the machine does falls on all alike.
    """
    turns: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(_TURNS):
        for name, (act, times) in acts.items():
            begin = time.process_time()
            for _ in range(times):
                act()
            turns[name].append(times / (time.process_time() - begin))
    return {name: statistics.median(rates) for name, rates in turns.items()}


def _request(number: int) -> bytes:
    provider = default_provider()
    name = write_name((Attribute("C", "CN"), Attribute("CN", f"vpn-{number}")))
    host = ext.subject_alt_name([ext.dns_name(f"vpn-{number}.example.cn")])
    return make_request(provider, provider.generate(), name, (host,))


@contextmanager
def _authority() -> Iterator[Authority]:
    with tempfile.TemporaryDirectory(prefix="netops-bench-") as folder:
        home = make_authority(Path(folder) / "home")
        with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
            yield authority


def signing(runs: int) -> list[Figure]:
    """Draft, sign and encode certificates, beside the bare signature and its peers."""
    bench = "ca signing"
    with _authority() as authority, _peer_home() as peer:
        rows = [_signing_row(authority, peer) for _ in range(runs)]
    found = {name: tuple(row[name] for row in rows) for name in rows[0]}

    def over(ours: str, theirs: str) -> tuple[float, ...]:
        return tuple(a / b for a, b in zip(found[ours], found[theirs], strict=True))

    figures = [Figure(bench, f"{name}, a second", values) for name, values in found.items()]
    path = "from template"
    return [
        *figures,
        Figure(bench, "from template / bare signature", over(path, "bare signature"), "x",
               ">= 0.9", lambda v: v >= 0.9),
        Figure(bench, "from template / openssl ca", over(path, "openssl ca, a process each"), "x",
               ">= 10", lambda v: v >= 10),
        Figure(bench, "from template / gmssl as signer", over(path, "gmssl as signer"), "x",
               ">= 15", lambda v: v >= 15),
        Figure(bench, "from template / gmssl, the digest computed for it",
               over(path, "gmssl, the digest computed for it"), "x"),
    ]  # fmt: skip


def _signing_row(authority: Authority, peer: _Peer) -> dict[str, float]:
    provider = authority.provider
    profile = authority.profile("device")
    applied = apply_profile(Request.from_der(_request(1)), profile)
    template = Template.of(profile, authority.issuer)
    slow = second_provider()
    software = slow.load(provider.export(authority.key))
    begin = datetime.now(UTC)

    def certified(by: Provider, key: KeyHandle) -> Callable[[], bytes]:
        return lambda: sign(by, key, _drafted(applied, template, begin))

    signer = CryptSM2(private_key=software.scalar.to_bytes(32).hex(), public_key="")
    signer.public_key = software.point.raw.hex()

    def by_gmssl_alone() -> bytes:
        """Sign as that package does by itself: its own hash of identifier, key and message."""
        tbs = _drafted(applied, template, begin)
        made = Signature.from_raw(bytes.fromhex(signer.sign_with_sm3(tbs)))
        return asn1.sequence(tbs, ALGORITHM, asn1.bit_string(made.der))

    def linted() -> bytes:
        fields = draft(applied, template, _SERIAL, begin)
        tbs = fields.der
        lint(tbs, fields, profile)
        return sign(provider, authority.key, tbs)

    acts: dict[str, tuple[Callable[[], object], int]] = {
        "bare signature": (_bare(authority), _MANY),
        "from template": (certified(provider, authority.key), _MANY),
        "from template, linted": (linted, _MANY),
        "gmssl as signer": (by_gmssl_alone, _FEW),
        "gmssl, the digest computed for it": (certified(slow, software), _FEW),
    }
    gc.freeze()  # as the command line does once an authority is open
    return {
        "openssl speed sm2": _openssl_speed(),
        **_cpu_rates(acts),
        "openssl ca, a process each": peer.rate(_PROCESSES),
    }


def _drafted(applied: Applied, template: Template, begin: datetime) -> bytes:
    return draft(applied, template, _SERIAL, begin).der


def _bare(authority: Authority) -> Callable[[], object]:
    """Return libcrypto's own signature over 32 octets, one context for all of them."""
    provider, key = authority.provider, authority.key
    assert isinstance(provider, EvpProvider)
    assert isinstance(key, EvpKey)
    library = provider._library
    made = library.call("EVP_PKEY_CTX_new_from_pkey", library.context, key.pointer, None)
    library.call("EVP_PKEY_sign_init", made)
    signature, size = ctypes.create_string_buffer(80), ctypes.c_size_t()

    def once() -> object:
        size.value = 80
        return library.call("EVP_PKEY_sign", made, signature, ctypes.byref(size), bytes(32), 32)

    return once


def _openssl_speed() -> float:
    done = subprocess.run([OPENSSL, "speed", "-seconds", "1", "sm2"], capture_output=True,
                          text=True, check=True)  # fmt: skip
    return float(done.stdout.splitlines()[-1].split()[-2])


_CONFIG = """
[ca]
default_ca = here
[here]
dir = {folder}
database = $dir/index
new_certs_dir = $dir
serial = $dir/serial
default_md = sm3
default_days = 365
policy = any
copy_extensions = copy
x509_extensions = leaf
unique_subject = no
[any]
countryName = optional
commonName = supplied
[leaf]
keyUsage = critical,digitalSignature,nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


@dataclass(frozen=True)
class _Peer:
    """An `openssl ca` that issues with the same kind of key."""

    folder: Path

    def rate(self, times: int) -> float:
        """Return the certificates a second of processor time of its processes."""
        words = [
            OPENSSL, "ca", "-batch", "-notext", "-config", self.folder / "conf", "-in",
            self.folder / "r.csr", "-out", self.folder / "out.pem", "-cert",
            self.folder / "ca.pem", "-keyfile", self.folder / "ca.key", "-sigopt",
            "distid:1234567812345678", "-vfyopt", "distid:1234567812345678",
        ]  # fmt: skip
        ran = [measured([str(word) for word in words]) for _ in range(times)]
        if any(one.code for one in ran):
            raise RuntimeError("openssl ca does not issue")
        return times / sum(one.cpu_s for one in ran)


@contextmanager
def _peer_home() -> Iterator[_Peer]:
    with tempfile.TemporaryDirectory(prefix="netops-bench-") as name:
        folder = Path(name)
        _peer_key(folder)
        (folder / "conf").write_text(_CONFIG.format(folder=folder))
        (folder / "index").touch()
        (folder / "serial").write_text("1000\n")
        (folder / "r.csr").write_bytes(to_pem(_request(1), REQUEST))
        yield _Peer(folder)


def _peer_key(folder: Path) -> None:
    subprocess.run(
        [OPENSSL, "req", "-x509", "-newkey", "sm2", "-sm3", "-nodes", "-subj", "/C=CN/CN=peer",
         "-keyout", folder / "ca.key", "-out", folder / "ca.pem", "-days", "3650", "-sigopt",
         "distid:1234567812345678"],
        check=True, capture_output=True,
    )  # fmt: skip


def durable(runs: int) -> list[Figure]:
    """`ca issue --batch` end to end, and what of it the disk alone takes."""
    bench, folder = "ca durable", Path(tempfile.mkdtemp(prefix="netops-bench-"))
    try:
        home = make_authority(folder / "home")
        secret = folder / "P"
        secret.touch(0o600)
        secret.write_bytes(PASSPHRASE)
        rows = [_durable_row(home, folder, number) for number in range(runs)]
    finally:
        shutil.rmtree(folder)
    found = {name: tuple(row[name] for row in rows) for name in rows[0]}
    targets = {"certificates a second, wall": (">= 700", lambda v: v >= 700)}
    return [
        Figure(bench, name, values, "", *targets.get(name, ("", lambda _: True)))
        for name, values in found.items()
    ]


def _durable_row(home: Home, folder: Path, number: int) -> dict[str, float]:
    requests, out = folder / f"requests-{number}", folder / f"out-{number}"
    requests.mkdir()
    for place in range(_BATCH):
        (requests / f"{place}.csr").write_bytes(to_pem(_request(place), REQUEST))
    words = [sys.executable, "-m", "netops", "ca", "issue", "--home", home.path, "--profile",
             "device", "--batch", requests, "--out", out, "--passphrase-file",
             folder / "P"]  # fmt: skip
    ran = measured([str(word) for word in words])
    if ran.code or len(list(out.glob("*.pem"))) != _BATCH:
        raise RuntimeError("the batch was not issued")
    syncs = _syncs(folder)
    return {
        "certificates a second, wall": _BATCH / ran.wall_s,
        "certificates a second of processor time": _BATCH / ran.cpu_s,
        "processor time of it all, s": ran.cpu_s,
        "wall time of it all, s": ran.wall_s,
        "syncs of the disk alone, a second": syncs,
        **_split(home),
    }


def _split(home: Home) -> dict[str, float]:
    """Return what the steps take of a certificate's processor time, in milliseconds."""
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        provider, profile = authority.provider, authority.profile("device")
        template, begin = Template.of(profile, authority.issuer), datetime.now(UTC)
        request = Request.from_der(_request(0))
        applied = apply_profile(request, profile)
        fields = draft(applied, template, _SERIAL, begin)
        tbs = fields.der
        jobs = [Job(str(n), _request(n)) for n in range(512)]
        slow, point = second_provider(), authority.key.point
        signed = Signed.from_der(sign(provider, authority.key, tbs), Sentence("certificate"))
        steps: dict[str, tuple[Callable[[], object], int]] = {
            "request read and held to the profile":
                (lambda: apply_profile(Request.from_der(jobs[0].der), profile), _MANY),
            "request verified": (lambda: request.check(provider), _MANY),
            "drafted": (lambda: _drafted(applied, template, begin), _MANY),
            "linted": (lambda: lint(tbs, fields, profile), _MANY),
            "signed": (lambda: sign(provider, authority.key, tbs), _MANY),
            "second implementation (one in 128)": (lambda: signed.fit(slow, point), _FEW),
        }  # fmt: skip
        times = {name: 1000 / rate for name, rate in _cpu_rates(steps).items()}
        times["second implementation (one in 128)"] /= 128
        clock = time.process_time()
        made = sum(outcome.refusal is None for outcome in issue_batch(authority, profile, jobs))
        whole = 1000 * (time.process_time() - clock) / made
    times["store, journal, the rest"] = whole - sum(times.values())
    return {f"split: {name}, ms": value for name, value in times.items()}


def _syncs(folder: Path) -> float:
    path = folder / "sync"
    with path.open("wb") as stream:
        begin = time.monotonic()
        for _ in range(100):
            stream.write(bytes(4096))
            stream.flush()
            os.fsync(stream.fileno())
    return 100 / (time.monotonic() - begin)


def million(runs: int) -> list[Figure]:
    """A list of a million entries from the store, in a process of its own for its memory."""
    script = "from tests.bench.authority import list_a_million; list_a_million()"
    rows = []
    for _ in range(runs):
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True,
                              check=True, cwd=Path(__file__).parents[2])  # fmt: skip
        rows.append(tuple(map(float, done.stdout.split())))
    names = ("seconds of one core", "resident memory, MB, most", "size of the list, MB")
    targets = {0: ("<= 15", lambda v: v <= 15)}
    return [
        Figure("ca list of 1,000,000", name, tuple(row[place] for row in rows), "",
               *targets.get(place, ("", lambda _: True)))
        for place, name in enumerate(names)
    ]  # fmt: skip


def list_a_million() -> None:
    """Print what a list of a million entries took: seconds, memory, size."""
    with _authority() as authority:
        _revoke_a_million(authority)
        begin = time.process_time()
        (made,) = lists.make_lists(authority)
        whole = time.process_time() - begin
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert made.entries == _LISTED
    sys.stdout.write(f"{whole} {peak} {made.kept.size / 1e6}\n")


def _revoke_a_million(authority: Authority) -> None:
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    with authority.store.transaction() as connection:
        connection.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
            " INSERT INTO certificates (authority, serial, profile, subject, subject_text, request,"
            " tbs, not_before, not_after, state, actor, intended_at, revoked_at, reason)"
            " SELECT 'sub', printf('%08x', i) || lower(hex(randomblob(16))), 'device', x'3000', '',"
            " '', '', ?, ?, 'revoked', 'bench', ?, ?, i % 6 FROM n",
            (_LISTED, str(at), "2099-01-01 00:00:00.000000", f"{at:%F %T}.000000",
             f"{at:%F %T}.000000"),
        )  # fmt: skip
