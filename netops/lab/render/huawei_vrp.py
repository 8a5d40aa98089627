"""Huawei VRP text of a simulated device: which command is answered by which renderer.

Knows the two flavours, VRP5 (AR, S) and VRP8 (NE), by the release word. Refuses to know the
model behind single commands; the modules beside it do.
"""

from __future__ import annotations

from collections.abc import Callable

from netops.lab.model import DeviceModel
from netops.lab.render import (
    huawei_vrp_config,
    huawei_vrp_interfaces,
    huawei_vrp_nat,
    huawei_vrp_neighbours,
    huawei_vrp_policies,
    huawei_vrp_routes,
    huawei_vrp_system,
    huawei_vrp_vpn,
)
from netops.lab.render.huawei_vrp_spelling import CLOCK, Vrp
from netops.lab.render.scene import build_scene

Answers = Callable[[Vrp], dict[str, str]]

_PARTS: tuple[Answers, ...] = (
    huawei_vrp_system.answers,
    huawei_vrp_interfaces.answers,
    huawei_vrp_routes.answers,
    huawei_vrp_vpn.answers,
    huawei_vrp_neighbours.answers,
    huawei_vrp_nat.answers,
    huawei_vrp_policies.answers,
)
_WITHOUT_TIME = frozenset({"display clock", "display esn"})


def render(model: DeviceModel) -> dict[str, str]:
    """Return what a VRP device answers to each command."""
    vrp = Vrp(build_scene(model), (model.identity.release or "").startswith("V800"))
    answers: dict[str, str] = {}
    for part in _PARTS:
        answers.update(part(vrp))
    if vrp.is_vrp8:
        stamp = f"{CLOCK}.684\n"
        for command, text in answers.items():
            if command not in _WITHOUT_TIME:
                answers[command] = stamp + text
    answers["display current-configuration"] = huawei_vrp_config.configuration(vrp)
    return answers
