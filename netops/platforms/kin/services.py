"""Time, log and banner: lines that VRP and Comware write alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from netops.platforms.kin.draft import UNKNOWN, Draft
from netops.platforms.kin.filters import Filters, Use
from netops.platforms.kin.layout import Banner

_GRAVE = frozenset({"emergencies", "emergency", "alert", "alerts", "critical", "error", "errors"})
_USUAL = frozenset({"2", "loghost"})
"""The channel of log hosts, by number and by name."""
_SOURCES = frozenset({"source-ip", "source-ipv6", "source"})
_KEY_KINDS = frozenset({"md5", "hmac-sha1", "hmac-sha256", "hmac-sha384", "hmac-sha512",
                        "hmac-sha-1", "hmac-sha-256", "hmac-sha-384", "hmac-sha-512",
                        "sha1", "sha256", "sm3", "hmac-sm3", "aes-128-cmac"})  # fmt: skip


@dataclass(slots=True)
class Ntp:
    """``ntp-service`` (``ntp`` on newer releases). ``on`` is None until a line says it."""

    on: bool | None = None
    authentication: bool = False
    line: int = 0
    servers: dict[str, tuple[str, int]] = field(default_factory=dict)
    keys: dict[str, tuple[str, int]] = field(default_factory=dict)
    trusted: set[str] = field(default_factory=set)

    def read(self, words: list[str], line: int, filters: Filters, *, undone: bool = False) -> None:
        """Read the words behind ``ntp-service``."""
        topic = words[0] if words else ""
        if topic in {"enable", "disable"}:
            self.on, self.line = (topic == "enable") != undone, line
        elif topic == "authentication" and words[1:2] == ["enable"]:
            self.authentication = not undone
        elif undone:
            self._undo(words)
        elif topic in {"unicast-server", "unicast-peer"}:
            self._server(words[1:], line)
        elif topic == "authentication-keyid" and len(words) > 1:
            kind = next((w for w in words[2:5] if w in _KEY_KINDS), "other")
            self.keys[words[1]] = (kind, line)
        elif topic in {"reliable", "trusted", "trusted-key"}:
            self.trusted.add(words[-1])
        elif topic == "access" and len(words) > 2:  # noqa: PLR2004 - right and list
            family = 6 if "ipv6" in words else 4
            filters.bind(f"ntp access {words[1]}", words[-1], family, Use.MANAGEMENT, line)

    def _undo(self, words: list[str]) -> None:
        """Take away a server, a key, or the trust in one."""
        if words[:1] in (["unicast-server"], ["unicast-peer"]):
            for word in words[1:]:
                self.servers.pop(word, None)
        elif words[:1] == ["authentication-keyid"]:
            self.keys.pop(words[-1], None)
        elif words[:1] in (["reliable"], ["trusted"], ["trusted-key"]):
            self.trusted.discard(words[-1])

    def _server(self, words: list[str], line: int) -> None:
        if "vpn-instance" in words[:-1]:
            at = words.index("vpn-instance")
            words = words[:at] + words[at + 2 :]
        address = next((w for w in words if w not in {"ipv6", "domain"}), "")
        key = ""
        if "authentication-keyid" in words[:-1]:
            key = words[words.index("authentication-keyid") + 1]
        if address:
            self.servers[address] = (key, line)

    def write(self, draft: Draft, *, needs_enable: bool | None) -> None:
        """Write the settings; ``needs_enable``: servers alone do nothing. None: not known."""
        runs = self.on
        if runs is None and self.servers and needs_enable is not None:
            runs = not needs_enable
        draft.put("ntp.enabled", runs, self.line)
        draft.put("ntp.servers", tuple(self.servers))
        draft.put("ntp.authentication", self.authentication)
        for address, (key, line) in self.servers.items():
            proven = self.authentication and key in self.keys and key in self.trusted
            draft.put("ntp.server_authenticated", proven, line, key=address)
        for key, (kind, line) in self.keys.items():
            draft.put("ntp.key_algorithm", kind, line, key=key)


@dataclass(slots=True)
class Log:
    """``info-center``. ``on`` is None until a line says it."""

    on: bool | None = None
    line: int = 0
    hosts: dict[str, int] = field(default_factory=dict)
    source: tuple[str, int] | None = None
    sources: dict[str, tuple[str, int]] = field(default_factory=dict)
    """The sources that hosts have of their own."""
    dated: tuple[bool, int] | None = None
    elsewhere: set[str] = field(default_factory=set)
    """Hosts that are sent another channel than that of log hosts: nobody knows what it carries."""
    muted: int = 0
    """The line by which modules in general send no log to hosts."""

    def read(self, words: list[str], line: int, *, undone: bool = False) -> None:
        """Read the words behind ``info-center``."""
        topic = words[0] if words else ""
        if topic in {"enable", "disable"}:
            self.on, self.line = (topic == "enable") != undone, line
        elif topic == "timestamp":
            self.dated = (not undone and not {"none", "boot"} & set(words), line)
        elif topic == "source":
            self._module(words[1:], line, undone=undone)
        elif undone:
            for word in words[1:] if topic == "loghost" else ():
                self.hosts.pop(word, None)
        elif topic == "loghost" and words[1:2] == ["source"] and len(words) > 2:  # noqa: PLR2004
            self.source = ("".join(words[2:4]), line)
        elif topic == "loghost":
            self._host(words[1:], line)

    def _module(self, words: list[str], line: int, *, undone: bool) -> None:
        """Read what modules in general send to hosts; channel 2 is that of the hosts."""
        if words[:1] != ["default"] or not {"loghost", "2"} & set(words[1:3]):
            return
        state = words[words.index("log") + 1 :] if "log" in words else []
        muted = words[-1] == "deny" or ("state" in state and _word_after(state, "state") == "off")
        # Who logged in, and what was typed, is told at lower levels than these.
        muted |= "level" in words and _word_after(words, "level") in _GRAVE
        self.muted = line if muted and not undone else 0

    def _host(self, words: list[str], line: int) -> None:
        if words[:1] == ["vpn-instance"]:
            words = words[2:]
        address = next((w for w in words if w not in {"ipv6", "domain"}), "")
        if not address or address.startswith("127.") or address == "::1":
            return
        self.hosts[address] = line
        is_usual = "channel" not in words or _word_after(words, "channel") in _USUAL
        (self.elsewhere.discard if is_usual else self.elsewhere.add)(address)
        given = next((w for w in words[1:-1] if w in _SOURCES), "")
        if given:
            self.sources[address] = (_word_after(words, given), line)

    def write(self, draft: Draft, interfaces: Iterable[str], *, enabled: bool | None) -> None:
        """Write the settings; ``enabled`` is the default where known.

        A source that is none of the ``interfaces`` of the device is no source.
        """
        draft.put("log.enabled", enabled if self.on is None else self.on, self.line)
        lines = sorted(self.hosts.values())
        if self.muted or self.on is False:
            draft.put("log.hosts", (), self.muted or self.line)
        elif self.hosts and self.hosts.keys() <= self.elsewhere:
            draft.put("log.hosts", UNKNOWN, lines[0], lines[-1])
        else:
            draft.put("log.hosts", tuple(self.hosts), *(lines[:1] + lines[-1:] if lines else ()))
        source, line = self._source()
        known = source[:1].isdigit() or ":" in source
        known = known or source.lower() in {name.lower() for name in interfaces}
        draft.put("log.source", source if known else "", line)
        if self.dated is not None:
            draft.put("log.dated", self.dated[0], self.dated[1])

    def _source(self) -> tuple[str, int]:
        """The source of all hosts, or of each; none where one host has neither."""
        own = [self.sources[host] for host in self.hosts if host in self.sources]
        if self.source is None and own and len(own) == len(self.hosts):
            return own[0]
        return self.source or ("", 0)


def _word_after(words: list[str], before: str) -> str:
    at = words.index(before) + 1
    return words[at] if at < len(words) else ""


_RELEASE = re.compile(r"(?i)V\d{3}R\d{3}|Comware|\bVRP\b|Version \d|Release \d")
_WELCOME = re.compile(r"(?i)\bwelcome\b|欢迎")


_BEFORE_LOGIN = frozenset({"legal", "motd", "login"})
"""Banners that are shown before anybody proved who they are; a shell's comes too late to warn."""


def write_banners(draft: Draft, banners: list[Banner], hostname: str) -> None:
    """Write whether a warning stands before the login, and what all banners tell or invite to."""
    shown = [b for b in banners if b.text is None or b.text.strip()]
    first, last = (shown[0].first, shown[-1].last) if shown else (0, 0)
    warning = [b for b in shown if b.kind in _BEFORE_LOGIN]
    place = (warning[0].first, warning[-1].last) if warning else (first, last)
    draft.put("banner.present", bool(warning), *place)
    text = "\n".join(b.text for b in shown if b.text is not None)
    if shown and text:
        named = len(hostname) > 2 and hostname.lower() in text.lower()  # noqa: PLR2004 - a real name
        draft.put("banner.discloses", named or bool(_RELEASE.search(text)), first, last)
        draft.put("banner.invites", bool(_WELCOME.search(text)), first, last)
