"""Makes an authority, in the right order and only once: keys, root, subordinate, settings.

The last step writes ``ca.yaml``. A ceremony that was cut short before that left no authority: it
is begun again from the start, with new keys.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

from netops.errors import AuthorityError, CryptoError, Place, ProfileError, Sentence
from netops.gm.certificate import Certificate, Fields
from netops.gm.chain import Standing, Trust, judge
from netops.gm.names import Attribute, shown_name, write_name
from netops.gm.provider import KeyHandle
from netops.gm.request import make_request
from netops.gm.signed import sign
from netops.gm.sm3 import sm3_hex
from netops.journal import LOG, Journal, records
from netops.trust.authority import (
    ROOT,
    SUB,
    Actor,
    Clock,
    ca_provider,
    now,
    open_serial,
)
from netops.trust.checking import check_again
from netops.trust.drafting import Applied, Issuer, Template, draft, self_issued
from netops.trust.home import (
    NO_ADDRESSES,
    SCHEMA,
    Addresses,
    Home,
    Settings,
    check_settings,
    write_durably,
)
from netops.trust.keys import (
    CERTIFICATE,
    REQUEST,
    KeySigner,
    all_from_pem,
    from_pem,
    key_digest,
    load_key,
    save_key,
    to_pem,
)
from netops.trust.linting import lint
from netops.trust.profile import Profile, load_profiles
from netops.trust.sealing import seal_check
from netops.trust.store import Store
from netops.trust.tables import Kept, State

_OF_A_CEREMONY = frozenset({"ceremony", "request"})
"""Acts that a ceremony which was cut short may have left."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made. ``name`` is the organisation that the authority is of.

    ``profiles`` is the folder that is copied into the home; passphrases open root and
    subordinate (one of them is unused where only the other is made). ``store`` is the address of a
    PostgreSQL database; empty: a file in the home.
    """

    name: str
    kind: Literal["both", "root_only", "external_root"]
    profiles: Path
    passphrase: bytes
    root_passphrase: bytes
    actor: Actor
    addresses: Addresses = NO_ADDRESSES
    country: str = "CN"
    store: str = ""
    clock: Clock = now


@dataclass(frozen=True, slots=True)
class _Made:
    certificate: Certificate
    key: KeyHandle
    kept: Kept


def hold_ceremony(home: Home, plan: Plan) -> None:
    """Make the authority of ``plan`` in ``home``; refused where one lives already."""
    settings = _settings(plan)
    profiles = _profiles(plan)
    _check_name(plan)
    with home.held():
        _refuse_second(home)
        for folder in (home.public, home.keys, home.profiles):
            folder.mkdir(parents=True, exist_ok=True)
        home.keys.chmod(0o700)
        for name in profiles:
            source = plan.profiles / f"{name}.yaml"
            write_durably(home.profiles / source.name, source.read_bytes())
        if plan.kind == "external_root":
            _ask_external_root(home, plan)
        else:
            _make_authorities(home, plan, profiles)
        text = yaml.safe_dump(settings.model_dump(by_alias=True), allow_unicode=True)
        write_durably(home.settings_file, text.encode())


def _settings(plan: Plan) -> Settings:
    return check_settings(
        Settings(
            schema=SCHEMA,
            name=plan.name,
            kind=plan.kind,
            addresses=plan.addresses,
            store=plan.store,
        )
    )


def _refuse_second(home: Home) -> None:
    if home.is_made:
        raise AuthorityError(
            "An authority lives in this folder already; its keys are not made twice.",
            remedy="Use another folder, or `netops ca rollover` for new keys.",
            place=Place(str(home.settings_file)),
        )
    if (home.journal / LOG).exists() and any(
        record.act.name not in _OF_A_CEREMONY for record in records(home.journal)
    ):
        raise AuthorityError(
            "An authority lived in this folder and has lost its ca.yaml; nothing of it is deleted.",
            remedy="Bring ca.yaml back from the copy, or use another folder.",
            place=Place(str(home.settings_file)),
        )
    for leftover in (home.store, *home.path.glob("store.db-*")):
        leftover.unlink(missing_ok=True)
    shutil.rmtree(home.journal, ignore_errors=True)


def _profiles(plan: Plan) -> dict[str, Profile]:
    """Read the profiles of the plan, among them those that the ceremony itself needs."""
    profiles = load_profiles(plan.profiles)
    needed = {"both": (ROOT, SUB), "root_only": (ROOT,), "external_root": ()}[plan.kind]
    for name in needed:
        if name not in profiles:
            raise ProfileError(
                Sentence("There is no profile “{name}” here.", name=name),
                remedy="Name the folder of profiles; a copy of ours is in certs/profiles.",
                place=Place(str(plan.profiles)),
            )
    return profiles


def _check_name(plan: Plan) -> None:
    """Refuse a name that no certificate could bear, before there is a folder."""
    try:
        _named(plan, "Root CA")
    except CryptoError as error:
        raise AuthorityError(
            Sentence("An authority cannot be named so: {cause}", cause=error.sentence),
            remedy="Give --name from 1 to 56 characters.",
        ) from error


def _named(plan: Plan, role: str) -> bytes:
    return write_name(
        (
            Attribute("C", plan.country),
            Attribute("O", plan.name),
            Attribute("CN", f"{plan.name} {role}"),
        )
    )


def _make_authorities(home: Home, plan: Plan, profiles: dict[str, Profile]) -> None:
    provider = ca_provider()
    begin = plan.clock().replace(microsecond=0)
    root_key = provider.generate()
    fields = self_issued(
        _named(plan, "Root CA"), root_key.point, profiles[ROOT], open_serial(), begin
    )
    root = _certified(plan, root_key, root_key, fields, profiles[ROOT])
    save_key(home.key_file(ROOT), provider, root_key, plan.root_passphrase)
    made, names = [root], [ROOT]
    if plan.kind == "both":
        sub_key = provider.generate()
        template = Template.of(profiles[SUB], Issuer.of(root.certificate, NO_ADDRESSES))
        applied = Applied(_named(plan, "Sub CA"), sub_key.point)
        below = draft(applied, template, open_serial(), begin)
        made.append(_certified(plan, root_key, sub_key, below, profiles[SUB]))
        save_key(home.key_file(SUB), provider, sub_key, plan.passphrase)
        names.append(SUB)
    _record(home, plan, made)
    for name, one in zip(names, made, strict=True):
        pem = to_pem(one.certificate.der, CERTIFICATE)
        write_durably(home.certificate_file(name), pem)
    chain = b"".join(to_pem(one.certificate.der, CERTIFICATE) for one in reversed(made))
    write_durably(home.public / "chain.pem", chain)


def _certified(
    plan: Plan, signer: KeyHandle, key: KeyHandle, fields: Fields, profile: Profile
) -> _Made:
    """Lint, sign and let the second implementation check a certificate of an authority."""
    tbs = fields.der
    lint(tbs, fields, profile)
    certificate = Certificate.from_der(sign(ca_provider(), signer, tbs))
    check_again(signer.point, certificate.der, Sentence("certificate"))
    kept = Kept(
        authority=ROOT,
        serial=certificate.serial,
        profile=profile.name,
        subject=certificate.subject,
        subject_text=shown_name(certificate.subject),
        request="",
        tbs=sm3_hex(tbs),
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        state=State.INTENDED,
        actor=plan.actor.name,
        intended_at=plan.clock(),
        key=key_digest(fields.point),
    )
    return _Made(certificate, key, kept)


def _record(home: Home, plan: Plan, made: list[_Made]) -> None:
    """Put what was made on record before it is published."""
    store = _store(home, plan)
    acting = made[-1]
    signer = KeySigner(ca_provider(), acting.key, ROOT if len(made) == 1 else SUB)
    try:
        store.intend([one.kept for one in made])
        with Journal(home.journal, signer, plan.clock) as journal:
            journal.append(
                plan.actor.act("ceremony", profile=one.kept.profile, serial=f"{one.kept.serial:x}")
                for one in made
            )
        store.complete((one.kept, one.certificate.der) for one in made)
    finally:
        store.close()


def _store(home: Home, plan: Plan) -> Store:
    """Open the database that the plan names; one that holds another's record is refused."""
    if not plan.store:
        return Store.at(home.store)
    store = Store.connected(plan.store)
    if store.counts():
        store.close()
        raise AuthorityError(
            "The database holds the record of another authority.",
            remedy="Give each authority a database of its own.",
        )
    return store


