"""Which facts name what is to be asked next: instances, ways to dial out.

Knows that a configuration is asked only where no display was understood. Refuses to know any
platform's commands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from netops.facts.answers import AnswerState
from netops.platforms.answer import Parsed


@dataclass(frozen=True, slots=True)
class Telling:
    """Displays in groups, each group enough by itself, and the configuration behind them all."""

    displays: tuple[tuple[str, ...], ...]
    configuration: str

    @property
    def commands(self) -> frozenset[str]:
        """Where the names come from."""
        return frozenset((*(text for group in self.displays for text in group), self.configuration))

    def facts(self, answers: Mapping[str, Parsed]) -> Iterator[object]:
        """Yield the facts of the displays, and of the configuration where none is understood."""
        for commands in self.displays:
            told = [answers[text] for text in commands if text in answers]
            understood = any(parsed.state is AnswerState.UNDERSTOOD for parsed in told)
            if not understood and self.configuration in answers:
                told.append(answers[self.configuration])
            for parsed in told:
                yield from parsed.facts
