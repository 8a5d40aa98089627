"""Simulated devices forward no packet: asked to ping or trace, they say that they cannot."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from netops.facts.measurements import Echoes, Path, Reach
from netops.lab.dialects import DIALECTS
from netops.platforms.answer import Answer
from netops.platforms.registry import NAMES, platform


@pytest.mark.parametrize("name", NAMES)
def test_what_a_simulated_device_answers_is_no_measurement(name: str) -> None:
    known = platform(name)
    assert known.active is not None
    target = ip_address("10.2.0.1")
    for line in (known.active.ping_line(target), known.active.trace_line(target)):
        if line is None:
            continue
        said = DIALECTS[name].unknown.format(name="R1", user="reader", line=line)
        found = known.measured(Answer.of(said, line))
        assert found is not None
        assert found.detail.startswith("not supported: ")
        if isinstance(found, Echoes):
            assert found.reach is Reach.NOT_MEASURED
        else:
            assert isinstance(found, Path)
            assert (found.hops, found.reached) == ((), False)
