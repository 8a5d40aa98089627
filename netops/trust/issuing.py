"""The cycle of issue: check, draft, put on record, sign, check again, log, keep, hand out.

Each step is on the disk before the next: a crash leaves a serial that was only intended (and is
revoked when the authority is next opened) or a certificate that is on record. Nothing is signed
that is not on record, nothing handed out that is not in the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from netops.errors import AuthorityError, NetopsError, Sentence
from netops.gm.certificate import Certificate
from netops.gm.curve import Point
from netops.gm.names import shown_name
from netops.gm.signed import sign
from netops.gm.sm3 import sm3_hex
from netops.trust.authority import Authority, open_serial
from netops.trust.checking import Answer, Checker, check_again
from netops.trust.drafting import Applied, Template, alternative_names, draft
from netops.trust.keys import key_digest
from netops.trust.linting import lint
from netops.trust.profile import Profile
from netops.trust.published import is_published
from netops.trust.store import Store
from netops.trust.tables import Barrier, Kept, State

_GROUP = 256
"""Certificates that share one commit of the store and one of the journal."""
_SAMPLE = 128
"""In a batch one signature of so many is checked by the second implementation."""

_Check = Callable[[Sequence["Job"]], Answer[list["Applied | NetopsError"]]]
"""Begins to decide on jobs: what may be certified, or why nothing."""


@dataclass(frozen=True, slots=True)
class Job:
    """A request to be answered; ``name`` tells it apart in a batch."""

    name: str
    der: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: a certificate, or the reason why not.

    ``is_new`` is False where the very request was answered before.
    """

    job: Job
    serial: int = 0
    certificate: bytes = b""
    is_new: bool = True
    refusal: NetopsError | None = None


@dataclass(frozen=True, slots=True)
class _Draft:
    job: Job
    kept: Kept
    tbs: bytes


def issue(authority: Authority, profile: Profile, job: Job) -> Outcome:
    """Answer one request; a request that does not fit raises its reason."""
    (outcome,) = issue_batch(authority, profile, [job])
    if outcome.refusal is not None:
        raise outcome.refusal
    return outcome


def issue_batch(authority: Authority, profile: Profile, jobs: Sequence[Job]) -> Iterator[Outcome]:
    """Answer requests in groups that are committed together; a bad one never stops the others.

    While one group is signed, the next may be checked beside (``netops.trust.checking``).
    """
    _check_profile(authority, profile)
    with _checker(authority, profile, len(jobs)) as checker:
        yield from _worked_through(
            _Line(authority, profile, jobs, checker), lambda some: checker.requests(_ders(some))
        )


def _checker(authority: Authority, profile: Profile, size: int) -> Checker:
    return Checker(authority.provider, profile, authority.key.point, size)


def _ders(jobs: Sequence[Job]) -> list[bytes]:
    return [job.der for job in jobs]


def _worked_through(line: _Line, check: _Check) -> Iterator[Outcome]:
    before: _Signed | None = None
    for group in line.groups(check):
        signed = line.sign(group)
        yield from line.end(before)
        before = signed
    yield from line.end(before)


def renew(authority: Authority, serial: int) -> Outcome:
    """Certify the key and name of a certificate in force once more, by its profile as it is now."""
    kept = _in_force(authority, serial)
    profile = authority.profile(kept.profile)
    _check_profile(authority, profile)
    job = Job(f"{serial:x}", kept.der or b"")
    applied = _reapplied(profile, job)
    if isinstance(applied, NetopsError):
        raise applied
    for barrier in _barred(authority.store, applied).values():
        raise _refusal(barrier)
    drawn = [_Desk.at(authority, profile).drafted(job, sm3_hex(job.der), applied)]
    made = _sign(authority, drawn)
    check_again(authority.key.point, made[0], Sentence("certificate"))
    (outcome,) = _put_on_record(authority, drawn, made)
    return outcome


def renew_batch(authority: Authority, serials: Sequence[int]) -> Iterator[Outcome]:
    """Renew many, whatever their profiles; one that was renewed before gives the same again."""
    jobs: dict[str, list[Job]] = {}
    for serial in dict.fromkeys(serials):
        try:
            kept = _in_force(authority, serial)
        except AuthorityError as error:
            yield _renewed_before(authority, serial) or Outcome(
                Job(f"{serial:x}", b""), refusal=error
            )
        else:
            jobs.setdefault(kept.profile, []).append(Job(f"{serial:x}", kept.der or b""))
    for name, some in jobs.items():
        yield from _renewed(authority, authority.profile(name), some)


