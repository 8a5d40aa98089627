"""``display acl all``: every access list with its rules.

MAC and user-defined lists are recognised and left out: they name no prefix.
"""

from __future__ import annotations

import re

from netops.facts.policy_routes import Acl, AclRule
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware.acl_rules import is_furniture, read_rule
from netops.platforms.h3c_comware.sheet import Sheet, value_of

_HEADING = re.compile(
    r" *(?P<kind>Basic|Advanced|MAC|Layer 2|Ethernet frame|User-defined|Interface|WLAN\w*|Named)"
    r" +(?:IPv?(?P<family>[46]) +)?ACL +(?P<number>\d+|\S+?(?=,|$))?(?:,? *named +(?P<name>[^,]+))?"
    r"(?:, *match-order is \w+)?(?:, *\d+ rules?)?(?:, *match-order is \w+)?,?"
    r"(?: *match-order is \w+,?)?",
    re.IGNORECASE,
)
_LEGEND = re.compile(
    r" *ACL's step is \d+.*|.*\bACL accelerated.*|.*match-order is \w+.*", re.IGNORECASE
)
_LAYER3 = frozenset({"basic", "advanced", "named"})


class _Lists:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.rules: list[AclRule] = []
        self.heading: re.Match[str] | None = None
        self.first = self.last = 0

    @property
    def family(self) -> int:
        return int((self.heading and self.heading["family"]) or 4)

    def begin(self, heading: re.Match[str] | None, number: int) -> None:
        self.flush()
        self.heading, self.rules = heading, []
        self.first = self.last = number

    def flush(self) -> None:
        if self.heading is None or self.heading["kind"].lower() not in _LAYER3:
            return
        source = self.sheet.at(self.first, self.last)
        for name in (self.heading["number"], value_of((self.heading["name"] or "").strip("-"))):
            if name and name.lower() != "named":
                self.sheet.facts.append(Acl(name, self.family, tuple(self.rules), source))

    def line(self, number: int, line: str) -> bool:
        if self.heading is None:
            return False
        self.last = number
        if self.heading["kind"].lower() not in _LAYER3 and line.lstrip().startswith("rule"):
            return True
        rule = read_rule(line, self.family, self.sheet.at(number))
        if rule is not None:
            self.rules.append(rule)
        return rule is not None or is_furniture(line) or _LEGEND.fullmatch(line) is not None


def parse_acls(answer: Answer) -> Parsed:
    """Parse every access list; one that has a number and a name is yielded under both."""
    sheet = Sheet(answer)
    lists = _Lists(sheet)
    for number, line in sheet.rows():
        heading = _HEADING.fullmatch(line)
        if heading is not None:
            lists.begin(heading, number)
        elif not lists.line(number, line):
            sheet.miss(number, line)
    lists.flush()
    return sheet.done(silent=True)
