"""Accounts, password control, domains: who may log in, and with what.

Nothing below ``password-control`` acts before ``password-control enable``: without it there is
neither a rule for passwords nor a lock-out, whatever its lines say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from netops.facts.settings import Value
from netops.platforms.h3c_comware.settings.password_rules import Rules
from netops.platforms.kin import accounts
from netops.platforms.kin.accounts import NO_SECRET, Account, secret_form
from netops.platforms.kin.central import Central
from netops.platforms.kin.draft import UNKNOWN, Draft
from netops.platforms.kin.layout import Statement, number_of

_ADMINISTRATORS = frozenset({"network-admin", "mdc-admin", "context-admin", "level-15"})
_LEVEL_OF_V5 = 3
_SCHEMES = {"hwtacacs-scheme": "hwtacacs", "radius-scheme": "radius", "ldap-scheme": "ldap",
            "local": "local", "none": "none"}  # fmt: skip
_SERVERS = frozenset({"primary", "secondary"})
_SERVED = _SCHEMES.keys() - {"local", "none"}


@dataclass(slots=True)
class Access:
    """What the lines say. ``control`` is None until a line switches it."""

    accounts: dict[str, Account] = field(default_factory=dict)
    control: tuple[bool, int] | None = None
    rules: Rules = field(default_factory=Rules)
    groups: dict[str, Rules] = field(default_factory=dict)
    own: dict[str, Rules] = field(default_factory=dict)
    member: dict[str, str] = field(default_factory=dict)
    login: dict[str, tuple[tuple[str, ...], int]] = field(default_factory=dict)
    every: dict[str, tuple[tuple[str, ...], int]] = field(default_factory=dict)
    """Methods for all users of a domain; those for logins stand over them."""
    closed: set[str] = field(default_factory=set)
    """Domains that nobody may log in to."""
    central: Central = field(default_factory=Central)
    named: dict[int, dict[str, str]] = field(default_factory=dict)
    """By the line of a login's methods the scheme that it names of each kind of server."""
    default_domain: str = "system"
    recording: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    """By domain what records commands: kind and name of its scheme, and the line."""
    super_secret: tuple[str, int] | None = None

    def account(self, statement: Statement, words: list[str]) -> None:
        """Read ``local-user NAME [class manage|network]`` and what is below."""
        if len(words) < 2:  # noqa: PLR2004 - keyword and name
            return
        network = words[2:4] == ["class", "network"]
        key = f"{words[1]} {network}"
        made = self.accounts.setdefault(key, Account(words[1], statement.line, statement.last))
        made.network, made.last = network, max(made.last, statement.last)
        services: set[str] = set(made.services)
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
            elif parts[0] == "group" and len(parts) > 1:
                self.member[key] = parts[1]
            elif parts[0] == "password-control":
                self.own.setdefault(key, Rules()).read(parts[1:], child.line)
        made.services = tuple(sorted(services))

    def password_control(self, words: list[str], line: int, *, undone: bool) -> None:
        """Read the words behind ``password-control``; network users are none of our business."""
        if words[:1] != ["enable"]:
            self.rules.read(words, line, undone=undone)
        elif words[1:2] != ["network-class"]:
            self.control = (not undone, line)

    def group(self, statement: Statement, words: list[str]) -> None:
        """Read the rules for passwords of ``user-group NAME``."""
        for child in statement.below:
            parts = child.words
            if parts[0] == "password-control" and len(words) > 1:
                self.groups.setdefault(words[1], Rules()).read(parts[1:], child.line)

    def _special(self) -> list[Rules]:
        """The rules of accounts that manage the device and are held to others than it is."""
        found: list[Rules] = []
        for key, made in self.accounts.items():
            group = self.groups.get(self.member.get(key, "system"), Rules())
            rules = self.own.get(key, Rules()).over(group)
            if made.manages and rules.values:
                found.append(rules)
        return found

    def domain(self, statement: Statement, words: list[str]) -> None:
        """Read a domain; ``domain default enable NAME`` chooses one."""
        if words[1:3] == ["default", "enable"] and len(words) > 3:  # noqa: PLR2004 - the name
            self.default_domain = words[3]
            return
        name = words[2] if words[1:2] == ["name"] and len(words) > 2 else words[1:2] and words[1]  # noqa: PLR2004
        for child in statement.below:
            parts = child.words
            if parts == ["state", "block"]:
                self.closed.add(str(name))
            elif parts[:2] in (["authentication", "login"], ["authentication", "default"]):
                modes = tuple(_SCHEMES[word] for word in parts if word in _SCHEMES)
                table = self.login if parts[1] == "login" else self.every
                table[str(name)] = (modes, child.line)
                pairs = pairwise(parts)
                self.named[child.line] = {_SCHEMES[a]: b for a, b in pairs if a in _SERVED}
            elif parts[:2] == ["accounting", "command"] and len(parts) > 3:  # noqa: PLR2004
                self.recording[str(name)] = (_SCHEMES.get(parts[2], ""), parts[3], child.line)

    def scheme(self, statement: Statement, words: list[str]) -> None:
        """Read ``hwtacacs scheme X``, ``radius scheme X``, ``ldap scheme X``."""
        if words[1:2] != ["scheme"] or len(words) < 3:  # noqa: PLR2004 - the name
            return
        self.central.note(words[0], words[2], statement.line)
        for child in statement.below:
            parts = child.words
            decides, is_server = parts[1:2] == ["authentication"], parts[0] in _SERVERS
            self.central.add(
                words[0], words[2],
                server=(decides and is_server) or parts[0] == "authentication-server",
                key=decides and "key" in (parts[0], *parts[3:]),
                records=is_server and parts[1:2] == ["accounting"],
            )  # fmt: skip

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
            for name, (value, where) in self.rules.effective(defaults, self._special()).items():
                draft.put(name, value, where or line)
        first = self.default_domain
        modes, where = self.login.get(first, self.every.get(first, (None, 0)))
        if modes is None and major in (5, 7, 9) and self.default_domain == "system":
            modes = ("local",)
        draft.put("aaa.authentication", modes or None, where)
        others = {**self.every, **self.login}
        ask = all("none" not in others[n][0] for n in others if n not in self.closed | {first})
        draft.put("aaa.others_ask", True if ask else UNKNOWN)
        self.central.write(draft, modes or (), self.named.get(where, {}), where)
        kind, scheme, where = self.recording.get(first, ("", "", 0))
        draft.put("aaa.command_recording", self.central.recording(kind, scheme), where)
        if self.super_secret is not None:
            draft.put("super.secret", *self.super_secret)


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
