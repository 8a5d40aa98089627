"""From the source of a fact to the evidence that a finding shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from netops.facts.device import DeviceFacts
from netops.facts.source import Source
from netops.findings import Evidence


def prove(
    facts: Mapping[str, DeviceFacts], sources: Iterable[tuple[str, Source]]
) -> tuple[Evidence, ...]:
    """Return the evidence behind (device, source) pairs, each once, in the order given.

    A source without an observation (a fact that was concluded, not read) proves nothing and
    is left out.
    """
    found: dict[Evidence, None] = {}
    for device, source in sources:
        known = facts.get(device)
        answers = known.answers if known is not None and source.observation else ()
        answer = next((a for a in answers if a.observation == source.observation), None)
        if answer is not None:
            lines = (source.first, source.last)
            found[Evidence(source.observation, answer.digest, device, answer.command, lines)] = None
    return tuple(found)
