"""Measures from many vantage points at once; what each came to is handed on as it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from netops.collection.contact import Limits
from netops.collection.credentials import Secrets
from netops.collection.session import Access
from netops.errors import SecretError
from netops.evidence.observation import DeviceRecord
from netops.facts.device import Contact
from netops.inventory.model import Inventory, Reflector, Vantage
from netops.probing.device import DeviceVantage
from netops.probing.exchanges import Interview
from netops.probing.host import HostVantage
from netops.probing.local import LocalVantage
from netops.probing.messages import key_octets
from netops.probing.plan import orders_for
from netops.probing.sockets import SocketGiver
from netops.probing.vantage import Manner, Notebook, Orders, VantagePoint

_AT_ONCE = 16
"""Vantage points at once: each is a site of its own and keeps its own pace."""


@dataclass(frozen=True)
class Field:
    """What it takes to measure: the inventory, the way to its hosts, the keys of reflectors."""

    access: Access
    interviews: Mapping[str, Interview]
    manner: Manner = field(default_factory=Manner)
    helper: SocketGiver | None = None
    gaps: tuple[str, ...] = ()
    """Reflectors that cannot be asked, and why."""

    @property
    def inventory(self) -> Inventory:
        """Who is on the net."""
        return self.access.inventory

    def point(self, vantage: Vantage) -> VantagePoint:
        """Return the vantage point that the inventory describes."""
        if vantage.kind == "local":
            return LocalVantage(vantage.id, self.manner, self.interviews, self.helper)
        device = self.inventory.devices[vantage.device or ""]
        if vantage.kind == "host":
            return HostVantage(vantage.id, device, self.access, self.manner, self.interviews)
        return DeviceVantage(vantage.id, device, self.access, self.manner)

    def close(self) -> None:
        """Let go of jump hosts."""
        self.access.close()


def open_field(
    inventory: Inventory,
    folder: Path,
    manner: Manner | None = None,
    helper: SocketGiver | None = None,
    limits: Limits | None = None,
) -> Field:
    """Resolve the keys of the reflectors; one whose key is not there is not asked."""
    access = Access.of(inventory, folder, limits)
    interviews, gaps = {}, []
    for reflector in inventory.probing.reflectors.values():
        try:
            interviews[reflector.id] = interview_of(reflector, access.secrets)
        except SecretError as error:
            gaps.append(f"{reflector.id}: {error}")
    return Field(access, interviews, manner or Manner(), helper, tuple(gaps))


def interview_of(reflector: Reflector, secrets: Secrets) -> Interview:
    """Return what it takes to ask a reflector, or raise ``SecretError``."""
    return Interview(reflector.id, key_octets(secrets.resolve(reflector.key), reflector.id))


def measure_all(
    measuring: Field,
    wanted: Iterable[str],
    keep: Callable[[DeviceRecord], None],
) -> tuple[str, ...]:
    """Measure from every vantage point ``wanted``; return faults of ours."""
    faults: list[str] = list(measuring.gaps)

    def one(name: str) -> None:
        vantage = measuring.inventory.probing.vantages[name]
        orders = orders_for(vantage, measuring.inventory)
        try:
            record = measuring.point(vantage).measure(orders)
        except Exception as error:  # noqa: BLE001 - one point's fault must not take the others
            record = _failed(name, orders, f"internal: {type(error).__name__}: {error}")
        if record.contact is not Contact.ANSWERED:
            faults.append(f"{name}: {record.contact}: {record.detail}")
        keep(record)

    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="vantage") as pool:
        futures = [pool.submit(one, name) for name in wanted]
        try:
            for future in futures:
                future.result()
        except BaseException:
            # Interrupted, or the disk is full: those that have not begun stay for --resume.
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return tuple(faults)


def _failed(name: str, orders: Orders, reason: str) -> DeviceRecord:
    notebook = Notebook(name, notes=[*orders.notes, reason])
    notebook.keep_unmeasured(orders, reason)
    return notebook.record(Contact.UNUSABLE, reason)
