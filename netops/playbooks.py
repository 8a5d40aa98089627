"""Runs a playbook: which commands, in which order, with which exit codes expected.

A step is a command line of ``netops`` run in a process of its own, so a playbook proves what
a person would see. The answer key of a laboratory may say which code is right.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from netops.errors import InputError, Place, Sentence
from netops.policy.strict import PLAYBOOK, read_strict

Expectation = Literal["snapshot", "connectivity", "exits"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Strict):
    """One command. ``expect`` is a list of codes, or what the answer key says of an audit.

    ``always`` steps run even after a step has failed (taking the laboratory down).
    """

    title: dict[Literal["zh", "en"], str]
    run: tuple[str, ...] = Field(min_length=1)
    expect: tuple[int, ...] | Expectation = (0,)
    always: bool = False


class Playbook(_Strict):
    """A list of steps. ``$name`` in a step is replaced by a variable."""

    schema_: Literal["netops/playbook/1"] = Field(alias="schema")
    title: dict[Literal["zh", "en"], str]
    variables: dict[str, str] = Field(default_factory=dict)
    answer_key: str | None = None
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class StepResult:
    """How a step ended. ``expected`` holds the codes that would have been right."""

    step: Step
    command: tuple[str, ...]
    code: int
    expected: tuple[int, ...]

    @property
    def is_right(self) -> bool:
        """Whether the step ended with a code that was expected."""
        return self.code in self.expected


def load_playbook(path: Path) -> Playbook:
    """Read a playbook; raise InputError with the line and field at fault."""
    playbook, _raw = read_strict(path, Playbook, PLAYBOOK)
    if playbook.answer_key is None and any(isinstance(s.expect, str) for s in playbook.steps):
        raise InputError(
            "A step expects what the answer key says, but the playbook names none.",
            remedy="Add `answer_key:` to the playbook.",
            place=Place(str(path)),
        )
    return playbook


def run_playbook(
    playbook: Playbook,
    variables: Mapping[str, str],
    told: Callable[[Step, tuple[str, ...]], None],
) -> tuple[StepResult, ...]:
    """Run the steps; after a wrong code only ``always`` steps follow."""
    values = _resolve(playbook, variables)
    commands = [tuple(_filled(part, values) for part in step.run) for step in playbook.steps]
    key = None if playbook.answer_key is None else Path(_filled(playbook.answer_key, values))
    results: list[StepResult] = []
    for step, command in zip(playbook.steps, commands, strict=True):
        if not step.always and any(not result.is_right for result in results):
            continue
        told(step, command)
        code = subprocess.run([sys.executable, "-m", "netops", *command], check=False).returncode
        results.append(StepResult(step, command, code, _expected(step, key)))
    return tuple(results)


def _filled(text: str, values: Mapping[str, str]) -> str:
    """Put the variables into ``text``; all of it before the first step runs."""
    try:
        return Template(text).substitute(values)
    except (KeyError, ValueError) as error:
        raise InputError(
            Sentence("“{text}” names a variable that the playbook does not have.", text=text),
            remedy="List it under `variables:`; a dollar sign itself is written $$.",
        ) from error


def _resolve(playbook: Playbook, given: Mapping[str, str]) -> dict[str, str]:
    for name in given:
        if name not in playbook.variables:
            raise InputError(
                Sentence("The playbook has no variable “{name}”.", name=name),
                remedy=Sentence(
                    "It has: {names}.", names=", ".join(playbook.variables) or Sentence("none")
                ),
            )
    values = {**playbook.variables, **given}
    return {name: Template(text).safe_substitute(values) for name, text in values.items()}


def _expected(step: Step, key: Path | None) -> tuple[int, ...]:
    if isinstance(step.expect, tuple):
        return step.expect
    try:
        truth = json.loads(key.read_bytes()) if key is not None else {}
        return (expected_code(step.expect, truth),)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        # No key was written (the laboratory could not be planned), or it is none: no code is right.
        return ()


def expected_code(what: Expectation, truth: Mapping[str, Any]) -> int:
    """Return the exit code that an honest command ends with, by the answer key."""
    if what == "snapshot":
        coverage = truth["coverage"]
        return 0 if coverage["answered"] == coverage["registered"] else 3
    words = _words(what, truth)
    if words & {"not_met", "partly_met", "violated", "suspected"}:
        return 1
    return 3 if "unknown" in words else 0


def _words(what: Expectation, truth: Mapping[str, Any]) -> set[str]:
    if what == "connectivity":
        rows = [*truth["connectivity"].values(), *truth["applications"]]
        return {str(row["verdict"]) for row in rows}
    rows = [*truth["exits"].values(), *truth["departments"].values()]
    return {str(row["strength"]) for row in rows}
