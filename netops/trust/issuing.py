"""The cycle of issue: check, draft, put on record, sign, check again, log, keep, hand out.

Each step is on the disk before the next: a crash leaves a serial that was only intended (and is
revoked when the authority is next opened) or a certificate that is on record. Nothing is signed
that is not on record, nothing handed out that is not in the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import TypeVar

from netops.errors import AuthorityError, NetopsError, Sentence
from netops.gm.certificate import Certificate
from netops.gm.names import shown_name
from netops.gm.provider import Provider
from netops.gm.request import Request
from netops.gm.signed import sign
from netops.gm.sm3 import sm3_hex
from netops.trust.authority import Authority, check_again, open_serial
from netops.trust.drafting import Applied, Template, alternative_names, apply_profile, draft
from netops.trust.linting import lint
from netops.trust.profile import Profile
from netops.trust.store import Kept, State

_GROUP = 256
"""Certificates that share one commit of the store and one of the journal."""
_SAMPLE = 64
"""In a batch one signature of so many is checked by the second implementation."""
_WORKERS = 2

T = TypeVar("T")
R = TypeVar("R")


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
    """Answer requests in groups that are committed together; a bad one never stops the others."""
    _check_profile(authority, profile)
    with ThreadPoolExecutor(max_workers=_WORKERS) as pool:
        groups = [jobs[begin : begin + _GROUP] for begin in range(0, len(jobs), _GROUP)]

        def check(job: Job) -> Applied | NetopsError:
            return _checked(authority.provider, profile, job)

        ahead = _started(pool, check, groups[0] if groups else ())
        for number, group in enumerate(groups, start=1):
            checked = _ended(ahead)
            # The next group is checked while this one is drafted, signed and kept.
            ahead = _started(pool, check, groups[number] if number < len(groups) else ())
            yield from _issue_group(_Desk.at(authority, profile), group, checked, pool)


def renew(authority: Authority, serial: int) -> Outcome:
    """Certify the key and name of a certificate in force once more, by its profile as it is now."""
    kept = authority.store.find(authority.name, serial)
    if kept is None or kept.der is None or kept.state is not State.ISSUED:
        raise AuthorityError(
            Sentence("The certificate {serial:x} is not in force.", serial=serial),
            remedy="Issue a new one on a new request.",
        )
    profile = authority.profile(kept.profile)
    _check_profile(authority, profile)
    old = Certificate.from_der(kept.der)
    applied = Applied(old.subject, old.point, alternative_names(old.extensions, profile))
    job = Job(f"{serial:x}", kept.der)
    drawn = _Desk.at(authority, profile).drafted(job, applied)
    with ThreadPoolExecutor(max_workers=1) as pool:
        (outcome,) = _sign_all(authority, [drawn], pool, is_batch=False)
    return outcome


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


def _issue_group(
    desk: _Desk,
    jobs: Sequence[Job],
    checked: Sequence[Applied | NetopsError],
    pool: ThreadPoolExecutor,
) -> list[Outcome]:
    done: dict[int, Outcome] = {}
    drafts: dict[int, _Draft] = {}
    digests = [sm3_hex(job.der) for job in jobs]
    answered = desk.authority.store.find_requests(digests, desk.template.profile.name)
    first: dict[str, int] = {}
    for place, (job, found) in enumerate(zip(jobs, checked, strict=True)):
        if isinstance(found, NetopsError):
            done[place] = Outcome(job, refusal=found)
            continue
        known = answered.get(digests[place])
        if known is not None and known.der is not None and known.not_after > desk.begin:
            done[place] = Outcome(job, known.serial, known.der, is_new=False)
        elif digests[place] not in first:
            first[digests[place]] = place
            drafts[place] = desk.drafted(job, found)
    made = _sign_all(desk.authority, list(drafts.values()), pool, is_batch=len(jobs) > 1)
    done.update(zip(drafts, made, strict=True))
    for place, job in enumerate(jobs):
        if place not in done:  # the same request came twice in this group
            twin = done[first[digests[place]]]
            done[place] = Outcome(job, twin.serial, twin.certificate, is_new=False)
    return [done[place] for place in range(len(jobs))]


def _started(
    pool: ThreadPoolExecutor, act: Callable[[T], R], given: Sequence[T]
) -> list[Future[list[R]]]:
    """Begin to do ``act`` to each: libcrypto lets go of the interpreter while it computes."""
    size = -(-len(given) // (2 * _WORKERS)) or 1
    parts = [given[begin : begin + size] for begin in range(0, len(given), size)]
    return [pool.submit(lambda part: [act(one) for one in part], part) for part in parts]


def _ended(running: list[Future[list[R]]]) -> list[R]:
    return list(chain.from_iterable(part.result() for part in running))


def _checked(provider: Provider, profile: Profile, job: Job) -> Applied | NetopsError:
    try:
        request = Request.from_der(job.der)
        applied = apply_profile(request, profile)
        request.check(provider)
    except NetopsError as error:
        return error
    return applied


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

    def drafted(self, job: Job, applied: Applied) -> _Draft:
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
            request=sm3_hex(job.der),
            tbs=sm3_hex(tbs),
            not_before=fields.not_before,
            not_after=fields.not_after,
            state=State.INTENDED,
            actor=self.authority.actor.name,
            intended_at=self.moment,
        )
        return _Draft(job, kept, tbs)


def _sign_all(
    authority: Authority, drafts: list[_Draft], pool: ThreadPoolExecutor, *, is_batch: bool
) -> list[Outcome]:
    if not drafts:
        return []
    authority.store.intend([one.kept for one in drafts])
    signing = _started(pool, lambda one: sign(authority.provider, authority.key, one.tbs), drafts)
    made = _ended(signing)
    for number, der in enumerate(made):
        if not is_batch or number % _SAMPLE == 0:
            check_again(authority.key.point, der, Sentence("certificate"))
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
    authority.store.complete((one.kept, der) for one, der in zip(drafts, made, strict=True))
    return [Outcome(one.job, one.kept.serial, der) for one, der in zip(drafts, made, strict=True)]
