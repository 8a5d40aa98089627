"""NAPALM's own suite for ``netops_frr``; see ../README.md for where the data comes from."""

from __future__ import annotations

import pytest
from driver_doubles import EVERY_PLATFORM, AnswersFromFiles, bound_to, only
from napalm.base.test.getters import BaseTestGetters

from netops.drivers.frr import NetopsFrrDriver


class FakeFrr(AnswersFromFiles):
    """Answers from the folder of this file."""


@pytest.mark.usefixtures("set_device_parameters")
@only(
    *EVERY_PLATFORM,
    "get_bgp_neighbors",
    "get_config",
    "get_config_sanitized",
)
class TestFrrGetters(BaseTestGetters):
    """Every getter that the platform answers."""

    driver = NetopsFrrDriver
    patched_driver = bound_to(NetopsFrrDriver, FakeFrr)
