"""Where Comware filters and classifies packets: traffic policies, policy routes, V5's firewall.

Knows the lines that bind a list or a policy; refuses to know what either lets pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from netops.platforms.kin.filters import Filters, Use
from netops.platforms.kin.layout import Statement
from netops.platforms.kin.reading import Statements


def traffic(reading: Statements, root: Statement, words: list[str]) -> None:
    """Read ``traffic classifier`` and ``traffic behavior``."""
    if words[1:2] == ["classifier"]:
        reading.policies.classifier(root, words, reading.filters)
    elif words[1:2] == ["behavior"]:
        reading.policies.behaviour(root, words)


def qos(reading: Statements, root: Statement, words: list[str]) -> None:
    """Read ``qos policy P``, ``qos apply policy P global …`` and ``qos vlan-policy P vlan …``."""
    if words[1:2] == ["policy"]:
        reading.policies.policy(root, words)
    elif words[1:3] == ["apply", "policy"]:
        reading.policies.apply("global", words[3:], root.line)
    elif words[1:2] == ["vlan-policy"]:
        reading.policies.apply("vlan", words[2:], root.line)


def policy_routes(reading: Statements, root: Statement, words: list[str]) -> None:
    """Read the lists that policy routes name."""
    for child in root.below:
        parts = child.words
        if parts[0] == "if-match" and "acl" in parts:
            family = 6 if "ipv6" in parts else 4
            place = " ".join(words[:3])
            reading.filters.bind(place, parts[-1], family, Use.OTHER, child.line)


def zone_pair(reading: Statements, root: Statement, _words: list[str]) -> None:
    """Read ``packet-filter X`` and ``object-policy apply ip X`` of a pair of zones."""
    for child in root.below:
        parts = child.words
        if parts[0] == "packet-filter" and len(parts) > 1:
            family = 6 if "ipv6" in parts else 4
            reading.filters.bind(root.text[:100], parts[-1], family, Use.ZONES, child.line)
        elif parts[:2] == ["object-policy", "apply"]:
            reading.policy.apply(" ".join(parts[2:]), root)


def policies_below(reading: Statements, root: Statement, place: str) -> None:
    """Read ``qos apply policy P inbound`` of an interface."""
    for child in root.below:
        if child.text.startswith("qos apply policy "):
            reading.policies.apply(place, child.words[3:], child.line)


@dataclass(slots=True)
class Firewall:
    """``firewall packet-filter`` of version 5: it acts where ``firewall enable`` stands."""

    on: set[int] = field(default_factory=set)
    denies: dict[int, int] = field(default_factory=dict)
    """By family the line that denies what no rule permits."""
    bound: list[tuple[str, str, int, int]] = field(default_factory=list)

    def read(self, root: Statement, words: list[str]) -> None:
        """Read ``firewall [ipv6] enable|default deny`` of the system view."""
        family = 6 if words[1:2] == ["ipv6"] else 4
        rest = [word for word in words[1:] if word not in {"ipv6", "packet-filter"}]
        if rest[:1] == ["enable"]:
            self.on.add(family)
        elif rest[:2] == ["default", "deny"]:
            self.denies[family] = root.line
        elif rest[:2] == ["default", "permit"]:
            self.denies.pop(family, None)

    def below(self, root: Statement, place: str) -> None:
        """Read ``firewall packet-filter [ipv6] X inbound`` of an interface."""
        for child in root.below:
            words = child.words
            if words[0] != "firewall" or words[1:2] != ["packet-filter"]:
                continue
            names = [w for w in words[2:] if w not in {"ipv6", "name", "inbound", "outbound"}]
            direction = next((w for w in words if w in {"inbound", "outbound"}), "")
            if names and direction:
                family = 6 if "ipv6" in words else 4
                self.bound.append((f"{place} {direction}", names[0], family, child.line))

    def bind(self, filters: Filters) -> int:
        """Bind the lists; return the line that denies the rest for each family bound, or 0."""
        for place, wanted, family, line in self.bound:
            use = Use.TRAFFIC if family in self.on else Use.IDLE
            filters.bind(place, wanted, family, use, line)
        families = {family for _, _, family, _ in self.bound if family in self.on}
        if not families or not families <= self.denies.keys():
            return 0
        filters.denies_unmatched = True
        return self.denies[min(families)]
