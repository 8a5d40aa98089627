"""Branches of a shell's start-up files: whether a line is carried out whoever logs in.

Counts what opens and what closes. Refuses to evaluate a condition: of what stands in a branch the
worse of both outcomes counts, but for the question whether the shell is interactive.
"""

from __future__ import annotations

import re

from netops.facts.settings import Setting

_COMMAND = r"(?:^|[;&|]|\bthen\b|\bdo\b|\belse\b)\s{0,40}"
_OPENS = re.compile(_COMMAND + r"(?:if|case|for|while|until)\s")
_CLOSES = re.compile(_COMMAND + r"(?:fi|esac|done)(?=[\s;&|)]|$)")
_FUNCTION = re.compile(r"^\s{0,40}(?:function\s{1,8})?[\w-]{1,60}\s{0,8}\(\)")
_ENDS = re.compile(r"^\s{0,40}\}|[;}]\s{0,8}\}\s{0,8}$")
_GUARD = re.compile(r"(?:&&|\|\|)(?:[^;]{0,400}|\s{0,40}\{.{0,400})(?:TMOUT=|\bumask\s)")
_INTERACTIVE = re.compile(r"\$\{?PS1|\$-|\bBASH\b|BASH_VERSION|\btty -s\b|-t 0")


class Branches:
    """The branches open at a line of one file."""

    def __init__(self, lines: list[str]) -> None:
        opened = sum(len(_OPENS.findall(line)) for line in lines)
        closed = sum(len(_CLOSES.findall(line)) for line in lines)
        self._is_known = opened == closed
        """A file that was shown in part: what stands in a branch cannot be told."""
        self._open: list[str] = []
        self._in_function = self._stays = False

    def take(self, line: str) -> None:
        """Take the next line."""
        self._in_function = self._stays or _FUNCTION.match(line) is not None
        self._stays = self._in_function and not _ENDS.search(line)
        if not self._is_known:
            return
        self._open += [line] * len(_OPENS.findall(line))
        del self._open[max(0, len(self._open) - len(_CLOSES.findall(line))) :]

    def is_for_some(self, line: str) -> bool:
        """Whether the line just taken is carried out only where a condition holds."""
        guards = [*self._open, *([line] if _is_guarded(line) else [])]
        return self._in_function or not all(_INTERACTIVE.search(guard) for guard in guards)

    def together(self, before: Setting | None, now: Setting | None, line: str) -> Setting | None:
        """Return what an assignment on the line just taken comes to; None: nobody knows."""
        if self._in_function:
            return None
        if not self.is_for_some(line) or before is None or now is None:
            return now
        return max(before, now, key=_length)


def _is_guarded(line: str) -> bool:
    return _OPENS.search(line) is not None or _GUARD.search(line) is not None


def _length(setting: Setting) -> float:
    """Return how long an idle shell stays; nought never ends one."""
    return setting.value if isinstance(setting.value, int) and setting.value else float("inf")
