"""What the kernel does with version six of IP: redirects taken, source routes, forwarding.

Knows that the word for ``all`` is not in force there: each interface has its own. The program looks
at all of them and names one, so that a host with hundreds is told in a line.
"""

from __future__ import annotations

from collections.abc import Iterator

from netops.facts.settings import Setting
from netops.platforms.linux_host.baseline.plain import number
from netops.platforms.linux_host.baseline.sheet import Sheet

SCRIPT = r"""
if [ -d /proc/sys/net/ipv6/conf ]; then
  value /proc/sys/net/ipv6/conf/all/accept_source_route /proc/sys/net/ipv6/conf/all/forwarding
  takes=none
  for folder in /proc/sys/net/ipv6/conf/*; do
    case ${folder##*/} in all|default|lo) continue ;; esac
    one= forwards= off=
    { IFS= read -r one <"$folder/accept_redirects"; IFS= read -r forwards <"$folder/forwarding"
      IFS= read -r off <"$folder/disable_ipv6"; } 2>/dev/null
    [ "$one" = 0 ] || [ "$forwards" = 1 ] || [ "$off" = 1 ] || takes=${folder##*/}
  done
  note "say redirects6 $takes"
else
  note 'say ipv6 absent'
fi
"""

_ALL = "/proc/sys/net/ipv6/conf/all/"


def read(sheet: Sheet) -> Iterator[Setting]:
    """Yield the three; nothing is done with what the host does not have."""
    place = sheet.pieces[0].at()
    if sheet.said("ipv6") == "absent":
        for name in ("accept_redirects_v6", "accept_source_route_v6", "ip_forward_v6"):
            yield Setting(f"kernel.{name}", 0, source=place)
        return
    takes = sheet.said("redirects6")
    if takes is not None:
        yield Setting("kernel.accept_redirects_v6", int(takes != "none"), source=place)
    for topic, name in (("accept_source_route", "accept_source_route_v6"),
                        ("forwarding", "ip_forward_v6")):  # fmt: skip
        value = number(sheet.said(_ALL + topic))
        if value is not None:
            yield Setting(f"kernel.{name}", value, source=place)
