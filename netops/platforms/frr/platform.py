"""FRR: what is asked of a router through ``vtysh``, and what vtysh cannot tell.

FRR is a control plane on Linux. Through vtysh an FRR device cannot tell: address translation
(nftables, iptables), policy rules that somebody else than pbrd set (``ip rule``; the tables they
lead into it does show), LLDP neighbours, leased addresses, the clock, local accounts,
serial numbers. An audit that needs these asks the same machine as a ``linux_host`` too.

``show interface … json`` is keyed by name alone: where VRFs are network namespaces, an interface
of one VRF hides its namesake in another (each has a ``lo``). VRF devices have no such namesakes.

Live policy maps (``show pbr map``) name neither the interface nor, for single next hops, the next
hop itself; the running configuration does. Where that is refused they are asked, and the rules
that zebra installed for them (``show pbr rule``), which name interface, match and table.
Beware: ``show pbr map detail json`` takes ``detail`` for the name of a map and prints an empty
list (seen on 8.4.4), so it is not among the commands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from netops.facts.answers import AnswerState
from netops.platforms.answer import Parsed
from netops.platforms.base import Command, Platform
from netops.platforms.frr.active import ACTIVE
from netops.platforms.frr.config import parse_config
from netops.platforms.frr.interfaces_json import read_interfaces
from netops.platforms.frr.interfaces_text import (
    parse_brief,
    parse_description,
    parse_interfaces,
)
from netops.platforms.frr.kernel_tables import (
    MOST_TABLES,
    TABLE_ROUTES,
    KernelTable,
    parse_table_summary,
    table_parser,
)
from netops.platforms.frr.live_text import parse_neighbours, parse_pbr_rules
from netops.platforms.frr.routes_json import route_parser
from netops.platforms.frr.routes_text import text_route_parser
from netops.platforms.frr.session_json import (
    read_bgp_summary,
    read_pbr_map,
    read_vpn_routes,
    read_vrrp,
)
from netops.platforms.frr.settings import BASELINE
from netops.platforms.frr.system_text import parse_bgp_summary, parse_version, parse_vrf

_BOTH = frozenset({"connectivity", "exits"})
_EXITS = frozenset({"exits"})

_INTERFACES = "show interface vrf all json"
_ROUTES = "show ip route vrf all json"
_ROUTES6 = "show ipv6 route vrf all json"
_CONFIG = "show running-config"
_PBR = "show pbr map json"
_RULES = "show pbr rule"
_TABLES = "show zebra router table summary"

COMMANDS = (
    Command("show version", parse_version),
    Command("show vrf", parse_vrf, may_be_empty=True),
    Command(_INTERFACES, read_interfaces, _BOTH),
    Command(_ROUTES, route_parser(4), _BOTH),
    Command(_ROUTES6, route_parser(6), _EXITS),
    Command(_CONFIG, parse_config, _EXITS),
    Command("show bgp vrf all summary json", read_bgp_summary),
    Command("show bgp ipv4 vpn json", read_vpn_routes, may_be_empty=True),
    Command("show bgp ipv6 vpn json", read_vpn_routes, may_be_empty=True),
    Command("show vrrp json", read_vrrp),
    Command(_TABLES, parse_table_summary, _EXITS),
    *(Command(text, table_parser(family), _EXITS) for family, text in TABLE_ROUTES.items()),
    Command(_PBR, read_pbr_map, bulk=False),
    Command(_RULES, parse_pbr_rules, may_be_empty=True, bulk=False),
    Command("show ip neigh", parse_neighbours, may_be_empty=True, bulk=False),
    Command("show interface json", read_interfaces, bulk=False),
    Command("show interface", parse_interfaces, bulk=False),
    Command("show interface vrf all", parse_interfaces, bulk=False),
    Command("show interface brief", parse_brief, bulk=False),
    Command("show interface vrf all brief", parse_brief, bulk=False),
    Command("show interface description", parse_description, bulk=False),
    Command("show interface description vrf all", parse_description, bulk=False),
    Command("show ip route", text_route_parser(4), bulk=False),
    Command("show ip route vrf all", text_route_parser(4), bulk=False),
    Command("show ip route json", route_parser(4), bulk=False),
    Command("show ip route vrf {vpn} json", route_parser(4), bulk=False),
    Command("show ip route {address}/{length} json", route_parser(4), bulk=False),
    Command("show ipv6 route", text_route_parser(6), bulk=False),
    Command("show ipv6 route vrf all", text_route_parser(6), bulk=False),
    Command("show ipv6 route json", route_parser(6), bulk=False),
    Command("show ipv6 route vrf {vpn} json", route_parser(6), bulk=False),
    Command("show ipv6 route {address}/{length} json", route_parser(6), bulk=False),
    Command("show bgp summary", parse_bgp_summary, bulk=False),
    Command("show bgp vrf all summary", parse_bgp_summary, bulk=False),
    Command("show ip bgp summary", parse_bgp_summary, bulk=False),
    Command("show ip bgp vrf all summary", parse_bgp_summary, bulk=False),
    Command("show bgp summary json", read_bgp_summary, bulk=False),
)

PROMPT = re.compile(r"(?P<host>[^\s#>(){}\[\]\"':,]{1,63})[#>] ?")


def _line(pattern: str) -> re.Pattern[str]:
    return re.compile(f"^(?:{pattern})", re.MULTILINE | re.IGNORECASE)


REFUSALS = (
    (_line(r"% (Unknown|Command not allowed:?).*show running-config"), AnswerState.REFUSED),
    (_line(r"% (Command not allowed|Permission denied|Not authorized)"), AnswerState.REFUSED),
    (
        _line(r"% ?(Unknown command|Ambiguous|Command incomplete|There is no matched)"),
        AnswerState.NOT_SUPPORTED,
    ),
    (
        _line(r"\w+ is not running|% ?BGP instance not found|% ?No BGP process"),
        AnswerState.NOT_SUPPORTED,
    ),
    (_line(r"% ?(Can't open|failed to connect|Error)"), AnswerState.ERROR),
)
"""An account behind ``vtysh -u`` is told "Unknown command" for the configuration: a refusal."""

_FALLBACKS = {
    _INTERFACES: "show interface vrf all",
    _ROUTES: "show ip route vrf all",
    _ROUTES6: "show ipv6 route vrf all",
    "show bgp vrf all summary json": "show bgp vrf all summary",
}
"""Where a release has no JSON form, the text form is asked."""


def followups(answers: Mapping[str, Parsed]) -> tuple[str, ...]:
    """Ask text where JSON is not supported, live policy maps where the configuration is refused.

    And every table of the kernel beside the main one.
    """
    found = [
        text
        for command, text in _FALLBACKS.items()
        if command in answers and answers[command].state is AnswerState.NOT_SUPPORTED
    ]
    config = answers.get(_CONFIG)
    if config is not None and config.state is not AnswerState.UNDERSTOOD:
        found += [_PBR, _RULES]
    tables = [f for p in answers.values() for f in p.facts if isinstance(f, KernelTable)]
    found += [TABLE_ROUTES[t.family].replace("{table}", t.number) for t in tables[:MOST_TABLES]]
    return tuple(found)


PLATFORM = Platform(
    name="frr",
    vendor="FRRouting",
    commands=COMMANDS,
    prompt=PROMPT,
    pager=re.compile(r"--More--|\(END\)|^lines \d+-\d+|^:$"),
    refusals=REFUSALS,
    paging_off=("terminal length 0",),
    questions=(
        re.compile(r"You are required to change your password immediately", re.IGNORECASE),
        re.compile(r"^\(?current\)? (UNIX )?password: ?$", re.IGNORECASE),
        re.compile(r"^(Old|New|Retype new) password: ?$", re.IGNORECASE),
    ),
    line_noise=(
        # Without the daemon's name it is vtysh's own: a command kept it from its terminal.
        re.compile(r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d (?:[A-Z0-9]+: )?\[[A-Z0-9-]+\]"),
        re.compile(r"^vtysh_pam: "),
        re.compile(r"^% Can't open configuration file "),
    ),
    followups=followups,
    telling=frozenset({_CONFIG, _TABLES}),
    defaults={"static_preference": 1, "tables": "main only"},
    active=ACTIVE,
    baseline=BASELINE,
)