def _ask_external_root(home: Home, plan: Plan) -> None:
    provider = ca_provider()
    key = provider.generate()
    save_key(home.key_file(SUB), provider, key, plan.passphrase)
    request = make_request(provider, key, _named(plan, "Sub CA"))
    with Journal(home.journal, KeySigner(provider, key, SUB), plan.clock) as journal:
        journal.append([plan.actor.act("request", digest=sm3_hex(request))])
    write_durably(home.public / "sub.csr", to_pem(request, REQUEST))
    _store(home, plan).close()  # which makes the record, empty as it is


def install(home: Home, certificate: bytes, chain: bytes, passphrase: bytes, actor: Actor) -> None:
    """Take the certificate that an external root gave: it must be for our key, under its chain."""
    settings = home.settings()
    provider = ca_provider()
    with home.held():
        if settings.kind != "external_root" or home.certificate_file(SUB).exists():
            raise AuthorityError(
                "This authority waits for no certificate.",
                remedy="Only one made with --external-root installs one, and once.",
                place=Place(str(home.settings_file)),
            )
        given = Certificate.from_der(from_pem(certificate, CERTIFICATE))
        above = tuple(map(Certificate.from_der, all_from_pem(chain, CERTIFICATE)))
        key = load_key(home.key_file(SUB), provider, passphrase)
        path = _checked_path(given, above, key)
        check = seal_check(home, None)
        with Journal(home.journal, KeySigner(provider, key, SUB), check=check) as journal:
            journal.append([actor.act("install", serial=f"{given.serial:x}")])
        write_durably(home.public / "root.pem", to_pem(path[-1].der, CERTIFICATE))
        whole = b"".join(to_pem(one.der, CERTIFICATE) for one in path)
        write_durably(home.public / "chain.pem", whole)
        write_durably(home.certificate_file(SUB), to_pem(given.der, CERTIFICATE))


def _checked_path(
    given: Certificate, above: tuple[Certificate, ...], key: KeyHandle
) -> tuple[Certificate, ...]:
    """Return the path from what was given to its root, in whichever order its chain came."""
    if given.point != key.point:
        raise AuthorityError(
            "The certificate is for another key than this authority's.",
            remedy="Install the one that was issued on public/sub.csr.",
        )
    anchors = tuple(one for one in above if one.issuer == one.subject)
    trust = Trust(anchors, now(), above)
    report = judge(ca_provider(), given, trust)
    if report.standing is not Standing.VALID:
        cause = report.problems[0].cause if report.problems else Sentence("no path to a root")
        raise AuthorityError(
            Sentence("The certificate is not valid under its chain: {cause}", cause=cause),
            remedy="Install the certificate together with the root (and what stands between).",
        )
    return report.path
