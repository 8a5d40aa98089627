"""Commands whose text is kept as evidence and recognised, line by line, without yielding facts.

A later audit reads them; here they only must not pass for something that nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from netops.platforms.answer import Answer, Parsed, Parser
from netops.platforms.h3c_comware.sheet import Sheet


def recognise(patterns: Iterable[str], *, silent: bool = False) -> Parser:
    """Make a parser that knows lines by the given whole-line patterns and yields nothing."""
    known = re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)

    def parse(answer: Answer) -> Parsed:
        sheet = Sheet(answer)
        for number, line in sheet.rows():
            if not known.fullmatch(line):
                sheet.miss(number, line)
        return sheet.done(silent=silent, factless=True)

    return parse


_NAME = r"(?:\d+GE|[A-Za-z][A-Za-z-]*)\d[\d/.:]*"

CLOCK = (
    r"\s*\d\d:\d\d:\d\d(?:\.\d+)? \S+ \w{3} \d\d/\d\d/\d{4}",
    r"\s*Time Zone *:.*",
    r"\s*Summer Time *:.*",
)
COUNTERS = (
    r"\s*Interface\s+(?:Usage|Total|Input|Output).*",
    rf"\s*{_NAME}(?:\s+(?:\d+|--|-))+",
    r"\s*Overflow *:.*",
    r"\s*-- *:.*",
)
ROUTE_POLICY = (
    r"Route-policy *: *\S+",
    r"\s+(?:Permit|Deny)\s*: *\d+",
    r"\s+(?:if-match|apply|continue|goto|description|Match|goto-)\b.*",
)
VLANS = (
    r"\s*VLAN (?:ID|type|Name) *:.*",
    (
        r"\s*(?:Private VLAN type|Route Interface|Description|Name|IPv?[46]? ?Address|Subnet Mask"
        r"|IPv4 subnet mask|IPv6 global unicast.*|Service type|Super VLAN|Broadcast .*) *:.*"
    ),
    r"\s*(?:Un)?tagged +ports *:.*",
    rf"\s+(?:{_NAME}(?:\([UD]\))?\s*)+",
    r"\s*[0-9a-f:]+, subnet is \S+.*",
    r"\s*None",
    r"\s*VLAN function.*",
    r"\s*Total .*VLAN.*",
)
VLAN_BRIEF = (
    (
        r"\s*(?:Brief information about all VLANs:?|Supported .*|Default VLAN.*|Dynamic VLANs.*"
        r"|Static VLANs.*|VLAN ID\s+Name.*|Total .*|Reserved VLANs.*|Private .*)"
    ),
    r"\s*\d[\d, -]*(?:\(default\))?(?:\s+\S.*)?",
    rf"\s+(?:{_NAME}(?:\([UD]\))?\s*)+",
)
MAC_TABLE = (
    r"\s*MAC ADDR(?:ESS)?\s+VLAN ID.*",
    r"\s*[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}\s+\d+\s+\w.*",
    r"\s*-+ *\d* *mac address.*",
    r"\s*No mac address found.*",
)
USERS = (
    r"\s*Idx\s+(?:Line|UI).*",
    r"\s*(?:\+ *)?\d+\s+(?:VTY|CON|AUX|TTY|Aux)\s*\d+.*",
    r"\s*(?:VTY|CON|AUX|TTY)\s*\d+ *:.*",
    r"\s*Following are more details.*",
    r"\s*(?:Location|User name|User role.*|Authentication.*) *:.*",
    r"\s*[+F] *: Current operation.*",
    r"\s*The user application information.*",
)
STARTUP = (
    r"\s*(?:Current|Next(?: main| backup)?) (?:startup )?saved-configuration file.*:.*",
    r"\s*(?:MainBoard|SlaveBoard|Slot \d+|Chassis \d+ Slot \d+) *:.*",
)
AGGREGATION = (
    (
        r"\s*(?:Flags|Loadsharing Type|Port Status|Port|Creation Mode|Aggregation Mode|System ID"
        r"|Management VLANs?|Aggregate Interface|Aggregation Interface|Local|Remote|Port Number"
        r"|Port Priority|Oper-Key|Flag|Received LACP Packets|Illegal|Sent LACP Packets"
        r"|Interval.*|Global .*) *:.*"
    ),
    r"\s*[A-H] -- .*",
    r"\s*(?:Port|Actor)\s+.*",
    r"\s*-{3,}\s*",
)
PAIRS = (
    r"\s*[A-Za-z][\w ()/.,-]{0,60} *:(?: .*)?",
    r"\s*FTP server is (?:not )?running\.?",
)
PASSWORD_CONTROL = (
    *PAIRS,
    r"\s+(?:Enabled|Disabled) \(.*\)",
)
LOAD = (
    *PAIRS,
    r"\s*\d{1,3}% in last .*",
    r"\s*Total\s+Used\s+Free\b.*",
    r"\s*(?:Mem|Swap|-/\+ Buffers/Cache):\s+\d.*",
)
