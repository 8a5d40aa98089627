"""``docs/drivers.md`` names the commands that the drivers ask, and no others."""

from __future__ import annotations

import re
from pathlib import Path

import napalm
import pytest

from netops.drivers.driver import Dialect
from netops.drivers.questions import Ask, Weight

DOCUMENT = Path(__file__).parents[2] / "docs" / "drivers.md"
NAMES = ("netops_vrp", "netops_comware", "netops_frr", "netops_linux")
MARKS = {"(if supported)": Weight.MAY, "(extra)": Weight.EXTRA}
Row = list[tuple[tuple[str, ...], Weight]]


def documented(name: str) -> dict[str, Row]:
    """Read the table under the driver's heading."""
    section = DOCUMENT.read_text("utf-8").split(f"### {name}\n")[1].split("\n### ")[0]
    found = {}
    for line in section.splitlines():
        if line.startswith("| `"):
            getter, commands = line.strip("| ").split(" | ")
            found[getter.strip("`")] = [_ask(one) for one in commands.split("; ")]
    return found


def _ask(text: str) -> tuple[tuple[str, ...], Weight]:
    weight = next((w for mark, w in MARKS.items() if text.endswith(mark)), Weight.MUST)
    return tuple(re.findall(r"`([^`]+)`", text)), weight


def _row(asks: tuple[Ask, ...]) -> Row:
    return [((ask.command, *ask.instead), ask.weight) for ask in asks]


def _routes(dialect: Dialect) -> Row:
    """The whole table of a destination's family must answer, so both stand without a mark."""
    exact: Row = [((command,), Weight.MUST) for command in dialect.route.values()]
    return exact + [((a.command, *a.instead), Weight.MUST) for a in dialect.routes.values()]


@pytest.mark.parametrize("name", NAMES)
def test_the_document_names_the_commands_of_every_getter(name: str) -> None:
    dialect = napalm.get_network_driver(name).dialect
    asked = {getter: _row(asks) for getter, asks in dialect.asks.items()}
    asked["get_route_to"] = _routes(dialect)
    asked["is_alive"] = [((dialect.alive,), Weight.MUST)]
    assert documented(name) == asked
