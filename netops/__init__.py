"""Network and security operations of government extranets (电子政务外网)."""

__version__ = "0.1.0"
