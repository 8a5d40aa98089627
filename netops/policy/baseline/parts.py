"""Takes one part after another out of a check and sees whether any case notices.

A part that no case notices may be wrong in any way without anybody hearing of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netops.policy.baseline.cases import Case, CaseRunner
from netops.policy.baseline.noting import Path
from netops.policy.baseline.rules import RuleSet
from netops.policy.baseline.values import All, Any, Check, Expression, Not


def unnoticed_parts(
    rules: RuleSet, check: Check, cases: list[Case], run: CaseRunner
) -> Iterator[Path]:
    """Yield the path of every part of ``check.yaml`` that could go without changing a verdict."""
    for path, changed in _shorter(check):
        if all(run(rules, changed, case.path).verdict is case.expected for case in cases):
            yield path


def _shorter(check: Check) -> Iterator[tuple[Path, Check]]:
    for path, tree in _without(check.expect, ("expect",)):
        yield path, replace(check, expect=tree)
    if check.when is not None:
        yield ("when",), replace(check, when=None)


def _without(tree: Expression, path: Path) -> Iterator[tuple[Path, Expression]]:
    """Yield the tree without each of its parts in turn; a single part cannot go."""
    if isinstance(tree, Not):
        for inner, shorter in _without(tree.part, (*path, "not")):
            yield inner, Not(shorter)
    if not isinstance(tree, All | Any):
        return
    kind = type(tree)
    for number, part in enumerate(tree.parts):
        here: Path = (*path, "all" if kind is All else "any", number)
        before, after = tree.parts[:number], tree.parts[number + 1 :]
        if before or after:
            yield here, kind(before + after)
        for inner, shorter in _without(part, here):
            yield inner, kind((*before, shorter, *after))
