"""Comware's own ``ping`` and ``tracert``, from the command references of V5 and V7.

``tracert ipv6`` takes no source address. Intervals and waits are milliseconds. The predefined
role network-operator may use none of them.
"""

from __future__ import annotations

from netops.platforms.active import ActiveCommands, Form

ACTIVE = ActiveCommands(
    ping={
        4: Form("ping [-vpn-instance {vpn}] [-a {source}] -c {count} -m 200 -t 2000 {target}"),
        6: Form("ping ipv6 [-vpn-instance {vpn}] [-a {source}] -c {count} -m 200 -t 2000 {target}"),
    },
    trace={
        4: Form("tracert [-vpn-instance {vpn}] [-a {source}] -q 1 -w 2000 {target}"),
        6: Form("tracert ipv6 [-vpn-instance {vpn}] -q 1 -w 2000 {target}"),
    },
)
