"""The only way into a router laboratory: a command line that enters its namespaces.

The user stays who they are (as an ordinary user: root of the laboratory's own user namespace),
and so do working directory, environment, streams and exit code.
"""

from __future__ import annotations

import os
from pathlib import Path

from netops.errors import LaboratoryError, Sentence
from netops.lab.routers.fabric import OPS, OWN_NODES
from netops.lab.state import LabState

ROOT = "laboratory"
"""The name of the laboratory's root network, where the bridges are."""


def words_into(state: LabState, node: str = "") -> list[str]:
    """Return the words before a command that shall run at ``node``, else at the operations host.

    ``node`` "laboratory" is the root network with the bridges of all links.
    """
    pid = _first_process(state)
    known = {endpoint.device for endpoint in state.endpoints} | {*OWN_NODES, ROOT}
    node = node or OPS
    if node not in known:
        raise LaboratoryError(
            Sentence("There is no device “{at}”.", at=node),
            remedy=Sentence(
                "Name a device of the inventory, or one of: {values}.",
                values=", ".join(OWN_NODES),
            ),
        )
    as_user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
    words = ["nsenter", "--target", str(pid), *as_user, "--mount", "--pid", f"--wd={_here()}"]
    network = ["--net"] if node == ROOT else []
    # Whoever kills what they started kills the command too, though it has another parent.
    words += [*network, "--", "setpriv", "--pdeathsig", "KILL"]
    return words if node == ROOT else [*words, "nsenter", f"--net=/run/netns/{node}", "--"]


def _here() -> str:
    try:
        return str(Path.cwd())
    except FileNotFoundError:
        return "/"


def _first_process(state: LabState) -> int:
    for mark in state.servers:
        if mark.role == "init" and mark.is_alive:
            return mark.pid
    raise LaboratoryError(
        "The laboratory is not up.",
        remedy="Start it first: netops lab up DIR.",
    )
