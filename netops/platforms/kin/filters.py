"""Access lists of a device: defined, bound, empty, unused, and what their rules leave open.

Knows lists and the places they are bound to; refuses to know how a place is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise

from netops.facts.settings import Value
from netops.platforms.kin.draft import UNKNOWN, Draft
from netops.platforms.kin.layout import Layout, Statement, number_of, split
from netops.platforms.kin.rules import (
    Reached,
    Rule,
    lets_everybody_pass,
    read_rule,
    unreachable,
)

_ADVANCED = range(3000, 4000)
_BASIC = range(2000, 3000)
_TCP, _UDP = 6, 17


class Use(Enum):
    """What a list is bound to."""

    TRAFFIC = "traffic"
    """Packets that pass: what matches nothing is the question of default deny."""
    PART = "part"
    """Packets that pass, by one rule of the list: what the others say is not in force there."""
    ZONES = "zones"
    """Packets between two zones: what matches nothing is decided by the pair of zones."""
    IDLE = "idle"
    """Packets that pass, by a firewall that nobody switched on: the list is not in force."""
    MANAGEMENT = "management"
    """Who may manage the device."""
    OTHER = "other"
    """Translation, classification, route filters: ``deny`` means "not this one"."""


_FILTERING = {Use.TRAFFIC, Use.PART, Use.ZONES}


@dataclass(slots=True)
class AccessList:
    """A list with its rules in the order that they are matched in, unless ``unordered``."""

    name: str
    number: str
    family: int
    line: int
    basic: bool = False
    layered: bool = False
    """Of frames (layer 2) or of the user's own octets: its rules are not read."""
    unordered: bool = False
    rules: list[Rule] = field(default_factory=list)
    rule_lines: int = 0
    timed: set[int] = field(default_factory=set)
    """Numbers of rules that hold at times only, and for nothing narrower than that."""

    @property
    def label(self) -> str:
        """How people name it."""
        text = self.name or self.number
        return f"ipv6 {text}" if self.family == 6 else text  # noqa: PLR2004 - IPv6

    @property
    def last(self) -> int:
        """The last line of its rules."""
        return self.rules[-1].line if self.rules else self.line


@dataclass(frozen=True, slots=True)
class Binding:
    """A list bound to a place."""

    place: str
    wanted: str
    family: int
    use: Use
    line: int


