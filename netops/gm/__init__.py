"""National commercial cryptography: SM2 by two providers, SM3, and the objects they sign.

Refuses to know who may sign what: that is the authority's (`netops.trust`).
"""

from netops.gm.sm3 import sm3_hex

__all__ = ["sm3_hex"]
