"""Who tries to get in: with a wrong password, or with the right one while a rule says no.

Knows which modules ask for the password, and which conditions on the account hold for root. A
module that is not known and could let somebody in on its own (an ``sss`` or a fingerprint behind
``sufficient``) is taken not to know the account.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

from netops.platforms.linux_host.baseline.pam import Rule
from netops.platforms.linux_host.baseline.pam_run import FAILURE, IGNORED, SUCCESS, Outcome
from netops.platforms.linux_host.baseline.plain import number

_PASSWORD = frozenset({"pam_unix", "pam_unix2", "pam_pwdb"})
_OF_THE_ACCOUNT = frozenset({
    "pam_localuser", "pam_usertype", "pam_faillock", "pam_tally2", "pam_tally", "pam_permit",
})  # fmt: skip
_NEVER = frozenset({"pam_deny", "pam_rootok"})
"""``pam_rootok`` asks who calls: for ``su`` that is the person, for a log-in the daemon, root."""
_CONDITIONS = frozenset({"pam_access", "pam_succeed_if", "pam_listfile", "pam_time"})
"""What holds for some people, addresses or hours, and may pass over rules for them."""

_COMPARED: Mapping[str, Callable[[int, int], bool]] = {
    "<": operator.lt, "lt": operator.lt, "<=": operator.le, "le": operator.le,
    ">": operator.gt, "gt": operator.gt, ">=": operator.ge, "ge": operator.ge,
    "=": operator.eq, "eq": operator.eq, "!=": operator.ne, "ne": operator.ne,
}  # fmt: skip
"""How ``pam_succeed_if`` compares numbers."""
_SAID_OF_ROOT: Mapping[str, Callable[[str], bool]] = {
    "=": lambda name: name == "root", "!=": lambda name: name != "root",
    "in": lambda names: "root" in names.split(":"),
    "notin": lambda names: "root" not in names.split(":"),
}  # fmt: skip
_FLAGS = frozenset({"debug", "use_uid", "quiet", "quiet_fail", "quiet_success", "audit"})
_CONDITION = 3


def as_root(outcome: Outcome) -> Outcome:
    """Return the same try made by root: rules for other accounts alone do not take it in."""

    def of_root(rule: Rule) -> str:
        holds = _holds_for_root(rule)
        return outcome(rule) if holds is None else SUCCESS if holds else FAILURE

    return of_root


def _holds_for_root(rule: Rule) -> bool | None:
    """Return whether a condition on the account holds for root; None: that is not said."""
    if rule.module == "pam_usertype":
        return False if rule.has("isregular") else True if rule.has("issystem") else None
    if rule.module != "pam_succeed_if":
        return None
    words = [word for word in rule.arguments if word not in _FLAGS]
    held = [_one(words[at : at + _CONDITION]) for at in range(0, len(words), _CONDITION)]
    if False in held:
        return False
    return True if held and None not in held else None


def _one(condition: list[str]) -> bool | None:
    if len(condition) != _CONDITION:
        return None
    field, sign, value = condition
    limit = number(value)
    if field == "uid" and sign in _COMPARED and limit is not None:
        return _COMPARED[sign](0, limit)
    is_known = field == "user" and sign in _SAID_OF_ROOT
    return _SAID_OF_ROOT[sign](value) if is_known else None


def wrong_password(rule: Rule) -> str:
    """Return how a rule ends for an account of this host with a wrong password, at a log-in."""
    if rule.module == "pam_rootok":
        return SUCCESS
    return FAILURE if rule.module in _PASSWORD else _else(rule)


def right_password(rule: Rule) -> str:
    """Return how a rule ends for an account of this host with its password."""
    return SUCCESS if rule.module in _PASSWORD else _else(rule)


def failing(says_no: Callable[[Rule], bool], *, conditions_hold: bool = False) -> Outcome:
    """Return the outcomes of a right password where those rules say no."""

    def outcome(rule: Rule) -> str:
        if conditions_hold and rule.module in _CONDITIONS:
            return SUCCESS
        return FAILURE if says_no(rule) else right_password(rule)

    return outcome


def _else(rule: Rule) -> str:
    if rule.module in _NEVER:
        return FAILURE
    if rule.module == "pam_faillock" and rule.has("authfail"):
        return IGNORED
    is_alternative = rule.ends or rule.jump is not None
    if is_alternative and rule.module not in _OF_THE_ACCOUNT:
        return FAILURE
    return SUCCESS
