"""Further commands that the first answers call for: tables per instance, ways to dial out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from netops.facts.interfaces import Interface
from netops.facts.neighbours import BgpPeer
from netops.facts.routes import VpnInstance
from netops.platforms.answer import Parsed
from netops.platforms.telling import Telling

ROUTES = "display ip routing-table vpn-instance {vpn}"
ROUTES6 = "display ipv6 routing-table vpn-instance {vpn}"
STATICS = "display ip routing-table vpn-instance {vpn} protocol static"
PEERS = "display bgp peer ipv4 vpn-instance {vpn}"
DETAIL = "display interface {interface}"
LABELS = tuple(f"display bgp routing-table vpnv4 {side}label" for side in ("in", "out"))
IPV6_BRIEF = "display ipv6 interface brief"
IPV6_DETAIL = "display ipv6 interface"

_DIALS = ("Dialer", "Cellular", "Eth-channel", "Virtual-Access")
_SAFE_VPN = re.compile(r"[\w.:/+@-]{1,63}")
_SAFE_INTERFACE = re.compile(r"[A-Za-z-]{2,30}\d[\d/.:]{0,30}", re.ASCII)


_TELLING = Telling(
    (
        ("display ip vpn-instance",),
        ("display interface brief", "display ip interface brief"),
    ),
    "display current-configuration",
)
TELLING = _TELLING.commands | {IPV6_BRIEF}
"""Where names of instances and of ways to dial come from, and whether there is any IPv6."""


def followups(answers: Mapping[str, Parsed]) -> tuple[str, ...]:
    """Derive the commands. A name that the guard would refuse is left out."""
    facts = list(_TELLING.facts(answers))
    found = dict.fromkeys((*_instances(facts, answers), *_dial_outs(facts)))
    shown = answers[IPV6_BRIEF].facts if IPV6_BRIEF in answers else ()
    if any(isinstance(fact, Interface) and fact.addresses for fact in shown):
        found[IPV6_DETAIL] = None
    return tuple(found)


def _instances(facts: list[object], answers: Mapping[str, Parsed]) -> Iterator[str]:
    names = [f.name for f in facts if isinstance(f, VpnInstance)]
    names += [f.vpn for f in facts if isinstance(f, Interface) and f.vpn]
    if not names:
        return
    configured = answers[_TELLING.configuration].facts if _TELLING.configuration in answers else ()
    if any(isinstance(f, VpnInstance) and f.rd for f in facts):
        yield from LABELS
    peers = {f.vpn for f in (*facts, *configured) if isinstance(f, BgpPeer) and f.vpn}
    for name in dict.fromkeys(names):
        if not _SAFE_VPN.fullmatch(name):
            continue
        yield ROUTES.replace("{vpn}", name)
        yield ROUTES6.replace("{vpn}", name)
        yield STATICS.replace("{vpn}", name)
        if name in peers:
            yield PEERS.replace("{vpn}", name)


def _dial_outs(facts: list[object]) -> Iterator[str]:
    for fact in facts:
        if not isinstance(fact, Interface) or not fact.name.startswith(_DIALS):
            continue
        if _SAFE_INTERFACE.fullmatch(fact.name):
            yield DETAIL.replace("{interface}", fact.name)
