"""Accounts, password control, domains: who may log in, and with what.

Nothing below ``password-control`` acts before ``password-control enable``: without it there is
neither a rule for passwords nor a lock-out, whatever its lines say.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from netops.facts.settings import Value
from netops.platforms.kin import accounts
from netops.platforms.kin.accounts import NO_SECRET, Account, secret_form
from netops.platforms.kin.draft import Draft
from netops.platforms.kin.layout import Statement, number_of

_ADMINISTRATORS = frozenset({"network-admin", "mdc-admin", "context-admin", "level-15"})
_MOST = 100_000
_LEVEL_OF_V5 = 3
_SCHEMES = {"hwtacacs-scheme": "hwtacacs", "radius-scheme": "radius", "ldap-scheme": "ldap",
            "local": "local", "none": "none"}  # fmt: skip
_SWITCHED = {"aging": "password.max_age_days", "history": "password.history",
             "length": "password.min_length", "composition": "password.min_kinds"}  # fmt: skip


@dataclass(slots=True)
class Access:
    """What the lines say. ``control`` is None until a line switches it."""

    accounts: dict[str, Account] = field(default_factory=dict)
    control: tuple[bool, int] | None = None
    values: dict[str, tuple[Value, int]] = field(default_factory=dict)
    lockout: dict[str, tuple[Value, int]] = field(default_factory=dict)
    login: dict[str, tuple[tuple[str, ...], int]] = field(default_factory=dict)
    default_domain: str = "system"
    recording: int = 0
    super_secret: tuple[str, int] | None = None

    def account(self, statement: Statement, words: list[str]) -> None:
        """Read ``local-user NAME [class manage|network]`` and what is below."""
        if len(words) < 2:  # noqa: PLR2004 - keyword and name
            return
        made = Account(words[1], statement.line, statement.last)
        made.network = words[2:4] == ["class", "network"]
        services: set[str] = set()
        for child in statement.below:
            parts = child.words
            if parts[0] == "password":
                made.secret = secret_form(parts[1:])
            elif parts[0] == "service-type":
                services |= {word.lower() for word in parts[1:]}
            elif parts[0] == "authorization-attribute":
                _rights(made, parts[1:])
            elif parts[0] == "state":
                made.enabled = "block" not in parts
        made.services = tuple(sorted(services))
        self.accounts[f"{words[1]} {made.network}"] = made

    def password_control(self, words: list[str], line: int, *, undone: bool) -> None:
        """Read the words behind ``password-control``."""
        topic = words[0] if words else ""
        if topic == "enable":
            self.control = (not undone, line)
        elif topic in _SWITCHED and words[-1] == "enable":
            if undone:
                self.values[_SWITCHED[topic]] = (0, line)
        elif undone:
            self._undo(topic, line)
        elif topic in _SWITCHED:
            self._number(topic, words, line)
        elif topic == "login-attempt":
            self._attempts(words, line)
        elif topic == "complexity":
            self.values["password.complexity"] = (True, line)

    def _undo(self, topic: str, line: int) -> None:
        if topic == "change-password":
            self.values["password.change_first"] = (False, line)

    def _number(self, topic: str, words: list[str], line: int) -> None:
        if topic == "composition":
            if words[1:2] == ["type-number"] and len(words) > 2:  # noqa: PLR2004 - the number
                self._put(_SWITCHED[topic], words[2], line)
        elif len(words) > 1:
            self._put(_SWITCHED[topic], words[1], line)

    def _put(self, name: str, word: str, line: int) -> None:
        number = number_of(word, _MOST)
        if number is not None:
            self.values[name] = (number, line)

    def _attempts(self, words: list[str], line: int) -> None:
        """Read ``login-attempt 5 [exceed lock|lock-time 15|unlock]``."""
        tries = number_of(words[1], _MOST) if len(words) > 1 else None
        if tries is not None:
            self.lockout["lockout.tries"] = (tries, line)
        if "unlock" in words:
            self.lockout["lockout.duration_s"] = (0, line)
        elif words[-2:-1] == ["lock-time"]:
            minutes = number_of(words[-1], _MOST)
            if minutes is not None:
                self.lockout["lockout.duration_s"] = (minutes * 60, line)
        elif words[-1] == "lock":
            self.lockout["lockout.duration_s"] = (FOR_EVER, line)

    def domain(self, statement: Statement, words: list[str]) -> None:
        """Read a domain; ``domain default enable NAME`` chooses one."""
        if words[1:3] == ["default", "enable"] and len(words) > 3:  # noqa: PLR2004 - the name
            self.default_domain = words[3]
            return
        name = words[2] if words[1:2] == ["name"] and len(words) > 2 else words[1:2] and words[1]  # noqa: PLR2004
        for child in statement.below:
            parts = child.words
            if parts[:2] == ["authentication", "login"]:
                modes = tuple(_SCHEMES[word] for word in parts if word in _SCHEMES)
                self.login[str(name)] = (modes, child.line)
            elif parts[:2] == ["accounting", "command"]:
                self.recording = child.line

    def super_password(self, words: list[str], line: int) -> None:
        """Read ``super password [level N|role R] form secret``."""
        rest = words[2:]
        if rest[:1] in (["level"], ["role"]):
            rest = rest[2:]
        self.super_secret = (secret_form(rest), line)

    def write(self, draft: Draft, major: int) -> None:
        """Write the settings with the defaults of the major version."""
        controlled = self.control[0] if self.control else False
        for made in self.accounts.values():
            if made.secret == NO_SECRET and (controlled or major not in (7, 9)):
                # Not a value: with password control on, V5 shows no password at all.
                made.secret = None
        accounts.write(draft, self.accounts.values())
        line = self.control[1] if self.control else 0
        if self.control or major in (5, 7):
            draft.put("password.policy", controlled, line)
            draft.put("lockout.enabled", controlled, line)
        if controlled:
            defaults = _DEFAULTS if major in (5, 7) else {}
            for name in {**defaults, **self.values, **self.lockout}:
                own = self.values.get(name) or self.lockout.get(name)
                draft.put(name, *(own or (defaults.get(name), line)))
        modes, where = self.login.get(self.default_domain, (None, 0))
        if modes is None and major in (5, 7) and self.default_domain == "system":
            modes = ("local",)
        draft.put("aaa.authentication", modes or None, where)
        draft.put("aaa.command_recording", bool(self.recording), self.recording)
        if self.super_secret is not None:
            draft.put("super.secret", *self.super_secret)


FOR_EVER = 1_000_000_000
"""Seconds that stand for a lock that only an administrator takes away."""
_DEFAULTS: dict[str, Value] = {
    "password.min_length": 10, "password.max_age_days": 90, "password.history": 4,
    "lockout.tries": 3, "lockout.duration_s": 60,
}  # fmt: skip


def _rights(made: Account, words: list[str]) -> None:
    if words[:1] == ["level"] and len(words) > 1:
        made.level = number_of(words[1], 15)
        made.administrator = None if made.level is None else made.level >= _LEVEL_OF_V5
    elif words[:1] == ["user-role"] and len(words) > 1:
        is_admin = words[1] in _ADMINISTRATORS
        made.administrator = is_admin or bool(made.administrator)