def _renewed(authority: Authority, profile: Profile, jobs: Sequence[Job]) -> Iterator[Outcome]:
    def check(some: Sequence[Job]) -> Answer[list[Applied | NetopsError]]:
        return lambda: [_reapplied(profile, job) for job in some]

    _check_profile(authority, profile)
    with _checker(authority, profile, len(jobs)) as checker:
        yield from _worked_through(_Line(authority, profile, jobs, checker), check)


def _renewed_before(authority: Authority, serial: int) -> Outcome | None:
    """Return what a certificate that is revoked by now was renewed by; None where it never was."""
    old = authority.store.find(authority.name, serial)
    if old is None or old.der is None:
        return None
    digest = sm3_hex(old.der)
    found = authority.store.find_requests([digest], old.profile).get(digest)
    if found is None or found.der is None:
        return None
    if authority.store.barred([old.key or ""]):
        return None
    return Outcome(Job(f"{serial:x}", old.der), found.serial, found.der, is_new=False)


def _in_force(authority: Authority, serial: int) -> Kept:
    kept = authority.store.find(authority.name, serial)
    barred = authority.store.barred([kept.key]) if kept is not None and kept.key else {}
    for barrier in barred.values():
        raise _refusal(barrier)
    if kept is None or kept.der is None or kept.state is not State.ISSUED:
        raise AuthorityError(
            Sentence("The certificate {serial:x} is not in force.", serial=serial),
            remedy="Issue a new one on a new request.",
        )
    return kept


def _reapplied(profile: Profile, job: Job) -> Applied | NetopsError:
    """Hold a certificate of ours against its profile, as if its holder applied again."""
    try:
        old = Certificate.from_der(job.der)
        return Applied(old.subject, old.point, alternative_names(old.extensions, profile))
    except NetopsError as error:
        return error


def _check_profile(authority: Authority, profile: Profile) -> None:
    is_above = authority.settings.kind == "root_only" or authority.name == "root"
    if (profile.kind == "authority") != is_above or profile.name == "root":
        raise AuthorityError(
            Sentence(
                "The authority “{authority}” does not issue by the profile {profile}.",
                authority=authority.name,
                profile=profile.name,
            ),
            remedy="A root certifies authorities, a subordinate authority everybody else.",
        )
    if profile.kind == "encryption":
        raise AuthorityError(
            "Encryption certificates need a key management centre, which is not built yet.",
            remedy="Issue a signing certificate.",
        )


@dataclass(frozen=True, slots=True)
class _Group:
    """Requests that share a commit: their places in the batch, and what checking them found."""

    places: range
    checked: list[Applied | NetopsError]


@dataclass(frozen=True, slots=True)
class _Signed:
    """A group that is signed and not yet on record; what needed no signature is done already."""

    places: range
    done: dict[int, Outcome]
    drafts: dict[int, _Draft]
    made: list[bytes]
    verified: Answer[None]


class _Line:
    """Carries the groups of one batch through the cycle of issue."""

    def __init__(
        self,
        authority: Authority,
        profile: Profile,
        jobs: Sequence[Job],
        checker: Checker,
    ) -> None:
        self._authority = authority
        self._profile = profile
        self._jobs = jobs
        self._checker = checker
        self._digests = [sm3_hex(job.der) for job in jobs]
        self._first: dict[str, int] = {}
        """Where in the batch a request stood first that is certified here."""
        self._made: dict[int, Outcome] = {}

    def groups(self, check: _Check) -> Iterator[_Group]:
        """Yield the groups as they are checked; the next is begun before one is handed out."""
        size = len(self._jobs)
        places = [range(at, min(at + _GROUP, size)) for at in range(0, size, _GROUP)]
        asked = (check(self._jobs[these.start : these.stop]) for these in places)
        ahead = next(asked, list)
        for these in places:
            checked = ahead()
            ahead = next(asked, list)
            yield _Group(these, checked)

    def sign(self, group: _Group) -> _Signed:
        """Draft a group, put it on record as intended, and sign it."""
        desk, store = _Desk.at(self._authority, self._profile), self._authority.store
        digests = self._digests[group.places.start : group.places.stop]
        answered = store.find_requests(digests, self._profile.name)
        barred = _barred(store, *(one for one in group.checked if isinstance(one, Applied)))
        done: dict[int, Outcome] = {}
        drafts: dict[int, _Draft] = {}
        for place, found in zip(group.places, group.checked, strict=True):
            job, digest = self._jobs[place], self._digests[place]
            known = answered.get(digest)
            if isinstance(found, NetopsError):
                done[place] = Outcome(job, refusal=found)
            elif (barrier := barred.get(found.point)) is not None:
                done[place] = Outcome(job, refusal=_refusal(barrier))
            elif known is not None and known.der is not None and known.not_after > desk.begin:
                done[place] = Outcome(job, known.serial, known.der, is_new=False)
            elif self._first.setdefault(digest, place) == place:
                drafts[place] = desk.drafted(job, digest, found)
        made = _sign(self._authority, list(drafts.values()))
        verified = self._checker.signatures(made[:: _SAMPLE if len(self._jobs) > 1 else 1])
        return _Signed(group.places, done, drafts, made, verified)

    def end(self, signed: _Signed | None) -> Iterator[Outcome]:
        """Check, log and keep what was signed, and hand it out in the order of the batch."""
        if signed is None:
            return
        signed.verified()
        made = _put_on_record(self._authority, list(signed.drafts.values()), signed.made)
        outcomes = signed.done | dict(zip(signed.drafts, made, strict=True))
        for place in signed.places:
            if self._first.get(self._digests[place]) == place:
                self._made[place] = outcomes[place]
            yield outcomes.get(place) or self._twin(place)

    def _twin(self, place: int) -> Outcome:
        """Answer a request that came before in this batch as it was answered then."""
        first = self._made[self._first[self._digests[place]]]
        return Outcome(self._jobs[place], first.serial, first.certificate, is_new=False)


