"""``snmp-agent`` lines: versions, communities by their form, groups, users and their lists.

A community is never a value: only whether it is one of the words that everybody tries, and how
it is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from netops.facts.settings import Value
from netops.platforms.kin.draft import UNKNOWN_TEXT, Draft
from netops.platforms.kin.filters import Filters, Use

_ALL = ("v1", "v2c", "v3")
_WELL_KNOWN = frozenset({"public", "private"})
_ADMINISTRATORS = frozenset({"network-admin", "mdc-admin", "context-admin", "level-15"})
_FORMS = frozenset({"cipher", "simple", "plain"})
_GROUP_LEVELS = {
    "privacy": "privacy", "authentication": "authentication",
    "noauthentication": "none", "noauth": "none",
}  # fmt: skip
_IDLE = frozenset({"trap", "local-engineid", "session", "session-rate", "sys-info", "protocol",
                   "proxy"})  # fmt: skip
"""Lines that stand there whether the agent runs or not."""
_HASHES = frozenset({"md5", "sha", "sha1", "sha224", "sha256", "sha384", "sha512", "sha2-224",
                     "sha2-256", "sha2-384", "sha2-512", "sm3"})  # fmt: skip
_CIPHERS = frozenset({"des56", "3des", "3des168", "aes128", "aes192", "aes256", "sm4"})


@dataclass(slots=True)
class _Entry:
    """A community, a group or a user. ``acl`` empty: none bound."""

    line: int
    word: str = ""
    acl: str = ""
    family: int = 4
    hash: str = "none"
    cipher: str = "none"
    group: str = ""


@dataclass(slots=True)
class Snmp:
    """What the lines say; ``agent`` is None until one says it."""

    agent: bool | None = None
    agent_line: int = 0
    versions: set[str] = field(default_factory=set)
    versions_line: int = 0
    communities: list[_Entry] = field(default_factory=list)
    groups: dict[str, _Entry] = field(default_factory=dict)
    users: dict[str, _Entry] = field(default_factory=dict)
    traps: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    acl: _Entry | None = None

    def read(self, words: list[str], line: int, filters: Filters, *, undone: bool = False) -> None:
        """Read the words behind ``snmp-agent``."""
        topic = words[0] if words else ""
        if undone:
            self._undo(words, line)
            return
        if not topic or (self.agent is None and topic not in _IDLE):
            self.agent, self.agent_line = True, line
        if topic == "sys-info" and words[1:2] == ["version"]:
            self.versions |= _versions(words[2:])
            self.versions_line = self.versions_line or line
        elif topic == "community" and words[1:2] != ["complexity-check"]:
            self.communities.append(_community(words[1:], line, filters))
        elif topic == "group" and len(words) > 2:  # noqa: PLR2004 - version and name
            self._group(words[1:], line, filters)
        elif topic == "usm-user" and len(words) > 2:  # noqa: PLR2004 - version and name
            self._user(words[1:], line, filters)
        elif topic == "acl" and len(words) > 1:
            self.acl = _Entry(line)
            _bind_acl(self.acl, words, "snmp agent", filters)
        elif topic == "target-host":
            self._trap(words, line)

    def _undo(self, words: list[str], line: int) -> None:
        if not words:
            self.agent, self.agent_line = False, line
        elif words[:2] == ["sys-info", "version"]:
            self.versions -= _versions(words[2:])
            self.versions_line = line
        elif words[:2] == ["usm-user", "v3"] and len(words) == 3:  # noqa: PLR2004 - no more than the name
            self.users.pop(words[2], None)

    def _group(self, words: list[str], line: int, filters: Filters) -> None:
        version, name = words[0], words[1]
        level = next((_GROUP_LEVELS[w] for w in words[2:] if w in _GROUP_LEVELS), "none")
        entry = _Entry(line, level if version == "v3" else version)
        _bind_acl(entry, words, f"snmp group {name}", filters)
        others = self.groups.get(name)
        if others is not None and others.word != entry.word:
            name = f"{name} {entry.word}"  # one name with two levels is two groups
        self.groups[name] = entry

    def _user(self, words: list[str], line: int, filters: Filters) -> None:
        name = words[1]
        if words[0] in {"v1", "v2c"}:  # its name is all that is asked for: a community
            self.communities.append(_community(words[1:], line, filters))
            return
        entry = self.users.setdefault(name, _Entry(line))
        entry.word = words[0]
        rest = words[2:]
        entry.group = _group_of(rest) or entry.group
        if "authentication-mode" in rest:
            entry.hash = _algorithm(rest, "authentication-mode", _HASHES)
        if "privacy-mode" in rest:
            entry.cipher = _algorithm(rest, "privacy-mode", _CIPHERS)
        _bind_acl(entry, words, f"snmp user {name}", filters)

    def _trap(self, words: list[str], line: int) -> None:
        if "udp-domain" not in words:
            return
        rest = words[words.index("udp-domain") + 1 :]
        address = next((w for w in rest if w[:1].isdigit() or ":" in w), "")
        version = next((w for w in rest if w in _ALL), "v1")
        level = next((_GROUP_LEVELS[w] for w in rest if w in _GROUP_LEVELS), "none")
        if address:  # one host may be told by several names, each in its own way
            name = rest[rest.index("securityname") + 1 :][:2] if "securityname" in rest else []
            security = level if version == "v3" else version
            self.traps[address, " ".join(name)] = (security, line)

    def write(
        self,
        draft: Draft,
        filters: Filters,
        *,
        agent: bool | None,
        versions: Iterable[str] | None,
    ) -> None:
        """Write the settings; ``agent`` and ``versions`` are the defaults where known."""
        runs = agent if self.agent is None else self.agent
        draft.put("snmp.agent", runs, self.agent_line)
        if not runs:
            return
        known = tuple(sorted(self.versions)) or (None if versions is None else tuple(versions))
        draft.put("snmp.versions", known, self.versions_line or self.agent_line)
        for number, entry in enumerate(self.communities, start=1):
            draft.put("snmp.community_form", entry.hash, entry.line, key=str(number))
            draft.put("snmp.community_access", entry.word, entry.line, key=str(number))
            self._write_acl(draft, filters, entry, f"community {number}")
        for name, entry in self.groups.items():
            draft.put("snmp.group_security", entry.word, entry.line, key=name)
            self._write_acl(draft, filters, self._by_users(name, entry), f"group {name}")
        for name, entry in self.users.items():
            draft.put("snmp.user_hash", entry.hash, entry.line, key=name)
            draft.put("snmp.user_cipher", entry.cipher, entry.line, key=name)
        for (address, _), (security, line) in self.traps.items():
            draft.put("snmp.trap_security", security, line, key=address)

    def _by_users(self, name: str, group: _Entry) -> _Entry:
        """A group without a list is as guarded as its users, if each of them has one."""
        users = [user for user in self.users.values() if user.group == name]
        if group.acl or not users or not all(user.acl for user in users):
            return group
        return _Entry(group.line, group.word, users[0].acl, users[0].family)

    def _write_acl(self, draft: Draft, filters: Filters, entry: _Entry, key: str) -> None:
        """The list of an entry; that of the whole agent where it has none."""
        holder = entry if entry.acl or self.acl is None else self.acl
        state: Value = filters.state(holder.acl, holder.family)
        if state == "restricting" and holder.family == 6:  # noqa: PLR2004 - IPv6
            state = UNKNOWN_TEXT  # what managers of version 4 may do is not said
        draft.put("snmp.acl_state", state, entry.line, key=key)


_NO_GROUP = frozenset({"authentication-mode", "privacy-mode", "acl", "cipher", "simple",
                       "user-role", "remote"})  # fmt: skip


def _group_of(words: list[str]) -> str:
    """The group of a user from the words behind its name; empty where they name none."""
    if words[:1] == ["group"]:
        return "".join(words[1:2])
    return words[0] if words and words[0] not in _NO_GROUP else ""


def _versions(words: list[str]) -> set[str]:
    return set(_ALL) if "all" in words else {word for word in words if word in _ALL}


def _bind_acl(entry: _Entry, words: list[str], place: str, filters: Filters) -> None:
    """Read ``acl X`` and ``acl ipv6 X``; of two lists that for version 4 is the entry's."""
    for at, word in enumerate(words[:-1]):
        if word != "acl":
            continue
        rest = words[at + 1 :]
        family = 6 if rest[0] == "ipv6" else 4
        names = [name for name in rest[:3] if name not in {"ipv6", "name"}]
        if not names:
            continue
        filters.bind(place, names[0], family, Use.MANAGEMENT, entry.line)
        if family == 4 or not entry.acl:  # noqa: PLR2004 - IPv4
            entry.acl, entry.family = names[0], family


def _community(words: list[str], line: int, filters: Filters) -> _Entry:
    """Read access and form; of the word itself only whether everybody knows it."""
    access = words[0] if words[:1] in (["read"], ["write"]) else "read"
    rest = words[1:] if words[:1] in (["read"], ["write"]) else words
    form = "plain"
    if rest[:1] and rest[0] in _FORMS and len(rest) > 1:
        form = "cipher" if rest[0] == "cipher" else "plain"
        rest = rest[1:]
    secret = rest[0] if rest else ""
    if secret.lower() in _WELL_KNOWN:
        form = "well_known"
    elif secret.startswith(("%^%#", "%#%#", "%$%$", "%@%@", "%@%#", "$c$")):
        form = "cipher"
    if "user-role" in rest[1:] and _ADMINISTRATORS & set(rest[2:]):
        access = "write"
    entry = _Entry(line, access, hash=form)
    _bind_acl(entry, rest[1:], "snmp community", filters)
    return entry


def _algorithm(words: list[str], before: str, known: frozenset[str]) -> str:
    """The word behind ``before`` where it is an algorithm; nothing else is ever a value."""
    rest = words[words.index(before) + 1 :]
    return next((word for word in rest[:2] if word in known), "other")
