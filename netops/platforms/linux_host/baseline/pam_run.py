"""What a stack of PAM comes to: its rules carried out in order, each with an outcome we name.

Follows the actions of Linux-PAM (``done``, ``die``, ``bad``, jumps, the end of a substack). It
knows no module: who asks says which rules fail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from netops.platforms.linux_host.baseline.pam import Rule

Outcome = Callable[[Rule], str]
SUCCESS, FAILURE, IGNORED = "success", "auth_err", "ignore"

_CONTROLS: Mapping[str, Mapping[str, str]] = {
    "required": {SUCCESS: "ok", IGNORED: "ignore", "default": "bad"},
    "requisite": {SUCCESS: "ok", IGNORED: "ignore", "default": "die"},
    "sufficient": {SUCCESS: "done", "default": "ignore"},
    "optional": {SUCCESS: "ok", "default": "ignore"},
}
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Run:
    """How a stack ended, and the rules that were asked on the way."""

    lets_in: bool
    asked: tuple[Rule, ...]


def carry_out(rules: Sequence[Rule], outcome: Outcome) -> Run:
    """Carry out the rules; an action nobody knows counts as a failure."""
    asked: list[Rule] = []
    good: bool | None = None
    index = 0
    while index < len(rules):
        rule = rules[index]
        asked.append(rule)
        action = _action(rule, outcome(rule))
        index += 1
        if action.isdigit():
            index += int(action)
            continue
        if action in {"ok", "done"} and good is None:
            good = True
        elif action == "reset":
            good = None
        elif action not in {"ok", "done", "ignore"}:
            good = False
        if action == "die" or (action == "done" and good):
            index = _behind(rules, index, rule.scope)
    return Run(good is True, tuple(asked))


def _action(rule: Rule, outcome: str) -> str:
    said = dict(rule.actions) if rule.actions else _CONTROLS.get(rule.control, {})
    action = said.get(outcome, said.get("default", "bad" if rule.actions else "ignore"))
    is_long = action.isdigit() and (not action.isascii() or len(action) > _DIGITS)
    return "bad" if is_long else action


def _behind(rules: Sequence[Rule], index: int, scope: tuple[int, ...]) -> int:
    """Return where it goes on: behind the substack that ended, or behind everything."""
    while index < len(rules) and rules[index].scope[: len(scope)] == scope:
        index += 1
    return index
