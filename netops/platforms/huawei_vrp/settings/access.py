"""``aaa``: accounts, password rules, lock-out, and who decides about a login.

Knows the forms of VRP5 and VRP8; refuses to know which commands show the same live.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from netops.facts.settings import Value
from netops.platforms.huawei_vrp.defaults import default_for
from netops.platforms.kin import accounts
from netops.platforms.kin.accounts import FOR_EVER, Account, secret_form
from netops.platforms.kin.central import Central
from netops.platforms.kin.draft import UNKNOWN, Draft
from netops.platforms.kin.layout import Statement, number_of, split
from netops.platforms.kin.terminals import seconds

_ADMINISTRATOR = 3
_MINUTE, _DAYS_MOST = 60, 100_000
_SCHEMES = frozenset({"local", "hwtacacs", "radius", "none", "ad", "ldap"})


@dataclass(slots=True)
class Access:
    """What ``aaa`` and its kin say."""

    accounts: dict[str, Account] = field(default_factory=dict)
    values: dict[str, tuple[Value | None, int]] = field(default_factory=dict)
    schemes: dict[str, tuple[tuple[str, ...], int]] = field(default_factory=dict)
    domains: dict[str, str] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    """Domains that nobody may log in to."""
    central: Central = field(default_factory=Central)
    switched: dict[str, bool] = field(default_factory=dict)
    """Kinds of servers that need a switch on this system, and whether it is on."""
    bound: dict[str, dict[str, str]] = field(default_factory=dict)
    """By domain the template that it names of each kind of server."""
    locks: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    """Of accounts that are locked after wrong passwords: tries, seconds and line."""
    recording: tuple[str, int] = ("", 0)
    """Scheme by which commands are recorded, and the line that says so."""
    recorders: dict[str, str] = field(default_factory=dict)
    """By scheme the template that it records with."""
    administrators: str = "default_admin"
    """The domain that a login belongs to which names none."""
    super_secret: tuple[str, int] | None = None

    def aaa(self, statement: Statement) -> None:
        """Read the block."""
        for child in statement.below:
            words = child.words
            reader = _READERS.get(words[0])
            if reader is not None:
                reader(self, child, words)

    def account(self, child: Statement, words: list[str]) -> None:
        """Read ``local-user NAME …`` and ``manager-user NAME`` with what is below."""
        if words[1:2] == ["policy"]:
            self.rule(child, words)
            return
        if words[1:3] == ["authentication", "lock"]:
            return
        if len(words) < 2 or words[1:2] == ["password-modify"]:  # noqa: PLR2004 - keyword and name
            return
        if words[0] == "manager-user" and words[1] == "password":
            return
        made = self.accounts.setdefault(words[1], Account(words[1], child.line, child.line))
        made.last = child.last
        if words[2:4] == ["state", "block"] and "fail-times" in words:
            self._lock(words, child.line)
            return
        _account_words(made, words[2:])
        for grandchild in child.below:
            _account_words(made, grandchild.words)

    def _lock(self, words: list[str], line: int) -> None:
        """Read ``local-user NAME state block fail-times 3 interval 5``: locked then, not now."""
        found: dict[str, tuple[Value | None, int]] = {}
        _put_number(found, "tries", words, "fail-times", line, 1)
        _put_number(found, "time", words, "interval", line, _MINUTE)
        tries, time = found.get("tries", (None, 0))[0], found.get("time", (None, 0))[0]
        if isinstance(tries, int) and isinstance(time, int):
            self.locks[words[1]] = (tries, time, line)

    def rule(self, child: Statement, words: list[str]) -> None:
        """Read ``local-aaa-user …``, ``user-password …``, ``user-block …``."""
        text = child.text
        if text.startswith("local-aaa-user password policy administrator"):
            self.values["password.policy"] = (True, child.line)
            for grandchild in child.below:
                self._password(grandchild.text, grandchild.line)
        elif text.startswith(("user-password ", "local-user policy password ")):
            self._password(text, child.line)
        elif "wrong-password" in words:
            self._lockout(words, child.line)

    def block(self, child: Statement, words: list[str]) -> None:
        """Read ``user-block …`` of NE and ``lock-authentication …`` of firewalls."""
        undone = words[0] == "undo"
        topic, *rest = words[undone + 1 :] or [""]
        name, unit = _BLOCKS.get(topic, ("", 0))
        number = _number(rest[0]) if rest else None
        if not name:
            return
        if name == "lockout.enabled" or undone:
            if topic in _SWITCHES:
                self.values["lockout.enabled"] = (not undone, child.line)
        elif number is not None:
            for_ever = name == "lockout.duration_s" and not number
            self.values[name] = (FOR_EVER if for_ever else number * unit, child.line)
            if name == "lockout.tries":
                self.values["lockout.enabled"] = (number > 0, child.line)
                _put_number(self.values, "lockout.window_s", words, "period", child.line)

    def undo(self, child: Statement, words: list[str]) -> None:
        """Read what was switched off."""
        text = " ".join(words[1:])
        if words[1:2] in (["local-user"], ["manager-user"]) and len(words) == 3:  # noqa: PLR2004 - no more than the name
            self.accounts.pop(words[2], None)
        elif "wrong-password" in words:
            self.values["lockout.enabled"] = (False, child.line)
        elif words[1:2] in (["user-block"], ["lock-authentication"]):
            self.block(child, words)
        elif text.startswith(("user-password complexity-check", "local-aaa-user password")):
            self.values["password.policy"] = (False, child.line)

    def _password(self, text: str, line: int) -> None:
        """Read one rule about passwords; an ``undo`` takes it away."""
        undone = text.startswith("undo ")
        words = split(text.removeprefix("undo "))
        for phrase, name, least in _PASSWORD_RULES:
            if phrase <= set(words):  # of ``expire 90 prompt 10`` the first
                behind = words[max(map(words.index, phrase)) + 1 :]
                number = next((n for n in map(_number, behind) if n is not None), None)
                self.values[name] = (least if undone else number, line)
        if {"alert", "original"} <= set(words):
            self.values["password.change_first"] = (not undone, line)
        if "three-of-kinds" in words:
            self.values["password.min_kinds"] = (1 if undone else 3, line)
        if "complexity-check" in words:
            self.values["password.policy"] = (not undone, line)

    def _lockout(self, words: list[str], line: int) -> None:
        self.values["lockout.enabled"] = (True, line)
        for word, name, unit in _WRONG_PASSWORD:
            _put_number(self.values, name, words, word, line, unit)

    def scheme(self, child: Statement, words: list[str]) -> None:
        """Read ``authentication-scheme NAME``: which servers, in which order."""
        if len(words) < 2:  # noqa: PLR2004 - keyword and name
            return
        self.schemes.setdefault(words[1], (("local",), child.line))
        for grandchild in child.below:
            parts = grandchild.words
            if parts[0] == "authentication-mode":
                modes = tuple(word for word in parts[1:] if word in _SCHEMES)
                self.schemes[words[1]] = (modes, grandchild.line)

    def domain(self, child: Statement, words: list[str]) -> None:
        """Read which scheme a domain uses."""
        for grandchild in child.below:
            parts = grandchild.words
            if parts == ["state", "block"]:
                self.closed.update(words[1:2])
            if len(parts) < 2 or len(words) < 2:  # noqa: PLR2004 - keyword and name
                continue
            kind, rest = _server_words(parts)
            if parts[0] == "authentication-scheme":
                self.domains[words[1]] = parts[1]
            elif kind and rest:
                self.bound.setdefault(words[1], {})[kind] = rest[-1]

    def template(self, statement: Statement, words: list[str]) -> None:
        """Read ``hwtacacs-server template X``, ``radius server group X`` and what is below."""
        if words[0] in _KINDS:  # as newer systems write it, which ask nobody before they may
            self.switched[words[0]] = self.switched.get(words[0], False) or words[1:] == ["enable"]
        kind, rest = _server_words(words)
        if rest[:1] not in (["template"], ["group"]) or len(rest) < 2:  # noqa: PLR2004 - the name
            return
        self.central.note(kind, rest[1], statement.line)
        for child in statement.below:
            _, parts = _server_words(child.words)
            common = any(map(_is_address, parts[:1]))  # a server for every purpose
            named = any(map(_is_address, parts[1:2]))
            self.central.add(
                kind, rest[1], server=common or (named and parts[0] == "authentication"),
                key=any(part.startswith("shared-key") for part in parts),
                records=common or (named and parts[0] == "accounting"),
            )  # fmt: skip

    def role(self, _child: Statement, words: list[str]) -> None:
        """Read ``bind manager-user NAME role ROLE``: one role of a firewall has all rights."""
        if words[1:2] == ["manager-user"] and words[3:4] == ["role"] and len(words) > 4:  # noqa: PLR2004
            made = self.accounts.get(words[2])
            if made is not None:
                made.administrator = words[4] == "system-admin"

    def roles(self, statement: Statement) -> None:
        """Read ``role X`` of older firewalls, which print what is bound below the last one."""
        for child in statement.below:
            if child.words[0] == "bind":
                self.role(child, child.words)

    def recorded(self, child: Statement, words: list[str]) -> None:
        """Read ``cmd recording-scheme``: commands go to the AAA server."""
        if words[1:2] == ["recording-scheme"] and len(words) > 2:  # noqa: PLR2004 - the scheme
            self.recording = (words[2], child.line)

    def recorder(self, child: Statement, words: list[str]) -> None:
        """Read ``recording-scheme NAME``: one without a server records nothing."""
        for below in child.below:
            parts = below.words
            if parts[:2] == ["recording-mode", "hwtacacs"] and len(words) > 1:
                self.recorders[words[1]] = parts[-1]

    def _lock_by_account(self) -> None:
        """Where every account has a lock of its own, the weakest; one for all stands over them."""
        held = [self.locks.get(name) for name, made in self.accounts.items() if made.manages]
        known = [lock for lock in held if lock is not None]
        if not known or len(known) < len(held) or self.values.get("lockout.enabled", (0,))[0]:
            return
        line = known[0][2]
        self.values["lockout.enabled"] = (True, line)
        self.values["lockout.tries"] = (max(tries for tries, _, _ in known), line)
        self.values["lockout.duration_s"] = (min(time for _, time, _ in known), line)

    def default(self, _child: Statement, words: list[str]) -> None:
        """Read ``default-domain admin NAME`` of CE."""
        if words[1:2] == ["admin"] and len(words) > 2:  # noqa: PLR2004 - the name
            self.administrators = words[2]

    def chosen(self, words: list[str]) -> None:
        """Read ``domain NAME admin`` of the system view."""
        if words[2:3] == ["admin"]:
            self.administrators = words[1]

    def super_password(self, words: list[str], line: int) -> None:
        """Read ``super password [level N] form secret``."""
        rest = words[4:] if words[2:3] == ["level"] else words[2:]
        self.super_secret = (secret_form(rest), line)

    def system_wide(self, words: list[str], line: int) -> None:
        """Read ``set password min-length N`` of the system view."""
        if words[:3] == ["set", "password", "min-length"] and len(words) > 3:  # noqa: PLR2004
            self.values["password.min_length"] = (number_of(words[3]), line)

    def write(self, draft: Draft, family: str, version: str) -> None:
        """Write the settings; what no line sets comes from the defaults, or stays unknown."""
        accounts.write(draft, self.accounts.values())
        self._lock_by_account()
        for name in _NAMES:
            if name in self.values:
                value, line = self.values[name]
                draft.put(name, value, line)
            else:
                draft.put(name, default_for(name, family, version))
        scheme = self.domains.get(self.administrators, "default")
        modes, line = self.schemes.get(scheme, (("local",) if scheme == "default" else None, 0))
        own = {made.scheme for made in self.accounts.values() if made.scheme} - _LOCAL_SCHEMES
        decided: Value | None = UNKNOWN if own - {scheme} else modes or None
        draft.put("aaa.authentication", decided, line)
        others = (name for name in self.domains if name not in {self.administrators, *self.closed})
        open_ones = [n for n in others if "none" in self.schemes.get(self.domains[n], ((), 0))[0]]
        draft.put("aaa.others_ask", UNKNOWN if open_ones else True)
        named = self.bound.get(self.administrators, {})
        asked = {kind: name for kind, name in named.items() if self.switched.get(kind, True)}
        self.central.write(draft, modes or (), asked, line)
        scheme, line = self.recording
        template = self.recorders.get(scheme, "")
        draft.put("aaa.command_recording", self.central.recording("hwtacacs", template), line)
        if self.super_secret is not None:
            draft.put("super.secret", *self.super_secret)


_LOCAL_SCHEMES = frozenset({"default", "admin_local"})
"""Schemes of firewalls that ask nobody else, whoever's they are."""
_NAMES = (
    "password.policy", "password.min_length", "password.min_kinds", "password.max_age_days",
    "password.history", "password.change_first", "lockout.enabled", "lockout.tries",
    "lockout.window_s", "lockout.duration_s",
)  # fmt: skip
_PASSWORD_RULES: tuple[tuple[set[str], str, int], ...] = (
    ({"expire"}, "password.max_age_days", 0),
    ({"history", "record"}, "password.history", 0),
    ({"min-len"}, "password.min_length", 1),
    ({"min-length"}, "password.min_length", 1),
)
"""Words of a rule, the setting it makes, and what is left of it after ``undo``."""


