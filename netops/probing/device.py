"""Measures with a device's own ping and traceroute, through the guarded session.

Keeps what the device printed; reading it is another room's matter. A device asks a few targets,
slowly: its processor has other work.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Self

from netops.collection.artefact import now as stamp
from netops.collection.contact import ContactError
from netops.collection.session import Access, Session, open_session
from netops.evidence.observation import DeviceRecord, Outcome
from netops.facts.device import Contact
from netops.inventory.model import Device
from netops.probing.vantage import Manner, Notebook, Orders

_MOST_LINES = 64
_MOST_SECONDS = 300.0
_MOST_LOSSES = 1
_SILENCE_S = 30.0
_ANSWER_S = 90.0
"""A traceroute that nothing answers takes long: thirty distances, two seconds each and more."""
_CANNOT = "its own commands cannot ask that"
_NO_REFLECTOR = "a device's own commands ask no reflector"


@dataclass(frozen=True)
class DeviceVantage:
    """A device of the inventory."""

    id: str
    device: Device
    access: Access
    manner: Manner = field(default_factory=Manner)

    def measure(self, orders: Orders) -> DeviceRecord:
        """Put one line after the other; a session that was lost is opened again, once."""
        notebook = Notebook(self.id, notes=list(orders.notes))
        if orders.errands:
            notebook.keep_unmeasured(Orders(errands=orders.errands), _NO_REFLECTOR)
        asking = _Asking(self.device, self._patient(), notebook)
        try:
            with asking:
                for alone, line in self._lines(asking.open(), orders):
                    asking.ask(alone, line)
        except ContactError as error:
            asked = replace(orders, errands=())
            notebook.keep_unmeasured(asked, f"{error.contact}: {error.detail}")
            return notebook.record(error.contact, error.detail)
        return notebook.record(*_contact(notebook))

    def _patient(self) -> Access:
        """Return the way to the device with time for a traceroute, which is silent for long."""
        limits = self.access.limits
        longer = replace(limits, silence_s=max(limits.silence_s, _SILENCE_S), answer_s=_ANSWER_S)
        return replace(self.access, limits=longer)

    def _lines(self, session: Session, orders: Orders) -> Iterator[tuple[Orders, str | None]]:
        """Yield every single question with its line, None where the platform cannot ask it."""
        active = session.platform.active
        for order in orders.reach:
            for target in order.targets:
                alone = Orders(reach=(replace(order, targets=(target,)),))
                possible = active is not None and order.port is None
                yield (
                    alone,
                    (
                        active.ping_line(target, order.source, order.vpn, self.manner.count)
                        if possible and active is not None
                        else None
                    ),
                )
        for path in orders.paths:
            for target in path.targets:
                alone = Orders(paths=(replace(path, targets=(target,)),))
                yield (
                    alone,
                    (None if active is None else active.trace_line(target, path.source, path.vpn)),
                )


class _Asking:
    """A device's session, and what it may still be asked."""

    def __init__(self, device: Device, access: Access, notebook: Notebook) -> None:
        self._device = device
        self._access = access
        self._notebook = notebook
        self._session: Session | None = None
        self._ends = time.monotonic() + _MOST_SECONDS
        self._lines = 0
        self._losses = 0
        self._why = ""

    def open(self) -> Session:
        """Return the session, or open one; raise ``ContactError``."""
        if self._session is None:
            self._session = open_session(self._device, self._access)
        return self._session

    def ask(self, alone: Orders, line: str | None) -> None:
        """Put one line, or keep why it was not put or not answered."""
        self._why = self._why or self._over()
        if self._why or line is None:
            self._notebook.keep_unmeasured(alone, self._why or _CANNOT)
            return
        at = stamp()
        try:
            reply = self.open().ask(line)
        except ContactError as error:
            if not self._lines:
                raise
            self._why = f"no new session: {error.contact}: {error.detail}"
            self._notebook.keep_unmeasured(alone, self._why)
            return
        self._lines += 1
        self._notebook.keep_answer(
            line, self._device.transport, reply.outcome, reply.raw, at, reply.elapsed_s
        )
        if reply.outcome is not Outcome.ACCEPTED:
            self._losses += 1
            self._notebook.keep_unmeasured(alone, reply.detail or "the session ended")
            self.close()

    def _over(self) -> str:
        if self._lines >= _MOST_LINES:
            return f"a device is asked {_MOST_LINES} lines at most"
        if self._losses > _MOST_LOSSES:
            return "too many sessions were lost"
        return "the time for this device is over" if time.monotonic() > self._ends else ""

    def close(self) -> None:
        """End the session."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def _contact(notebook: Notebook) -> tuple[Contact, str]:
    asked = [one for one in notebook.observations if one.source != "probe"]
    if not asked or any(one.outcome is Outcome.ACCEPTED for one in asked):
        return Contact.ANSWERED, ""
    return Contact.UNUSABLE, "no line was answered properly"
