"""How good a new password must be: pam_pwquality, pam_cracklib, and the defaults of each release.

An argument goes before the file, the file before the default. Defaults are those of the installed
release: before 1.3.0 the kinds of characters count as length, and six of them were enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

from netops.facts.settings import Setting, Value
from netops.platforms.linux_host.baseline.machine import is_of_seven
from netops.platforms.linux_host.baseline.pam import Rule, Stack
from netops.platforms.linux_host.baseline.plain import number
from netops.platforms.linux_host.baseline.running import release_of
from netops.platforms.linux_host.baseline.sheet import Sheet

Release = tuple[int, ...] | None
"""The release of libpwquality; None: not known."""

_MODULES = ("pam_pwquality", "pam_cracklib", "pam_passwdqc")
_CREDITS = ("dcredit", "ucredit", "lcredit", "ocredit")
_SHORTEST = 6
_PACKAGES = ("libpwquality", "libpam-pwquality")
_RELEASE = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,4}))?")
_NEW_DEFAULTS = (1, 3)
_ROOT_IN_FILE = (1, 4, 1)
_OF_SEVEN = (1, 2, 3)
"""What RHEL 7 and its kin have, where the package was not asked for."""
_NO_QUALITY = frozenset({
    "pam_cracklib", "pam_deny", "pam_ecryptfs", "pam_env", "pam_faildelay", "pam_gnome_keyring",
    "pam_krb5", "pam_ldap", "pam_localuser", "pam_permit", "pam_pwhistory", "pam_pwquality",
    "pam_rootok", "pam_sss", "pam_succeed_if", "pam_systemd_home", "pam_usertype", "pam_warn",
    "pam_winbind",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Defaults:
    minlen: int
    credit: int
    difok: int


_OLD, _NEW = _Defaults(9, 1, 5), _Defaults(8, 0, 1)


def library(sheets: Mapping[str, Sheet]) -> Release:
    """Return the release of libpwquality, as its package or the distribution's release tells."""
    packages = sheets.get("packages")
    text = release_of(packages, _PACKAGES) if packages is not None else ""
    match = _RELEASE.match(text)
    if match is not None:
        return tuple(int(part or 0) for part in match.groups())
    return _OF_SEVEN if is_of_seven(sheets.get("system")) else None


def has_a_stranger(found: Stack) -> bool:
    """Whether only a module that is not known looks at a password before it is written.

    UOS and others have their own; what it asks for is not said in PAM's files.
    """
    before = takewhile(lambda rule: rule.module != "pam_unix", found.rules)
    strange = any(rule.binds and rule.module not in _NO_QUALITY for rule in before)
    return strange and found.reached(*_MODULES) is None


def quality(
    found: Stack, common: Mapping[str, str], release: Release, service: str
) -> Iterator[Setting]:
    """Yield what a stack asks of a new password."""
    rule = found.reached(*_MODULES)
    if rule is not None and _only_warns(rule, common):
        rule = None
    place = rule.source if rule else found.rules[0].source
    yield Setting("pam.quality.module", rule.module if rule else "none", service, place)
    values: dict[str, Value] = {"minlen": 0, "classes": 0, "root": False}
    if rule is not None:
        values = _asked(rule, common, release) if rule.module in _MODULES[:2] else {}
    yield from (Setting(f"pam.quality.{n}", v, service, place) for n, v in values.items())


def _only_warns(rule: Rule, common: Mapping[str, str]) -> bool:
    """Whether the module tells people that a password is poor, and takes it."""
    said = rule.argument("enforcing")
    return rule.module == "pam_pwquality" and (said or common.get("enforcing")) == "0"


def _asked(rule: Rule, common: Mapping[str, str], release: Release) -> dict[str, Value]:
    is_library = rule.module == "pam_pwquality"
    files = common if is_library else {}
    is_old = not is_library or (release is not None and release < _NEW_DEFAULTS)
    usual = _OLD if is_old else _NEW

    def chosen(name: str, unset: int) -> int:
        for text in (rule.argument(name), files.get(name)):
            value = number(text)
            if value is not None:
                return value
        return unset

    credit = [chosen(name, usual.credit) for name in _CREDITS]
    needed = sum(1 for value in credit if value < 0)
    shortest = chosen("minlen", usual.minlen) - sum(value for value in credit if value > 0)
    file_binds_root = "enforce_for_root" in files and (release is None or release >= _ROOT_IN_FILE)
    return {
        "minlen": max(shortest, _SHORTEST),
        "classes": max(chosen("minclass", 0), needed),
        "difok": chosen("difok", usual.difok),
        "retry": chosen("retry", 1),
        "root": rule.has("enforce_for_root") or file_binds_root,
        "user_check": chosen("usercheck", 1) != 0,
    }
