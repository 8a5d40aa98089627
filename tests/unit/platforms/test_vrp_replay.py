"""Every recording of the platform, against values that a person read in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from expected_facts import agrees

from netops.facts.answers import AnswerState
from netops.facts.policy_routes import Acl
from netops.facts.routes import RouteTable, prefix_of
from netops.platforms.answer import Answer, Parsed
from netops.platforms.huawei_vrp import PLATFORM

FOLDER = Path(__file__).parents[2] / "replay" / "huawei_vrp"
RECORDINGS = sorted(FOLDER.glob("*/*.raw"))
UNDERSTOOD_AT_LEAST = 0.98


def _replay(recording: Path) -> tuple[dict[str, Any], Answer, Parsed]:
    expected = yaml.safe_load(recording.with_suffix(".yaml").read_text(encoding="utf-8"))
    command = PLATFORM.command_for(expected["command"])
    assert command is not None, f"no command admits {expected['command']!r}"
    text = recording.read_bytes().decode("utf-8", errors="replace")
    answer = Answer.of(text, expected["command"], "recorded")
    return expected, answer, command.parse(answer)


def test_there_are_recordings_to_replay() -> None:
    assert len(RECORDINGS) >= 30


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.stem)
def test_a_recording_gives_what_a_person_reads_in_it(recording: Path) -> None:
    expected, _, parsed = _replay(recording)
    assert parsed.state is AnswerState.UNDERSTOOD
    kinds = [type(fact).__name__ for fact in parsed.facts]
    assert {kind: kinds.count(kind) for kind in kinds} == expected["counts"]
    facts = [*parsed.facts]
    facts += [rule for fact in parsed.facts if isinstance(fact, Acl) for rule in fact.rules]
    for wanted in expected.get("facts", []):
        assert any(agrees(fact, wanted) for fact in facts), wanted
    rows = [
        [str(prefix_of(r)), r.protocol, r.preference, r.metric, r.next_hop, r.interface, r.active]
        for fact in parsed.facts
        if isinstance(fact, RouteTable)
        for r in fact.rows
    ]
    for row in expected.get("rows", []):
        assert row in rows


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.stem)
def test_a_cut_recording_raises_nothing(recording: Path) -> None:
    expected, answer, _ = _replay(recording)
    command = PLATFORM.command_for(expected["command"])
    assert command is not None
    for part in range(0, len(answer.text), max(1, len(answer.text) // 40)):
        assert isinstance(command.parse(Answer.of(answer.text[:part], answer.command)), Parsed)


def test_the_share_of_lines_understood_is_high_for_every_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines: dict[str, int] = {}
    unread: dict[str, int] = {}
    for recording in RECORDINGS:
        expected, answer, parsed = _replay(recording)
        name = expected["command"]
        lines[name] = lines.get(name, 0) + sum(1 for _, line in answer.lines if line.strip())
        unread[name] = unread.get(name, 0) + len(parsed.unread)
    with capsys.disabled():
        for name, count in sorted(lines.items()):
            share = 1 - unread[name] / count
            row = f"\nhuawei_vrp  {share:7.2%} of {count:4} lines  {name}"
            print(row, end="")  # noqa: T201 - CI shows it
        print()  # noqa: T201 - CI shows it
    for name, count in lines.items():
        assert 1 - unread[name] / count >= UNDERSTOOD_AT_LEAST, name
