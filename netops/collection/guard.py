"""Stands between the toolkit and every device: only whole lines that a platform admits pass.

A ``Shell`` sends nothing but an ``AdmittedLine``, and only this module makes one. Names taken
from device text (VPN instances, interfaces) reach a command line through here alone. For hosts a
whole program passes, if its SM3 digest is the one that stands here, with an order of plain data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from netops.errors import GuardError, Sentence
from netops.gm import sm3_hex
from netops.platforms.base import Platform
from netops.text import one_line

_MAX_LINE = 400
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_SEPARATOR = re.compile(r"[;|&<>`$\\?!^]|\(\)")
_TOKEN = object()
_PROGRAMS = frozenset({"d66c7ecafc99d11cff401c84e46f5c197707c4032afbe7af46ade8fe8ee738e4"})
"""SM3 of every program that may run on a host; nothing from policies or a site adds to it."""
_SHELL_PROBES = frozenset({"534263d9814dbf28c0b4ce5f9db4d479fcf86810852b6c10c539477f7567a3e5"})
"""SM3 of the program for hosts without Python; the same holds for it."""
_COLLECTORS = frozenset({"db8e1e63b2bd0e3f95d51b8e30c09ccea39f1357415952a217db1872f52b4b3b"})
"""SM3 of the collector of host evidence as the platform renders it; the same holds for it."""
_ORDER = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_MOST_ORDER = 1 << 20
_INTERPRETER = "python3 -I -"
_SHELL = "sh -s"
_SHELL_WITH_WALK = "sh -s -- --walk"


@dataclass(frozen=True, slots=True, init=False)
class AdmittedLine:
    """A line that passed the guard."""

    text: str

    def __init__(self, text: str, token: object) -> None:
        if token is not _TOKEN:
            raise TypeError("only ReadOnlyGuard admits lines")
        object.__setattr__(self, "text", text)


@dataclass(frozen=True, slots=True, init=False)
class AdmittedBundle:
    """A program that passed the guard: the command line, and what goes to its standard input."""

    line: str
    text: bytes

    def __init__(self, line: str, text: bytes, token: object) -> None:
        if token is not _TOKEN:
            raise TypeError("only the guard admits programs")
        object.__setattr__(self, "line", line)
        object.__setattr__(self, "text", text)


def admit_bundle(program: bytes, order: str) -> AdmittedBundle:
    """Return ``program`` with its ``order`` (base64) as one that may run on a host.

    The order becomes the one argument of the program's ``run``; its letters cannot end it.
    """
    if sm3_hex(program) not in _PROGRAMS:
        raise GuardError(
            "A program was not sent to a host: it is not the one that was reviewed.",
            remedy="Install netops anew; its files were changed.",
        )
    _check_order(order)
    return AdmittedBundle(_INTERPRETER, program + f'\nrun("{order}")\n'.encode(), _TOKEN)


def admit_shell_probe(program: bytes, order: str) -> AdmittedBundle:
    """Return the program for a host without Python with its ``order`` (base64), the same way."""
    if sm3_hex(program) not in _SHELL_PROBES:
        raise GuardError(
            "A program was not sent to a host: it is not the one that was reviewed.",
            remedy="Install netops anew; its files were changed.",
        )
    _check_order(order)
    return AdmittedBundle(_SHELL, program + f'\nrun "{order}"\n'.encode(), _TOKEN)


def _check_order(order: str) -> None:
    if len(order) > _MOST_ORDER or not _ORDER.fullmatch(order):
        raise GuardError(
            "A program was not sent to a host: its order is not plain data.",
            remedy="Ask for fewer targets at once.",
        )


def admit_collector(program: bytes, *, walk: bool = False) -> AdmittedBundle:
    """Return the collector of host evidence as one that may run on a host."""
    if sm3_hex(program) not in _COLLECTORS:
        raise GuardError(
            "A program was not sent to a host: it is not the one that was reviewed.",
            remedy="Install netops anew; its files were changed.",
        )
    return AdmittedBundle(_SHELL_WITH_WALK if walk else _SHELL, program, _TOKEN)


class ReadOnlyGuard:
    """Admits read-only commands of one platform."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def admit(self, line: str) -> AdmittedLine:
        """Return ``line`` as one that may be sent, or raise ``GuardError``."""
        reason = self._objection(line)
        if reason:
            raise GuardError(
                Sentence(
                    "The line “{line}” was not sent: {reason}.",
                    line=one_line(line)[:120],
                    reason=reason,
                ),
                remedy="Only read-only commands of the platform are sent, each a whole line.",
            )
        return AdmittedLine(line, _TOKEN)

    def _objection(self, line: str) -> Sentence | None:
        if len(line) > _MAX_LINE:
            return Sentence("it is too long")
        if _CONTROL.search(line):
            return Sentence("it holds control characters")
        if _SEPARATOR.search(line):
            return Sentence("it holds a separator or a redirection")
        if line != line.strip() or not line:
            return Sentence("it is not a bare command")
        if not self._platform.admits(line):
            return Sentence(
                "{platform} has no such read-only command", platform=self._platform.name
            )
        return None
