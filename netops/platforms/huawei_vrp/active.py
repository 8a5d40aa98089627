"""VRP's own ``ping`` and ``tracert``, from the command references of S, AR, USG and NE series.

For IPv6 the instance follows a bare ``vpn-instance``, for IPv4 ``-vpn-instance``. Intervals and
waits are milliseconds.
"""

from __future__ import annotations

from netops.platforms.active import ActiveCommands, Form

ACTIVE = ActiveCommands(
    ping={
        4: Form("ping [-vpn-instance {vpn}] [-a {source}] -c {count} -m 200 -t 2000 {target}"),
        6: Form("ping ipv6 [vpn-instance {vpn}] [-a {source}] -c {count} -m 200 -t 2000 {target}"),
    },
    trace={
        4: Form("tracert [-vpn-instance {vpn}] [-a {source}] -q 1 -w 2000 {target}"),
        6: Form("tracert ipv6 [vpn-instance {vpn}] [-a {source}] -q 1 -w 2000 {target}"),
    },
)
