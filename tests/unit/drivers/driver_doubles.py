"""Doubles in NAPALM's usual form: a line that answers from files, and drivers bound to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napalm.base.test.double import BaseTestDouble
from napalm.base.test.getters import BaseTestGetters

from netops.drivers.driver import NetopsDriver

EVERY_PLATFORM = (
    "method_signatures",
    "is_alive",
    "get_facts",
    "get_interfaces",
    "get_interfaces_ip",
    "get_network_instances",
    "get_route_to",
    "get_route_to_longer",
    "get_arp_table",
    "traceroute",
)
"""What each of our platforms answers."""

HUAWEI_AND_H3C = (
    *EVERY_PLATFORM,
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
)


class AnswersFromFiles(BaseTestDouble):
    """No device: the text of ``mocked_data/<test>/<case>/<command>.txt``."""

    def send_command(self, command: str) -> str:
        """Return the file whose name is the command, as NAPALM writes it."""
        text = self.read_txt_file(self.find_file(f"{self.sanitize_text(command)}.txt"))
        return str(text)


def bound_to(driver: type[NetopsDriver], double: type[AnswersFromFiles]) -> type[NetopsDriver]:
    """Return ``driver`` with a double in place of its line."""

    class Patched(driver):  # type: ignore[valid-type,misc]
        def __init__(
            self,
            hostname: str,
            username: str,
            password: str,
            timeout: int = 60,
            optional_args: dict[str, Any] | None = None,
        ) -> None:
            super().__init__(hostname, username, password, timeout, optional_args)
            self.patched_attrs = ["device"]
            self.device = double()

        def open(self) -> None:
            """Stay with the double."""

        def close(self) -> None:
            """Keep the double."""

    return Patched


def only(*kept: str) -> Callable[[type], type]:
    """Drop the tests of getters that the platform does not answer: a skip would say nothing."""

    def choose(cls: type) -> type:
        for name in dir(BaseTestGetters):
            if name.startswith("test_") and name.removeprefix("test_") not in kept:
                setattr(cls, name, None)
        return cls

    return choose
