"""What the outside judges judge: an authority with a certificate by every profile, one revoked."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from authorities import (
    ACTOR,
    PASSPHRASE,
    PROFILES,
    ROOT_PASSPHRASE,
    Amended,
    Issued,
    make_authority,
)

from netops.gm import extensions as ext
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.request import make_request
from netops.gm.revocation import Reason
from netops.trust.authority import Authority, opened
from netops.trust.issuing import Job, issue
from netops.trust.keys import CERTIFICATE, to_pem
from netops.trust.lists import make_deltas, make_lists
from netops.trust.profile import load_profiles
from netops.trust.revoking import Revocation, release, revoke

PROVIDER = default_provider()
ISSUED = sorted(n for n, p in load_profiles(PROFILES).items() if p.kind == "signing")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Issued:
    folder = tmp_path_factory.mktemp("outside")
    home = make_authority(folder / "home")
    leaves: dict[str, Path] = {}
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        for profile in [*ISSUED, "device"]:
            kind = authority.profile(profile)
            outcome = issue(
                authority, kind, Job("a", _request(profile, kind.alternative_names.kinds))
            )
            path = folder / (f"{profile}.pem" if profile not in leaves else "revoked.pem")
            path.write_bytes(to_pem(outcome.certificate, CERTIFICATE))
            if profile in leaves:
                revoke(authority, [Revocation(outcome.serial, Reason.keyCompromise)])
            leaves.setdefault(profile, path)
        make_lists(authority)
    with opened(home, "root", ROOT_PASSPHRASE, ACTOR) as authority:
        make_lists(authority)
    return Issued(home, leaves, folder / "revoked.pem")


def _request(profile: str, kinds: tuple[str, ...]) -> bytes:
    name = (Attribute("C", "CN"), Attribute("O", "局"), Attribute("CN", f"{profile}.example.cn"))
    host = ext.subject_alt_name([ext.dns_name(f"{profile}.example.cn")])
    asked = (host,) if "dns" in kinds else ()
    return make_request(PROVIDER, PROVIDER.generate(), write_name(name), asked)


@pytest.fixture(scope="session")
def amended(tmp_path_factory: pytest.TempPathFactory) -> Amended:
    folder = tmp_path_factory.mktemp("amended")
    home = make_authority(folder / "home")
    settings = yaml.safe_load(home.settings_file.read_text())
    settings["addresses"]["delta"] = "http://crl.example.cn/sub-delta.crl"
    home.settings_file.write_text(yaml.safe_dump(settings, allow_unicode=True))
    leaves = {name: folder / f"{name}.pem" for name in ("good", "old", "fresh", "held", "lifted")}
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        serials = {name: _device(authority, path) for name, path in leaves.items()}
        revoke(authority, [Revocation(serials["old"], Reason.keyCompromise)])
        revoke(
            authority, [Revocation(serials[n], Reason.certificateHold) for n in ("held", "lifted")]
        )
        make_lists(authority)
        release(authority, serials["lifted"])
        revoke(authority, [Revocation(serials["fresh"], Reason.keyCompromise)])
        make_deltas(authority)
    with opened(home, "root", ROOT_PASSPHRASE, ACTOR) as authority:
        make_lists(authority)
    found = Amended(home, leaves, folder / "mutant.crl")
    der = found.delta.read_bytes()
    found.mutant.write_bytes(der[:-1] + bytes((der[-1] ^ 1,)))
    return found


def _device(authority: Authority, path: Path) -> int:
    outcome = issue(authority, authority.profile("device"), Job("a", _request("device", ())))
    path.write_bytes(to_pem(outcome.certificate, CERTIFICATE))
    return outcome.serial
