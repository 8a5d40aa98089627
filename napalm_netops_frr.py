"""Where NAPALM finds the driver ``netops_frr``."""

from netops.drivers.frr import NetopsFrrDriver

__all__ = ["NetopsFrrDriver"]
