"""S, A and G marks: an item counts at the sub-level of its mark, at the higher one without any."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from baseline_world import DAY, ITEMS, RULES, facts_of, inventory

from netops.baseline import Choice, judge_baseline
from netops.findings import Judged
from netops.policy.baseline import Item, Mark, MarksFrom, RuleSet

# The object of this world is S3A2.
FACTS = {"h1": facts_of("h1"), "h2": facts_of("h2")}


def judged(rules: RuleSet, choice: Choice | None = None) -> Judged:
    return judge_baseline(inventory(), FACTS, rules, choice or Choice(), DAY)


def marked(**marks: Mark) -> RuleSet:
    by_item = {name.replace("_", "."): mark for name, mark in marks.items()}
    return replace(RULES, marks=by_item, marked_by=(MarksFrom("annex A, as bought", "verified"),))


def clauses(made: Judged, kind: str) -> set[str]:
    return {row.extra["clause"] for row in made.subjects if row.kind == kind}


def told(made: Judged) -> dict[str, Any]:
    conclusion: dict[str, Any] = made.information["conclusions"][0]
    return conclusion


def test_without_marks_everything_counts_at_the_higher_level_and_that_is_said() -> None:
    made = judged(RULES)

    assert all(clause.startswith("8.") for clause in clauses(made, "object_item"))
    assert told(made)["marks"]["en"] == (
        "no marks S, A and G of items are given: all are judged at level 3"
    )


def test_an_item_counts_at_the_sub_level_of_its_mark() -> None:
    made = judged(marked(ces_lock=Mark.A, ces_login=Mark.S, ces_wire=Mark.G))

    assert clauses(made, "object_item") == {
        "8.1.4.1.a", "7.1.4.1.b", "8.1.4.1.c", "8.1.4.11.a", "8.1.1.1.a",
    }  # fmt: skip
    assert clauses(made, "item") == {"8.1.4.1.a", "7.1.4.1.b", "8.1.4.1.c"}
    levels = {row.extra["clause"]: row.extra["level"] for row in made.subjects
              if row.kind == "object_item"}  # fmt: skip
    assert (levels["7.1.4.1.b"], levels["8.1.4.1.a"]) == (2, 3)
    assert told(made)["marks"]["en"] == (
        "by their marks 1 items count at level 2, 0 are not required, all others count at level 3; "
        "marks from: annex A, as bought (verified)"
    )
    assert made.information["items"]["7.1.4.1.b"]["text"]["en"] == "ces.lock"


def test_an_item_that_its_sub_level_does_not_require_is_left_out() -> None:
    only_third = Item(
        "ces.hot", ITEMS["ces.lock"].item_class, ITEMS["ces.lock"].point,
        ITEMS["ces.lock"].text, {3: "8.1.4.9.c"}, ITEMS["ces.lock"].auto,
    )  # fmt: skip
    rules = replace(marked(ces_hot=Mark.A), items={**ITEMS, "ces.hot": only_third})
    without = replace(rules, marks={}, marked_by=())

    assert "8.1.4.9.c" not in clauses(judged(rules), "object_item")
    assert "0 items count at level 2, 1 are not required" in told(judged(rules))["marks"]["en"]
    assert "8.1.4.9.c" in clauses(judged(without), "object_item")


def test_a_profile_that_a_person_named_counts_for_every_item_of_an_asset() -> None:
    made = judged(marked(ces_lock=Mark.A), Choice(profile="mlps-l3"))

    assert clauses(made, "item") == {"8.1.4.1.a", "8.1.4.1.b", "8.1.4.1.c"}
