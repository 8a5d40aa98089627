"""How passwords must be made, how log-ins are locked: PAM's rules with the files behind them.

An argument of a module goes before its file; a file before the module's default. What a default
is in a release that is not known stays unsaid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from netops.facts.settings import Setting, Value
from netops.platforms.linux_host.baseline.pam import Rule, Stack, stack
from netops.platforms.linux_host.baseline.plain import assignments, number, statements, words
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet, UnreliableError
from netops.platforms.settings import Section

SECTIONS = (
    Section(
        "passwords",
        """
show /etc/login.defs /etc/default/useradd
show /etc/security/pwquality.conf.d/*.conf /etc/security/pwquality.conf
show /etc/security/faillock.conf /etc/security/pwhistory.conf
""",
        60_000,
    ),
)

_QUALITY = ("pam_pwquality", "pam_cracklib", "pam_passwdqc")
_CREDITS = ("dcredit", "ucredit", "lcredit", "ocredit")
_HASHES = ("yescrypt", "gost_yescrypt", "sm3", "sha512", "sha256", "blowfish", "bigcrypt", "md5")
_SERVICES = ("passwd", "sshd", "login")
_ENTRY = ("sshd", "login")
_SECOND = frozenset({
    "pam_google_authenticator", "pam_oath", "pam_u2f", "pam_yubico", "pam_radius_auth",
    "pam_pkcs11", "pam_duo", "pam_otpw", "pam_ukey", "pam_p11", "pam_rsa", "pam_securid",
})  # fmt: skip
_MINLEN = {"pam_pwquality": 8, "pam_cracklib": 9}
_CREDIT = {"pam_pwquality": 0, "pam_cracklib": 1}
_SHORTEST = 6
_NUMBERS = {
    "PASS_MAX_DAYS": "login.pass_max_days", "PASS_MIN_DAYS": "login.pass_min_days",
    "PASS_WARN_AGE": "login.pass_warn_days", "PASS_MIN_LEN": "login.pass_min_len",
    "LOGIN_RETRIES": "login.retries", "LOGIN_TIMEOUT": "login.timeout_s",
}  # fmt: skip
_TEXTS = {"ENCRYPT_METHOD": "login.encrypt_method", "UMASK": "login.umask"}
_NEVER = {"never": 0}


def read(sheets: Mapping[str, Sheet]) -> Iterator[Setting]:
    """Yield what login.defs says, and PAM's rules where both sections are known."""
    files, rules = sheets.get("passwords"), sheets.get("pam")
    if files is not None:
        yield from _login_defs(files)
    if rules is None:
        return
    yield from _entries(rules)
    if files is not None:
        yield from _made(rules, files)
        yield from _locked(rules, files)


def _login_defs(sheet: Sheet) -> Iterator[Setting]:
    piece = sheet.file("/etc/login.defs")
    if piece is None:
        return
    found: dict[str, tuple[int, str]] = {}
    for at, bare in statements(piece):
        parts = words(bare)
        if len(parts) > 1:
            found[parts[0]] = (at, parts[1].strip('"'))
    for key, (at, text) in found.items():
        value = number(text)
        if key in _NUMBERS and value is not None:
            yield Setting(_NUMBERS[key], value, source=piece.at(at))
        elif key in _TEXTS:
            yield Setting(_TEXTS[key], text.lower(), source=piece.at(at))


def _is_usable(found: Stack | None, service: str) -> bool:
    """Whether a stack can be judged; one with an include that was not shown cannot."""
    if found is not None and not found.whole:
        raise UnreliableError("pam", f"the rules of {service} could not be followed")
    return found is not None and bool(found.rules)


def _values(files: Iterator[Piece]) -> dict[str, str]:
    """Return ``key = value`` of files in the order read: the last one wins."""
    return {key: value for piece in files for _, key, value in assignments(piece)}


def _made(rules: Sheet, files: Sheet) -> Iterator[Setting]:
    """Yield how a new password must be: quality, history, hash."""
    drop_ins = [*files.files("/etc/security/pwquality.conf.d/")]
    main = files.file("/etc/security/pwquality.conf")
    common = _values(iter([*drop_ins, *([main] if main else [])]))
    history = _values(p for p in files.files("/etc/security/pwhistory.conf"))
    for service in _SERVICES:
        found = stack(rules, service, "password")
        if not _is_usable(found, service) or found is None:
            continue
        first = found.rules[0].source
        rule = found.reached(*_QUALITY)
        yield Setting("pam.quality.module", rule.module if rule else "none", service,
                      rule.source if rule else first)  # fmt: skip
        if rule is not None:
            yield from _quality(rule, common, service)
        yield from _history(found, history, service)
        yield from _hash(found, service)


def _quality(rule: Rule, common: Mapping[str, str], service: str) -> Iterator[Setting]:
    if rule.module not in _MINLEN:
        return
    files = common if rule.module == "pam_pwquality" else {}

    def chosen(name: str, usual: int) -> int:
        for text in (rule.argument(name), files.get(name)):
            value = number(text)
            if value is not None:
                return value
        return usual

    credit = [chosen(name, _CREDIT[rule.module]) for name in _CREDITS]
    needed = sum(1 for value in credit if value < 0)
    shortest = chosen("minlen", _MINLEN[rule.module]) - sum(v for v in credit if v > 0)
    values: dict[str, Value] = {
        "minlen": max(shortest, _SHORTEST),
        "classes": max(chosen("minclass", 0), needed),
        "difok": chosen("difok", 1),
        "retry": chosen("retry", 1),
        "root": rule.has("enforce_for_root") or "enforce_for_root" in files,
        "user_check": chosen("usercheck", 1) != 0,
    }
    for name, value in values.items():
        yield Setting(f"pam.quality.{name}", value, service, rule.source)


def _history(found: Stack, files: Mapping[str, str], service: str) -> Iterator[Setting]:
    source, best = found.rules[0].source, 0
    for rule in found.of("pam_pwhistory", "pam_unix"):
        text = rule.argument("remember")
        if rule.module == "pam_pwhistory" and rule.control != "optional":
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


def _locked(rules: Sheet, files: Sheet) -> Iterator[Setting]:
    """Yield after how many failures an account is locked, and for how long."""
    piece = files.file("/etc/security/faillock.conf")
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
    lines = list(found.of("pam_faillock"))
    checks = [rule for rule in lines if rule.has("preauth")]
    counts = [rule for rule in lines if rule.has("authfail")]
    if not counts:
        return None
    resets = any(rule.has("authsucc") for rule in lines)
    resets = resets or bool(account and any(account.of("pam_faillock")))
    # Without the look before the password a locked account is still let in.
    is_whole = (bool(checks) or any(rule.has("authsucc") for rule in lines)) and resets

    def chosen(name: str, usual: int) -> int:
        for text in (counts[0].argument(name), common.get(name)):
            value = number(text) if text is not None else None
            if value is not None:
                return value
            if text is not None and text in _NEVER:
                return 0
        return usual

    has_root = "even_deny_root" in common or any(r.has("even_deny_root") for r in counts)
    return counts[0], {
        "deny": chosen("deny", 3),
        "unlock_s": chosen("unlock_time", 600),
        "window_s": chosen("fail_interval", 900),
        "root": has_root,
        "complete": is_whole,
    }


def _tally(found: Stack) -> tuple[Rule, dict[str, Value]] | None:
    rule = next((r for r in found.of("pam_tally2", "pam_tally") if r.binds), None)
    if rule is None:
        return None
    values: dict[str, Value] = {
        "deny": number(rule.argument("deny")) or 0,
        "unlock_s": number(rule.argument("unlock_time")) or 0,
        "root": rule.has("even_deny_root"),
        "complete": True,
    }
    return rule, values


def _entries(rules: Sheet) -> Iterator[Setting]:
    """Yield what lets somebody in: empty passwords, rhosts, second factors, su."""
    for service in _ENTRY:
        found = stack(rules, service, "auth")
        if not _is_usable(found, service) or found is None:
            continue
        place = found.rules[0].source
        empty = next((r for r in found.of("pam_unix") if r.has("nullok")), None)
        hosts = next(iter(found.of("pam_rhosts", "pam_rhosts_auth")), None)
        second = tuple(sorted({r.module for r in found.rules if r.module in _SECOND}))
        yield Setting("pam.nullok", empty is not None, service, empty.source if empty else place)
        yield Setting("pam.rhosts", hosts is not None, service, hosts.source if hosts else place)
        yield Setting("pam.second_factor", second, service, place)
    found = stack(rules, "su", "auth")
    if found is not None and _is_usable(found, "su"):
        wheel = next((r for r in found.of("pam_wheel") if r.binds and not r.has("deny")), None)
        at = wheel or (found.rules[0] if found.rules else None)
        if at is not None:
            yield Setting("su.wheel_only", wheel is not None, source=at.source)
