"""Looks for every kind of mistake in rule folders: what loading refuses, and what it cannot see.

Pure but for the files of the rules. Running a case needs readers of device text, and the list of
commands needs platforms: both are handed in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from netops.errors import Fault, Place, Sentence
from netops.plainyaml import parse_yaml
from netops.policy.baseline.cases import CaseRunner, cases_of, read_case, run_cases
from netops.policy.baseline.loading import read_rules
from netops.policy.baseline.noting import Notes, Sheet
from netops.policy.baseline.noting import Path as Steps
from netops.policy.baseline.parts import unnoticed_parts
from netops.policy.baseline.rules import RuleSet, leaves_of
from netops.policy.baseline.values import Auto, Check, Reference


@dataclass(frozen=True, slots=True)
class Linted:
    """The rules as far as they could be read, and everything wrong with them."""

    rules: RuleSet
    faults: tuple[Fault, ...]
    cases: int

    @property
    def is_clean(self) -> bool:
        """Whether nothing must be mended; warnings may be left."""
        return all(fault.warning for fault in self.faults)


def lint_rules(
    folder: Path,
    overlays: Sequence[Path] = (),
    *,
    run: CaseRunner | None = None,
    commands: Mapping[str, Collection[str]] | None = None,
) -> Linted:
    """Examine ``folder`` and what lies over it.

    ``run`` judges cases; None: they are counted and not run. ``commands``: what each component's
    platform can show; None: every command that a rule or a case names is believed.
    """
    rules, refused = read_rules(folder, overlays)
    notes = Notes()
    broken = {fault.place.file for fault in refused}
    is_whole = not any(Path(file).parent.name == "catalog" for file in broken)
    count = 0
    for check in rules.checks.values():
        _unused_parameters(check, notes)
        if check.file not in broken:
            _claims(rules, check, notes, is_whole=is_whole)
            _bounds(check, notes)
            _unbounded(check, notes)
        cases = cases_of(check, notes)
        count += len(cases)
        shown = None if commands is None else commands.get(check.component, ())
        for case in cases:
            read_case(case, shown, notes)
        if run is None or check.file in broken or not _is_known(rules, check):
            continue
        if run_cases(rules, check, cases, run, notes):
            _unnoticed(check, unnoticed_parts(rules, check, cases, run), notes)
    if commands is not None:
        _unknown_commands(rules, commands, folder, notes)
    if not refused:
        _totals(rules, folder, notes)
        _unchecked(rules, folder, notes)
    return Linted(rules, (*refused, *notes.found), count)


def _is_known(rules: RuleSet, check: Check) -> bool:
    """Whether every fact of a check is known: those of a file that is broken are not."""
    trees = (check.expect,) if check.when is None else (check.expect, check.when)
    return all((check.component, one.fact) in rules.facts for t in trees for one in leaves_of(t))


def _place(file: str, path: Steps) -> Place:
    """Return where a field stands; the file is read again, which only a mistake costs."""
    return Sheet(file, parse_yaml(Path(file).read_text(encoding="utf-8-sig"))).place(path)


def _unused_parameters(check: Check, notes: Notes) -> None:
    trees = (check.expect,) if check.when is None else (check.expect, check.when)
    used = {
        leaf.value.parameter
        for tree in trees
        for leaf in leaves_of(tree)
        if isinstance(leaf.value, Reference)
    }
    for name in check.parameters:
        if name not in used:
            notes.add(
                "parameter_unused", _place(check.file, ("parameters", name)),
                Sentence("Nothing uses the parameter “{name}”.", name=name),
                "Write it as $NAME where it belongs, or remove it.",
            )  # fmt: skip


def _unbounded(check: Check, notes: Notes) -> None:
    """Warn of numbers that a site's profile could set to anything."""
    for name, one in check.parameters.items():
        is_number = isinstance(one.value, int) and not isinstance(one.value, bool)
        if is_number and one.bounds is None:
            notes.warn(
                "unbounded", _place(check.file, ("parameters", name)),
                Sentence("The threshold “{name}” has no bounds.", name=name),
                "Say what is the least and the most that makes sense: `bounds: [1, 128]`.",
            )  # fmt: skip


def _unnoticed(check: Check, parts: Iterable[Steps], notes: Notes) -> None:
    for path in parts:
        notes.warn(
            "part_untested", _place(check.file, path),
            "Every case comes to the same without this part.",
            "Write a case that it alone decides, or take it out.",
        )  # fmt: skip


