"""What was broken by hand in a running laboratory, and kept in ``DIR/state/broken.json``.

Knows devices and links by name. Refuses to know how a backend breaks them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from netops.errors import LaboratoryError, Sentence, SpecError
from netops.inventory.tables import Faults, Row, read_yaml
from netops.lab import spec_fields as take
from netops.lab.build.net import Net
from netops.lab.faults.targets import routers_at, uplinks_at
from netops.lab.spec import FaultSpec
from netops.lab.spec_file import read_fault
from netops.lab.state import state_directory

SCHEMA = "netops/lab-broken/1"
_FILE = "broken.json"
KEY_NOW = "truth-now.json"
"""Beside the key of the plan: the key of the laboratory as it is while something is broken."""
_KINDS = ("node_down", "uplink_down", "isolated")


@dataclass(frozen=True, slots=True)
class Broken:
    """Devices that are cut from everything, and links without light."""

    nodes: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    def joined(self, other: Broken) -> Broken:
        """Return both, each name once."""
        return Broken(
            tuple(dict.fromkeys((*self.nodes, *other.nodes))),
            tuple(dict.fromkeys((*self.links, *other.links))),
        )


NOTHING_BROKEN = Broken()


@dataclass(frozen=True, slots=True)
class Orders:
    """What somebody asks to be broken: a file of faults, and ids."""

    file: Path | None = None
    nodes: Sequence[str] = ()
    links: Sequence[str] = ()
    exits: Sequence[str] = ()


def resolve(net: Net, orders: Orders) -> Broken:
    """Return the devices and links that orders mean; an unknown name is an error."""
    found = Broken(tuple(orders.nodes), tuple(orders.links))
    for name in found.nodes:
        if name not in net.routers:
            raise _unknown(name, "Name a device of devices.csv.")
    for name in found.links:
        if name not in net.wires:
            raise _unknown(name, "Name a link of links.csv.")
    for name in orders.exits:
        found = found.joined(Broken(links=_lines_of(net, name)))
    for fault in _read_orders(orders.file):
        found = found.joined(_meant(net, fault))
    if found == NOTHING_BROKEN:
        raise LaboratoryError(
            "Nothing is named that could be broken.",
            remedy="Name a file of faults, or use --node, --link or --exit.",
        )
    return found


def _unknown(name: str, remedy: str) -> LaboratoryError:
    return LaboratoryError(Sentence("The laboratory has no “{name}”.", name=name), remedy=remedy)


def _lines_of(net: Net, name: str) -> tuple[str, ...]:
    made = net.exits.get(name)
    if made is None:
        raise _unknown(name, "Name an exit of exits.yaml.")
    wires = (net.routers[device].ports[port].wire for device, port, _ in made.lines)
    return tuple(wire for wire in wires if wire is not None)


def _read_orders(path: Path | None) -> tuple[FaultSpec, ...]:
    if path is None:
        return ()
    faults = Faults()
    top = read_yaml(path, faults)
    if top is None:
        first = faults.found[0]
        raise SpecError(first.cause, remedy=first.remedy, place=first.place)
    take.only(top, ("faults",), Sentence("a file of faults to break"))
    return tuple(_order(row) for row in take.rows(top, "faults"))


def _order(row: Row) -> FaultSpec:
    take.needed(row, "kind", _KINDS)
    return read_fault(row)


def _meant(net: Net, fault: FaultSpec) -> Broken:
    if fault.kind == "node_down":
        return Broken(nodes=tuple(router.id for router in routers_at(net, fault)))
    return Broken(links=tuple(wire.id for wire in uplinks_at(net, fault)))


def read_broken(directory: Path) -> Broken:
    """Return what is broken now."""
    try:
        data = json.loads((state_directory(directory) / _FILE).read_text(encoding="utf-8"))
        return Broken(tuple(data["nodes"]), tuple(data["links"]))
    except (OSError, ValueError, KeyError, TypeError):
        return NOTHING_BROKEN


def write_broken(directory: Path, broken: Broken) -> None:
    """Note what is broken now."""
    place = state_directory(directory) / _FILE
    if broken == NOTHING_BROKEN:
        place.unlink(missing_ok=True)
        return
    draft = place.with_suffix(".new")
    draft.write_text(json.dumps({"schema": SCHEMA, **asdict(broken)}), encoding="utf-8")
    draft.replace(place)


def forget_key(directory: Path) -> None:
    """Remove the key of a broken laboratory: what it stands for is no more."""
    (directory / KEY_NOW).unlink(missing_ok=True)
