"""A device that we did not write: the texts that fakenos plays, against values read by hand."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from expected_facts import agrees

from netops.facts.answers import AnswerState
from netops.platforms.answer import Answer, Parsed
from netops.platforms.registry import platform

EXPECTED = Path(__file__).parents[2] / "replay" / "fakenos"
PLATFORMS = {"huawei_vrp": "huawei_vrp", "hp_comware": "h3c_comware"}
FEWEST = {"huawei_vrp": 20, "hp_comware": 14}


def _played(name: str) -> dict[str, str]:
    """Return what fakenos answers to each command of ours."""
    folder = files("fakenos") / "plugins" / "nos" / "platforms_yaml"
    commands = yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))["commands"]
    ours = platform(PLATFORMS[name])
    return {
        line: command["output"]
        for line, command in commands.items()
        if isinstance(command.get("output"), str) and ours.command_for(line) is not None
    }


def _expected(name: str) -> dict[str, dict[str, Any]]:
    text = (EXPECTED / f"{name}.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return found


def _parse(name: str, line: str, text: str) -> Parsed:
    command = platform(PLATFORMS[name]).command_for(line)
    assert command is not None
    return command.parse(Answer.of(text, line, "o"))


@pytest.mark.parametrize("name", PLATFORMS)
def test_every_command_of_ours_that_fakenos_plays_is_judged(name: str) -> None:
    assert set(_played(name)) == set(_expected(name))
    assert len(_played(name)) >= FEWEST[name]


CASES = [(name, line) for name in PLATFORMS for line in _expected(name)]


@pytest.mark.parametrize(("name", "line"), CASES)
def test_a_played_text_gives_what_a_person_reads_in_it(name: str, line: str) -> None:
    wanted = _expected(name)[line]
    parsed = _parse(name, line, _played(name)[line])
    assert parsed.state is AnswerState(wanted.get("state", "understood")), parsed.detail
    assert Counter(type(fact).__name__ for fact in parsed.facts) == wanted["counts"]
    for fact in wanted.get("facts", []):
        assert any(agrees(found, fact) for found in parsed.facts), fact


@pytest.mark.parametrize("name", PLATFORMS)
def test_nearly_every_line_that_fakenos_plays_is_understood(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    poor = {}
    with capsys.disabled():
        for line, text in sorted(_played(name).items()):
            count = sum(1 for row in text.splitlines() if row.strip())
            share = 1 - len(_parse(name, line, text).unread) / count
            print(f"\n{name}  {share:7.2%} of {count:4} lines  {line}", end="")  # noqa: T201 - CI shows it
            if share < 0.98:
                poor[line] = share
    assert poor == {}
