"""NAPALM's own suite for ``netops_vrp``; see ../README.md for where the data comes from."""

from __future__ import annotations

import pytest
from driver_doubles import HUAWEI_AND_H3C, AnswersFromFiles, bound_to, only
from napalm.base.test.getters import BaseTestGetters

from netops.drivers.vrp import NetopsVrpDriver


class FakeVrp(AnswersFromFiles):
    """Answers from the folder of this file."""


@pytest.mark.usefixtures("set_device_parameters")
@only(*HUAWEI_AND_H3C)
class TestVrpGetters(BaseTestGetters):
    """Every getter that the platform answers."""

    driver = NetopsVrpDriver
    patched_driver = bound_to(NetopsVrpDriver, FakeVrp)
