"""A Linux host: what is asked of it through an ordinary shell, one plain command a line.

A Linux host cannot tell through these: translations made by the older iptables (legacy) tables,
which ``nft`` does not see; what runs in other network namespaces and containers; and, without
the right to, its nftables ruleset. ``nft`` and ``wg`` answer "not permitted" to ordinary users.
``ip -j neigh show`` prints both families, and so does ``ip -j route show table all`` (seen on
iproute2 6.1): the routing tables are asked with ``-4`` and ``-6`` apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from netops.facts.answers import AnswerState
from netops.facts.routes import VpnInstance
from netops.platforms.answer import Parsed
from netops.platforms.base import Command, Platform
from netops.platforms.linux_host.active import ACTIVE
from netops.platforms.linux_host.addresses import read_addresses
from netops.platforms.linux_host.baseline import BASELINE
from netops.platforms.linux_host.nft import read_ruleset
from netops.platforms.linux_host.routes import read_all_routes, read_routes
from netops.platforms.linux_host.rules import read_rules
from netops.platforms.linux_host.system import (
    parse_count,
    parse_endpoints,
    parse_hostname,
    parse_os_release,
    parse_tracking,
    parse_uname,
    parse_uptime,
    read_lldp,
    read_neighbours,
)
from netops.platforms.linux_host.users import parse_accounts, parse_groups

_BOTH = frozenset({"connectivity", "exits"})
_EXITS = frozenset({"exits"})
_ADDRESSES = "ip -j -d address show"
_VRF_ROUTES = ("ip -4 -j route show vrf {vpn}", "ip -6 -j route show vrf {vpn}")

COMMANDS = (
    Command("hostname", parse_hostname),
    Command("cat /etc/os-release", parse_os_release),
    Command("uname -a", parse_uname),
    Command("cat /proc/uptime", parse_uptime),
    Command(_ADDRESSES, read_addresses, _BOTH),
    Command("ip -4 -j route show table all", read_all_routes, _BOTH),
    Command("ip -6 -j route show table all", read_routes, _EXITS, may_be_empty=True),
    Command("ip -j rule show", read_rules, _EXITS),
    Command("ip -6 -j rule show", read_rules, _EXITS),
    Command("nft -j list ruleset", read_ruleset, _EXITS),
    Command("ip -j neigh show", read_neighbours),
    Command("cat /proc/sys/net/netfilter/nf_conntrack_count", parse_count),
    Command("lldpcli show neighbors -f json", read_lldp),
    Command("chronyc -n tracking", parse_tracking),
    Command("wg show all endpoints", parse_endpoints, may_be_empty=True),
    *(Command(text, read_routes, may_be_empty=True) for text in _VRF_ROUTES),
    Command("ip -j route show table all", read_all_routes, bulk=False),
    Command("ip -j route show", read_routes, may_be_empty=True, bulk=False),
    Command("ip -6 -j route show", read_routes, may_be_empty=True, bulk=False),
    Command("ip -j address show", read_addresses, bulk=False),
    Command("ip -6 -j neigh show", read_neighbours, bulk=False),
    Command("conntrack -C", parse_count, bulk=False),
    Command("getent passwd", parse_accounts, bulk=False),
    Command("getent group", parse_groups, may_be_empty=True, bulk=False),
    Command("lldpcli show neighbors details -f json", read_lldp, bulk=False),
)

PROMPT = re.compile(
    r"\[?(?:[A-Za-z_][\w.-]{0,31}@)?(?P<host>[A-Za-z0-9][\w.-]{0,62})"
    r"(?:[: ][^#$>\r\n]{0,200})?\]?[#$] ?"
)


def _line(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE)


REFUSALS = (
    (_line(r"^(\[sudo\]|sudo:) .*password"), AnswerState.REFUSED),
    (
        _line(r'(Permission denied|Operation not permitted|you must be root)[^"\n]*$'),
        AnswerState.REFUSED,
    ),
    (_line(r"^(-?\w+: )?.{0,300}: (command )?not found$"), AnswerState.NOT_SUPPORTED),
    (_line(r'^(Object|Option) ".*" is unknown, try'), AnswerState.NOT_SUPPORTED),
    (
        _line(r"No such file or directory$|^506 Cannot talk to daemon"),
        AnswerState.NOT_SUPPORTED,
    ),
    (
        _line(r"^(RTNETLINK answers|Error): .*Operation not supported$"),
        AnswerState.NOT_SUPPORTED,
    ),
)


def followups(answers: Mapping[str, Parsed]) -> tuple[str, ...]:
    """Ask the routes of every VRF that the addresses name."""
    facts = answers[_ADDRESSES].facts if _ADDRESSES in answers else ()
    names = dict.fromkeys(fact.name for fact in facts if isinstance(fact, VpnInstance))
    return tuple(text.replace("{vpn}", name) for name in names for text in _VRF_ROUTES)


PLATFORM = Platform(
    name="linux_host",
    vendor="Linux",
    commands=COMMANDS,
    prompt=PROMPT,
    pager=re.compile(r"--More--|\(END\)|^lines \d+-\d+|^:$"),
    refusals=REFUSALS,
    questions=(
        re.compile(r"You are required to change your password immediately", re.IGNORECASE),
        re.compile(r"^\(?current\)? (UNIX )?password: ?$", re.IGNORECASE),
        re.compile(r"^(Old|New|Retype new) password: ?$", re.IGNORECASE),
    ),
    line_noise=(
        re.compile(r"^\[ *\d+\.\d{6}\] "),
        re.compile(r"^Message from syslogd@"),
        re.compile(r"^You have (new )?mail in "),
    ),
    followups=followups,
    telling=frozenset({_ADDRESSES}),
    defaults={"route_protocol": "boot"},
    active=ACTIVE,
    baseline=BASELINE,
)
