"""Writes plans, and writes them again when another backend is asked for.

Knows which backend a specification names and what ``DIR`` was planned for. Refuses to know how
a backend runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from netops.errors import LaboratoryError, Sentence
from netops.lab.broken import forget_key
from netops.lab.control import refuse_while_up
from netops.lab.inventory_writer import write
from netops.lab.plan import plan
from netops.lab.routers.admission import admit
from netops.lab.routers.bare import is_bare
from netops.lab.routers.fabric import weave
from netops.lab.routers.frr_config import daemons
from netops.lab.routers.neighbours import check_right
from netops.lab.spec import Spec
from netops.lab.spec_file import load_spec

_SPEC = "spec.yaml"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A planned laboratory as it is to be started."""

    spec: Spec | None
    notices: tuple[Sentence, ...] = ()

    @property
    def backend(self) -> str:
        """Who plays the devices."""
        return "simulated" if self.spec is None else self.spec.backend


def _not_planned(directory: Path) -> LaboratoryError:
    return LaboratoryError(
        Sentence("{directory} holds no planned laboratory.", directory=directory),
        remedy="Plan one first: netops lab plan SPEC --out DIR.",
    )


def choose_backend(path: Path, backend: str | None) -> tuple[Spec, tuple[Sentence, ...]]:
    """Read a specification for a backend: the named one, else its own."""
    spec = load_spec(path)
    if (backend or spec.backend) == "routers":
        return admit(spec)
    return replace(spec, backend="simulated", bare_townships=False), ()


def write_plan(spec: Spec, directory: Path) -> None:
    """Plan a specification into ``directory``, which no living laboratory may hold."""
    refuse_while_up(directory)
    forget_key(directory)
    write(plan(spec), directory)


def prepare(directory: Path, backend: str | None, *, write: bool) -> Prepared:
    """Read a planned laboratory; where it was planned for another backend, plan it again.

    A folder without a specification can be served by the simulated backend as it is.
    """
    place = directory / _SPEC
    if not place.is_file():
        if not write or backend == "routers":
            raise _not_planned(directory)
        return Prepared(None)
    planned = load_spec(place)
    wanted, notices = choose_backend(place, backend)
    if write and wanted.bare_townships:
        check_right()
    if wanted.backend == planned.backend:
        return Prepared(planned)
    notice = Sentence(
        "The laboratory was planned for the backend {old}; inventory and answer key are written "
        "again for {new}.",
        old=planned.backend,
        new=wanted.backend,
    )
    if write:
        write_plan(wanted, directory)
    return Prepared(wanted, (notice, *notices))


def describe(spec: Spec) -> Iterator[Sentence]:
    """Tell what bringing a laboratory up would make."""
    world = plan(spec)
    if not spec.on_routers:
        yield Sentence("Simulated devices on 127.0.0.0/8: {count}.", count=len(world.net.routers))
        return
    fabric = weave(world)
    running = [r for r in world.net.routers.values() if not fabric.is_dead(r.id)]
    programs = Counter[str]()
    for router in running:
        if router.role != "host" and not is_bare(world.net, router):
            programs.update(("zebra", *daemons(world, router)))
    has_agent = [r for r in running if world.planted.behaviours.get(r.id) != "no_snmp"]
    programs.update({"sshd": len(running), "snmpd": len(has_agent)})
    yield Sentence(
        "Network namespaces: {count} (devices: {devices}; "
        "beside them ops, servers, inet, outside).",
        count=len(fabric.nodes),
        devices=len(world.net.routers),
    )
    yield Sentence("Links: {count}, lines to the internet side: {lines}.",
                   count=len(fabric.segments), lines=len(fabric.lines))  # fmt: skip
    yield Sentence(
        "Programs: {programs}.",
        programs=", ".join(f"{name} {count}" for name, count in sorted(programs.items())),
    )
    for made in world.planted.exits:
        yield Sentence(
            "Planted exit: {mechanism} at {device} (IPv{family}).",
            mechanism=made.mechanism, device=made.device, family=made.family,
        )  # fmt: skip
    for name in (*world.planted.dead, *world.planted.cut):
        yield Sentence("Out of order from the start: {name}.", name=name)
