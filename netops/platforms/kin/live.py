"""What live displays add to the configuration, and how they outrank it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from netops.facts.interfaces import Interface
from netops.facts.settings import Setting, Value
from netops.platforms.answer import Answer, Parser

_LONGEST = 400
_PHYSICAL = re.compile(r"(?:[A-Za-z-]*(?:Ethernet|GigE|GE|Eth)|\d{1,3}GE)\d+(?:/\d+){1,3}(?::\d+)?")

Maker = Callable[[re.Match[str]], "tuple[str, Value | None] | None"]
Pattern = tuple[re.Pattern[str], Maker]


def overlaid(settings: Iterable[Setting], live: Iterable[Setting]) -> list[Setting]:
    """Put live settings in the place of written ones of the same name and key."""
    live = list(live)
    told = {(setting.name, setting.key) for setting in live}
    return [*(s for s in settings if (s.name, s.key) not in told), *live]


def read_lines(answer: Answer, patterns: Iterable[Pattern]) -> list[Setting]:
    """Hold each line against each pattern; the first that matches makes a setting."""
    patterns = tuple(patterns)
    found: dict[str, Setting] = {}
    for number, line in answer.lines:
        if len(line) > _LONGEST:
            continue
        for pattern, make in patterns:
            match = pattern.match(line)
            made = make(match) if match else None
            if made is not None and made[1] is not None:
                setting = Setting(made[0], made[1], "", answer.at(number))
                before = found.get(made[0])
                found[made[0]] = setting if before is None else _higher(before, setting)
                break
    return list(found.values())


def _higher(one: Setting, other: Setting) -> Setting:
    """Of two shares of several boards the higher; of anything else the first."""
    if one.name.endswith("_percent") and isinstance(other.value, int):
        return other if other.value > one.value else one  # type: ignore[operator]
    return one


def switch(name: str) -> Maker:
    """Make a setting of a word that says on or off."""
    return lambda match: (name, match[1].lower().startswith(("enable", "on", "running")))


def integer(name: str, factor: int = 1) -> Maker:
    """Make a setting of a number."""
    return lambda match: (name, int(match[1][:9]) * factor) if match[1].isascii() else None


def down_and_open(answer: Answer, parse: Parser) -> tuple[list[Setting], str]:
    """Return which interfaces are down, and each physical port that nobody shut all the same.

    A text that names no interface is no answer: a fault, where nothing would say "none is down".
    """
    found: Mapping[str, Interface] = {
        fact.name: fact for fact in parse(answer).facts if isinstance(fact, Interface)
    }
    if not found:
        return [], "no interface in it"
    down = tuple(name for name, fact in found.items() if False in (fact.admin_up, fact.link_up))
    whole = answer.at(answer.numbers[0], answer.numbers[-1]) if answer.numbers else answer.at(0)
    return [
        Setting("interface.down", down, "", whole),
        *(
            Setting("interface.down_open", True, name[:200], fact.source)
            for name, fact in found.items()
            if fact.admin_up is not False and fact.link_up is False and _PHYSICAL.fullmatch(name)
        ),
    ], ""
