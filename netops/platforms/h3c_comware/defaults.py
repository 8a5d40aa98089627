"""What a missing line of a configuration means, by major version; data with its trust.

Only values that do not depend on the model stand here: where a model decides, a missing line
proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DEFAULTS: Mapping[str, Any] = {
    "5": {
        "acl.unmatched": "permit",
        "bgp.ipv4_unicast": "enabled",
        "nat": "none",
        "ntp.service": "enabled by its first server",
        "password_control": "off",
        "preference.static": 60,
        "screen_length": 24,
        "snmp_agent": "off",
        "ssh_server": "off",
        "vrrp.priority": 100,
        "vty.authentication": "password",
        "vty.idle_timeout_minutes": 10,
    },
    "7": {
        "acl.unmatched": "permit",
        "bgp.ipv4_unicast": "disabled",
        "information_centre": "on",
        "nat": "none",
        "ntp.service": "off",
        "password_control": "off",
        "preference.static": 60,
        "screen_length": 24,
        "security_policy.action": "drop",
        "security_zone.within": "deny",
        "snmp_agent": "off",
        "ssh_server": "off",
        "telnet_server": "off",
        "vrrp.priority": 100,
        "vty.authentication": "password",
        "vty.idle_timeout_minutes": 10,
    },
    "9": {
        "acl.unmatched": "permit",
        "bgp.ipv4_unicast": "disabled",
        "nat": "none",
        "ntp.service": "off",
        "preference.static": 60,
        "screen_length": 24,
        "snmp_agent": "off",
        "ssh_server": "off",
        "telnet_server": "off",
        "vrrp.priority": 100,
    },
}
