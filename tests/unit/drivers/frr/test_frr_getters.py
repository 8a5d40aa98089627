"""NAPALM's own suite for ``netops_frr``; see ../README.md for where the data comes from."""

from __future__ import annotations

import pytest
from driver_doubles import AnswersFromFiles, bound_to, only
from napalm.base.test.getters import BaseTestGetters

from netops.drivers.frr import NetopsFrrDriver


class FakeFrr(AnswersFromFiles):
    """Answers from the folder of this file."""


@pytest.mark.usefixtures("set_device_parameters")
@only(
    "method_signatures",
    "is_alive",
    "get_facts",
    "get_interfaces",
    "get_interfaces_ip",
    "get_network_instances",
    "get_arp_table",
    "get_route_to",
    "get_route_to_longer",
    "get_bgp_neighbors",
    "get_config",
    "get_config_sanitized",
    "traceroute",
)
class TestFrrGetters(BaseTestGetters):
    """Every getter that the platform answers."""

    driver = NetopsFrrDriver
    patched_driver = bound_to(NetopsFrrDriver, FakeFrr)
