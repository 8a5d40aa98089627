"""Where NAPALM finds the driver ``netops_vrp``."""

from netops.drivers.vrp import NetopsVrpDriver

__all__ = ["NetopsVrpDriver"]
