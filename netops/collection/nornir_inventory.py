"""Our inventory as Nornir's: ``InitNornir(inventory={"plugin": "NetopsInventory", …})``.

Hosts carry platform and place; groups are governments (``g430211``) and levels (``county``).
netmiko and NAPALM are configured beside our own connection, with strict host keys. Passwords
are resolved only where ``resolve_secrets`` is left on.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nornir.core.inventory import (
    ConnectionOptions,
    Defaults,
    Group,
    Groups,
    Host,
    Hosts,
    Inventory,
    ParentGroups,
)

from netops.collection.nornir_plugins import CONNECTION, register
from netops.collection.session import Access
from netops.inventory import load
from netops.inventory.model import Device
from netops.inventory.model import Inventory as Records

NETMIKO = {
    "huawei_vrp": "huawei_vrp",
    "h3c_comware": "hp_comware",
    "frr": "cisco_ios",
    "linux_host": "linux",
}
"""Platform → netmiko's device type (vtysh speaks like IOS)."""
NAPALM = {
    "huawei_vrp": "netops_vrp",
    "h3c_comware": "netops_comware",
    "frr": "netops_frr",
    "linux_host": "netops_linux",
}


class NetopsInventory:
    """Nornir inventory plugin over an inventory folder."""

    def __init__(
        self,
        folder: str | Path = "inventory",
        *,
        resolve_secrets: bool = True,
        records: Records | None = None,
    ) -> None:
        self._folder = Path(folder)
        self._records = records
        self._resolve_secrets = resolve_secrets

    def load(self) -> Inventory:
        """Build Nornir's inventory."""
        register()
        records = self._records or load(self._folder)
        access = Access.of(records, self._folder)
        groups = _groups(records)
        hosts = Hosts(
            {
                device.id: _host(device, records, groups, self._options(device, access))
                for device in records.devices.values()
            }
        )
        return Inventory(hosts=hosts, groups=groups, defaults=Defaults())

    def _options(self, device: Device, access: Access) -> dict[str, Any]:
        """Return user name, password and the connections' own options."""
        known_hosts = str((self._folder / "known_hosts").resolve())
        ours = ConnectionOptions(extras={"device": device, "access": access})
        connections = {CONNECTION: ours, **connection_options(device, known_hosts)}
        options: dict[str, Any] = {"connections": connections}
        if self._resolve_secrets:
            credential = access.secrets.credential(device.credential)
            options["username"] = credential.username
            options["password"] = access.secrets.resolve(credential.secret)
        return options


def connection_options(device: Device, known_hosts: str) -> Mapping[str, ConnectionOptions]:
    """Return the options of netmiko and NAPALM: an unknown host key stops before the password.

    Our NAPALM drivers go the way that the inventory names; netmiko has no old algorithms to open.
    """
    strict = {
        "ssh_strict": True,
        "system_host_keys": False,
        "alt_host_keys": True,
        "alt_key_file": known_hosts,
    }
    kind = NETMIKO[device.platform] + ("_telnet" if device.transport == "telnet" else "")
    extras = {} if device.transport == "telnet" else strict
    return {
        "netmiko": ConnectionOptions(platform=kind, extras=dict(extras)),
        "napalm": ConnectionOptions(
            platform=NAPALM[device.platform],
            extras={
                "optional_args": {
                    "port": device.port,
                    "transport": device.transport,
                    "legacy": device.ssh == "legacy",
                    "ssh_strict": True,
                    "known_hosts": known_hosts,
                }
            },
        ),
    }


def _groups(records: Records) -> Groups:
    groups = Groups()
    for government in records.governments.values():
        level = str(government.level.value)
        groups.setdefault(level, Group(name=level))
        groups[f"g{government.code}"] = Group(
            name=f"g{government.code}", data={"code": government.code, "name": government.name}
        )
    return groups


def _host(device: Device, records: Records, groups: Groups, options: dict[str, Any]) -> Host:
    government = records.governments[device.government]
    parents = ParentGroups([groups[f"g{government.code}"], groups[str(government.level.value)]])
    return Host(
        name=device.id,
        hostname=device.host,
        port=device.port,
        username=options.get("username"),
        password=options.get("password"),
        platform=device.platform,
        groups=parents,
        data={
            "name": device.name,
            "role": device.role,
            "node": device.node,
            "government": device.government,
            "level": str(government.level.value),
            "address": str(device.address),
            "transport": device.transport,
        },
        connection_options=dict(options["connections"]),
    )
