"""Where NAPALM finds the driver ``netops_linux``."""

from netops.drivers.linux import NetopsLinuxDriver

__all__ = ["NetopsLinuxDriver"]
