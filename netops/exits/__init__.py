"""The exits audit: where traffic of the extranet can leave, and whether it may.

Knows facts, inventory and policy. Refuses to know files, sockets, clocks and platforms' text.
"""

from netops.exits.judge import judge_exits

__all__ = ["judge_exits"]
