"""What a planted exit shows of itself on its platform, to who may not read everything.

Knows which state displays hold a mechanism and which need the configuration. Refuses to know
any audit: it is part of the answer key.
"""

from __future__ import annotations

from dataclasses import replace

from netops.lab.faults.planted import Effect, PlantedExit

_V4 = 4
_VENDORS = ("huawei_vrp", "h3c_comware")
_WAITING = frozenset({"split_default", "specific_route", "static_default", "ipv6_default",
                      "floating_static"})  # fmt: skip
"""Static routes that stand in the configuration while no table selects them."""
_DEFAULT_ROWS = {"static_default": "static_default", "isp_bgp": "static_default",
                 "dual_homed_host": "dual_homed_host", "ipv6_default": "ipv6_default"}  # fmt: skip
"""Mechanisms that put a default row by an outside next hop into an agent's table."""


def as_shown(made: PlantedExit, platform: str, effect: Effect) -> PlantedExit | None:
    """Return an exit as its device shows it, None where nothing of it is read.

    What hides behind an outside address leaves that address: a ``public_interface``.
    """
    if not effect.answers:
        return _by_agent(made) if effect.refutes else None
    if not effect.tables:
        return None
    if platform == "linux_host" and made.mechanism == "isp_bgp" and made.latent:
        # No command of a host names a routing daemon's neighbours, and the session brought nothing.
        return _bare_line(made)
    if effect.whole:
        return made
    return _without_configuration(made, platform)


def _without_configuration(made: PlantedExit, platform: str) -> PlantedExit:
    """Return an exit as interfaces, tables and other displays of state tell of it."""
    if platform == "linux_host":
        return made  # a kernel's tables and rules are its configuration
    if made.mechanism == "policy_route":
        return _bare_line(made)
    if platform in _VENDORS:
        if platform == "h3c_comware" and made.mechanism == "tunnel":
            # Its peer stands in the configuration only; what is left is a route into a port.
            return replace(made, mechanism="static_default")
        return _bare_line(made) if made.latent and made.family != _V4 else made
    return _bare_line(made) if made.latent and made.mechanism in _WAITING else made


def _by_agent(made: PlantedExit) -> PlantedExit | None:
    """Return an exit as SNMP alone tells of it: a default row, whoever put it there."""
    name = _DEFAULT_ROWS.get(made.mechanism)
    return None if made.latent or name is None else replace(made, mechanism=name)


def denied_default(device: str, government: str) -> PlantedExit:
    """Return the exit that a contradicting agent tells of, where no command line denies it."""
    return PlantedExit("static_default", device, government, _V4, latent=False)


def waiting(made: PlantedExit) -> PlantedExit:
    """Return an exit whose default another one overtook: it floats."""
    name = "floating_static" if made.mechanism == "static_default" else made.mechanism
    return replace(made, mechanism=name, latent=True)


def _bare_line(made: PlantedExit) -> PlantedExit:
    return replace(made, mechanism="public_interface", latent=True, sources=None, private=False)