def _claims(rules: RuleSet, check: Check, notes: Notes, *, is_whole: bool) -> None:
    """Note a check that would prove what only a person can, or cites a case of other items.

    Cases are held against items only where the whole catalogue (``is_whole``) could be read.
    """
    seen = set[str]()
    for number, cover in enumerate(check.covers):
        item = rules.items[cover.item]
        if item.id in seen:
            notes.add(
                "duplicate_id", _place(check.file, ("covers", number)),
                Sentence("The check covers the item “{name}” twice.", name=item.id),
                "Write one entry with all its levels.",
            )  # fmt: skip
        seen.add(item.id)
        if not cover.part and item.auto is not Auto.MACHINE:
            notes.add(
                "claims_too_much", _place(check.file, ("covers", number)),
                Sentence("No machine decides the whole of {item}.", item=item.id),
                "Write `part: true`.",
            )  # fmt: skip
    own = {cover.item for cover in check.covers}
    for number, key in enumerate(check.high_risk if is_whole else ()):
        if own.isdisjoint(rules.high_risk[key].items):
            items = ", ".join(rules.high_risk[key].items) or "-"
            notes.add(
                "case_astray", _place(check.file, ("high_risk", number)),
                Sentence("The case {key} is about {items}, which the check does not cover.",
                         key=key, items=items),
                "Cover the item, or take the case out.",
            )  # fmt: skip


def _unknown_commands(
    rules: RuleSet, commands: Mapping[str, Collection[str]], folder: Path, notes: Notes
) -> None:
    for (component, name), kind in rules.facts.items():
        for command in kind.commands:
            if command not in commands.get(component, ()):
                file = str(folder / "evidence" / f"{component}.yaml")
                notes.add(
                    "unknown_command", _place(file, ("facts", name, "from")),
                    Sentence("The platform has no command “{command}”.", command=command),
                    "Name one of the platform's own; rules cannot add one.",
                )  # fmt: skip


_BOUND = re.compile(r"(>=|<=|>|<)([Vv]?)(.*)")


def _bounds(check: Check, notes: Notes) -> None:
    """Note bounds on releases that no release can keep."""
    lows, highs = list[_Bound](), list[_Bound]()
    for text in check.applies.versions:
        found = _BOUND.fullmatch(text)
        if found is not None:
            numbers = tuple(int(part) for part in re.findall(r"\d{1,9}", found[3])[:8])
            side = lows if found[1][0] == ">" else highs
            side.append((text, bool(found[2]), numbers))
    for low, high in product(lows, highs):
        if low[1] == high[1] and _is_above(low, high):
            notes.add(
                "bad_version", _place(check.file, ("applies", "versions")),
                Sentence("No release is both {low} and {high}.", low=low[0], high=high[0]),
                "Correct one of the bounds.",
            )  # fmt: skip


_Bound = tuple[str, bool, tuple[int, ...]]


def _is_above(low: _Bound, high: _Bound) -> bool:
    """Whether a lower bound lies above an upper one, as far as both are written."""
    width = min(len(low[2]), len(high[2]))
    left, right = low[2][:width], high[2][:width]
    is_same = len(low[2]) == len(high[2]) and left == right
    return left > right or (is_same and not (low[0][1] == "=" and high[0][1] == "="))


def _totals(rules: RuleSet, folder: Path, notes: Notes) -> None:
    """Note a level of which the catalogue holds another number of items than it says."""
    for level, total in rules.totals.items():
        found = len(rules.items_at(level))
        if found != total.items:
            notes.add(
                "wrong_total", _place_of_total(folder, level),
                Sentence("The catalogue has {found} items at level {level} and says {said}.",
                         found=found, level=level, said=total.items),
                "Correct the number, or the items.",
            )  # fmt: skip


def _place_of_total(folder: Path, level: int) -> Place:
    """Return where a total stands, in whichever file of the catalogue it is."""
    for path in sorted((folder / "catalog").glob("*.yaml")):
        sheet = Sheet(str(path), parse_yaml(path.read_text(encoding="utf-8-sig")))
        if isinstance(sheet.document, dict) and "totals" in sheet.document:
            return sheet.place(("totals", str(level)))
    return Place(str(folder / "catalog"))


def _unchecked(rules: RuleSet, folder: Path, notes: Notes) -> None:
    """Warn of items that a machine decides, wholly or partly, and no check speaks of."""
    covered = {
        (cover.item, level)
        for check in rules.checks.values()
        for cover in check.covers
        for level in cover.levels
    }
    for item in rules.items.values():
        if item.auto not in (Auto.MACHINE, Auto.MACHINE_AND_PERSON):
            continue
        for level, clause in item.clauses.items():
            if (item.id, level) not in covered:
                notes.warn(
                    "clause_unchecked", Place(str(folder / "checks")),
                    Sentence("No check speaks of clause {clause} ({item}).",
                             clause=clause, item=item.id),
                    "Write one; until then a person decides the clause.",
                )  # fmt: skip
