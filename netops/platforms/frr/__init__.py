"""FRR through vtysh: read-only commands and their parsers. See ``platform`` for its limits."""

from netops.platforms.frr.platform import PLATFORM

__all__ = ["PLATFORM"]