_KINDS = frozenset({"hwtacacs", "radius", "ldap", "ad"})


def _server_words(words: list[str]) -> tuple[str, list[str]]:
    """Return the kind of a server, written in one word or in two, and the words behind it."""
    first = words[0] if words else ""
    kind = first.removesuffix("-server")
    spaced = kind == first and words[1:2] == ["server"]
    if kind not in _KINDS or (kind == first and not spaced):
        return "", []
    return kind, words[2:] if spaced else words[1:]


def _is_address(word: str) -> bool:
    return word.count(":") > 1 or (word[:1].isdigit() and word.count(".") == 3)  # noqa: PLR2004


_USER_GROUPS = {"manage-ug": True, "system-ug": False, "monitor-ug": False, "visit-ug": False}
"""Groups that VRP8 brings along, and whether they have all rights."""
_WRONG_PASSWORD = (
    ("retry-time", "lockout.tries", 1),
    ("retry-interval", "lockout.window_s", _MINUTE),
    ("block-time", "lockout.duration_s", _MINUTE),
)
_BLOCKS = {
    "failed-times": ("lockout.tries", 1), "reactive": ("lockout.duration_s", _MINUTE),
    "enable": ("lockout.enabled", 1), "failed-count": ("lockout.tries", 1),
    "timeout": ("lockout.duration_s", _MINUTE),
}  # fmt: skip
_SWITCHES = frozenset({"enable", "failed-times"})
"""Taken back, these switch the lock off; the others go back to their default."""


