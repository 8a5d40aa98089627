"""New keys for an authority, with the certificates that lead from the old ones to the new.

A new root comes with chain certificates in both directions (RFC 4210 §4.4); a new subordinate
stands under the same root. Everything is prepared in HOME/next; its file ``ready`` is the one
moment at which the new keys are in force. A crash before leaves the old authority (and what was
signed is revoked when it is next opened), a crash after is finished when it is next opened.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace

from netops.errors import AuthorityError, Place, Sentence
from netops.gm.certificate import Certificate, Fields
from netops.gm.names import shown_name
from netops.gm.provider import KeyHandle
from netops.gm.signed import sign
from netops.gm.sm3 import sm3_hex
from netops.trust.authority import ROOT, SUB, Authority, open_serial, read_certificate
from netops.trust.checking import check_again
from netops.trust.drafting import Applied, Issuer, Template, draft, self_issued
from netops.trust.home import NO_ADDRESSES, Home, write_durably
from netops.trust.keys import CERTIFICATE, key_digest, save_key, to_pem
from netops.trust.linting import lint
from netops.trust.profile import Profile
from netops.trust.settling import READY
from netops.trust.tables import Kept, State

NEW_WITH_OLD, OLD_WITH_NEW = "root-new-with-old", "root-old-with-new"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A certificate to be made: where it is published, what it says, whose key signs it."""

    name: str
    fields: Fields
    signer: KeyHandle
    profile: Profile


def roll_over(root: Authority, which: str, passphrase: bytes) -> None:
    """Give ``root`` or its subordinate a new key, kept under ``passphrase``.

    ``root`` is open. What is prepared here is put in force by ``settling`` when either authority
    is next opened.
    """
    home = root.home
    _refuse_unfit(root, which)
    shutil.rmtree(home.next, ignore_errors=True)
    home.next.mkdir(mode=0o700)
    key = root.provider.generate()
    save_key(home.next / f"{which}.key", root.provider, key, passphrase)
    wanted = _new_root(root, key) if which == ROOT else _new_sub(root, key)
    made = dict(_certified(root, list(wanted)))
    for name, certificate in made.items():
        write_durably(home.next / f"{name}.pem", to_pem(certificate.der, CERTIFICATE))
    write_durably(home.next / "chain.pem", _chain(home, which, made))
    write_durably(home.next / READY, which.encode())


def _refuse_unfit(root: Authority, which: str) -> None:
    if root.name != ROOT or (which == SUB and root.settings.kind != "both"):
        raise AuthorityError(
            "A new key needs the root of this authority, which is not here.",
            remedy="Under an external root make a new authority: netops ca init --external-root.",
            place=Place(str(root.home.settings_file)),
        )


def _new_sub(root: Authority, key: KeyHandle) -> Iterator[_Wanted]:
    profile = root.profile(SUB)
    template = Template.of(profile, Issuer.of(root.certificate, NO_ADDRESSES))
    applied = Applied(read_certificate(root.home, SUB).subject, key.point)
    yield _Wanted(SUB, draft(applied, template, open_serial(), root.moment()), root.key, profile)


def _new_root(root: Authority, key: KeyHandle) -> Iterator[_Wanted]:
    profile, old, begin = root.profile(ROOT), root.certificate, root.moment()
    fresh = self_issued(old.subject, key.point, profile, open_serial(), begin)
    yield _Wanted(ROOT, fresh, key, profile)
    by_old = Template.of(profile, Issuer.of(old, NO_ADDRESSES))
    fields = draft(Applied(old.subject, key.point), by_old, open_serial(), begin)
    yield _Wanted(NEW_WITH_OLD, fields, root.key, profile)
    new = Certificate.from_der(sign(root.provider, key, fresh.der))
    by_new = Template.of(profile, Issuer.of(new, NO_ADDRESSES))
    fields = draft(Applied(old.subject, old.point), by_new, open_serial(), begin)
    until = min(fields.not_after, old.not_after)
    yield _Wanted(OLD_WITH_NEW, replace(fields, not_after=until), key, profile)


def _certified(root: Authority, wanted: list[_Wanted]) -> Iterator[tuple[str, Certificate]]:
    """Lint, put on record, sign, let the second implementation check, log: the cycle of issue."""
    for one in wanted:
        lint(one.fields.der, one.fields, one.profile)
    kept = [_kept(root, one) for one in wanted]
    root.store.intend(kept)
    made = [Certificate.from_der(sign(root.provider, w.signer, w.fields.der)) for w in wanted]
    for one, certificate in zip(wanted, made, strict=True):
        check_again(one.signer.point, certificate.der, Sentence("certificate"))
    root.journal.append(
        root.actor.act("rollover", certificate=one.name, serial=f"{one.fields.serial:x}")
        for one in wanted
    )
    yield from zip((one.name for one in wanted), made, strict=True)


def _kept(root: Authority, wanted: _Wanted) -> Kept:
    fields = wanted.fields
    return Kept(
        authority=ROOT,
        serial=fields.serial,
        profile=wanted.profile.name,
        subject=fields.subject,
        subject_text=shown_name(fields.subject),
        request="",
        tbs=sm3_hex(fields.der),
        not_before=fields.not_before,
        not_after=fields.not_after,
        state=State.INTENDED,
        actor=root.actor.name,
        intended_at=root.moment(),
        key=key_digest(fields.point),
    )


def _chain(home: Home, which: str, made: dict[str, Certificate]) -> bytes:
    """Return chain.pem as it will be: the subordinate first, the root last."""
    new = {name: to_pem(one.der, CERTIFICATE) for name, one in made.items()}
    if which == SUB:
        return new[SUB] + home.certificate_file(ROOT).read_bytes()
    sub = home.certificate_file(SUB)
    below = sub.read_bytes() + new[OLD_WITH_NEW] if sub.exists() else b""
    return below + new[ROOT]
