"""Finds the cases of a check and tells from their names what each must come to.

What a case comes to is found by whoever can read device text; a ``CaseRunner`` is handed in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from netops.errors import Place, Sentence
from netops.facts.answers import REGISTERED_LINKS
from netops.findings import Verdict
from netops.policy.baseline.noting import Notes
from netops.policy.baseline.rules import RuleSet
from netops.policy.baseline.values import Check

MAX_OCTETS = 1 << 20
EXPECTED: Mapping[str, Verdict] = {
    "pass": Verdict.MET,
    "fail": Verdict.NOT_MET,
    "na": Verdict.NOT_APPLICABLE,
    "unknown": Verdict.UNKNOWN,
}
_NAME = re.compile(r"(pass|fail|na|unknown)(-[a-z0-9][a-z0-9._-]{0,80})?\.txt")
_MARK = "@@ "
_END = r"([1-9][0-9]{5}(?:[0-9]{3})?)/([A-Za-z0-9._-]{1,64})"
LINK_ROW = re.compile(rf"{_END} {_END}")
"""A registered link of a case: two ends, each ``GOVERNMENT/DEVICE``."""


class Answered(Protocol):
    """What a check came to on a case."""

    @property
    def verdict(self) -> Verdict:
        """The verdict alone; why is for people who ask for it."""


class CaseRunner(Protocol):
    """Judges a check on the text of a case, with the check's own thresholds."""

    def __call__(self, rules: RuleSet, check: Check, path: Path, /) -> Answered:
        """Return what the check comes to."""


@dataclass(frozen=True, slots=True)
class Case:
    """One file beside ``check.yaml``."""

    path: Path
    expected: Verdict


def cases_of(check: Check, notes: Notes) -> list[Case]:
    """Return the cases of a check; what is missing, stray or unusable is noted."""
    cases = list(_usable(check, notes))
    for word in ("pass", "fail"):
        if not any(case.expected is EXPECTED[word] for case in cases):
            notes.add(
                "missing_case", Place(check.file),
                Sentence("No case shows the check as {word}.", word=EXPECTED[word].value),
                Sentence("Write a file {word}-NAME.txt beside it.", word=word),
            )  # fmt: skip
    return cases


def _usable(check: Check, notes: Notes) -> Iterator[Case]:
    for path in sorted(Path(check.folder).iterdir()):
        if path.name == "check.yaml" or path.name.startswith("."):
            continue
        named = _NAME.fullmatch(path.name)
        if named is None or path.is_symlink() or not path.is_file():
            notes.add(
                "stray_file", Place(str(path)), "This is no case of the check.",
                "Name it pass-*.txt, fail-*.txt, na-*.txt or unknown-*.txt, as a plain file.",
            )  # fmt: skip
        elif path.stat().st_size > MAX_OCTETS:
            notes.add(
                "file_too_large", Place(str(path)), "The file is larger than 1 MiB.",
                "Keep only the lines that the case is about.",
            )  # fmt: skip
        else:
            yield Case(path, EXPECTED[named[1]])


def read_case(case: Case, known: Collection[str] | None, notes: Notes) -> None:
    """Note a case that does not say where its text is from, or answers no known command.

    ``known`` None: nobody can tell which commands there are.
    """
    lines = case.path.read_bytes().decode("utf-8", "replace").split("\n")
    if not lines[0].startswith("#"):
        notes.add(
            "case_without_source", Place(str(case.path), 1),
            "Nothing says where the text of the case is from.",
            "Begin with a line `# …`: which reference, release or recording.",
        )  # fmt: skip
    for number, line in enumerate(lines, 1):
        command = line[len(_MARK) :].strip()
        if known is not None and line.startswith(_MARK) and command not in known:
            notes.add(
                "unknown_command", Place(str(case.path), number),
                Sentence("The platform has no command “{command}”.", command=command[:80]),
                "Correct the command, or take the part out.",
            )  # fmt: skip
    _read_links(case, lines, notes)


def _read_links(case: Case, lines: list[str], notes: Notes) -> None:
    """Note rows behind ``@@ inventory/links`` that are no link."""
    is_inside = False
    for number, line in enumerate(lines, 1):
        if line.startswith(_MARK):
            is_inside = line[len(_MARK) :].strip() == REGISTERED_LINKS
        elif is_inside and line and LINK_ROW.fullmatch(line) is None:
            notes.add(
                "bad_link_row", Place(str(case.path), number),
                "This is no registered link.",
                "Write two ends with one blank between: GOVERNMENT/DEVICE GOVERNMENT/DEVICE.",
            )  # fmt: skip


def run_cases(
    rules: RuleSet, check: Check, cases: list[Case], run: CaseRunner, notes: Notes
) -> bool:
    """Note every case that comes to something else than its name says; True if there is none."""
    told = True
    for case in cases:
        found = run(rules, check, case.path).verdict
        if found is not case.expected:
            told = False
            notes.add(
                "untold_case", Place(str(case.path)),
                Sentence("The check says {found} of this case, not {expected}.",
                         found=found.value, expected=case.expected.value),
                "Mend the check or the case: it must tell them apart.",
            )  # fmt: skip
    return told
