"""What a missing line of the configuration means, by family and release.

Configurations leave default lines out. A key that is not here is unknown: an audit that needs
it must answer ``unknown`` and name the display command. A live display always outranks this.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

_EVER, _FOR_EVER = (0, 0), (999, 999)
_V200 = (200, 999)
"""Switches of later versions run another system (YunShan), whose reference is not known."""
_OLDER, _NEXT = (100, 999), (500, 0)
"""Firewalls: V100 and V500 on are the generation whose reference is known; V300 is an older one."""


class Default(NamedTuple):
    """The value of a setting that no line sets, for one family and a range of releases.

    ``family``: ``ar``, ``s``, ``ce``, ``ne``, ``usg`` or ``*``. ``since`` and ``until`` are the
    first and last (version, release) it holds for. ``source`` is how it is known.
    """

    family: str
    value: Any
    since: tuple[int, int] = _EVER
    until: tuple[int, int] = _FOR_EVER
    source: str = "command reference"


DEFAULTS: Mapping[str, tuple[Default, ...]] = {
    "telnet_server": (
        Default("s", False, since=(200, 11), until=_V200),
        Default("s", True, until=(200, 1), source="seen on V200R001"),
        Default("ce", True, since=(300, 23), until=(300, 23)),
        Default("usg", False, until=_OLDER),
        Default("usg", False, since=_NEXT),
    ),
    "stelnet_server": (Default("*", False),),
    "ssh_version_1": (
        Default("ce", False),
        Default("s", False, since=(200, 11), until=_V200),
        Default("s", True, until=(200, 1), source="seen on V200R001"),
    ),
    "ssh_timeout_s": (Default("s", 60), Default("ce", 60)),
    "ssh_retries": (Default("s", 3), Default("ce", 3)),
    "vty_protocol_inbound": (
        Default("s", "ssh", since=(200, 11), until=_V200),
        Default("ce", "all"),
    ),
    "idle_timeout_min": (Default("s", 10), Default("usg", 10), Default("ce", 10)),
    "snmp_agent": (Default("*", False),),
    "ftp_server": (Default("ce", False), Default("s", False)),
    "info_center": (Default("*", True),),
    "static_preference": (Default("*", 60),),
    "lldp": (Default("ce", False),),
    "ntp_server_role": (Default("ce", False),),
    "telnet6_server": (
        Default("s", False, since=(200, 11), until=_V200),
        Default("usg", False, until=_OLDER),
        Default("usg", False, since=_NEXT),
    ),
    "http_server": (Default("s", False, until=(200, 1), source="seen on V200R001"),),
    "snmp_versions": (
        Default("ce", ("v3",)),
        Default("s", ("v3",), since=(200, 10), until=_V200, source="seen on V200R010"),
    ),
    "urpf": (Default("*", False),),
    "vty_authentication": (
        Default("ce", "unset"),
        Default("s", "unset", since=(200, 11), until=_V200),
    ),
    "console_idle_timeout_min": (Default("s", 10), Default("usg", 10), Default("ce", 5)),
    "vty_lines": (Default("*", 5),),
    "password.policy": (Default("ce", True), Default("s", True, since=(200, 11), until=_V200)),
    "password.min_length": (Default("s", 8, since=(200, 11), until=_V200),),
    "password.min_kinds": (Default("s", 2, since=(200, 11), until=_V200),),
    "password.max_age_days": (Default("ce", 90),),
    "password.history": (
        Default("ce", 10),
        Default("s", 5, since=(200, 10), until=(200, 10), source="seen on V200R010"),
    ),
    "password.change_first": (Default("ce", True),),
    "lockout.enabled": (Default("ce", True),),
    "lockout.tries": (Default("ce", 3),),
    "lockout.window_s": (Default("ce", 300),),
    "lockout.duration_s": (Default("ce", 300),),
}

_RELEASE = re.compile(r"V(\d{3})R(\d{3})")
_FAMILIES = (
    (re.compile(r"AR\d|AR-", re.IGNORECASE), "ar"),
    (re.compile(r"USG|NGFW|Eudemon", re.IGNORECASE), "usg"),
    (re.compile(r"CE\d|CloudEngine", re.IGNORECASE), "ce"),
    (re.compile(r"NE\d|CX\d|ATN|ME\d|NetEngine", re.IGNORECASE), "ne"),
    (re.compile(r"S\d|Quidway S", re.IGNORECASE), "s"),
)


def family_of(model: str) -> str | None:
    """Return the family of a model word, None when it is of none that we know.

    >>> family_of("AR617VW-LTE4EA"), family_of("CE6866-48S8CQ-P"), family_of("X1")
    ('ar', 'ce', None)
    """
    return next((name for pattern, name in _FAMILIES if pattern.match(model)), None)


def default_of(setting: str, model: str, release: str) -> Any | None:  # noqa: ANN401 - any setting
    """Return what a missing line means; None when that is not known for this release."""
    family = family_of(model)
    if family is None or _RELEASE.match(release) is None:
        return None
    return default_for(setting, family, release)


def default_for(setting: str, family: str, release: str) -> Any | None:  # noqa: ANN401 - any setting
    """Return what a missing line means on a family; None when that is not known.

    Where family or release are not known, only what holds for all of them is.
    """
    found = _RELEASE.match(release)
    for entry in DEFAULTS.get(setting, ()):
        if entry.family not in {"*", family}:
            continue
        if found is None:
            is_held = (entry.since, entry.until) == (_EVER, _FOR_EVER)
        else:
            is_held = entry.since <= (int(found[1]), int(found[2])) <= entry.until
        if is_held:
            return entry.value
    return None