def _number(word: str) -> int | None:
    return number_of(word, _DAYS_MOST)


def _put_number(
    values: dict[str, tuple[Value | None, int]],
    name: str,
    words: list[str],
    before: str,
    line: int,
    unit: int = _MINUTE,
) -> None:
    """Note the number behind a word, if it is there."""
    if before in words[:-1]:
        number = _number(words[words.index(before) + 1])
        values[name] = (None if number is None else number * unit, line)


def _account_words(made: Account, words: list[str]) -> None:
    topic = words[0] if words else ""
    if topic == "password":
        made.secret = secret_form(words[1:])
    elif topic in {"privilege", "level"}:
        made.level = _number(words[-1])
        made.administrator = None if made.level is None else made.level >= _ADMINISTRATOR
    elif topic == "user-group" and words[-1] in _USER_GROUPS:
        made.administrator = _USER_GROUPS[words[-1]]
    elif topic == "service-type":
        made.services = tuple(sorted({word.lower() for word in words[1:]} - {"none"}))
    elif topic == "authentication-scheme":
        made.scheme = words[-1]
    elif topic == "idle-timeout":
        made.idle_timeout_s = seconds(words[1:])
    elif topic == "state":
        made.enabled = "block" not in words


_Reader = Callable[[Access, Statement, list[str]], None]
_READERS: Mapping[str, _Reader] = {
    "local-user": Access.account,
    "manager-user": Access.account,
    "local-aaa-user": Access.rule,
    "user-password": Access.rule,
    "user-block": Access.block,
    "lock-authentication": Access.block,
    "undo": Access.undo,
    "authentication-scheme": Access.scheme,
    "default-domain": Access.default,
    "domain": Access.domain,
    "cmd": Access.recorded,
    "recording-scheme": Access.recorder,
    "bind": Access.role,
}
