"""H3C Comware text of a simulated device: which command is answered by which renderer.

Knows the two flavours of V7, early (to about 7.1.045) and late. Refuses to know the model
behind single commands; the modules beside it do.
"""

from __future__ import annotations

from collections.abc import Callable

from netops.lab.model import DeviceModel
from netops.lab.render import (
    h3c_comware_config,
    h3c_comware_dial,
    h3c_comware_interfaces,
    h3c_comware_nat,
    h3c_comware_neighbours,
    h3c_comware_routes,
    h3c_comware_system,
    h3c_comware_vpn,
)
from netops.lab.render.h3c_comware_spelling import Comware, is_early
from netops.lab.render.scene import build_scene

Answers = Callable[[Comware], dict[str, str]]

_PARTS: tuple[Answers, ...] = (
    h3c_comware_system.answers,
    h3c_comware_interfaces.answers,
    h3c_comware_routes.answers,
    h3c_comware_vpn.answers,
    h3c_comware_neighbours.answers,
    h3c_comware_nat.answers,
    h3c_comware_dial.answers,
)


def render(model: DeviceModel) -> dict[str, str]:
    """Return what a Comware device answers to each command."""
    device = Comware(build_scene(model), is_early(model.identity.os_version or ""))
    answers: dict[str, str] = {}
    for part in _PARTS:
        answers.update(part(device))
    answers["display current-configuration"] = h3c_comware_config.configuration(device)
    return answers
