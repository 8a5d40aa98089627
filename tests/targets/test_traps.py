"""Traps on Debian hosts: the truth of each was written before anything was scanned.

Traps of different areas touch different files, so one host holds one of each area.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path

import pytest
import yaml
from brief_hosts import show
from real_targets import JUDGES, missing, root_folder

from netops.baselines import platform_of, run_case
from netops.evidence.observation import DeviceRecord, Observation, Outcome
from netops.facts.device import Contact
from netops.policy.baseline import RuleSet, load_rules
from netops.reading.settings import read_settings

_HERE = Path(__file__).parent
_POLICIES = _HERE.parents[1] / "policies"
_WORDS = {"met": "+", "not_met": "-", "not_applicable": "0", "unknown": "?"}


@dataclass(frozen=True, slots=True)
class Trap:
    """One trap: what is done to a host, and what is true of it then."""

    area: str
    name: str
    do: str
    expect: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, object], ...]


def _traps() -> list[list[Trap]]:
    """Return the traps of each area."""
    areas: list[list[Trap]] = []
    for path in sorted((_HERE / "traps").glob("*.yaml")):
        texts = yaml.safe_load(path.read_text(encoding="utf-8"))
        areas += [
            [
                Trap(area, one["name"], one["do"], tuple(one.get("expect", {}).items()),
                     tuple(one.get("facts", {}).items()))
                for one in traps
            ]
            for area, traps in texts.items()
        ]  # fmt: skip
    return areas


_HOSTS = [[trap for trap in row if trap is not None] for row in zip_longest(*_traps())]
_CASES = [(number, trap) for number, row in enumerate(_HOSTS) for trap in row]


@cache
def _rules() -> RuleSet:
    return load_rules(_POLICIES)


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Bring up one host after the other; return their evidence."""
    if lacking := missing():
        reason = f"hosts need: {' '.join(lacking)}"
        if os.environ.get("NETOPS_CI") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    folder, root = tmp_path_factory.mktemp("traps"), root_folder(JUDGES)
    found: dict[int, Path] = {}
    for number, row in enumerate(_HOSTS):
        script = "".join(f"( set -eu\n{trap.do}\n)\n" for trap in row)
        found[number] = show(root, folder / str(number), script).case
    return found


@pytest.mark.parametrize(("number", "trap"), _CASES, ids=[f"{t.area}-{t.name}" for _, t in _CASES])
def test_no_trap_is_answered_untruly(shown: dict[int, Path], number: int, trap: Trap) -> None:
    for check, signs in trap.expect:
        verdict = run_case(_rules(), _rules().checks[check], shown[number]).verdict.value
        assert _WORDS[verdict] in str(signs), check
    said = _settings(shown[number]) if trap.facts else {}
    for fact, value in trap.facts:
        found = said[fact]
        assert (list(found) if isinstance(found, tuple) else found) == value


def _settings(case: Path) -> dict[str, object]:
    """Return the settings without a key of the host itself."""
    answers = []
    for part in case.read_bytes().split(b"\n@@ ")[1:]:
        command, _, text = part.partition(b"\n")
        name = command.decode()
        answers.append(
            Observation(name, "case", name, "file", "", 0.0, Outcome.ACCEPTED, text + b"\n")
        )
    record = DeviceRecord(
        device="case",
        platform=platform_of("linux"),
        contact=Contact.ANSWERED,
        observations=tuple(answers),
    )
    return {
        setting.name: setting.value
        for component in read_settings(record).components
        for setting in component.settings
        if component.component == "linux" and not setting.key
    }
