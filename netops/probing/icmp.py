"""ICMP sweeps: repeated echoes to thousands of targets, each answer counted once.

Knows which answer belongs to which probe; refuses to judge by one ping, to believe an answer
that does not bring the probe's own random token back from the address that was asked.
"""

from __future__ import annotations

import errno
import os
import secrets
import select
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address
from typing import Final

from netops.errors import ProbeError, Sentence
from netops.facts.measurements import Echoes
from netops.probing.datagrams import CAPACITY, IPV4, IPV6, Address, socket_name, socket_names
from netops.probing.echo_wire import TOKEN, EchoWire
from netops.probing.icmp_errors import IcmpError, in_words
from netops.probing.options import SweepOptions
from netops.probing.sockets import open_icmp
from netops.probing.tally import Tally, run_rounds

FULL: Final = frozenset({errno.EAGAIN, errno.ENOBUFS, errno.ENOMEM})
"""The machine's own queues are full: the same packet goes a little later."""
FULL_WAIT_S = 0.002
FULL_TIMES = 500
LONGEST_POLL_S = 1.0


def icmp_sweep(targets: Sequence[Address], options: SweepOptions | None = None) -> list[Echoes]:
    """Ask every target by echo; return what became of it, in the order of ``targets``.

    A family that this machine lacks is not measured while the other is.

    Raises:
        ProbeError: this machine allows no ICMP, lacks every family asked or the source address.
    """
    options = options or SweepOptions()
    found: dict[Address, Echoes] = {}
    errors: list[ProbeError] = []
    families = by_family(targets)
    for family, chosen in families.items():
        try:
            series = _one_family(family, chosen, options)
        except ProbeError as error:
            errors.append(error)
            series = _none_sent(chosen, options, error.cause)
        found.update(zip(chosen, series, strict=True))
    if errors and len(errors) == len(families):
        raise errors[0]
    return [found[target] for target in targets]


def by_family(targets: Sequence[Address]) -> dict[int, list[Address]]:
    """Return the targets of each family that is there, each target once."""
    once = list(dict.fromkeys(targets))
    chosen = {family: [t for t in once if t.version == family] for family in (IPV4, IPV6)}
    return {family: some for family, some in chosen.items() if some}


def _none_sent(targets: list[Address], options: SweepOptions, why: str) -> list[Echoes]:
    tally = Tally(targets, options, "icmp")
    for number in range(len(targets)):
        tally.cannot(number, why)
    return tally.results()


def _one_family(family: int, targets: list[Address], options: SweepOptions) -> list[Echoes]:
    if options.source is not None and options.source.version != family:
        return _none_sent(targets, options, Sentence("the source is of the other family"))
    tally = Tally(targets, options, "icmp")
    with open_icmp(family, options.access, options.helper, options.source) as icmp:
        sweep = _Sweep(tally, EchoWire(icmp, options.payload), options)
        run_rounds(tally, options, sweep.send_round, sweep.listen)
    return tally.results()


class _Sweep:
    """One family. Targets and probes are numbers; a probe's token leads back to it."""

    def __init__(self, tally: Tally, wire: EchoWire, options: SweepOptions) -> None:
        self._tally = tally
        self._wire = wire
        self._options = options
        self._packed = [target.packed for target in tally.targets]
        self._probes: dict[bytes, int] = {}
        self._poll = select.poll()
        self._poll.register(wire.socket, select.POLLIN)
        self._names = self._named(tally.targets)

    def _named(self, targets: Sequence[Address]) -> list[bytes]:
        if not any(isinstance(target, IPv6Address) and target.scope_id for target in targets):
            return socket_names(self._packed)
        return [self._name(number, target) for number, target in enumerate(targets)]

    def _name(self, number: int, target: Address) -> bytes:
        try:
            return socket_name(target)
        except OSError as error:
            self._tally.cannot(number, in_short(error))
            return b""

    def send_round(self, numbers: Sequence[int]) -> None:
        """Send a probe to each, as fast as the pace allows, taking answers in meanwhile."""
        pace, closed, at = self._options.pace, self._tally.closed, 0
        while at < len(numbers):
            granted = pace.take(min(CAPACITY, len(numbers) - at))
            if not granted:
                self.listen(pace.wait_s())
                continue
            batch = numbers[at : at + granted]
            at += granted
            if closed:
                batch = [number for number in batch if number not in closed]
            if batch:
                self._send_batch(batch)
                self._take_in()

    def _send_batch(self, batch: Sequence[int]) -> None:
        noise = secrets.token_bytes(TOKEN * len(batch))
        tokens = [noise[at : at + TOKEN] for at in range(0, len(noise), TOKEN)]
        first = len(self._tally.owners)
        self._wire.load(first, tokens, [self._names[number] for number in batch])
        self._probes.update(zip(tokens, range(first, first + len(batch)), strict=True))
        self._tally.send(batch, self._options.clock())
        gone = tries = 0
        while gone < len(batch):
            try:
                gone += self._wire.send(gone, len(batch))
                tries = 0
            except OSError as error:
                tries += 1
                if not self._again(error, tries):
                    self._tally.take_back(first + gone, in_short(error))
                    gone, tries = gone + 1, 0

    def _again(self, error: OSError, tries: int) -> bool:
        """Whether to try the packet again: space may come, or the error was an older probe's."""
        if error.errno in FULL and tries < FULL_TIMES:
            self.listen(FULL_WAIT_S)
            return True
        self._take_in()
        return tries == 1

    def listen(self, seconds: float) -> None:
        """Take in what comes; return as soon as something did."""
        if self._poll.poll(min(seconds, LONGEST_POLL_S) * 1000):
            self._take_in()

    def _take_in(self) -> None:
        replies, errors = self._wire.receive()
        now = self._options.clock()
        tally, packed, known = self._tally, self._packed, self._probes.get
        owners, answer = tally.owners, tally.answer
        for token, source in replies:
            probe = known(token)
            if probe is None:
                continue
            owner = owners[probe]
            if source != packed[owner]:
                tally.note(owner, str(ip_address(source)))
            elif not answer(probe, now):
                tally.note(owner)
        for error in errors:
            self._refusal(error)

    def _refusal(self, error: IcmpError) -> None:
        token = self._wire.quoted_token(error)
        for probe in self._wire.candidates(error, len(self._tally.owners)):
            is_ours = error.destination == self._packed[self._tally.owners[probe]]
            if is_ours and (not token or self._probes.get(token) == probe):
                self._tally.refuse(probe, in_words(error, ip_address(error.router)))
                return


def in_short(error: OSError) -> str:
    """Return the system's words for an error."""
    return os.strerror(error.errno) if error.errno else str(error)
