"""``security-policy`` of a firewall: what passes between zones when no rule says otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from netops.platforms.kin.draft import Draft
from netops.platforms.kin.layout import Statement, word_set

_CONDITIONS = word_set(
    "source-zone source-address source-ip source-address-set source-mac destination-zone "
    "destination-address destination-ip service application user url-category time-range "
    "source-ip-host source-ip-subnet destination-ip-host destination-ip-subnet source-region "
    "destination-region source-location service-port app-group"
)
_NAMED = frozenset({"source-ip", "destination-ip"})
_OLDER = {"source": "source-address", "destination": "destination-address", "service": "service"}
_LOWEST = "0.0.0.0"  # noqa: S104 - an address of a rule, nothing is bound
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
    sets: dict[str, set[str]] = field(default_factory=dict)
    """Sets of addresses by condition, where nothing else is named."""

    def add(self, condition: str, words: list[str]) -> None:
        """Note a condition; one that every address meets is none."""
        if "address-set" in words[:-1] or (condition in _NAMED and len(words) == 1):
            self.sets.setdefault(condition, set()).add(words[-1])
        elif not _is_every(words):
            self.conditions.add(condition)

    def close(self, every: set[str]) -> None:
        """Make conditions of sets, unless one of them is of every address."""
        for condition, names in self.sets.items():
            if not names & every:
                self.conditions.add(condition)


@dataclass(slots=True)
class SecurityPolicy:
    """The rules in order. ``default`` is empty until a line says it."""

    line: int = 0
    last: int = 0
    default: str = ""
    default_line: int = 0
    rules: list[_Rule] = field(default_factory=list)
    others: dict[str, list[_Rule]] = field(default_factory=dict)
    """Rules of policies between two zones: each is looked through by itself."""
    applied: set[str] = field(default_factory=set)
    older: set[str] = field(default_factory=set)
    """Object policies: none of them acts beside a security policy."""
    every: set[str] = field(default_factory=set)
    """Names of sets that hold every address."""

    def addresses(self, statement: Statement, name: str) -> None:
        """Read ``ip address-set X`` or ``object-group ip address X``."""
        if any(_is_every(child.words) for child in statement.below):
            self.every.add(name)

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
                rule.add(parts[0], parts[1:])
            elif parts[0] == "disable":
                rule.off = True
        self.rules.append(rule)

    def between(self, statement: Statement, words: list[str]) -> None:
        """Read ``policy interzone A B outbound`` of older firewalls: it acts where it stands."""
        if words[1:2] != ["interzone"]:
            return
        name = " ".join(words[2:])
        rules = self.others.setdefault(name, [])
        for child in statement.below:
            if child.words[0] == "policy":
                rules.append(_older_rule(child, name))
        self.apply(name, statement)

    def objects(self, statement: Statement, words: list[str]) -> None:
        """Read ``object-policy ip X``: it acts where a pair of zones applies it."""
        name = " ".join(words[1:])
        self.older.add(name)
        rules = self.others.setdefault(name, [])
        for child in statement.below:
            parts = child.words
            if parts[0] == "rule" and len(parts) > 2:  # noqa: PLR2004 - number and action
                action = "permit" if parts[2] in {"pass", "inspect"} else "deny"
                named = {a for a, b in pairwise(parts[3:]) if a in _CONDITIONS and b != "any"}
                rules.append(
                    _Rule(f"{words[-1]} {parts[1]}", child.line, child.line, action, named,
                          "disable" in parts[3:])
                )  # fmt: skip

    def apply(self, name: str, statement: Statement) -> None:
        """Note that a policy acts."""
        self.applied.add(name)
        self.line, self.last = self.line or statement.line, max(self.last, statement.last)

    def pass_all(self, words: list[str], line: int) -> None:
        """Read ``firewall packet-filter default permit|deny …``: what passes where no rule fits."""
        if words[1:3] == ["packet-filter", "default"] and len(words) > 3:  # noqa: PLR2004 - the action
            if self.default != "permit":  # one pair of zones left open is enough
                self.default, self.default_line = words[3], line
            self.line = self.line or line

    def write(self, draft: Draft, *, firewall: bool, drops: bool | None = True) -> None:
        """Write the settings; ``drops``: what matches no rule is dropped where no line says it."""
        if not self.line and not firewall:
            return
        if self.default:
            draft.put("security_policy.default_deny", self.default != "permit", self.default_line)
        else:
            draft.put("security_policy.default_deny", drops, self.line, self.last)
        for rules in (self.rules, *self.others.values()):
            for rule in rules:
                rule.close(self.every)
        applied = self.applied - self.older if self.rules else self.applied
        acting = [self.rules, *(self.others.get(name, []) for name in sorted(applied))]
        lists = [[rule for rule in rules if not rule.off] for rules in acting]
        permits = [rule for rules in lists for rule in rules if rule.action == "permit"]
        self._put(draft, "any_any", [rule for rule in permits if not rule.conditions])
        self._put(draft, "coarse_permits", [r for r in permits if not _is_narrow(r.conditions)])
        self._put(draft, "dead_rules", [rule for rules in lists for rule in _behind_all(rules)])

    def _put(self, draft: Draft, name: str, rules: list[_Rule]) -> None:
        """Write names of rules with their lines; where there is none, the whole policy."""
        first, last = (rules[0].line, rules[-1].last) if rules else (self.line, self.last)
        value = tuple(rule.name[:64] for rule in rules[:_MOST_NAMED])
        draft.put(f"security_policy.{name}", value, first, last)


def _is_every(words: list[str]) -> bool:
    """Whether the words name all addresses: ``0.0.0.0 mask 0``, ``subnet 0.0.0.0 0.0.0.0``."""
    if _LOWEST not in words:
        return False
    rest = [word for word in words[words.index(_LOWEST) + 1 :] if word != "mask"]
    highest = "255.255.255.255" if "range" in words else _LOWEST
    return rest[:1] in (["0"], [highest])


def _behind_all(rules: list[_Rule]) -> list[_Rule]:
    """The rules behind one without a condition."""
    at = next((n for n, rule in enumerate(rules) if not rule.conditions), len(rules))
    return rules[at + 1 :]


def _older_rule(statement: Statement, name: str) -> _Rule:
    words = [child.words for child in statement.below]
    action = next((w[1] for w in words if w[0] == "action" and len(w) > 1), "")
    named = {_OLDER[w[1]] for w in words if w[0] == "policy" and w[1:2] and w[1] in _OLDER}
    off = any(w in (["policy", "disable"], ["disable"]) for w in words)
    label = f"{name} {' '.join(statement.words[1:2])}"
    return _Rule(label, statement.line, statement.last, action, named, off)


def _is_narrow(conditions: set[str]) -> bool:
    """Whether source, destination and service are all named."""
    named = {prefix for word in conditions for prefix in _ADDRESSES if word.startswith(prefix)}
    has_source = bool(named & {"source-address", "source-ip"})
    has_destination = bool(named & {"destination-address", "destination-ip"})
    return has_source and has_destination and ("service" in named or "application" in conditions)
