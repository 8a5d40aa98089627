"""NAPALM's own suite for ``netops_linux``; see ../README.md for where the data comes from."""

from __future__ import annotations

import pytest
from driver_doubles import AnswersFromFiles, bound_to, only
from napalm.base.test.getters import BaseTestGetters

from netops.drivers.linux import NetopsLinuxDriver


class FakeLinux(AnswersFromFiles):
    """Answers from the folder of this file."""


@pytest.mark.usefixtures("set_device_parameters")
@only(
    "method_signatures",
    "is_alive",
    "get_facts",
    "get_interfaces",
    "get_interfaces_ip",
    "get_network_instances",
    "get_route_to",
    "get_route_to_longer",
    "get_arp_table",
    "get_arp_table_with_vrf",
    "get_lldp_neighbors",
    "get_lldp_neighbors_detail",
    "get_users",
    "ping",
    "traceroute",
)
class TestLinuxGetters(BaseTestGetters):
    """Every getter that the platform answers."""

    driver = NetopsLinuxDriver
    patched_driver = bound_to(NetopsLinuxDriver, FakeLinux)
