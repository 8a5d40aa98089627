"""Where VRP filters packets that pass: interfaces, VLANs and the whole device.

Knows the lines that bind a list or a traffic policy; refuses to know what either lets pass.
"""

from __future__ import annotations

from netops.platforms.kin.filters import Use
from netops.platforms.kin.layout import Statement
from netops.platforms.kin.ports import bind_filter
from netops.platforms.kin.reading import Statements

POLICY = "traffic-policy"
_APPLIED = f"{POLICY} "
_LISTS = ("traffic-filter ", "traffic-secure ")


def traffic(reading: Statements, root: Statement, words: list[str]) -> None:
    """Read ``traffic classifier``, ``traffic behavior`` and ``traffic policy``."""
    if words[1:2] == ["classifier"]:
        reading.policies.classifier(root, words, reading.filters)
    elif words[1:2] == ["behavior"]:
        reading.policies.behaviour(root, words)
    elif words[1:2] == ["policy"]:
        reading.policies.policy(root, words)


def policy_applied(reading: Statements, root: Statement, words: list[str]) -> None:
    """Read ``traffic-policy P global inbound`` of the system view."""
    reading.policies.apply("global", words[1:], root.line)


def filter_applied(reading: Statements, root: Statement, words: list[str]) -> None:
    """Read ``traffic-filter [vlan N] inbound acl X [rule N]`` of the system view."""
    if "acl" not in words:
        return
    rest = [w for w in words[words.index("acl") + 1 :] if w not in {"ipv6", "name"}]
    if rest:
        family = 6 if "ipv6" in words else 4
        use = Use.PART if "rule" in rest else Use.TRAFFIC
        where = f"vlan {words[2]}" if words[1] == "vlan" else "global"
        direction = next((w for w in words if w in {"inbound", "outbound"}), "")
        reading.filters.bind(f"{where} {direction}", rest[0], family, use, root.line)


def below(reading: Statements, root: Statement, place: str) -> None:
    """Read what is bound to a VLAN."""
    policies_below(reading, root, place)
    for child in root.below:
        if child.text.startswith(_LISTS):
            bind_filter(reading.filters, place, child)


def policies_below(reading: Statements, root: Statement, place: str) -> None:
    """Read ``traffic-policy P inbound`` of an interface, of its ``bas`` view, or of a VLAN."""
    for child in root.below:
        if child.text.startswith(_APPLIED):
            reading.policies.apply(place, child.words[1:], child.line)
        elif child.text == "bas" and child.below:
            policies_below(reading, child, place)


def between_zones(reading: Statements, root: Statement, words: list[str]) -> None:
    """Read ``packet-filter X inbound`` of ``firewall interzone A B``; it acts where enabled."""
    if words[1:2] != ["interzone"]:
        return
    on = any(child.text == "firewall enable" for child in root.below)
    place = " ".join(words[1:])
    for child in root.below:
        parts = child.words
        if parts[0] == "packet-filter" and len(parts) > 2 and parts[1] != "default":  # noqa: PLR2004
            family = 6 if "ipv6" in parts else 4
            names = [w for w in parts[1:] if w not in {"ipv6", "name", "inbound", "outbound"}]
            use = Use.ZONES if on else Use.IDLE
            for name in names[:1]:
                reading.filters.bind(f"{place} {parts[-1]}", name, family, use, child.line)
