"""Stands between the toolkit and every device: only whole lines that a platform admits pass.

A ``Shell`` sends nothing but an ``AdmittedLine``, and only this module makes one. Names taken
from device text (VPN instances, interfaces) reach a command line through here alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from netops.errors import GuardError, Sentence
from netops.platforms.base import Platform
from netops.text import one_line

_MAX_LINE = 400
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_SEPARATOR = re.compile(r"[;|&<>`$\\?!^]|\(\)")
_TOKEN = object()


@dataclass(frozen=True, slots=True, init=False)
class AdmittedLine:
    """A line that passed the guard."""

    text: str

    def __init__(self, text: str, token: object) -> None:
        if token is not _TOKEN:
            raise TypeError("only ReadOnlyGuard admits lines")
        object.__setattr__(self, "text", text)


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
