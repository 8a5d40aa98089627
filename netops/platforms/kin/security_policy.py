"""``security-policy`` of a firewall: what passes between zones when no rule says otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field

from netops.platforms.kin.draft import Draft
from netops.platforms.kin.layout import Statement, word_set

_CONDITIONS = word_set(
    "source-zone source-address source-ip source-address-set source-mac destination-zone "
    "destination-address destination-ip service application user url-category time-range source- "
    "ip-host source-ip-subnet destination-ip-host destination-ip-subnet source-region "
    "destination-region source-location service-port app-group"
)
_MOST_NAMED = 32
_ADDRESSES = ("source-address", "source-ip", "destination-address", "destination-ip", "service")


@dataclass(slots=True)
class _Rule:
    name: str
    line: int
    last: int
    action: str = ""
    conditions: set[str] = field(default_factory=set)
    off: bool = False


@dataclass(slots=True)
class SecurityPolicy:
    """The rules in order. ``default`` is empty until a line says it."""

    line: int = 0
    last: int = 0
    default: str = ""
    default_line: int = 0
    rules: list[_Rule] = field(default_factory=list)

    def read(self, statement: Statement) -> None:
        """Read the block of VRP (``rule name X``) or Comware (``rule 5 name X``)."""
        self.line, self.last = statement.line, statement.last
        for child in statement.below:
            words = child.words
            if words[:2] == ["default", "action"] and len(words) > 2:  # noqa: PLR2004 - action
                self.default, self.default_line = words[2], child.line
            elif words[0] == "rule" and len(words) > 1:
                self._rule(child, words)

    def _rule(self, child: Statement, words: list[str]) -> None:
        rule = _Rule(words[-1], child.line, child.last)
        for grandchild in child.below:
            parts = grandchild.words
            if parts[0] == "action" and len(parts) > 1:
                rule.action = "permit" if parts[1] in {"permit", "pass"} else "deny"
            elif parts[0] in _CONDITIONS and parts[1:] != ["any"]:
                rule.conditions.add(parts[0])
            elif parts[0] == "disable":
                rule.off = True
        self.rules.append(rule)

    def write(self, draft: Draft, *, firewall: bool, drops: bool | None = True) -> None:
        """Write the settings; ``drops``: what matches no rule is dropped where no line says it."""
        if not self.line and not firewall:
            return
        if self.default:
            draft.put("security_policy.default_deny", self.default != "permit", self.default_line)
        else:
            draft.put("security_policy.default_deny", drops, self.line, self.last)
        live = [rule for rule in self.rules if not rule.off]
        total = [rule for rule in live if not rule.conditions]
        permits = [rule for rule in live if rule.action == "permit"]
        at = live.index(total[0]) if total else len(live)
        self._put(draft, "any_any", [rule for rule in permits if not rule.conditions])
        self._put(draft, "coarse_permits", [r for r in permits if not _is_narrow(r.conditions)])
        self._put(draft, "dead_rules", live[at + 1 :])

    def _put(self, draft: Draft, name: str, rules: list[_Rule]) -> None:
        """Write names of rules with their lines; where there is none, the whole policy."""
        first, last = (rules[0].line, rules[-1].last) if rules else (self.line, self.last)
        value = tuple(rule.name[:64] for rule in rules[:_MOST_NAMED])
        draft.put(f"security_policy.{name}", value, first, last)


def _is_narrow(conditions: set[str]) -> bool:
    """Whether source, destination and service are all named."""
    named = {prefix for word in conditions for prefix in _ADDRESSES if word.startswith(prefix)}
    has_source = bool(named & {"source-address", "source-ip"})
    has_destination = bool(named & {"destination-address", "destination-ip"})
    return has_source and has_destination and ("service" in named or "application" in conditions)
