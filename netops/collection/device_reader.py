"""Reads one device: all commands of its platform, those they lead to, and SNMP beside it.

Turns every way that contact can go wrong into a ``DeviceRecord``. A command without a proper
answer is asked once more on a new session; a refused log-in is never tried again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from netops.collection.artefact import Artefact, now
from netops.collection.contact import ContactError, Turn
from netops.collection.host_evidence import collect_host
from netops.collection.pace import Pace
from netops.collection.session import Access, Session, open_session
from netops.collection.shell import Reply
from netops.evidence.observation import DeviceRecord, Observation, Outcome
from netops.facts.device import Contact
from netops.inventory.model import Device
from netops.platforms.answer import Parsed
from netops.platforms.base import Platform
from netops.reading.understanding import classify, parse
from netops.text import one_line

_REOPENINGS = 3
_FOLLOWUPS = 400
_ROUNDS = 2
_WORTH_TELLING_S = 1.0
_NO_SNMP_AFTER = frozenset({Contact.HOST_KEY_CHANGED, Contact.HOST_KEY_UNKNOWN})
"""Whoever answers there may be another; what it says by SNMP would be no evidence."""


class Agent(Protocol):
    """Whoever asks by SNMP."""

    def ask(self, device: Device, turn: Turn) -> tuple[Artefact, ...]:
        """Ask a device."""
        ...


def collect(
    device: Device, access: Access, turn: Turn, pace: Pace, agent: Agent | None = None
) -> DeviceRecord:
    """Read one device. Raises only ``StoppedError``, when the run was interrupted."""
    return _Contact(device, access, turn, pace, agent).run()


def collect_baseline(
    device: Device, access: Access, turn: Turn, pace: Pace, *, walk: bool = False
) -> DeviceRecord:
    """Ask one device what a baseline needs and no more: its program, or its few commands."""
    baseline = access.platform_of(device.platform).baseline
    if baseline is None:
        moment = now()
        detail = f"a baseline cannot judge {device.platform}"
        return DeviceRecord(device.id, device.platform, Contact.NOT_ASKED, detail, moment, moment)
    if baseline.program is not None:
        return collect_host(device, access, turn, pace, walk=walk)
    return _Contact(device, access, turn, pace, None, baseline.commands).run()


class _Answers(Mapping[str, Parsed]):
    """Accepted answers by command; those that tell the platform something are parsed, once."""

    def __init__(self) -> None:
        self._accepted: dict[str, Observation] = {}
        self._parsed: dict[str, Parsed] = {}
        self._platform: Platform | None = None

    def take(self, observations: Iterable[Observation], platform: Platform) -> None:
        """Take what has come so far."""
        self._platform = platform
        self._accepted = {o.command: o for o in observations if o.outcome is Outcome.ACCEPTED}

    def __getitem__(self, command: str) -> Parsed:
        if command not in self._parsed and self._platform is not None:
            self._parsed[command] = self._look(self._accepted[command], self._platform)
        return self._parsed[command]

    @staticmethod
    def _look(observation: Observation, platform: Platform) -> Parsed:
        if observation.command in platform.telling:
            return parse(observation, platform)[0]
        return classify(observation, platform)

    def __iter__(self) -> Iterator[str]:
        return iter(self._accepted)

    def __len__(self) -> int:
        return len(self._accepted)


@dataclass(slots=True)
class _Contact:
    """The state of one device's reading."""

    device: Device
    access: Access
    turn: Turn
    pace: Pace
    agent: Agent | None
    only: tuple[str, ...] = ()
    """If any: these commands alone, and none that they lead to."""
    session: Session | None = None
    reopenings: int = 0
    is_verified: bool = False
    observations: list[Observation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    answers: _Answers = field(default_factory=_Answers)
    deadline: float = 0.0

    def run(self) -> DeviceRecord:
        began = now()
        self.deadline = self.turn.now() + self.access.limits.device_s
        late = self.turn.lag.total
        try:
            contact, detail = self._by_command_line()
        finally:
            self._close()
        late = self.turn.lag.total - late
        if contact is not Contact.ANSWERED and late >= _WORTH_TELLING_S:
            self.notes.append(f"this collector itself was late by {late:.1f} s meanwhile")
        if contact not in _NO_SNMP_AFTER and self.agent is not None:
            for table in self.agent.ask(self.device, self.turn):
                self._add(table, "snmp")
        return DeviceRecord(
            device=self.device.id,
            platform=self.device.platform,
            contact=contact,
            detail=one_line(detail)[:300],
            began=began,
            ended=now(),
            observations=tuple(self.observations),
            notes=tuple(self.notes),
        )

    def _by_command_line(self) -> tuple[Contact, str]:
        try:
            self._open()
        except ContactError as error:
            return error.contact, error.detail
        try:
            last = self._ask_all()
        except ContactError as error:
            # Another key in mid-run: what was heard before is no evidence any more either.
            self.observations.clear()
            return error.contact, error.detail
        if any(o.outcome is Outcome.ACCEPTED for o in self.observations):
            return Contact.ANSWERED, ""
        contacts = {Outcome.TIMED_OUT: Contact.HUNG, Outcome.CLOSED: Contact.DROPPED}
        tried = self.observations[-1] if self.observations else None
        if tried is None:
            return Contact.UNUSABLE, last
        return contacts.get(tried.outcome, Contact.UNUSABLE), tried.detail or last

    def _open(self) -> None:
        """Open a session; one that broke before a password was sent is tried once more."""
        try:
            self._open_once()
        except ContactError as error:
            if error.contact is not Contact.DROPPED or self.is_verified:
                raise
            self.notes.append(f"connected twice: {error.detail}")
            self._open_once()

    def _open_once(self) -> None:
        self.pace.wait(self.device.credential, self.turn)
        began = self.turn.now()
        self.session = open_session(self.device, self.access, self.turn, self._verified)
        self.turn.lag.note_login((self.turn.now() - began) / self.access.limits.login_s)
        if self.session.paging_refused and "paging refused" not in self.notes:
            self.notes.append("paging refused")

    def _close(self) -> None:
        if self.session is not None:
            self.session.close()
            self.session = None

    def _ask_all(self) -> str:
        """Ask the platform's commands, then those that their answers lead to."""
        platform = self.access.platform_of(self.device.platform)
        lines = list(self.only) or [command.text for command in platform.first_commands()]
        asked: set[str] = set()
        reason = ""
        for _ in range(_ROUNDS + 1):
            for line in lines:
                reason = reason or self._ask(line)
                if reason:
                    self.notes.append(f"not asked: {line}: {reason}")
                asked.add(line)
            lines = [] if reason or self.only else self._followups(platform, asked)
        return reason

    def _followups(self, platform: Platform, asked: set[str]) -> list[str]:
        self.answers.take(self.observations, platform)
        found = dict.fromkeys(platform.followups(self.answers))
        lines = [line for line in found if line not in asked]
        admitted = [
            line for line in lines if self.session is not None and self.session.admits(line)
        ]
        for line in set(lines).difference(admitted):
            self.notes.append(f"not asked: {one_line(line)[:120]}: refused by the guard")
        if len(admitted) > _FOLLOWUPS:
            self.notes.append(f"not asked: {len(admitted) - _FOLLOWUPS} further commands")
        return admitted[:_FOLLOWUPS]

    def _ask(self, line: str) -> str:
        """Ask one command, twice if need be; return why nothing more can be asked, if so."""
        if self.turn.now() > self.deadline:
            return "the time for this device is over"
        trouble = self._reopen()
        if trouble or self.session is None:
            return trouble
        reply = self.session.ask(line)
        if reply.outcome is not Outcome.ACCEPTED and self._is_worth_a_second_try(reply):
            self._close()
            trouble = self._reopen()
            if self.session is not None:
                self.notes.append(f"asked twice: {line}: {reply.outcome}")
                reply = self.session.ask(line)
        self._keep(line, reply)
        if reply.outcome is not Outcome.ACCEPTED:
            self._close()
            if not self._has_answered():
                trouble = trouble or reply.detail
        return trouble

    def _has_answered(self) -> bool:
        return any(o.outcome is Outcome.ACCEPTED for o in self.observations)

    def _is_worth_a_second_try(self, reply: Reply) -> bool:
        """Whether asking again may help: not a flood, nor a device that never said a word."""
        if reply.outcome is Outcome.TOO_LONG:
            return False
        return self._has_answered() or reply.outcome is not Outcome.TIMED_OUT

    def _reopen(self) -> str:
        if self.session is not None:
            return ""
        if self.reopenings >= _REOPENINGS:
            return "too many sessions were lost"
        self.reopenings += 1
        try:
            self._open_once()
        except ContactError as error:
            if error.contact in _NO_SNMP_AFTER:
                raise
            return f"no new session: {error.contact}: {error.detail}"
        return ""

    def _keep(self, line: str, reply: Reply) -> None:
        self._add(
            Artefact(line, reply.outcome, reply.raw, now(), reply.elapsed_s, reply.detail),
            self.device.transport,
        )

    def _add(self, table: Artefact, source: str) -> None:
        self.observations.append(
            Observation(
                id=f"{self.device.id}#{len(self.observations) + 1}",
                device=self.device.id,
                command=table.command,
                source=source,
                at=table.at,
                elapsed_s=table.elapsed_s,
                outcome=table.outcome,
                raw=table.raw,
                detail=table.detail,
            )
        )

    def _verified(self) -> None:
        """From here on a password may be sent, and the device is who it should be."""
        self.is_verified = True
