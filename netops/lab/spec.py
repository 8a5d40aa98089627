"""The specification of a laboratory (schema netops/lab/1) as frozen values.

Knows what may be asked. Refuses to know the divisions and the network: whether a code or an id
exists is found out by the plan. Reading the file is done by ``spec_file``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from netops.divisions import Level
from netops.errors import Place

SCHEMA = "netops/lab/1"

MECHANISMS = (
    "dual_homed_host",
    "policy_route",
    "vpn_leak",
    "split_default",
    "specific_route",
    "pppoe_dialer",
    "cellular",
    "tunnel",
    "isp_bgp",
    "ipv6_default",
    "floating_static",
    "static_default",
    "public_interface",
)
"""Mechanisms of an exit, in the order in which the first that applies names it."""

LATENT_BY_NATURE = frozenset({"floating_static", "public_interface"})

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "dual_homed_host": ("ipv4",),
    "policy_route": ("ipv4", "ipv6"),
    "vpn_leak": ("ipv4",),
    "split_default": ("ipv4", "ipv6"),
    "specific_route": ("ipv4", "ipv6"),
    "pppoe_dialer": ("ipv4",),
    "cellular": ("ipv4",),
    "tunnel": ("ipv4",),
    "isp_bgp": ("ipv4",),
    "ipv6_default": ("ipv6",),
    "floating_static": ("ipv4",),
    "static_default": ("ipv4",),
    "public_interface": ("ipv4", "ipv6"),
}
"""Address families that a mechanism can be planted in, its usual one first."""

BACKENDS = ("simulated", "routers")
"""Who plays the devices: our own servers, or real routers in network namespaces."""

ON_ROUTERS = frozenset(
    {
        "dual_homed_host",
        "policy_route",
        "split_default",
        "specific_route",
        "isp_bgp",
        "ipv6_default",
        "floating_static",
        "static_default",
        "public_interface",
    }
)
"""Mechanisms that need no VRF, tunnel or modem, so that real routers can have them here."""

LEAKS = ("static", "route_target")
"""How a private instance can take its default from another one."""

BEHAVIOURS = (
    "slow",
    "hang",
    "drop",
    "refuse_login",
    "changed_host_key",
    "garbage",
    "truncated",
    "endless_pager",
    "flood",
    "low_privilege",
    "no_snmp",
)

ANSWERING = frozenset(BEHAVIOURS) - {"no_snmp"}
"""Those that show on the command line."""

BEHAVIOURS_ON_ROUTERS = frozenset({"refuse_login", "changed_host_key", "low_privilege", "no_snmp"})
"""Behaviours that a real sshd, vtysh or snmpd can be told to have."""

KINDS = (
    "node_down",
    "uplink_down",
    "isolated",
    "exit",
    "app_route",
    "snmp_contradicts",
    "device",
)

INNOCENTS = (
    "ha_pair",
    "two_carriers",
    "public_block",
    "nat_between_vpns",
    "oob_card",
    "exempt_department",
    "cgn_in_plan",
)

QUIRKS = (
    "tricky_banner",
    "paging_refused",
    "wrapped_prompt",
    "password_expiry",
    "legacy_kex",
    "telnet",
)

PLATFORMS = ("huawei_vrp", "h3c_comware", "frr", "linux_host")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which prefectures take part; an empty ``cities`` means all, and direct counties too."""

    cities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """Seconds before each answer, and which share of devices is slow."""

    delay: float = 0.0
    slow_share: float = 0.0
    slow_delay: float = 1.0


@dataclass(frozen=True, slots=True)
class FaultSpec:
    """One listed fault. Keys that do not belong to ``kind`` are empty.

    ``latent`` None: what the mechanism is by nature. ``place`` is where it stands in the file.
    ``by``: how a leak is configured, "" leaves it to the seed.
    """

    kind: str
    at: str
    place: Place
    mechanism: str = ""
    family: str = ""
    latent: bool | None = None
    department: str = ""
    all: bool = False
    application: str = ""
    behaviour: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class RandomFaults:
    """How many faults of a kind are drawn beside the listed ones."""

    exits: int = 0
    nodes: int = 0
    devices: int = 0


@dataclass(frozen=True)
class Spec:
    """A whole specification. ``file`` is its path as given, for places in errors.

    ``platforms`` maps each level to shares that sum to one; ``uplinks`` holds the three lower
    levels; ``townships_per_county`` None means all; ``divisions`` None means the packaged list.
    ``bare_townships``: on real routers, townships run no routing daemons.
    ``probes``: None where the specification leaves it to the backend.
    ``lines`` says at which line a key stands ("departments.county"), for errors of the plan.
    """

    seed: int
    province: str
    file: str
    scope: Scope = Scope()
    townships_per_county: int | None = None
    departments: Mapping[Level, int] = field(default_factory=dict)
    platforms: Mapping[Level, Mapping[str, float]] = field(default_factory=dict)
    uplinks: Mapping[Level, int] = field(default_factory=dict)
    routes_per_device: int = 0
    answers: Answers = Answers()
    quirks: Mapping[str, float] = field(default_factory=dict)
    faults: tuple[FaultSpec, ...] = ()
    random_faults: RandomFaults = RandomFaults()
    innocents: tuple[str, ...] = ()
    divisions: Path | None = None
    backend: str = "simulated"
    probes: bool | None = None
    bare_townships: bool = False
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def on_routers(self) -> bool:
        """Whether real routers play the devices."""
        return self.backend == "routers"

    @property
    def has_probes(self) -> bool:
        """Whether vantage points and a reflector are planned."""
        return self.on_routers if self.probes is None else self.probes


DEFAULT_DEPARTMENTS: Mapping[Level, int] = {
    Level.PROVINCE: 20,
    Level.CITY: 8,
    Level.COUNTY: 4,
    Level.TOWNSHIP: 0,
}
DEFAULT_PLATFORMS: Mapping[Level, Mapping[str, float]] = {
    Level.PROVINCE: {"huawei_vrp": 1.0},
    Level.CITY: {"huawei_vrp": 0.6, "h3c_comware": 0.4},
    Level.COUNTY: {"huawei_vrp": 0.5, "h3c_comware": 0.5},
    Level.TOWNSHIP: {"frr": 1.0},
}
DEFAULT_UPLINKS: Mapping[Level, int] = {Level.CITY: 2, Level.COUNTY: 2, Level.TOWNSHIP: 1}
DEFAULT_QUIRKS: Mapping[str, float] = {
    "tricky_banner": 0.02,
    "paging_refused": 0.02,
    "wrapped_prompt": 0.02,
}
