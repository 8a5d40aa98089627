"""Huawei VRP: VRP5, VRP8 and YunShan OS.

Routers (AR), switches (S), carrier routers (NE), data-centre switches (CE), firewalls (USG).
"""

from __future__ import annotations

from netops.platforms.base import Platform
from netops.platforms.huawei_vrp.active import ACTIVE
from netops.platforms.huawei_vrp.commands import COMMANDS, TELLING, followups
from netops.platforms.huawei_vrp.defaults import DEFAULTS
from netops.platforms.huawei_vrp.names import full_interface
from netops.platforms.huawei_vrp.session import (
    LINE_NOISE,
    PAGER,
    PAGING_OFF,
    PROMPT,
    QUESTIONS,
    REFUSALS,
)
from netops.platforms.huawei_vrp.settings import BASELINE

PLATFORM = Platform(
    name="huawei_vrp",
    vendor="Huawei",
    commands=COMMANDS,
    prompt=PROMPT,
    pager=PAGER,
    refusals=REFUSALS,
    paging_off=PAGING_OFF,
    questions=QUESTIONS,
    line_noise=LINE_NOISE,
    followups=followups,
    telling=TELLING,
    full_interface=full_interface,
    defaults=DEFAULTS,
    active=ACTIVE,
    baseline=BASELINE,
)

__all__ = ["PLATFORM"]
