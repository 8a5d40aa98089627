"""NAPALM's own suite for ``netops_vrp``; see ../README.md for where the data comes from."""

from __future__ import annotations

import pytest
from driver_doubles import AnswersFromFiles, bound_to, only
from napalm.base.test.getters import BaseTestGetters

from netops.drivers.vrp import NetopsVrpDriver


class FakeVrp(AnswersFromFiles):
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
    "get_bgp_neighbors",
    "get_ntp_servers",
    "get_snmp_information",
    "get_users",
    "get_config",
    "get_config_filtered",
    "get_config_sanitized",
    "get_config_sanitized_filtered",
    "ping",
    "traceroute",
)
class TestVrpGetters(BaseTestGetters):
    """Every getter that the platform answers."""

    driver = NetopsVrpDriver
    patched_driver = bound_to(NetopsVrpDriver, FakeVrp)
