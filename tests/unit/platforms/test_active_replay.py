"""What devices print for their own ping and traceroute, against what a person reads in it."""

from __future__ import annotations

from pathlib import Path as File
from typing import Any

import pytest
import yaml

from netops.facts.measurements import Echoes, Hop, Path
from netops.platforms.answer import Answer
from netops.platforms.registry import platform

REPLAY = File(__file__).parents[2] / "replay" / "active"
RECORDINGS = sorted(REPLAY.glob("*/*.raw"))


def _name(recording: File) -> str:
    return f"{recording.parent.name} {recording.stem}"


def _expected(recording: File) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(
        recording.with_suffix(".yaml").read_text(encoding="utf-8")
    )
    return loaded


def _measured(recording: File) -> tuple[dict[str, Any], Echoes | Path | None]:
    expected = _expected(recording)
    answer = Answer.of(recording.read_text(encoding="utf-8"), expected["command"], "seen")
    return expected, platform(recording.parent.name).measured(answer)


def _words(hop: Hop) -> str:
    return " ".join(map(str, (hop.ttl, *hop.addresses, *hop.round_trips_ms)))


@pytest.mark.parametrize("name", ["huawei_vrp", "h3c_comware", "frr", "linux_host"])
def test_there_are_texts_of_each_platform(name: str) -> None:
    assert sum(recording.parent.name == name for recording in RECORDINGS) >= 4


@pytest.mark.parametrize("recording", RECORDINGS, ids=_name)
def test_the_guard_of_the_platform_knows_the_line(recording: File) -> None:
    known, line = platform(recording.parent.name), _expected(recording)["command"]
    assert known.admits(line)
    assert known.command_for(line) is None, "no snapshot asks it by itself"


@pytest.mark.parametrize("recording", [r for r in RECORDINGS if "ping" in r.stem], ids=_name)
def test_a_ping_gives_the_series_that_a_person_reads(recording: File) -> None:
    expected, echoes = _measured(recording)
    assert isinstance(echoes, Echoes)
    assert str(echoes.target) == expected["command"].split()[-1]
    assert (echoes.source and str(echoes.source)) == expected["source"]
    assert echoes.sent == expected["sent"]
    assert list(echoes.round_trips_ms) == expected["round_trips"]
    assert echoes.reach.value == expected["reach"]
    assert echoes.detail == expected["detail"]
    if "lines" in expected:
        assert [echoes.evidence.first, echoes.evidence.last] == expected["lines"]


@pytest.mark.parametrize("recording", [r for r in RECORDINGS if "ping" not in r.stem], ids=_name)
def test_a_trace_gives_the_path_that_a_person_reads(recording: File) -> None:
    expected, path = _measured(recording)
    assert isinstance(path, Path)
    assert str(path.target) == expected["command"].split()[-1]
    assert (path.source and str(path.source)) == expected["source"]
    assert [_words(hop) for hop in path.hops] == expected["hops"]
    assert path.reached is expected["reached"]
    assert path.detail == expected["detail"]


@pytest.mark.parametrize("recording", RECORDINGS, ids=_name)
def test_a_cut_text_never_says_more_than_the_whole(recording: File) -> None:
    """Wherever the text breaks off, nothing is reached that was not, and nothing fails."""
    expected, whole = _measured(recording)
    text = recording.read_text(encoding="utf-8")
    known = platform(recording.parent.name)
    for end in range(len(text)):
        found = known.measured(Answer.of(text[:end], expected["command"]))
        if isinstance(found, Echoes):
            assert isinstance(whole, Echoes)
            assert not found.sent or found.round_trips_ms == whole.round_trips_ms
        else:
            assert isinstance(found, Path)
            assert isinstance(whole, Path)
            assert whole.reached or not found.reached
