"""NAPALM's own suite for ``netops_linux``; see ../README.md for where the data comes from."""

from __future__ import annotations

import pytest
from driver_doubles import EVERY_PLATFORM, AnswersFromFiles, bound_to, only
from napalm.base.test.getters import BaseTestGetters

from netops.drivers.linux import NetopsLinuxDriver


class FakeLinux(AnswersFromFiles):
    """Answers from the folder of this file."""


@pytest.mark.usefixtures("set_device_parameters")
@only(
    *EVERY_PLATFORM,
    "get_arp_table_with_vrf",
    "get_lldp_neighbors",
    "get_lldp_neighbors_detail",
    "get_users",
    "ping",
)
class TestLinuxGetters(BaseTestGetters):
    """Every getter that the platform answers."""

    driver = NetopsLinuxDriver
    patched_driver = bound_to(NetopsLinuxDriver, FakeLinux)
