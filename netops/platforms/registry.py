"""Names of platforms and where each lives; a platform is imported when it is first asked for."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from netops.errors import Sentence, UsageError
from netops.platforms.base import Platform

NAMES = ("huawei_vrp", "h3c_comware", "frr", "linux_host")


@cache
def platform(name: str) -> Platform:
    """Return the platform of that name, or raise ``UsageError``."""
    if name not in NAMES:
        raise UsageError(
            Sentence("There is no platform named {name!r}.", name=name),
            remedy=Sentence("Use one of: {values}.", values=", ".join(NAMES)),
        )
    found = import_module(f"netops.platforms.{name}").PLATFORM
    if not isinstance(found, Platform):
        raise TypeError(f"netops.platforms.{name}.PLATFORM is not a Platform")
    return found
