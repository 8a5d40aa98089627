"""The answer key: what an honest audit can say of a planned world, computed from what was planted.

Never calls an audit's code. How each value follows is written in docs/lab.md.
"""

from __future__ import annotations

from typing import Any

from netops.lab.build.net import Net
from netops.lab.build.state import State
from netops.lab.faults.planted import Planted
from netops.lab.truth_connectivity import (
    application_rows,
    connectivity_rates,
    judge_connected,
)
from netops.lab.truth_exits import ExitTruth
from netops.lab.truth_measured import departments_measured
from netops.lab.truth_paths import single_points

SCHEMA = "netops/lab-truth/1"


def make_truth(net: Net, planted: Planted, state: State) -> dict[str, Any]:
    """Return the whole answer key as plain data."""
    exits = ExitTruth(net, planted, state)
    connected = judge_connected(net, planted, state)
    return {
        "schema": SCHEMA,
        "exits": exits.governments(),
        "departments": departments_measured(exits) if net.spec.has_probes else exits.departments(),
        "connectivity": connected,
        "applications": application_rows(net, planted, state, connected),
        "single_points": single_points(net),
        "rates": [*connectivity_rates(net, planted, state, connected), *exits.rates()],
        "coverage": {
            "registered": len(net.routers),
            "answered": sum(
                1 for name in net.routers if state.is_reached(name) and planted.effect(name).answers
            ),
        },
        "contradictions": sorted(
            name
            for name in planted.contradicting
            if state.is_reached(name)
            and planted.effect(name).tables
            and planted.effect(name).refutes
        ),
        "innocents": [{"kind": kind, "at": code} for kind, code in planted.innocents],
    }
