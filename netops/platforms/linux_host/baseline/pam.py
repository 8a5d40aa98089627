"""PAM: the rules of a service after all its includes, and what they come to.

Knows the forms of Debian (``@include common-*``) and of the RHEL family (``include``, ``substack``,
``system-auth``, ``password-auth``). A module behind one that ends the stack never runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from netops.facts.source import Source
from netops.platforms.linux_host.baseline.plain import joined, words
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet
from netops.platforms.settings import Section

_FILES = (
    "sshd login su su-l sudo passwd chpasswd other common-auth common-account common-password "
    "common-session system-auth password-auth system-auth-ac password-auth-ac system-login "
    "system-remote-login remote system-account base-auth base-password deepin-auth kylin-auth "
    "postlogin postlogin-ac smartcard-auth fingerprint-auth"
)

SECTIONS = (
    Section(
        "pam",
        rf"""
known='{_FILES}'
set --
for service in sshd login su passwd; do
  [ -f /etc/pam.d/$service ] && [ -r /etc/pam.d/$service ] && set -- "$@" /etc/pam.d/$service
done
set -f
[ $# -gt 0 ] && for named in $(awk '$1 == "@include" {{ print $2 }}
  $2 == "include" || $2 == "substack" {{ print $3 }}' "$@" 2>/dev/null | head -n 80)
do
  case " $known " in *" $named "*) continue ;; esac
  case $named in
    *..*|/*) ;;
    *) known="$known $named" ;;
  esac
done
set --
for service in $known; do set -- "$@" "/etc/pam.d/$service"; done
show "$@"
""",
        60_000,
    ),
)

_CONTROL = re.compile(r"\[([^\]]{0,300})\]")
_TYPES = frozenset({"auth", "account", "password", "session"})
_MOST_RULES = 400
_DEEPEST = 10
_HARD = frozenset({"required", "requisite"})
_DIGITS = 3
_ENDS = frozenset({"sufficient"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a stack. ``actions`` are those of the long form (``[success=1 …]``)."""

    control: str
    actions: tuple[tuple[str, str], ...]
    module: str
    arguments: tuple[str, ...]
    source: Source
    scope: tuple[int, ...] = ()
    """The substacks it stands in, from the outermost: what ends one does not end the others."""

    @property
    def binds(self) -> bool:
        """Whether its failure makes the whole fail, in the end."""
        if self.actions:
            said = dict(self.actions)
            return said.get("default", "bad") in {"bad", "die"}
        return self.control in _HARD

    @property
    def jump(self) -> int | None:
        """How many rules its success passes over; None: it does not jump."""
        said = dict(self.actions).get("success", "")
        return int(said) if said.isascii() and said.isdigit() and len(said) <= _DIGITS else None

    @property
    def ends(self) -> bool:
        """Whether its success ends the stack."""
        return self.control in _ENDS or dict(self.actions).get("success") == "done"

    def argument(self, name: str) -> str | None:
        """Return the last ``name=value`` among its arguments."""
        found = [a.partition("=")[2] for a in self.arguments if a.partition("=")[0] == name]
        return found[-1] if found else None

    def has(self, word: str) -> bool:
        """Whether a plain argument stands there."""
        return word in self.arguments


@dataclass(frozen=True, slots=True)
class Stack:
    """All rules of one type for one service, in order; ``whole`` is False if a file is missing."""

    rules: tuple[Rule, ...]
    whole: bool = True

    def of(self, *modules: str) -> Iterator[Rule]:
        """Yield the rules of these modules."""
        return (rule for rule in self.rules if rule.module in modules)

    def reached(self, *modules: str) -> Rule | None:
        """Return the first binding rule of these modules that sees a password in time.

        For the password stack: behind ``pam_unix`` the new password is written already, whatever
        the control; behind a ``sufficient`` rule the module is not asked at all.
        """
        for rule in self.rules:
            if rule.module in modules:
                if rule.binds:
                    return rule
            elif rule.ends or rule.module == "pam_unix":
                return None
        return None


def stack(sheet: Sheet, service: str, kind: str) -> Stack | None:
    """Return the rules of ``kind`` for ``service``; None where the service has no file."""
    if sheet.file(f"/etc/pam.d/{service}") is None:
        return None
    walk = _Walk(sheet, kind)
    walk.read(service, 0)
    return Stack(tuple(walk.rules), walk.whole)


class _Walk:
    """Follows includes; bounded, because a file may include itself."""

    def __init__(self, sheet: Sheet, kind: str) -> None:
        self._sheet = sheet
        self._substacks = 0
        self._kind = kind
        self.rules: list[Rule] = []
        self.whole = True

    def read(self, name: str, depth: int, scope: tuple[int, ...] = ()) -> None:
        """Take the rules of one file."""
        piece = self._sheet.file(f"/etc/pam.d/{name.removeprefix('/etc/pam.d/')}")
        if piece is None or depth > _DEEPEST:
            self.whole = False
            return
        is_whole, lines = _lines(piece)
        self.whole = self.whole and is_whole
        for at, kind, rest in lines:
            if kind == "@include":
                self.read(rest, depth + 1, scope)
            elif kind == self._kind:
                self._rule(rest, piece.at(at), depth, scope)
            elif kind not in _TYPES:
                self.whole = False
            if len(self.rules) > _MOST_RULES:
                self.whole = False
                return

    def _rule(self, rest: str, source: Source, depth: int, scope: tuple[int, ...]) -> None:
        match = _CONTROL.match(rest)
        control, tail = ("", rest[match.end() :]) if match else _first(rest)
        actions = tuple(_actions(match[1])) if match else ()
        found = words(tail)
        if not found:
            self.whole = False
        elif control.lower() == "include":
            self.read(found[0], depth + 1, scope)
        elif control.lower() == "substack":
            self._substacks += 1
            self.read(found[0], depth + 1, (*scope, self._substacks))
        else:
            module = found[0].rpartition("/")[2].removesuffix(".so")
            self.rules.append(
                Rule(control.lower(), actions, module, tuple(_arguments(found[1:])), source, scope)
            )


_Lines = list[tuple[int, str, str]]


def _lines(piece: Piece) -> tuple[bool, _Lines]:
    """Return whether PAM could take every line, and number, type and rest of each rule.

    A file is read for many services and types: it is taken apart once.
    """
    if piece.parts is None:
        # A carriage return belongs to the last word: PAM finds no module of that name.
        piece.parts = (
            not any(text.endswith("\r") for _, text in piece.lines),
            list(_taken_apart(piece)),
        )
    return cast("tuple[bool, _Lines]", piece.parts)


def _taken_apart(piece: Piece) -> Iterator[tuple[int, str, str]]:
    for at, text in joined(piece):
        bare = text.partition("#")[0]
        found = words(bare) if bare else []
        if found and found[0] == "@include" and len(found) > 1:
            yield at, "@include", found[1]
        elif found:
            kind, _, rest = bare.strip(" \t\r\n").replace("\t", " ").partition(" ")
            yield at, kind.lstrip("-").lower(), rest.strip(" \t")


def _first(text: str) -> tuple[str, str]:
    word, _, rest = text.partition(" ")
    return word, rest


def _actions(text: str) -> Iterator[tuple[str, str]]:
    for pair in words(text.replace(" =", "=").replace("= ", "=")):
        key, sign, value = pair.partition("=")
        if sign:
            yield key.lower(), value.lower()


def _arguments(found: list[str]) -> Iterator[str]:
    """Yield arguments; one in brackets (``[a b]``) is one argument."""
    held: list[str] = []
    for word in found:
        if held or (word.startswith("[") and not word.endswith("]")):
            held.append(word)
            if word.endswith("]"):
                yield " ".join(held)[1:-1]
                held = []
        else:
            yield word.strip("[]")
    yield from held
