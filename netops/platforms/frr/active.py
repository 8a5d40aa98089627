"""What vtysh offers to measure with: the host's traceroute, without any option.

Seen on 8.4.4: ``ping WORD`` takes neither a count nor a source and goes on until it is
interrupted, so it is never sent; ``traceroute WORD`` takes no source and asks for the name of every
hop.
"""

from __future__ import annotations

from netops.platforms.active import ActiveCommands, Form

PING_DOES_NOT_END = "vtysh's ping takes no count and does not end by itself"

ACTIVE = ActiveCommands(
    ping={},
    trace={4: Form("traceroute {target}"), 6: Form("traceroute ipv6 {target}")},
    untold={"ping": PING_DOES_NOT_END},
)
