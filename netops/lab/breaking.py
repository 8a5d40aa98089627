"""Breaks devices, links and exits of a running laboratory, and mends them again.

On real routers the ends of links lose their light. Simulated devices are planned anew with what
is broken, and served again.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from netops.errors import LaboratoryError, Sentence
from netops.lab import control
from netops.lab.broken import (
    KEY_NOW,
    NOTHING_BROKEN,
    Broken,
    Orders,
    forget_key,
    read_broken,
    resolve,
    write_broken,
)
from netops.lab.build.net import Net
from netops.lab.inventory_writer import write_key
from netops.lab.plan import plan
from netops.lab.routers.entry import ROOT, words_into
from netops.lab.routers.fabric import Fabric, is_lit, weave
from netops.lab.spec_file import load_spec
from netops.lab.state import LabState, read_state


def break_things(directory: Path, orders: Orders) -> Broken:
    """Break what is ordered beside what is broken already; return all that is broken.

    ``truth-now.json`` then tells what an honest audit says of what is left.
    """
    directory = directory.resolve()
    state = _living(directory)
    world = plan(load_spec(directory / "spec.yaml"))
    broken = read_broken(directory).joined(resolve(world.net, orders))
    forget_key(directory)
    if state.backend == "routers":
        _set_light(state, weave(world), broken)
        write_broken(directory, broken)
    else:
        _serve_again(directory, state, broken)
    if has_key(world.net, broken):
        write_key(plan(world.spec, broken), directory / KEY_NOW)
    return broken


def has_key(net: Net, broken: Broken) -> bool:
    """Whether the planned world says what is left of a laboratory.

    It does not where the link between the two routers of a government is cut: who then reaches
    which of them hangs on ways that it does not tell apart.
    """
    return all(net.wires[link].child or net.wires[link].b is None for link in broken.links)


def mend(directory: Path, deadline_s: float) -> bool:
    """Mend everything; return, whether anything was broken, when all works as it was planned."""
    directory = directory.resolve()
    state = _living(directory)
    forget_key(directory)
    was_broken = read_broken(directory) != NOTHING_BROKEN
    if state.backend == "simulated":
        if was_broken:
            _serve_again(directory, state, NOTHING_BROKEN)
        return was_broken
    _set_light(state, weave(plan(load_spec(directory / "spec.yaml"))), NOTHING_BROKEN)
    write_broken(directory, NOTHING_BROKEN)
    words = [sys.executable, "-m", "netops.lab.routers.ready", str(directory), str(deadline_s)]
    done = subprocess.run(
        [*words_into(state, ROOT), *words], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise LaboratoryError(
            Sentence("The laboratory is mended, but: {reason}", reason=done.stderr.strip()),
            remedy="Give the laboratory more time (--deadline).",
        )
    return was_broken


def _living(directory: Path) -> LabState:
    state = read_state(directory)
    if state is None or control.status(directory).condition != "up":
        raise LaboratoryError(
            "The laboratory is not up.", remedy="Start it first: netops lab up DIR."
        )
    return state


def _set_light(state: LabState, fabric: Fabric, broken: Broken) -> None:
    """Give every end of every segment light, or none."""
    lines = []
    for segment in fabric.segments:
        for place in range(len(segment.ends)):
            light = "up" if is_lit(fabric, segment, place, broken) else "down"
            lines.append(f"link set {segment.plug(place)} {light}")
    done = subprocess.run(
        [*words_into(state, ROOT), "ip", "-batch", "-"],
        input="\n".join([*lines, ""]), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise LaboratoryError(
            Sentence("The links could not be set: {reason}", reason=done.stderr.strip()),
            remedy="See how the laboratory is: netops lab status DIR.",
        )


def _serve_again(directory: Path, state: LabState, broken: Broken) -> None:
    start = control.Start(processes=len(state.servers), again=True)
    control.down(directory)
    write_broken(directory, broken)
    control.up(directory, start)
