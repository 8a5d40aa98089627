"""Reads what a renderer printed with the platform's own parsers, every line understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from netops.facts.answers import AnswerState
from netops.facts.source import NOWHERE
from netops.platforms.answer import Answer, Parsed
from netops.platforms.base import Platform


@dataclass(frozen=True)
class Rendered:
    """The parsers of one platform."""

    platform: Platform

    def parse(self, answers: Mapping[str, str], command: str) -> Parsed:
        """Parse the answer to a command of the platform."""
        known = self.platform.command_for(command)
        assert known is not None
        parsed = known.parse(Answer.of(answers[command], command))
        assert (parsed.state, parsed.unread) == (AnswerState.UNDERSTOOD, ())
        return parsed

    def facts(self, answers: Mapping[str, str], command: str, kind: type) -> list[Any]:
        """Return the facts of one kind without their places."""
        found = [f for f in self.parse(answers, command).facts if isinstance(f, kind)]
        return [replace(fact, source=NOWHERE) for fact in found]
