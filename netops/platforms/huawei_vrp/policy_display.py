"""Policy-based routes as displayed: the nodes of each policy, and where a policy is applied.

Knows the words of routers (``Node 5 permit :``) and of carrier routers (``Node: 5``). The two
displays know nothing of each other: a policy's place is a fact of its own, without a way on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from netops.facts.policy_routes import Acl, AclRule, PolicyRoute
from netops.platforms.answer import Answer, Parsed
from netops.platforms.huawei_vrp.config_draft import Redirect
from netops.platforms.huawei_vrp.config_policy import apply_redirect, matched_list
from netops.platforms.huawei_vrp.names import full_interface, is_interface
from netops.platforms.huawei_vrp.scan import Scan

PLACE = -1
"""The node number of a fact that only says where a policy is applied."""

_POLICY = re.compile(r"\s*(?:policy-based-route|Policy)\s*:\s*(\S+)\s*$", re.IGNORECASE)
_NODE = re.compile(r"\s*Node\s*:?\s*(\d{1,6})\b(?:\s+(permit|deny))?[^:]*:?(.*)$", re.IGNORECASE)
_KNOWN = re.compile(
    r"\s*(?:User Defined policy-based-route|Total\s*:|MapInstance\s*:|description\b|Info:)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Node:
    policy: str
    number: int
    first: int
    last: int
    permit: bool = True
    family: int = 4
    lists: list[str] = field(default_factory=list)
    opaque: bool = False
    redirect: Redirect = field(default_factory=Redirect)

    def take(self, line: str) -> bool:
        """Read a line of the node; False when it is none of one."""
        words = line.split()
        word = words[0].lower()
        if word in {"permit", "deny"} and len(words) == 1:
            self.permit = word == "permit"
            return True
        if word == "apply":
            return apply_redirect(self.redirect, words[1:])
        if word != "if-match":
            return False
        found = matched_list(words[1:])
        if found is None:
            self.opaque = True
        else:
            self.lists.append(found[0])
            self.family = found[1]
        return True

    def facts(self, answer: Answer) -> list[PolicyRoute | Acl]:
        """Return the node; a match beyond one list becomes a list that may match anything."""
        source = answer.at(self.first, self.last)
        acl = self.lists[0] if self.lists else None
        made: list[PolicyRoute | Acl] = []
        if self.opaque or len(self.lists) > 1:
            acl = f"policy-based-route {self.policy} {self.number}"
            made.append(Acl(acl, self.family, (AclRule(True, opaque=True, at=source),), source))
        way = self.redirect
        if way.next_hops and all(hop.version == 6 for hop in way.next_hops):  # noqa: PLR2004
            self.family = 6
        made.append(
            PolicyRoute(
                self.policy, self.number, self.permit, acl, next_hops=way.next_hops,
                out_interface=way.out_interface, vpn=way.vpn, default_only=way.default_only,
                family=self.family, source=source,
            )
        )  # fmt: skip
        return made


def parse_policy_based_route(answer: Answer) -> Parsed:
    """Read ``display policy-based-route``: every node with what it matches and does."""
    scan = Scan(answer)
    policy = ""
    nodes: list[_Node] = []
    for number, line in scan.lines():
        title, node = _POLICY.match(line), _NODE.match(line)
        if title:
            policy = title[1]
        elif node and policy:
            permit = (node[2] or "permit").lower() == "permit"
            nodes.append(_Node(policy, int(node[1]), number, number, permit))
        elif nodes and nodes[-1].policy == policy and nodes[-1].take(line):
            nodes[-1].last = number
        elif not _KNOWN.match(line):
            scan.skip(number, line)
    for one in nodes:
        scan.facts.extend(one.facts(answer))
    return scan.done()


def parse_policy_places(answer: Answer) -> Parsed:
    """Read ``display ip policy-based-route``: a policy and an interface, or ``local``."""
    scan = Scan(answer)
    headed = False
    for number, line in scan.lines():
        words = line.split()
        if [word.lower() for word in words] == ["policy", "name", "interface"]:
            headed = True
        elif headed and len(words) == 2 and _is_place(words[1]):  # noqa: PLR2004 - the columns
            local = words[1].lower() == "local"
            places = () if local else (full_interface(words[1]),)
            scan.facts.append(
                PolicyRoute(words[0], PLACE, interfaces=places, local=local,
                            source=answer.at(number))
            )  # fmt: skip
        elif not _KNOWN.match(line):
            scan.skip(number, line)
    return scan.done()


def _is_place(word: str) -> bool:
    return word.lower() == "local" or is_interface(word)
