"""National commercial cryptography: so far the SM3 digest (GB/T 32905-2016)."""

from netops.gm.sm3 import sm3_hex

__all__ = ["sm3_hex"]
