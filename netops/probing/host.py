"""Measures from a Linux host reached by SSH: one program sent, one answer read.

The host passes octets and says what it saw; it holds no key, keeps no file, and is not believed
beyond what an answer's form allows.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib.resources import files
from ipaddress import ip_address
from typing import Any

from netops.collection.bundle import Bounds, run_bundle
from netops.collection.contact import ContactError
from netops.collection.guard import admit_bundle, admit_shell_probe
from netops.collection.session import Access
from netops.collection.shell import Reply
from netops.evidence.observation import DeviceRecord, Outcome
from netops.facts.device import Contact
from netops.facts.measurements import Echoes, Hop, Path
from netops.inventory.model import Device
from netops.probing.egress import Carriage, Errand, carriage, confirm, not_measured
from netops.probing.exchanges import Interview
from netops.probing.remote import by_shell
from netops.probing.vantage import Manner, Notebook, Orders, PathOrder, ReachOrder, now

_AT_ONCE = 500
"""Targets in one job: what a lost connection costs at most."""
_MOST_HOPS = 30
_TRIES = 2
_TRACE_PORT = 33434
_SPARE_S = 20.0
_LEAST_GAP_S = 0.2
_MOST_MS = 3_600_000.0
_BY_SHELL_AT_ONCE = 16
_NO_SUCH_COMMAND = "it ended with status 127"
_BY_SHELL = "the host has no python3: asked with its own ping and traceroute"
_NOT_BY_SHELL = "the host has no python3, and its shell cannot ask this"


@dataclass(frozen=True)
class HostVantage:
    """A probe host of the inventory."""

    id: str
    device: Device
    access: Access
    manner: Manner = field(default_factory=Manner)
    interviews: Mapping[str, Interview] = field(default_factory=dict)

    def measure(self, orders: Orders) -> DeviceRecord:
        """Send all jobs in one program; what came back of it is kept, the rest not measured."""
        notebook = Notebook(self.id, notes=list(orders.notes))
        work = _Work(self.id, self.manner, self.interviews)
        work.take(orders)
        began = now()
        try:
            reply, is_by_shell = self._run(work)
        except ContactError as error:
            notebook.keep_unmeasured(orders, f"{error.contact}: {error.detail}")
            return notebook.record(error.contact, error.detail)
        results = list(_results(reply.raw))
        missing = reply.detail or "the host gave no answer to it"
        if is_by_shell:
            notebook.notes.append(_BY_SHELL)
            missing = reply.detail or _NOT_BY_SHELL
        work.read(results, began, notebook, missing)
        if reply.outcome is Outcome.ACCEPTED:
            return notebook.record()
        contact = Contact.ANSWERED if results else Contact.UNUSABLE
        notebook.notes.append(f"the program on the host: {reply.detail}")
        return notebook.record(contact, "" if results else reply.detail)

    def _run(self, work: _Work) -> tuple[Reply, bool]:
        """Run the program, or where the host has no Python, what its shell can do of it."""
        seconds = work.seconds()
        order = json.dumps({"deadline_s": int(seconds), "jobs": work.jobs}).encode()
        bundle = admit_bundle(_program(), base64.b64encode(order).decode())
        reply = run_bundle(self.device, self.access, bundle, Bounds(seconds + _SPARE_S))
        if _NO_SUCH_COMMAND not in reply.detail or reply.raw:
            return reply, False
        lines = base64.b64encode(work.lines().encode() or b"-").decode()
        probe = admit_shell_probe(by_shell.TEXT.encode(), lines)
        return run_bundle(self.device, self.access, probe, Bounds(work.seconds_by_shell())), True


def _program() -> bytes:
    return files("netops.probing.remote").joinpath("program.py").read_bytes()


def _results(raw: bytes) -> Iterator[Mapping[str, Any]]:
    """Yield the objects among the lines; what is none was not said by our program."""
    for line in raw.splitlines():
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and isinstance(found.get("id"), int):
            yield found


class _Work:
    """The jobs of one program and what each was for."""

    def __init__(self, vantage: str, manner: Manner, interviews: Mapping[str, Interview]) -> None:
        self.jobs: list[dict[str, Any]] = []
        self._vantage = vantage
        self._manner = manner
        self._interviews = interviews
        self._purposes: list[ReachOrder | PathOrder | Carriage] = []
        self._keyless: list[Errand] = []

    def take(self, orders: Orders) -> None:
        """Make jobs of orders, in pieces that are not too large."""
        for reach in orders.reach:
            for some in _pieces(reach.targets):
                self._add(replace(reach, targets=some), self._echo_job(reach, some))
        for path in orders.paths:
            for some in _pieces(path.targets):
                self._add(replace(path, targets=some), self._trace_job(path, some))
        for errand in orders.errands:
            interview = self._interviews.get(errand.reflector.id)
            if interview is None:
                self._keyless.append(errand)
                continue
            carried = carriage(errand, interview, len(self.jobs))
            self._add(carried, dict(carried.job))

    def _add(self, purpose: ReachOrder | PathOrder | Carriage, job: dict[str, Any]) -> None:
        job["id"] = len(self.jobs)
        self.jobs.append(job)
        self._purposes.append(purpose)

    def _echo_job(self, order: ReachOrder, targets: Sequence[Any]) -> dict[str, Any]:
        return {
            "do": "echo",
            "protocol": order.protocol,
            "port": order.port,
            "targets": [str(one) for one in targets],
            "source": None if order.source is None else str(order.source),
            "count": self._manner.count,
            "pace": self._manner.pace,
            "gap_s": _LEAST_GAP_S,
            "timeout_s": self._manner.timeout_s,
        }

    def _trace_job(self, order: PathOrder, targets: Sequence[Any]) -> dict[str, Any]:
        return {
            "do": "trace",
            "targets": [str(one) for one in targets],
            "source": None if order.source is None else str(order.source),
            "port": _TRACE_PORT,
            "timeout_s": self._manner.timeout_s,
            "tries": _TRIES,
            "hops": _MOST_HOPS,
        }

    def seconds(self) -> float:
        """Return how long the program may take: what each job needs at worst."""
        return _SPARE_S + sum(self._worst(job) for job in self.jobs)

    def lines(self) -> str:
        """Return what a shell can do of the jobs: a line for each echo and each trace."""
        made = []
        for job in self.jobs:
            if job["do"] == "trace" or (job["do"] == "echo" and job["protocol"] == "icmp"):
                wait = max(1, math.ceil(job["timeout_s"]))
                head = f"{job['do']} {job['id']}"
                tail = f"{job['source'] or '-'} {job.get('count', 1)} {wait}"
                made += [f"{head} {6 if ':' in one else 4} {tail} {one}" for one in job["targets"]]
        return "".join(f"{line}\n" for line in made)

    def seconds_by_shell(self) -> float:
        """Return how long that may take, some targets at once."""
        worst = 0.0
        for line in self.lines().splitlines():
            what, _, _, _, count, wait, _ = line.split()
            worst += _MOST_HOPS * int(wait) if what == "trace" else int(count) + int(wait) + 1
        return 2 * _SPARE_S + worst / _BY_SHELL_AT_ONCE

    def _worst(self, job: Mapping[str, Any]) -> float:
        wait = float(job["timeout_s"])
        if job["do"] == "carry":
            return 2 * wait
        targets = len(job["targets"])
        if job["do"] == "trace":
            return float(_MOST_HOPS * _TRIES * wait)
        every = wait if job["protocol"] == "tcp" else 1 / self._manner.pace
        rounds = self._manner.count * max(_LEAST_GAP_S, targets * (every + 1 / self._manner.pace))
        return rounds + wait

    def read(
        self, results: Sequence[Mapping[str, Any]], began: datetime, notebook: Notebook, why: str
    ) -> None:
        """Turn results into evidence; a target without one was not measured, and ``why``."""
        by_job: dict[int, list[Mapping[str, Any]]] = {}
        for result in results:
            by_job.setdefault(int(result["id"]), []).append(result)
        for number, purpose in enumerate(self._purposes):
            found = by_job.get(number, [])
            at = began + timedelta(seconds=_after(found))
            if isinstance(purpose, Carriage):
                self._read_carried(purpose, found, notebook, why)
            else:
                self._read_targets(purpose, found, at, (notebook, why))
        for errand in self._keyless:
            reason = "the key of the reflector is not known"
            egress, raw = not_measured(errand, self._vantage, reason)
            notebook.keep(errand.command, raw, egress.at)

    def _read_carried(
        self, carried: Carriage, found: list[Mapping[str, Any]], notebook: Notebook, why: str
    ) -> None:
        errand = carried.errand
        if found:
            interview = self._interviews[errand.reflector.id]
            egress, raw = confirm(carried, found[0], interview, self._vantage)
        else:
            egress, raw = not_measured(errand, self._vantage, why)
        notebook.keep(errand.command, raw, egress.at)

    def _read_targets(
        self,
        order: ReachOrder | PathOrder,
        found: list[Mapping[str, Any]],
        at: datetime,
        rest: tuple[Notebook, str],
    ) -> None:
        notebook, why = rest
        by_target = {one.get("target"): one for one in found}
        for target in order.targets:
            result = by_target.get(str(target), {"error": why})
            if isinstance(order, ReachOrder):
                sent = min(_count(result.get("sent")), self._manner.count)
                times = _times(result.get("round_trips_ms"))[:sent]
                source, detail = order.source, _text(result.get("error"))
                notebook.keep_echoes(
                    Echoes(self._vantage, target, order.protocol, sent, times, at, source,
                           order.port, detail), order)  # fmt: skip
            else:
                hops = tuple(_hops(result.get("hops")))
                reached = result.get("reached") is True and bool(hops)
                notebook.keep_path(
                    Path(self._vantage, target, "udp", 0, hops, reached, at, order.source,
                         _text(result.get("error"))), order)  # fmt: skip


def _pieces(targets: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    for at in range(0, len(targets), _AT_ONCE):
        yield targets[at : at + _AT_ONCE]


def _after(found: Sequence[Mapping[str, Any]]) -> float:
    after = found[0].get("after_s") if found else 0
    return float(after) if isinstance(after, int | float) and 0 <= after < _MOST_MS else 0.0


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _times(value: object) -> tuple[float, ...]:
    listed = value if isinstance(value, list) else []
    return tuple(
        float(one) for one in listed if isinstance(one, int | float) and 0 <= one < _MOST_MS
    )


def _text(value: object) -> str:
    return value[:200] if isinstance(value, str) else ""


def _hops(value: object) -> Iterator[Hop]:
    """Yield the hops that are of the form, in their order."""
    for one in value[:_MOST_HOPS] if isinstance(value, list) else []:
        if not isinstance(one, dict):
            return
        addresses = []
        for text in one.get("addresses") or []:
            try:
                addresses.append(ip_address(text))
            except ValueError:
                continue
        yield Hop(_count(one.get("ttl")), tuple(addresses), _times(one.get("round_trips_ms")))
