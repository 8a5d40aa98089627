"""H3C Comware (V5, V7, V9) and its rebrands: switches, routers, and firewalls as far as told.

Knows what these devices print; refuses to know how a session to one is held.
"""

from __future__ import annotations

from netops.platforms.base import Platform
from netops.platforms.h3c_comware.active import ACTIVE
from netops.platforms.h3c_comware.commands import COMMANDS
from netops.platforms.h3c_comware.defaults import DEFAULTS
from netops.platforms.h3c_comware.dialogue import (
    LINE_NOISE,
    PAGER,
    PAGING_OFF,
    PROMPT,
    QUESTIONS,
    REFUSALS,
)
from netops.platforms.h3c_comware.followups import TELLING, followups
from netops.platforms.h3c_comware.names import full_interface
from netops.platforms.h3c_comware.settings import BASELINE

PLATFORM = Platform(
    name="h3c_comware",
    vendor="H3C",
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
