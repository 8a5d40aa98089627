"""Where NAPALM finds the driver ``netops_comware``."""

from netops.drivers.comware import NetopsComwareDriver

__all__ = ["NetopsComwareDriver"]