class Filters:
    """Gathers lists and bindings; ``fold`` makes names of lists equal whatever their case."""

    def __init__(self, *, step: int, first: int, fold: bool) -> None:
        self._step, self._first, self._fold = step, first, fold
        self._lists: dict[tuple[int, str], AccessList] = {}
        self._defined: set[int] = set()
        self._unsettled: dict[int, AccessList] = {}
        self.bindings: list[Binding] = []
        self.denies_unmatched = False
        """Whether the device denies what no rule of a bound list permits."""

    def define(self, statement: Statement, words: list[str]) -> None:
        """Read ``acl [ipv6] [number|name|basic|advanced …] X`` and the rules below it."""
        made = _heading(words, statement.line)
        if made is None:
            return
        names = [name for name in (made.number, made.name) if name]
        before = (self.find(name, made.family) for name in names)
        # A second block of a list goes on with it.
        made = next((one for one in before if one is not None), made)
        for name in names:
            self._lists[made.family, self._folded(name)] = made
        self._defined.add(id(statement))
        step = self._step
        number = made.rules[-1].number if made.rules else self._first - step
        for child in statement.below:
            if child.text.startswith("rule"):
                number = _take_rule(made, child, number, step)
            elif child.text.startswith("undo rule "):
                _drop_rule(made, child)
            elif child.text.startswith("step "):
                step = number_of(child.words[1], 1 << 16) or step
                number = number if made.rules else self._first - step
            elif child.text == "match-order auto":
                made.unordered = True
        self._unsettled[id(made)] = made

    def undefine(self, words: list[str]) -> None:
        """Read ``undo acl …``: the list is gone, under its number and its name."""
        made = _heading(words, 0)
        gone = None if made is None else self.find(made.number or made.name, made.family)
        if gone is not None:
            for name in (gone.number, gone.name):
                self._lists.pop((gone.family, self._folded(name)), None)

    def bind(self, place: str, wanted: str, family: int, use: Use, line: int) -> None:
        """Note that a place asks for a list."""
        self.bindings.append(Binding(place, wanted, family, use, line))

    def find(self, wanted: str, family: int = 4) -> AccessList | None:
        """Return the list of that number or name."""
        return self._lists.get((family, self._folded(wanted)))

    def settle(self) -> None:
        """Of rules with one number keep the one that was written last."""
        for made in self._unsettled.values():
            last = {rule.number: rule for rule in made.rules}
            if len(last) < len(made.rules):
                made.rules = list(last.values())
        self._unsettled.clear()

    def state(self, wanted: str, family: int = 4) -> str:
        """Say what binding this list achieves: undefined, empty, open or restricting."""
        self.settle()
        if not wanted:
            return "none"
        found = self.find(wanted, family)
        if found is None:
            return "undefined"
        if not found.rule_lines:
            return "empty"
        return "open" if _is_open(found) else "restricting"

    def closed_by_lists(self) -> set[tuple[str, int]]:
        """The places, with the family, where a bound list denies the rest, or the device does."""
        return self._closed(by_default=self.denies_unmatched)

    def _closed(self, *, by_default: bool = False) -> set[tuple[str, int]]:
        """The places, with the family, where a list denies what none of its rules permits."""
        found: set[tuple[str, int]] = set()
        ends: dict[int, bool] = {}
        for binding in self.bindings:
            made = self.find(binding.wanted, binding.family)
            if binding.use is not Use.TRAFFIC or made is None or not made.rules:
                continue
            if id(made) not in ends:
                ends[id(made)] = by_default or _ends_in_deny(made) is True
            if ends[id(made)]:
                found.add((binding.place, binding.family))
        return found

    def write(self, draft: Draft, layout: Layout, closed: Iterable[tuple[str, int]] = ()) -> None:
        """Write what is known of lists and their places; ``closed``: by traffic policies."""
        self.settle()
        used: dict[int, set[Use]] = {}
        open_to: set[int] = set()
        shut = {*closed, *self._closed()}
        for binding in self.bindings:
            found = self.find(binding.wanted, binding.family)
            if found is not None:
                used.setdefault(id(found), set()).add(binding.use)
                if binding.use is Use.TRAFFIC and (binding.place, binding.family) not in shut:
                    open_to.add(id(found))
            state = "undefined" if found is None else "defined" if found.rule_lines else "empty"
            state = "idle" if binding.use is Use.IDLE else state
            draft.put("acl.binding", state, binding.line, key=f"{binding.place}: {binding.wanted}")
        lists = list({id(made): made for made in self._lists.values()}.values())
        self._write_unused(draft, layout, [a for a in lists if id(a) not in used])
        _write_reached(draft, [made for made in lists if made.rules])
        for made in lists:
            uses = used.get(id(made), set())
            if made.rule_lines and uses & _FILTERING:
                alone = id(made) in open_to
                _write_traffic(draft, made, _ends_where_bound(made, uses, alone=alone))

    def _write_unused(self, draft: Draft, layout: Layout, unbound: list[AccessList]) -> None:
        """A list is unused where no other line holds its number or name as a word."""
        if not unbound:
            return
        named: dict[str, list[AccessList]] = {}
        for made in unbound:
            for name in filter(None, (made.number, made.name)):
                named.setdefault(self._folded(name), []).append(made)
        mentioned: set[int] = set()
        words = set[str]()
        for text in self._elsewhere(layout):
            words.update(split(text))
        for word in words:
            for made in named.get(self._folded(word), ()):
                mentioned.add(id(made))
        for made in unbound:
            if id(made) not in mentioned:
                draft.put("acl.unused", value=True, first=made.line, last=made.last, key=made.label)

    def _elsewhere(self, layout: Layout) -> Iterator[str]:
        """Yield the text of all statements but the lists themselves and descriptions."""
        stack = [root for root in layout.roots if id(root) not in self._defined]
        while stack:
            statement = stack.pop()
            if not statement.text.startswith("description"):
                yield statement.text
            if statement.below:
                stack.extend(statement.below)

    def _folded(self, name: str) -> str:
        return name.lower() if self._fold else name


def _take_rule(made: AccessList, child: Statement, number: int, step: int) -> int:
    """Take a rule in; return the number that the next one counts from."""
    if made.layered:
        made.rule_lines += 1
        return number
    rule = read_rule(child.text, child.line, number + step, basic=made.basic)
    if rule is None:
        return number
    if rule.narrowed and "time-range" in child.text and _is_whole_in_time(child, made):
        made.timed.add(rule.number)
    made.rules.append(rule)
    made.rule_lines += 1
    return rule.number


def _is_whole_in_time(child: Statement, made: AccessList) -> bool:
    """Whether a rule says nothing that narrows it but the hours it holds."""
    words = child.words
    at = words.index("time-range") if "time-range" in words else len(words)
    bare = read_rule(" ".join([*words[:at], *words[at + 2 :]]), 0, 0, basic=made.basic)
    return bare is not None and not bare.narrowed


def _drop_rule(made: AccessList, child: Statement) -> None:
    """Take a rule away again."""
    number = number_of(child.words[-1])
    left = [rule for rule in made.rules if rule.number != number]
    made.rule_lines -= len(made.rules) - len(left)
    made.rules = left


