"""The databases and web servers that a baseline looks for on a Linux host: one place for all."""

from __future__ import annotations

from collections.abc import Mapping

from netops.facts.settings import ComponentFacts
from netops.platforms.linux_host.baseline import mariadb, nginx, postgresql, redis, tomcat
from netops.platforms.linux_host.baseline.sheet import Sheet

_MODULES = (postgresql, mariadb, redis, nginx, tomcat)

SECTIONS = tuple(section for module in _MODULES for section in module.SECTIONS)


def read(sheets: Mapping[str, Sheet]) -> tuple[ComponentFacts, ...]:
    """Return every server that the host shows, those with nothing readable by name alone."""
    return tuple(component for module in _MODULES for component in module.read(sheets))
