"""A Linux host's own ``ping`` (iputils) and ``traceroute``, names never asked for.

An ordinary user cannot enter a VRF, so both ask in the main table alone.
"""

from __future__ import annotations

from netops.platforms.active import ActiveCommands, Form

_PING = Form("ping -n -c {count} -i 0.2 -W 2 [-I {source}] {target}")
_TRACE = Form("traceroute -n -q 1 -w 2 [-s {source}] {target}")

ACTIVE = ActiveCommands(ping={4: _PING, 6: _PING}, trace={4: _TRACE, 6: _TRACE})
