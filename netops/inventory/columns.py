"""The files of an inventory folder and the columns of each list (format netops/inventory/1)."""

from __future__ import annotations

CSV_COLUMNS: dict[str, tuple[str, ...]] = {
    "governments.csv": ("code", "name", "level", "parent", "exits_allowed", "status"),
    "nodes.csv": ("id", "government", "site", "disjoint_paths"),
    "devices.csv": (
        "id",
        "name",
        "node",
        "role",
        "platform",
        "address",
        "host",
        "port",
        "transport",
        "ssh",
        "via",
        "credential",
        "snmp",
        "snmp_port",
        "snmp_credential",
        "department",
    ),
    "links.csv": (
        "id",
        "kind",
        "a_device",
        "a_interface",
        "b_device",
        "b_interface",
        "carrier",
        "capacity_mbps",
    ),
    "departments.csv": ("id", "government", "name", "access_class", "exit"),
    "subnets.csv": ("department", "prefix", "area", "vpn"),
}

YAML_FILES = (
    "inventory.yaml",
    "address_plan.yaml",
    "exits.yaml",
    "exemptions.yaml",
    "applications.yaml",
    "private_networks.yaml",
    "credentials.yaml",
)

OPTIONAL_YAML_FILES = ("probing.yaml", "graded.yaml", "confirmations.yaml")
"""Files whose absence is no fault: nothing of their matter is used."""

PLATFORMS = ("huawei_vrp", "h3c_comware", "frr", "linux_host")
ROLES = ("core", "aggregation", "pe", "ce", "exit", "access", "department", "host")
