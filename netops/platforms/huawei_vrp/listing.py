"""Displays that are kept as evidence and for people, and give no fact to an audit.

Each is described by the lines it may hold; any other line counts as not understood.
"""

from __future__ import annotations

import re

from netops.platforms.answer import Answer, Parsed, Parser
from netops.platforms.huawei_vrp.scan import Scan


def listing(*patterns: str) -> Parser:
    """Make a parser that understands lines beginning with one of ``patterns``."""
    known = re.compile(r"(?:Info: |" + "|".join(patterns) + ")")

    def parse(answer: Answer) -> Parsed:
        scan = Scan(answer)
        for number, line in scan.lines():
            if not known.match(line.lstrip()):
                scan.skip(number, line)
        return scan.done(factless=True)

    return parse


_IF = r"(?:[A-Za-z][A-Za-z-]{0,30}|\d{2,3}GE)\d[\d/.:]*"
_KEY = r"[A-Za-z][\w ().,'/&-]{0,60}?\s*:"

parse_policy_applied = listing(
    r"#$", r"Policy (?:Name|Index|total)\b", r"Classifier\s*:", r"Behavior\s*:", r"Operator\s*:",
    r"\*(?:interface|vlan|system|global|ssid-profile)\b", r"traffic-policy \S+ (?:in|out)bound",
    r"slot \S+\s*:", r"Redirect\b", r"redirect\b", r"Total records\s*:", r"Policy Type/Name\b",
    r"Fail reason", r"\S+\s+\S+\((?:IN|OUT)\)\s", r"\d+\s+(?:success|fail)", r"\S+\s+\d+\s+success",
    r"Precedence\s*:", r"if-match\b", r"Rule\b", r"Nexthop\b", r"None$",
)  # fmt: skip
parse_isis_peers = listing(
    r"Peer information for ISIS\(", r"System Id\s+Interface\b", r"Total Peer\(s\)\s*:",
    r"\S+\s+" + _IF + r"\s+\S+\s+(?:Up|Down|Init)\s", r"[A-Z0-9a-z_.*-]{1,15}\s*$",
)  # fmt: skip
parse_ospf_peers = listing(
    r"OSPF Process \d", r"Peer Statistic Information", r"Area Id\s+Interface\b",
    r"Total (?:number of )?peer", r"Peer\(s\) in full", r"\(M\) Indicates",
    r"\d+(?:\.\d+){3}\s+" + _IF + r"(?:\(M\))?\s+\d+(?:\.\d+){3}\s+\S+",
)  # fmt: skip
parse_eth_trunk = listing(
    r"Eth-Trunk\d+'s state information", r"WorkingMode\s*:", r"LAG ID\s*:", r"Local\s*:",
    r"Partner\s*:", r"Preempt Delay", r"System Priority\s*:", r"Least Active-linknumber",
    r"Operate status\s*:", r"ActorPortName\s", r"PortName\s", _IF + r"\s+\S+",
    r"Timeout|Max Active|Hash|Interface\s",
)  # fmt: skip
parse_vlan = listing(
    r"(?:U|MP|ST|#|\*|MAC-LRN|BC|FWD|V)\s*:", r"The total number of (?:vlan|VLAN)s",
    r"VLAN ID\s+Type\b", r"VID\s+(?:Name|Type|Status|Ports)\b", r"\d{1,4}\b",
    r"(?:UT|TG|MP|ST)\s*:", _IF + r"\((?:U|D)\)", r"Port\s+Link Type", _IF + r"\s+\w+\s+\d+",
    r"[\d -]+$",
)  # fmt: skip
parse_startup = listing(r"[A-Z][\w /-]{0,40}:\s*$", _KEY + r"\s*\S")
parse_server_status = listing(_KEY)
parse_load = listing(_KEY, r"CPU [Uu]s", r"[Mm]emory", r"System ", r"(?:-{3,}|Slot|TaskName|PID)")
parse_license = listing(_KEY)
parse_snmp_community = listing(
    r"(?:Community|Group|View|Alias) name\s*:", r"Storage[ -]type\s*:", r"Acl\s*:",
    r"Total number is",
)  # fmt: skip
parse_filter_applied = listing(
    r"(?:Interface|Traffic profile)\s+Direction\b", r"Total\s*:",
    r"\S+\s+(?:in|out)bound\s+(?:(?:IPv4|IPv6|ipv6) )?(?:ACL|acl)\b",
)  # fmt: skip
parse_module_information = listing(
    r"Module\b", r"\*+", r"SlotID/CpuID\b", r"No patch error", r"Total\s*=", r"Board Info\s*:",
    r"\S+\s+\S+\s+\d{4}-\d\d-\d\d ", r"\d+/\d+\s",
)  # fmt: skip
parse_users = listing(
    r"User-Intf\b", r"NOTE\s*:", r"Authen\w*\s*:", r"Author\w*\s*:", r"Username\s*:",
    r"[+*]?\s*\d+\s+(?:CON|VTY|AUX|TTY|WEB|NCA|RPC|TRM)\b",
)  # fmt: skip
parse_local_users = listing(
    r"User-name\s+State\b", r"Total \d+ user", r"\S+\s+[AB]\s+\S+\s+\S+", _KEY,
)  # fmt: skip
