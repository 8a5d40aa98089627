"""Further commands that the first answers call for: tables per instance, ways to dial out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from netops.facts.answers import AnswerState
from netops.facts.interfaces import Interface
from netops.facts.neighbours import BgpPeer
from netops.facts.routes import VpnInstance
from netops.platforms.base import Parsed

ROUTES = "display ip routing-table vpn-instance {vpn}"
ROUTES6 = "display ipv6 routing-table vpn-instance {vpn}"
STATICS = "display ip routing-table vpn-instance {vpn} protocol static"
PEERS = "display bgp peer ipv4 vpn-instance {vpn}"
DETAIL = "display interface {interface}"

_DIALS = ("Dialer", "Cellular", "Eth-channel", "Virtual-Access")
_SAFE_VPN = re.compile(r"[\w.:/+@-]{1,63}")
_SAFE_INTERFACE = re.compile(r"[A-Za-z-]{2,30}\d[\d/.:]{0,30}", re.ASCII)


_INSTANCES = ("display ip vpn-instance",)
_INTERFACES = ("display interface brief", "display ip interface brief")
_CONFIGURATION = "display current-configuration"
TELLING = frozenset((*_INSTANCES, *_INTERFACES, _CONFIGURATION))
"""Where names of instances and of ways to dial come from."""


def followups(answers: Mapping[str, Parsed]) -> tuple[str, ...]:
    """Derive the commands. A name that the guard would refuse is left out."""
    facts = list(_telling_facts(answers))
    return tuple(dict.fromkeys((*_instances(facts, answers), *_dial_outs(facts))))


def _telling_facts(answers: Mapping[str, Parsed]) -> Iterator[object]:
    """Yield the facts of the displays, of the configuration too where no display is understood."""
    for commands in (_INSTANCES, _INTERFACES):
        told = [answers[text] for text in commands if text in answers]
        understood = any(parsed.state is AnswerState.UNDERSTOOD for parsed in told)
        if not understood and _CONFIGURATION in answers:
            told.append(answers[_CONFIGURATION])
        for parsed in told:
            yield from parsed.facts


def _instances(facts: list[object], answers: Mapping[str, Parsed]) -> Iterator[str]:
    names = [f.name for f in facts if isinstance(f, VpnInstance)]
    names += [f.vpn for f in facts if isinstance(f, Interface) and f.vpn]
    if not names:
        return
    configured = answers[_CONFIGURATION].facts if _CONFIGURATION in answers else ()
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
