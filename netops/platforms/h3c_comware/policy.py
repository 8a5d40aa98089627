"""Policy routing and QoS policies as displayed."""

from __future__ import annotations

import re
from dataclasses import replace

from netops.facts.policy_routes import PolicyRoute
from netops.facts.source import Source
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware.config.policy import Ways, apply
from netops.platforms.h3c_comware.config.words import Words
from netops.platforms.h3c_comware.names import full_interface, is_interface
from netops.platforms.h3c_comware.sheet import Sheet

PLACE = -1
"""The node number of a fact that only says where a policy is applied."""

_NAME = re.compile(r"\s*Policy name *: *(\S+)", re.IGNORECASE)
_NODE = re.compile(r"\s*node (\d+) (permit|deny)\b.*", re.IGNORECASE)
_SETUP = re.compile(r"\s*Policy Name\s+(?:Type\s+)?Interface(?: Name)?\s*", re.IGNORECASE)
_STATUS = re.compile(r" *\((?:down|inactive|not support|no resource|failed)\)", re.IGNORECASE)


class _Nodes:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.policy = ""
        self.base: PolicyRoute | None = None
        self.ways = Ways()
        self.first = self.last = 0

    def flush(self) -> None:
        if self.base is not None:
            base = replace(self.base, source=self.sheet.at(self.first, self.last))
            routes = list(self.ways.routes(base)) if base.permit else []
            self.sheet.facts.extend(routes or [base])
        self.base, self.ways = None, Ways()

    def line(self, number: int, line: str) -> bool:
        if self.begins(number, line):
            return True
        if self.base is None:
            return False
        self.last = number
        words = Words(_STATUS.sub("", line).split())
        if words.skip("apply"):
            return apply(words, self.ways)
        if words.skip("if-match") and words.skip("acl"):
            words.skip("name", "number")
            self.base = replace(self.base, acl=words.take())
            return True
        return words.peek() in {"matched:", "description"}

    def begins(self, number: int, line: str) -> bool:
        if match := _NAME.fullmatch(line):
            self.flush()
            self.policy = match[1]
            return True
        if match := _NODE.fullmatch(line):
            self.flush()
            permit = match[2].lower() == "permit"
            self.base = PolicyRoute(self.policy, int(match[1]), permit)
            self.first = self.last = number
            return bool(self.policy)
        return False


def parse_policy_routes(answer: Answer) -> Parsed:
    """Parse ``display ip policy-based-route``: policies, not where they are applied."""
    sheet = Sheet(answer)
    nodes = _Nodes(sheet)
    for number, line in sheet.rows():
        if not nodes.line(number, line):
            sheet.miss(number, line)
    nodes.flush()
    return sheet.done(silent=True)


def parse_policy_setup(answer: Answer) -> Parsed:
    """Parse ``display ip policy-based-route setup``: where each policy is applied.

    The display knows nothing of nodes, so a policy's place is a fact of its own, without a
    way on; the nodes come from ``display ip policy-based-route`` and the configuration.
    """
    sheet = Sheet(answer)
    heading = False
    for number, line in sheet.rows():
        words = line.split()
        if _SETUP.fullmatch(line):
            heading = True
        elif heading and len(words) in {2, 3} and _is_place(words[-1]):
            sheet.facts.append(_place(answer, words, sheet.at(number)))
        else:
            sheet.miss(number, line)
    return sheet.done(silent=True, cut="" if heading else "no heading was seen")


def _place(answer: Answer, words: list[str], source: Source) -> PolicyRoute:
    """Make the fact of a row: an interface, or the device's own packets."""
    name = full_interface(words[-1])
    local = words[-1].lower() == "local" or words[1].lower() == "local"
    placed = (name,) if is_interface(name) else ()
    family = 6 if "ipv6" in answer.command.split() else 4
    return PolicyRoute(words[0], PLACE, interfaces=placed, local=local, family=family,
                       source=source)  # fmt: skip


def _is_place(word: str) -> bool:
    return word.lower() in {"local", "n/a", "--"} or is_interface(full_interface(word))


_QOS = re.compile(
    r"(?:Interface|Direction|Policy|Classifier|Operator|Matched|Rule|Behavior|Forwarded"
    r"|Dropped|Green|Yellow|Red|Marking|Redirecting|Mirroring|Accounting|Filter|Committed|Excess"
    r"|Peak|Remark|Filtering|Nesting|If-match|Control plane|Vlan|Global|Slot|Chassis|Default"
    r"|Assured|Expedited|Flow based|Bandwidth|Matched|Enqueued|Discarded|Discard|Redirect"
    r"|\d+ \(Packets\)|\(Packets/s\)|\d+ \(Bytes|-none-|User-defined|Next-hop|Conform|Exceed"
    r"|Traffic|Queue)\b",
    re.IGNORECASE,
)


def parse_qos_policies(answer: Answer) -> Parsed:
    """Recognise ``display qos policy interface``; redirects are read of the configuration."""
    sheet = Sheet(answer)
    for number, line in sheet.rows():
        if not _QOS.match(line.strip()) and line.strip() != "-none-":
            sheet.miss(number, line)
    return sheet.done(silent=True, factless=True)
