"""Makes of devices: releases, names of interfaces, route preferences by platform.

Vendor knowledge as data for the simulated devices. Refuses to know any topology.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netops.facts.system import Identity


@dataclass(frozen=True, slots=True)
class Make:
    """One model with one release. ``port`` takes the number of a port, from 0.

    ``tunnel``, ``dialer`` and ``cellular`` name such an interface; "" where the make has none.
    ``preferences`` by protocol word.
    """

    platform: str
    vendor: str
    model: str
    os_version: str
    release: str
    port: str
    ports_in_slot: int
    loopback: str
    null: str
    tunnel: str
    dialer: str
    cellular: str
    preferences: Mapping[str, int]

    def port_name(self, number: int) -> str:
        """Return the full name of physical port ``number``."""
        slot, port = divmod(number, self.ports_in_slot)
        return self.port.format(slot=slot, port=port, number=number)

    def identity(self, hostname: str, serial: str, uptime_s: int) -> Identity:
        """Describe one device of this make."""
        return Identity(
            hostname=hostname,
            vendor=self.vendor,
            model=self.model,
            os_version=self.os_version,
            release=self.release,
            serial=serial,
            uptime_s=uptime_s,
        )


_VENDOR_PREFERENCES: Mapping[str, int] = {
    "direct": 0,
    "static": 60,
    "ospf": 10,
    "o_ase": 150,
    "isis": 15,
    "ebgp": 255,
    "ibgp": 255,
    "isp": 50,
    "floating": 200,
}
_FRR_PREFERENCES: Mapping[str, int] = {
    "direct": 0,
    "static": 1,
    "ospf": 110,
    "o_ase": 110,
    "isis": 115,
    "ebgp": 20,
    "ibgp": 200,
    "isp": 20,
    "floating": 250,
}
"""``isp`` is what a session with a provider has; ``floating`` what a backup static has; ``o_ase``
what OSPF brings from outside itself, as it does every default."""


def _vrp(model: str, os_version: str, release: str, port: str) -> Make:
    return Make(
        "huawei_vrp",
        "Huawei",
        model,
        os_version,
        release,
        port,
        24,
        "LoopBack0",
        "NULL0",
        "Tunnel0/0/1",
        "Dialer1",
        "Cellular0/0/0",
        _VENDOR_PREFERENCES,
    )


def _comware(model: str, os_version: str, release: str, port: str) -> Make:
    return Make(
        "h3c_comware",
        "H3C",
        model,
        os_version,
        release,
        port,
        24,
        "LoopBack0",
        "NULL0",
        "Tunnel1",
        "Dialer1",
        "Cellular0/0",
        _VENDOR_PREFERENCES,
    )


_ROUTERS: Mapping[str, tuple[Make, ...]] = {
    "huawei_vrp": (
        _vrp("AR3260", "5.170", "V200R010C00SPC500", "GigabitEthernet{slot}/0/{port}"),
        _vrp("AR6280", "5.170", "V300R019C11SPC200", "GigabitEthernet0/{slot}/{port}"),
        _vrp("NE40E-X3", "8.180", "V800R010C10SPC500", "GigabitEthernet{slot}/1/{port}"),
    ),
    "h3c_comware": (
        _comware("MSR3640", "7.1.064", "Release 0821P16", "GigabitEthernet{slot}/{port}"),
        _comware("SR6608-X", "7.1.045", "Release 7103P09", "GigabitEthernet2/{slot}/{port}"),
    ),
    "frr": (
        Make(
            "frr",
            "FRRouting",
            "FRR",
            "8.4.4",
            "8.4.4",
            "eth{number}",
            1_000_000,
            "lo",
            "Null0",
            "gre1",
            "ppp0",
            "wwan0",
            _FRR_PREFERENCES,
        ),
    ),
    "linux_host": (
        Make(
            "linux_host",
            "Linux",
            "x86_64",
            "Debian GNU/Linux 12 (bookworm)",
            "6.1.0-18-amd64",
            "eth{number}",
            1_000_000,
            "lo",
            "",
            "gre1",
            "ppp0",
            "wwan0",
            _FRR_PREFERENCES,
        ),
    ),
}


def make_for(platform: str, draw: float) -> Make:
    """Return a make of ``platform``; ``draw`` in [0, 1) picks among them."""
    makes = _ROUTERS[platform]
    return makes[int(draw * len(makes))]
