"""Measures from this machine: sweeps, traces, egress, with the engines of this package."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from netops.errors import ProbeError
from netops.evidence.observation import DeviceRecord
from netops.probing.egress import Errand, carriage, confirm, not_measured
from netops.probing.exchanges import Interview
from netops.probing.icmp import icmp_sweep
from netops.probing.options import SweepOptions
from netops.probing.pace import Pace
from netops.probing.remote import program
from netops.probing.sockets import SocketGiver
from netops.probing.tcp import tcp_sweep
from netops.probing.trace import TraceOptions, trace
from netops.probing.vantage import Manner, Notebook, Orders, PathOrder, ReachOrder


@dataclass(frozen=True)
class LocalVantage:
    """This machine. ``interviews`` holds what is known of each reflector, by its id."""

    id: str
    manner: Manner = field(default_factory=Manner)
    interviews: Mapping[str, Interview] = field(default_factory=dict)
    helper: SocketGiver | None = None

    def measure(self, orders: Orders) -> DeviceRecord:
        """Do all of it, one order after the other, within the pace of the site."""
        notebook = Notebook(self.id, notes=list(orders.notes))
        pace = Pace(self.manner.pace)
        for reach in orders.reach:
            sweep = partial(self._reach, notebook, reach, pace)
            _or_why_not(notebook, Orders(reach=(reach,)), sweep)
        for path in orders.paths:
            tracing = partial(self._trace, notebook, path, pace)
            _or_why_not(notebook, Orders(paths=(path,)), tracing)
        for errand in orders.errands:
            self._ask(notebook, errand)
        return notebook.record()

    def _reach(self, notebook: Notebook, order: ReachOrder, pace: Pace) -> None:
        options = SweepOptions(
            vantage=self.id,
            rounds=self.manner.count,
            timeout_s=self.manner.timeout_s,
            source=order.source,
            helper=self.helper,
            pace=pace,
        )
        if order.port is None:
            series = icmp_sweep(order.targets, options)
        else:
            series = tcp_sweep([(target, order.port) for target in order.targets], options)
        for echoes in series:
            notebook.keep_echoes(echoes, order)

    def _trace(self, notebook: Notebook, order: PathOrder, pace: Pace) -> None:
        options = TraceOptions(
            vantage=self.id,
            flows=self.manner.flows,
            timeout_s=self.manner.timeout_s,
            source=order.source,
            helper=self.helper,
            pace=pace,
        )
        for path in trace(order.targets, options):
            notebook.keep_path(path, order)

    def _ask(self, notebook: Notebook, errand: Errand) -> None:
        interview = self.interviews.get(errand.reflector.id)
        if interview is None:
            egress, raw = not_measured(errand, self.id, "the key of the reflector is not known")
        else:
            carried = carriage(errand, interview)
            result = program.carry(dict(carried.job))[0]
            egress, raw = confirm(carried, result, interview, self.id)
        notebook.keep(errand.command, raw, egress.at)


def _or_why_not(notebook: Notebook, alone: Orders, do: Callable[[], None]) -> None:
    """Carry out one order; what this machine cannot do is kept as not measured."""
    try:
        do()
    except ProbeError as error:
        notebook.keep_unmeasured(alone, f"{error.cause} {error.remedy}")
