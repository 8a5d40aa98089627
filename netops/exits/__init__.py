"""The exits audit: where traffic of the extranet can leave, and whether it may.

Knows facts, inventory and policy. Refuses to know files, sockets, clocks and platforms' text.
"""

from netops.exits.judge import judge_exits
from netops.exits.whatif import withdraw_exit

__all__ = ["judge_exits", "withdraw_exit"]
