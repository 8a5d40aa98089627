"""What is asked of passwords and how log-ins are locked: PAM's rules with the files behind them.

An argument of a module goes before its file; a file before the module's default. What a default
is in a release that is not known stays unsaid.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from netops.facts.settings import Setting, Value
from netops.platforms.linux_host.baseline.machine import is_of_seven
from netops.platforms.linux_host.baseline.pam import Rule, Stack, stack
from netops.platforms.linux_host.baseline.pam_run import carry_out
from netops.platforms.linux_host.baseline.pam_tries import (
    as_root,
    failing,
    right_password,
    wrong_password,
)
from netops.platforms.linux_host.baseline.password_quality import (
    Release,
    has_a_stranger,
    library,
    quality,
)
from netops.platforms.linux_host.baseline.plain import assignments, number, statements
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet, UnreliableError
from netops.platforms.settings import Section

SECTIONS = (
    Section(
        "passwords",
        """
show /etc/login.defs /etc/default/useradd /etc/security/pwquality.conf.d/*.conf \
  /etc/security/pwquality.conf /etc/security/faillock.conf /etc/security/pwhistory.conf
""",
        60_000,
    ),
)

_HASHES = ("yescrypt", "gost_yescrypt", "sm3", "sha512", "sha256", "blowfish", "bigcrypt", "md5")
_SERVICES = ("passwd", "sshd", "login")
_ENTRY = ("sshd", "login")
_SECOND = frozenset({
    "pam_google_authenticator", "pam_oath", "pam_u2f", "pam_yubico", "pam_radius_auth",
    "pam_pkcs11", "pam_duo", "pam_otpw", "pam_ukey", "pam_p11", "pam_rsa", "pam_securid",
})  # fmt: skip
_NUMBERS = {
    "PASS_MAX_DAYS": "login.pass_max_days", "PASS_MIN_DAYS": "login.pass_min_days",
    "PASS_WARN_AGE": "login.pass_warn_days", "PASS_MIN_LEN": "login.pass_min_len",
    "LOGIN_RETRIES": "login.retries", "LOGIN_TIMEOUT": "login.timeout_s",
}  # fmt: skip
_TEXTS = {"ENCRYPT_METHOD": "login.encrypt_method", "UMASK": "login.umask"}
_DEFINED = re.compile(r"([^ \t]{1,80})[ \t][ \t\"]*([^\"]{0,400}?)(?:\".*)?")
"""A line of login.defs: the value goes on to the end, or to a quote."""
_NUMERAL = re.compile(
    r"([+-]?)(?:0[xX]([0-9a-fA-F]{1,8})|(0[0-7]{0,10})|([1-9][0-9]{0,9}))", re.ASCII
)
_NULL_OK = ("nullok", "nullok_secure")
"""Both: since the second has lost its meaning, it is taken for the first."""
_LEFT_OUT = ("nullok", "nouserok")
"""Who has no second factor is let in without one."""
_NEVER = {"never": 0}
_TALLIES = frozenset({"pam_tally2", "pam_tally"})


def read(sheets: Mapping[str, Sheet]) -> Iterator[Setting]:
    """Yield what login.defs says, and PAM's rules where both sections are known."""
    files, rules = sheets.get("passwords"), sheets.get("pam")
    if files is not None:
        yield from _login_defs(files)
    if rules is None:
        return
    yield from _entries(rules)
    if files is not None:
        yield from _made(rules, files, library(sheets))
        yield from _locked(rules, files, in_file=not is_of_seven(sheets.get("system")))


def _login_defs(sheet: Sheet) -> Iterator[Setting]:
    piece = sheet.file("/etc/login.defs")
    if piece is None:
        return
    found: dict[str, tuple[int, str]] = {}
    for at, bare in statements(piece):
        match = _DEFINED.fullmatch(bare)
        if match is not None:
            found[match[1]] = (at, match[2])
    for key, (at, text) in found.items():
        value = _whole(text)
        if key in _NUMBERS and value is not None:
            yield Setting(_NUMBERS[key], value, source=piece.at(at))
        elif key in _TEXTS:
            yield Setting(_TEXTS[key], text.lower(), source=piece.at(at))


def _whole(text: str) -> int | None:
    """Return a number as shadow reads it: octal behind a nought; a comment behind it spoils it."""
    match = _NUMERAL.fullmatch(text)
    if match is None:
        return None
    base = 16 if match[2] else 8 if match[3] else 10
    value = int(match[2] or match[3] or match[4], base)
    return -value if match[1] == "-" else value


def _is_usable(found: Stack | None, service: str) -> bool:
    """Whether a stack can be judged; one with an include that was not shown cannot."""
    if found is not None and not found.whole:
        raise UnreliableError("pam", f"the rules of {service} could not be followed")
    return found is not None and bool(found.rules)


def _values(files: Iterator[Piece]) -> dict[str, str]:
    """Return ``key = value`` of files in the order read: the last one wins."""
    return {key: value for piece in files for _, key, value in assignments(piece)}


def _made(rules: Sheet, files: Sheet, release: Release) -> Iterator[Setting]:
    """Yield how a new password must be: quality, history, hash."""
    drop_ins = [*files.files("/etc/security/pwquality.conf.d/")]
    main = files.file("/etc/security/pwquality.conf")
    common = _values(iter([*drop_ins, *([main] if main else [])]))
    history = _values(p for p in files.files("/etc/security/pwhistory.conf"))
    for service in _SERVICES:
        found = stack(rules, service, "password")
        if not _is_usable(found, service) or found is None or has_a_stranger(found):
            continue
        yield from quality(found, common, release, service)
        yield from _history(found, history, service)
        yield from _hash(found, service)


def _history(found: Stack, files: Mapping[str, str], service: str) -> Iterator[Setting]:
    source, best = found.rules[0].source, 0
    in_time = found.reached("pam_pwhistory")
    for rule in found.of("pam_pwhistory", "pam_unix"):
        text = rule.argument("remember")
        if rule.module == "pam_pwhistory":
            if rule is not in_time:
                continue
            remembered = number(text if text is not None else files.get("remember", "10"))
        else:
            remembered = number(text)
        if (remembered or 0) > best:
            source, best = rule.source, remembered or 0
    yield Setting("pam.history.remember", best, service, source)


def _hash(found: Stack, service: str) -> Iterator[Setting]:
    for rule in found.of("pam_unix"):
        named = [word for word in rule.arguments if word in _HASHES]
        if named:
            yield Setting("pam.hash", named[-1], service, rule.source)
            return


def _locked(rules: Sheet, files: Sheet, *, in_file: bool) -> Iterator[Setting]:
    """Yield after how many failures an account is locked, and for how long.

    PAM of RHEL 7 and its kin does not read ``faillock.conf``, whatever somebody wrote into one.
    """
    piece = files.file("/etc/security/faillock.conf") if in_file else None
    common = _values(iter([piece] if piece else []))
    for service in _ENTRY:
        found = stack(rules, service, "auth")
        if not _is_usable(found, service) or found is None:
            continue
        lock = _faillock(found, common, stack(rules, service, "account")) or _tally(found)
        if lock is None:
            yield Setting("pam.lock.module", "none", service, found.rules[0].source)
            continue
        rule, values = lock
        yield Setting("pam.lock.module", rule.module, service, rule.source)
        for name, value in values.items():
            yield Setting(f"pam.lock.{name}", value, service, rule.source)


def _faillock(
    found: Stack, common: Mapping[str, str], account: Stack | None
) -> tuple[Rule, dict[str, Value]] | None:
    asked = carry_out(found.rules, wrong_password).asked
    counts = [r for r in asked if r.module == "pam_faillock" and r.has("authfail")]
    if not counts:
        return None
    looks = [r for r in found.of("pam_faillock") if r.has("preauth")]
    right = carry_out(found.rules, right_password).asked
    late = [r for r in right if r.module == "pam_faillock" and r.has("authsucc")]
    asked_later = carry_out(account.rules, right_password).asked if account else ()
    resets = bool(late) or any(r.module == "pam_faillock" for r in asked_later)
    # Without a look that counts, a locked account is still let in.
    denies = not carry_out(found.rules, failing(_is_a_look)).lets_in
    # The look decides by its own arguments; those of the rule that counts are for its count.
    decides = [*looks, *late, *counts][0]

    def chosen(name: str, usual: int) -> int:
        for text in (decides.argument(name), common.get(name)):
            value = number(text) if text is not None else None
            if value is not None:
                return value
            if text is not None and text in _NEVER:
                return 0
        return usual

    return counts[0], {
        "deny": chosen("deny", 3),
        "unlock_s": chosen("unlock_time", 600),
        "window_s": chosen("fail_interval", 900),
        "root": _binds_root(
            found,
            _is_a_look,
            counts_too="even_deny_root" in common or decides.has("even_deny_root"),
        ),
        "complete": denies and bool(looks or late) and resets,
    }


def _binds_root(found: Stack, looks: Callable[[Rule], bool], *, counts_too: bool) -> bool:
    """Whether root is locked as others are, or is never let in by its password.

    A rule for regular accounts before the one that counts ends root's try uncounted; authconfig
    writes them so (``requisite pam_succeed_if uid >= 1000``).
    """
    if not carry_out(found.rules, as_root(right_password)).lets_in:
        return True
    asked = carry_out(found.rules, as_root(wrong_password)).asked
    is_counted = any(
        r.module in _TALLIES or (r.module == "pam_faillock" and r.has("authfail")) for r in asked
    )
    denies = not carry_out(found.rules, as_root(failing(looks))).lets_in
    return counts_too and is_counted and denies


def _is_a_look(rule: Rule) -> bool:
    return rule.module == "pam_faillock" and (rule.has("preauth") or rule.has("authsucc"))


def _tally(found: Stack) -> tuple[Rule, dict[str, Value]] | None:
    asked = carry_out(found.rules, wrong_password).asked
    rule = next((r for r in asked if r.module in _TALLIES), None)
    if rule is None:
        return None
    values: dict[str, Value] = {
        "deny": number(rule.argument("deny")) or 0,
        "unlock_s": number(rule.argument("unlock_time")) or 0,
        "root": _binds_root(found, _is_tally, counts_too=rule.has("even_deny_root")),
        "complete": not carry_out(found.rules, failing(_is_tally)).lets_in,
    }
    return rule, values


def _is_tally(rule: Rule) -> bool:
    return rule.module in _TALLIES


def _entries(rules: Sheet) -> Iterator[Setting]:
    """Yield what lets somebody in: empty passwords, rhosts, second factors, su."""
    for service in _ENTRY:
        found = stack(rules, service, "auth")
        if not _is_usable(found, service) or found is None:
            continue
        place = found.rules[0].source
        empty = next((r for r in found.of("pam_unix") if any(map(r.has, _NULL_OK))), None)
        anybody = carry_out(found.rules, wrong_password).lets_in
        hosts = next(iter(found.of("pam_rhosts", "pam_rhosts_auth")), None)
        second = tuple(sorted({r.module for r in found.of(*_SECOND) if _is_asked(found, r)}))
        without = empty is not None or anybody
        yield Setting("pam.nullok", without, service, empty.source if empty else place)
        yield Setting("pam.rhosts", hosts is not None, service, hosts.source if hosts else place)
        yield Setting("pam.second_factor", second, service, place)
    found = stack(rules, "su", "auth")
    if found is not None and _is_usable(found, "su"):
        wheel = next((r for r in found.of("pam_wheel", "pam_succeed_if") if _is_group(r)), None)
        at = wheel or (found.rules[0] if found.rules else None)
        if at is not None:
            limits = wheel is not None and not carry_out(found.rules, failing(_is_group)).lets_in
            yield Setting("su.wheel_only", limits, source=at.source)


def _is_group(rule: Rule) -> bool:
    """Whether a rule asks for membership in a group of administrators."""
    if rule.module == "pam_wheel":
        return not rule.has("deny")
    return rule.module == "pam_succeed_if" and rule.has("ingroup")


def _is_asked(found: Stack, second: Rule) -> bool:
    """Whether a right password alone, without this second factor, does not let in."""
    if any(map(second.has, _LEFT_OUT)):
        return False

    def says_no(rule: Rule) -> bool:
        return rule.module == second.module

    tries = (failing(says_no), failing(says_no, conditions_hold=True))
    return not any(carry_out(found.rules, outcome).lets_in for outcome in tries)
