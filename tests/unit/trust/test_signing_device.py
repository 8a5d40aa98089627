"""The whole cycle of issue with a double that stands for a signing device."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from authorities import ACTOR, PASSPHRASE
from device_double import SigningDevice

from netops.errors import CryptoError
from netops.gm.certificate import Certificate
from netops.gm.chain import Standing, Trust, judge
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.request import make_request
from netops.gm.revocation import Reason, RevocationList
from netops.gm.selftest import check_provider
from netops.trust.audit import verify_journal
from netops.trust.authority import opened, read_certificate
from netops.trust.home import Home
from netops.trust.issuing import Job, issue_batch, renew
from netops.trust.keys import KeySigner, load_key
from netops.trust.lists import make_lists
from netops.trust.revoking import Revocation, revoke

PROVIDER = default_provider()


def _job(name: str) -> Job:
    subject = write_name((Attribute("C", "CN"), Attribute("CN", name)))
    return Job(name, make_request(PROVIDER, PROVIDER.generate(), subject))


def test_the_double_passes_the_known_answer_test() -> None:
    check_provider(SigningDevice())


def test_the_double_gives_no_key_out() -> None:
    device = SigningDevice()
    with pytest.raises(CryptoError, match="no private key"):
        device.export(device.generate())


def test_an_authority_issues_revokes_and_lists_with_its_key_in_a_device(home: Home) -> None:
    device = SigningDevice()
    with opened(home, "sub", PASSPHRASE, ACTOR) as plain:
        handle = load_key(home.key_file("sub"), device, PASSPHRASE)
        plain.journal._signer = KeySigner(device, handle, "sub")
        authority = replace(plain, provider=device, key=handle)
        made = [*issue_batch(authority, authority.profile("device"), [_job("a"), _job("b")])]
        newer = renew(authority, made[0].serial)
        revoke(authority, [Revocation(made[1].serial, Reason.keyCompromise)])
        (listed,) = make_lists(authority)
    trust = Trust(
        (read_certificate(home, "root"),),
        datetime.now(UTC),
        (read_certificate(home, "sub"),),
        (RevocationList.from_der(listed.der),),
    )
    standings = [
        judge(PROVIDER, Certificate.from_der(one.certificate), trust).standing
        for one in (*made, newer)
    ]
    assert standings == [Standing.VALID, Standing.INVALID, Standing.VALID]
    assert verify_journal(home) == ()
    assert {len(digest) for digest in device.digests} == {32}
    assert len(device.digests) >= 4
