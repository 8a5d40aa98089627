"""NAPALM's own suite for ``netops_comware``; see ../README.md for where the data comes from."""

from __future__ import annotations

import pytest
from driver_doubles import HUAWEI_AND_H3C, AnswersFromFiles, bound_to, only
from napalm.base.test.getters import BaseTestGetters

from netops.drivers.comware import NetopsComwareDriver


class FakeComware(AnswersFromFiles):
    """Answers from the folder of this file."""


@pytest.mark.usefixtures("set_device_parameters")
@only(*HUAWEI_AND_H3C)
class TestComwareGetters(BaseTestGetters):
    """Every getter that the platform answers."""

    driver = NetopsComwareDriver
    patched_driver = bound_to(NetopsComwareDriver, FakeComware)
