"""Linux hosts through a shell: read-only commands and their parsers. See ``platform``."""

from netops.platforms.linux_host.platform import PLATFORM

__all__ = ["PLATFORM"]