def _barred(store: Store, *asked: Applied) -> dict[Point, Barrier]:
    """Return for which keys no certificate is given, whatever request asks for one.

    A key that was told to be compromised is never certified again (CA/Browser Forum Baseline
    Requirements §6.1.1.3); one whose certificate is on hold not before that is taken back.
    """
    keys = {key_digest(one.point): one.point for one in asked}
    known = {keys[key]: barrier for key, barrier in store.barred(keys).items()}
    return known | {one.point: Barrier.PUBLISHED for one in asked if is_published(one.point)}


def _refusal(barrier: Barrier) -> AuthorityError:
    if barrier is Barrier.PUBLISHED:
        return AuthorityError(
            "The private key is printed in a standard, where everybody can read it.",
            remedy="Make a request with a new key.",
        )
    if barrier is Barrier.HELD:
        return AuthorityError(
            "A certificate for this key is on hold.",
            remedy="Take the hold back, or make a request with a new key.",
        )
    return AuthorityError(
        "The key was revoked as compromised; nothing is certified for it again.",
        remedy="Make a request with a new key.",
    )


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where certificates of one profile are drafted, at one moment."""

    authority: Authority
    template: Template
    moment: datetime

    @classmethod
    def at(cls, authority: Authority, profile: Profile) -> _Desk:
        return cls(authority, Template.of(profile, authority.issuer), authority.moment())

    @property
    def begin(self) -> datetime:
        return self.moment - timedelta(seconds=self.authority.settings.back_step_seconds)

    def drafted(self, job: Job, digest: str, applied: Applied) -> _Draft:
        """Return the exact octets to be signed, linted, and what goes on record before."""
        profile = self.template.profile
        fields = draft(applied, self.template, open_serial(), self.begin)
        tbs = fields.der
        lint(tbs, fields, profile)
        kept = Kept(
            authority=self.authority.name,
            serial=fields.serial,
            profile=profile.name,
            subject=fields.subject,
            subject_text=shown_name(fields.subject),
            request=digest,
            tbs=sm3_hex(tbs),
            not_before=fields.not_before,
            not_after=fields.not_after,
            state=State.INTENDED,
            actor=self.authority.actor.name,
            intended_at=self.moment,
            key=key_digest(fields.point),
        )
        return _Draft(job, kept, tbs)


def _sign(authority: Authority, drafts: list[_Draft]) -> list[bytes]:
    """Put ``drafts`` on record as intended, then sign them."""
    if drafts:
        authority.store.intend([one.kept for one in drafts])
    return [sign(authority.provider, authority.key, one.tbs) for one in drafts]


def _put_on_record(authority: Authority, drafts: list[_Draft], made: list[bytes]) -> list[Outcome]:
    """Log the acts, keep the certificates: only then may they be handed out."""
    if not drafts:
        return []
    authority.journal.append(
        authority.actor.act(
            "issue",
            authority=authority.name,
            serial=f"{one.kept.serial:x}",
            profile=one.kept.profile,
            request=one.kept.request,
            tbs=one.kept.tbs,
        )
        for one in drafts
    )
    pairs = list(zip(drafts, made, strict=True))
    authority.store.complete((one.kept, der) for one, der in pairs)
    return [Outcome(one.job, one.kept.serial, der) for one, der in pairs]
