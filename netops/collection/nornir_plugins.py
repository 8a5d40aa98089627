"""What we add to Nornir: our connection, a patient runner, a processor that forgets.

Hanging devices do not slow the runner; the processor hands each result on as it ends.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from nornir.core.configuration import Config
from nornir.core.inventory import Host
from nornir.core.plugins.connections import ConnectionPluginRegister
from nornir.core.task import AggregatedResult, MultiResult, Task

from netops.collection.artefact import now
from netops.collection.contact import StoppedError, Turn
from netops.collection.lag import BEAT_S, Lag
from netops.collection.session import Access, Session, open_session
from netops.evidence.observation import DeviceRecord
from netops.facts.device import Contact
from netops.inventory.model import Device

CONNECTION = "netops"
JOBS = 40
_THREADS = 400
"""Sessions at once, the silent ones included."""


class NetopsConnection:
    """``host.get_connection("netops", config)``: a read-only ``Session``, guard included."""

    def __init__(self) -> None:
        self.connection: Session | None = None

    def open(  # noqa: PLR0913, PLR0917 - Nornir's form
        self,
        hostname: str | None,  # noqa: ARG002 - Nornir's form; the device says where it is
        username: str | None,  # noqa: ARG002 - as above
        password: str | None,  # noqa: ARG002 - resolved at connect time by the access
        port: int | None,  # noqa: ARG002 - as above
        platform: str | None,  # noqa: ARG002 - as above
        extras: dict[str, Any] | None = None,
        configuration: Config | None = None,  # noqa: ARG002 - as above
    ) -> None:
        """Open the session of the device that the inventory plugin put into ``extras``."""
        given = extras or {}
        device: Device = given["device"]
        access: Access = given["access"]
        self.connection = open_session(device, access)

    def close(self) -> None:
        """Close the session."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def register() -> None:
    """Make the connection known to Nornir; calling it twice is harmless."""
    if CONNECTION not in ConnectionPluginRegister.available:
        ConnectionPluginRegister.register(CONNECTION, NetopsConnection)


class PatientRunner:
    """Reads ``jobs`` devices at once, not counting those that are silent.

    A session that waits in silence gives its place to another and keeps its thread, so that
    hanging devices cost threads (bounded), not time. Each task gets its ``turn``.

    When this machine falls behind or log-ins crowd each other (``lag``), silent sessions count
    too: new ones begin only below ``jobs``, until that is over.
    """

    def __init__(
        self, jobs: int = JOBS, stop: threading.Event | None = None, lag: Lag | None = None
    ) -> None:
        self.jobs = jobs
        self.lag = lag or Lag()
        self.held_back = 0
        """How many devices had to wait for that."""
        self._stop = stop or threading.Event()
        self._room = threading.Condition()
        self._under_way = 0

    def run(self, task: Task, hosts: list[Host]) -> AggregatedResult:
        """Run the task on all hosts."""
        result = AggregatedResult(task.name)
        places = threading.Semaphore(self.jobs)
        most = max(self.jobs, _THREADS)
        threads = threading.Semaphore(most)
        futures: list[Future[MultiResult]] = []
        with self.lag.watched(), ThreadPoolExecutor(most, "device") as pool:
            try:
                for host in hosts:
                    # First a thread: a task in the queue must not hold a place that a session
                    # needs to go on.
                    threads.acquire()
                    self._hold_back()
                    places.acquire()
                    turn = Turn(places, self._stop, self.lag)
                    futures.append(pool.submit(_start, task, host, turn))
                    futures[-1].add_done_callback(lambda _: threads.release())
                    futures[-1].add_done_callback(self._make_room)
                for host, future in zip(hosts, futures, strict=True):
                    result[host.name] = future.result()
            except BaseException:
                self._stop.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return result

    def _hold_back(self) -> None:
        """Begin nothing new while there is strain and enough sessions are under way."""
        with self._room:
            self.held_back += self._is_too_much()
            while self._is_too_much():
                self._room.wait(BEAT_S)
            self._under_way += 1

    def _make_room(self, _ended: Future[MultiResult]) -> None:
        with self._room:
            self._under_way -= 1
            self._room.notify()

    def _is_too_much(self) -> bool:
        is_strained = self.lag.is_late or self.lag.is_crowded
        return is_strained and self._under_way >= self.jobs


def _start(task: Task, host: Host, turn: Turn) -> MultiResult:
    mine = task.copy()
    given: dict[str, Any] = {"turn": turn}
    mine.params = {**task.params, **given}
    try:
        return mine.start(host)
    finally:
        turn.give_back()


class ToDisk:
    """Nornir processor: hands each device's record on as it ends, and forgets it."""

    def __init__(self, keep: Callable[[DeviceRecord], None]) -> None:
        self._keep = keep

    def task_started(self, task: Task) -> None:
        """Nothing to do."""

    def task_completed(self, task: Task, result: AggregatedResult) -> None:
        """Nothing to do."""

    def task_instance_started(self, task: Task, host: Host) -> None:
        """Nothing to do."""

    def task_instance_completed(self, task: Task, host: Host, result: MultiResult) -> None:  # noqa: ARG002 - Nornir's form
        """Keep the record; a fault of ours on one device becomes its record, not the run's end."""
        only = result[0]
        if isinstance(only.exception, StoppedError):
            return
        record = only.result if isinstance(only.result, DeviceRecord) else None
        if record is None:
            kind = type(only.exception).__name__
            record = DeviceRecord(
                device=host.name,
                platform=str(host.platform),
                contact=Contact.UNUSABLE,
                detail=f"internal error: {kind}",
                began=now(),
                ended=now(),
                notes=(f"internal error: {kind}: {only.exception}",),
            )
        only.result = None
        self._keep(record)

    def subtask_instance_started(self, task: Task, host: Host) -> None:
        """Nothing to do."""

    def subtask_instance_completed(self, task: Task, host: Host, result: MultiResult) -> None:
        """Nothing to do."""
