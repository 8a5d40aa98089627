"""How measurements are shown to people and programs, and the exit code they come to."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator

import typer
from rich.console import Console
from rich.table import Table

from netops.evidence import measurement
from netops.facts.measurements import Echoes, Egress, EgressState, Hop, Measurements, Path, Reach
from netops.i18n import _, spoken
from netops.text import one_line

SCHEMA = "netops/probe/1"
ALL_WORK, SOME_FAIL, NOT_MEASURED = 0, 1, 3
_PIPED_WIDTH = 200
_GOOD = {"works", "reached", "confirmed"}


def state_of(value: Echoes | Path | Egress) -> str:
    """Return one word for what a measurement came to."""
    if isinstance(value, Echoes):
        return value.reach.value
    if isinstance(value, Egress):
        return value.state.value
    if value.reached:
        return "reached"
    return "not_reached" if value.hops or not value.detail else "not_measured"


def _all(found: Measurements) -> Iterator[measurement.Measurement]:
    yield from found.echoes
    yield from found.paths
    yield from found.egresses


def exit_code(found: Measurements) -> int:
    """Return 0 where all works, 1 where something does not, 3 where something was not measured."""
    states = {state_of(one) for one in _all(found)}
    if states - _GOOD - {Reach.NOT_MEASURED.value, EgressState.NOT_MEASURED.value}:
        return SOME_FAIL
    return NOT_MEASURED if states - _GOOD or not states else ALL_WORK


def print_json(found: Measurements) -> None:
    """Print one document for programs."""
    results = [
        {**json.loads(measurement.encode(one)), "state": state_of(one)} for one in _all(found)
    ]
    document = {"schema": SCHEMA, "results": results}
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1))


def print_tables(found: Measurements) -> None:
    """Print what people read."""
    if found.echoes:
        _print(
            (_("target"), _("from"), _("state"), _("loss"), _("round trip ms"), _("remark")),
            (_echo_row(one) for one in found.echoes),
        )
    for path in found.paths:
        _print_path(path)
    if found.egresses:
        columns = (_("reflector"), _("protocol"), _("from"), _("state"), _("seen"), _("remark"))
        _print(columns, (_egress_row(one) for one in found.egresses))


def _echo_row(one: Echoes) -> tuple[str, ...]:
    port = "" if one.port is None else f" tcp/{one.port}"
    loss = f"{one.sent - one.received}/{one.sent}" if one.sent else "-"
    return (f"{one.target}{port}", _origin(one), one.reach.value, loss,
            _trips(one.round_trips_ms), spoken(one.detail))  # fmt: skip


def _trips(times: tuple[float, ...]) -> str:
    if not times:
        return "-"
    ordered = sorted(times)
    middle = ordered[len(ordered) // 2]
    return f"{ordered[0]:.1f} / {middle:.1f} / {ordered[-1]:.1f}"


def _origin(one: Echoes | Path | Egress) -> str:
    return one.vantage if one.source is None else f"{one.vantage} {one.source}"


def _egress_row(one: Egress) -> tuple[str, ...]:
    seen = "-" if one.seen is None else f"{one.seen} {one.seen_port}"
    protocol = f"{one.protocol} ipv{one.family}"
    return one.reflector, protocol, _origin(one), one.state.value, seen, spoken(one.detail)


def _print_path(path: Path) -> None:
    flow = f" flow {path.flow}" if path.flow else ""
    head = f"{path.target} {_('from')} {_origin(path)}{flow}: {state_of(path)}"
    typer.echo(one_line(f"{head} {spoken(path.detail)}".rstrip()))
    for hop in path.hops:
        typer.echo(f"  {hop.ttl:2} {_hop(hop)}")


def _hop(hop: Hop) -> str:
    if not hop.addresses:
        return "*"
    times = f"  {_trips(hop.round_trips_ms)}" if hop.round_trips_ms else ""
    return ", ".join(str(one) for one in hop.addresses) + times


def _print(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(one_line(cell) for cell in row))
    width = None if sys.stdout.isatty() else _PIPED_WIDTH
    Console(markup=False, highlight=False, width=width).print(table)
