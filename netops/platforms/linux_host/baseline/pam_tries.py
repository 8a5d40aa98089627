"""Who tries to get in: with a wrong password, or with the right one while a rule says no.

Knows which modules ask for the password. A module that is not known and could let somebody in on
its own (an ``sss`` or a fingerprint behind ``sufficient``) is taken not to know the account.
"""

from __future__ import annotations

from collections.abc import Callable

from netops.platforms.linux_host.baseline.pam import Rule
from netops.platforms.linux_host.baseline.pam_run import FAILURE, IGNORED, SUCCESS, Outcome

_PASSWORD = frozenset({"pam_unix", "pam_unix2", "pam_pwdb"})
_OF_THE_ACCOUNT = frozenset({
    "pam_localuser", "pam_usertype", "pam_faillock", "pam_tally2", "pam_tally", "pam_permit",
})  # fmt: skip
_NEVER = frozenset({"pam_deny", "pam_rootok"})
_CONDITIONS = frozenset({"pam_access", "pam_succeed_if", "pam_listfile", "pam_time"})
"""What holds for some people, addresses or hours, and may pass over rules for them."""


def wrong_password(rule: Rule) -> str:
    """Return how a rule ends for an account of this host with a wrong password."""
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