def _heading(words: list[str], line: int) -> AccessList | None:
    """Read the line that opens a list; None for lines that open none."""
    rest = words[1:]
    family = 4
    if rest[:1] == ["ipv6"]:
        family, rest = 6, rest[1:]
    kind = rest[0] if rest and rest[0] in {"basic", "advanced", "mac", "user-defined"} else ""
    unordered = rest[-2:] == ["match-order", "auto"]
    rest = [w for w in rest[1 if kind else 0 :] if w not in {"number", "match-order", "config"}]
    name = number = ""
    if rest[:1] == ["name"] and len(rest) > 1:
        name, rest = rest[1], rest[2:]
    for word in rest:
        number = number or (word if number_of(word, 1 << 16) is not None else "")
    if not name and not number:
        return None
    words_left = set(rest)
    value = number_of(number) if number else None
    is_basic = kind == "basic" or "basic" in words_left or (value in _BASIC if value else False)
    known = kind in {"basic", "advanced"} or words_left & {"basic", "advance", "advanced"}
    in_range = value is None or value in _BASIC or value in _ADVANCED
    layered = kind in {"mac", "user-defined"} or (not known and not in_range)
    return AccessList(name, number, family, line, is_basic, layered, unordered)


def _is_open(made: AccessList) -> bool:
    """Whether anybody may pass: some rule permits every source before a rule denies all."""
    for rule in made.rules:
        is_whole = not rule.narrowed or rule.number in made.timed
        if is_whole and not rule.source[1] and rule.permit:
            return True
        if rule.is_total:
            return False
    permits = [rule for rule in made.rules if rule.permit and not rule.narrowed]
    return made.layered or (len(permits) > 1 and lets_everybody_pass(permits))


def _write_reached(draft: Draft, lists: list[AccessList]) -> None:
    """Write what no packet reaches: of each list that has such rules, and once for all others."""
    clean: dict[str, list[AccessList]] = {kind: [] for kind in Reached._fields}
    for made in lists:
        found = None if made.unordered else unreachable(in_order(made.rules))
        for kind, others in clean.items():
            if found is None:
                draft.put(f"acl.{kind}", UNKNOWN, made.line, made.last, key=made.label)
            elif pairs := getattr(found, kind):
                value = tuple(f"{rule.number}<{before.number}" for rule, before in pairs[:32])
                place = pairs[0][0].line, pairs[-1][0].line
                draft.put(f"acl.{kind}", value, *place, key=made.label)
            else:
                others.append(made)
    for kind, others in clean.items():
        if others:
            labels = f"{others[0].label} … {others[-1].label} ({len(others)})"
            key = others[0].label if len(others) == 1 else labels
            draft.put(f"acl.{kind}", (), others[0].line, others[-1].last, key=key)


def in_order(rules: list[Rule]) -> list[Rule]:
    """Return the rules in the order of their numbers."""
    if any(b.number < a.number for a, b in pairwise(rules)):
        return sorted(rules, key=lambda rule: rule.number)
    return rules


def _write_traffic(draft: Draft, made: AccessList, ends: Value) -> None:
    place = made.line, made.last, made.label
    draft.put("acl.ends_in_deny", ends, *place)
    if not made.rules:  # of frames: its rules are not read
        for name in ("acl.any_any", "acl.coarse_permits"):
            draft.put(name, UNKNOWN, *place)
        return
    permits = [rule for rule in made.rules if rule.permit]
    total = (r for r in permits if r.is_total or (r.number in made.timed and _is_every(r)))
    draft.put("acl.any_any", tuple(str(r.number) for r in total), *place)
    coarse = tuple(str(rule.number) for rule in permits if is_coarse(rule, basic=made.basic))
    draft.put("acl.coarse_permits", coarse[:64], *place)


def _ends_where_bound(made: AccessList, uses: set[Use], *, alone: bool) -> Value:
    """Whether what no rule permits is denied; ``alone``: somewhere nothing else denies it."""
    if not made.rules or not uses & {Use.TRAFFIC, Use.ZONES}:
        return UNKNOWN
    ends = _ends_in_deny(made)
    if ends is False and not alone:
        return UNKNOWN  # the zones decide, or series differ in which list is asked first
    return ends


def _ends_in_deny(made: AccessList) -> Value:
    """Whether what no rule permits is denied; a list ordered by depth tells it in part."""
    total = [rule for rule in made.rules if rule.is_total]
    if not made.unordered:
        last = max(made.rules, key=lambda rule: rule.number)
        return last.is_total and not last.permit
    if any(rule.permit for rule in total) and not all(rule.permit for rule in total):
        return UNKNOWN
    return bool(total) and not total[0].permit


def is_coarse(rule: Rule, *, basic: bool) -> bool:
    """Whether a permit leaves source, destination, protocol or port of its packets open."""
    if rule.narrowed and not basic:
        return not rule.named
    if basic or not rule.source[1] or not rule.destination[1]:
        return True
    needs_port = rule.protocol in (_TCP, _UDP)
    lacks_port = needs_port and rule.destination_port is None and rule.source_port is None
    return rule.protocol < 0 or lacks_port


def _is_every(rule: Rule) -> bool:
    """Whether a rule matches every packet in the hours that it holds."""
    return rule._replace(narrowed=False).is_total
