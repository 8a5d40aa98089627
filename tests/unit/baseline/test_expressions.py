"""What a rule says of settings: every operator, missing settings, and what nobody knows."""

from __future__ import annotations

import pytest

from netops.baseline.expressions import Evaluator
from netops.baseline.leaves import MOST_TEXT, OPERATORS, Shown, judge_leaf
from netops.facts.answers import AnswerState
from netops.facts.settings import Setting, Value
from netops.findings import Text, UnknownReason, Verdict
from netops.policy.baseline import OPERATORS as TABLE
from netops.policy.baseline import (
    All,
    Any,
    Expression,
    FactKind,
    FactType,
    Leaf,
    Literals,
    Not,
    Reference,
)

MET, NOT, UNKNOWN, NA = (
    Verdict.MET,
    Verdict.NOT_MET,
    Verdict.UNKNOWN,
    Verdict.NOT_APPLICABLE,
)
READ = {"show a": (AnswerState.UNDERSTOOD, ""), "show b": (AnswerState.UNDERSTOOD, "")}


def kind(*, keyed: bool = False) -> FactKind:
    return FactKind("linux", "f", FactType.TEXT, ("show a", "show b"), Text("f", "f"), keyed)


def shown(*settings: Setting, states: dict[str, tuple[AnswerState, str]] | None = None) -> Shown:
    by_name: dict[str, list[Setting]] = {}
    for one in settings:
        by_name.setdefault(one.name, []).append(one)
    return Shown(by_name, READ if states is None else states)


def said(op: str, value: Value, expected: Literals | None) -> Verdict:
    leaf = Leaf("f", op, expected, "not_met")
    return judge_leaf(leaf, expected, kind(), shown(Setting("f", value))).verdict


@pytest.mark.parametrize(
    ("op", "value", "expected", "verdict"),
    [
        ("eq", "no", "no", MET),
        ("eq", "No", "no", NOT),
        ("eq", 1, True, UNKNOWN),
        ("eq", "8", 8, UNKNOWN),
        ("eq", ("a", "b"), ("b", "a"), MET),
        ("ne", "yes", "no", MET),
        ("ne", 8, "8", UNKNOWN),
        ("lt", 4, 5, MET),
        ("lt", 5, 5, NOT),
        ("le", 5, 5, MET),
        ("gt", 5, 5, NOT),
        ("ge", 5, 5, MET),
        ("ge", "many", 5, UNKNOWN),
        ("ge", True, 1, UNKNOWN),
        ("between", 0, (1, 900), NOT),
        ("between", 1, (1, 900), MET),
        ("between", 900, (1, 900), MET),
        ("between", 901, (1, 900), NOT),
        ("one_of", "sha512", ("sha512", "sm3"), MET),
        ("one_of", "md5", ("sha512", "sm3"), NOT),
        ("none_of", "md5", ("md5", "des"), NOT),
        ("none_of", 3, (1, 2), MET),
        ("matches", "OpenSSH_9.2", "^OpenSSH_", MET),
        ("matches", "x" * (MOST_TEXT + 1), "x", UNKNOWN),
        ("not_matches", "telnet", "ssh", MET),
        ("not_matches", "x" * (MOST_TEXT + 1), "y", UNKNOWN),
        ("contains", ("a", "b"), "a", MET),
        ("contains", "authpriv.*", "authpriv", MET),
        ("contains", ("ab",), "a", NOT),
        ("contains", 7, "7", UNKNOWN),
        ("contains_all", ("a", "b", "c"), ("a", "b"), MET),
        ("contains_all", ("a",), ("a", "b"), NOT),
        ("contains_any", ("a",), ("a", "b"), MET),
        ("contains_any", ("c",), ("a", "b"), NOT),
        ("contains_none", ("c",), ("a", "b"), MET),
        ("contains_none", ("a", "c"), ("a", "b"), NOT),
        ("contains_none", "a", ("a",), UNKNOWN),
        ("subset_of", ("a",), ("a", "b"), MET),
        ("subset_of", (), ("a", "b"), MET),
        ("subset_of", ("a", "z"), ("a", "b"), NOT),
        ("count_le", ("a", "b"), 2, MET),
        ("count_le", ("a", "b", "c"), 2, NOT),
        ("count_ge", ("a", "b"), 3, NOT),
    ],
)
def test_an_operator_compares_one_value(
    op: str, value: Value, expected: Literals, verdict: Verdict
) -> None:
    assert said(op, value, expected) is verdict


def test_every_operator_of_the_table_can_be_evaluated() -> None:
    assert set(TABLE) == {*OPERATORS, "present", "absent", "unique"}


@pytest.mark.parametrize("missing", ["met", "not_met", "not_applicable", "unknown"])
def test_a_missing_setting_is_what_the_rule_says_where_all_was_understood(missing: str) -> None:
    leaf = Leaf("f", "eq", "no", missing)  # type: ignore[arg-type]

    assert judge_leaf(leaf, "no", kind(), shown()).verdict is Verdict(missing)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (AnswerState.NOT_ASKED, UnknownReason.NOT_COLLECTED),
        (AnswerState.REFUSED, UnknownReason.REFUSED),
        (AnswerState.NOT_UNDERSTOOD, UnknownReason.NOT_UNDERSTOOD),
        (AnswerState.ERROR, UnknownReason.ERROR),
        (AnswerState.NOT_SUPPORTED, UnknownReason.NOT_COLLECTED),
    ],
)
@pytest.mark.parametrize("op", ["eq", "present", "absent", "count_le", "count_ge", "unique"])
def test_a_setting_is_not_missing_while_a_command_that_shows_it_was_not_understood(
    state: AnswerState, reason: UnknownReason, op: str
) -> None:
    states = {**READ, "show b": (state, "")}
    outcome = judge_leaf(Leaf("f", op, 1, "met"), 1, kind(keyed=True), shown(states=states))

    assert outcome.verdict is UNKNOWN
    assert [(why.reason, why.command) for why in outcome.why] == [(reason, "show b")]


def test_present_and_absent_need_no_value() -> None:
    there, gone = shown(Setting("f", "x")), shown()

    assert judge_leaf(Leaf("f", "present"), None, kind(), there).verdict is MET
    assert judge_leaf(Leaf("f", "present"), None, kind(), gone).verdict is NOT
    assert judge_leaf(Leaf("f", "absent"), None, kind(), there).verdict is NOT
    assert judge_leaf(Leaf("f", "absent"), None, kind(), gone).verdict is MET


KEYED = (Setting("f", 90, "ann"), Setting("f", 60, "bob"), Setting("f", 99999, "eve"))


@pytest.mark.parametrize(
    ("each", "limit", "verdict", "keys"),
    [
        ("all", 90, NOT, ["eve"]),
        ("all", 99999, MET, ["ann", "bob", "eve"]),
        ("any", 60, MET, ["bob"]),
        ("any", 30, NOT, ["ann", "bob", "eve"]),
        ("none", 30, MET, ["ann", "bob", "eve"]),
        ("none", 60, NOT, ["bob"]),
    ],
)
def test_keyed_settings_are_asked_for_all_any_or_none_and_those_that_decide_are_kept(
    each: str, limit: int, verdict: Verdict, keys: list[str]
) -> None:
    leaf = Leaf("f", "le", limit, "not_met", each)  # type: ignore[arg-type]
    outcome = judge_leaf(leaf, limit, kind(keyed=True), shown(*KEYED))

    assert (outcome.verdict, [s.key for s in outcome.settings]) == (verdict, keys)


def test_where_chooses_keys_and_choosing_none_is_missing() -> None:
    few = Leaf("f", "le", 90, "not_applicable", where="^(ann|bob)$")
    none = Leaf("f", "le", 90, "not_applicable", where="^root$")

    assert judge_leaf(few, 90, kind(keyed=True), shown(*KEYED)).verdict is MET
    assert judge_leaf(none, 90, kind(keyed=True), shown(*KEYED)).verdict is NA


def test_an_incomplete_list_of_keys_can_fail_but_never_hold() -> None:
    states = {**READ, "show b": (AnswerState.REFUSED, "no rights")}
    good, bad = Setting("f", 60, "bob"), Setting("f", 99999, "eve")
    leaf = Leaf("f", "le", 90, "not_met")

    held = judge_leaf(leaf, 90, kind(keyed=True), shown(good, states=states))
    failed = judge_leaf(leaf, 90, kind(keyed=True), shown(good, bad, states=states))

    assert (held.verdict, failed.verdict) == (UNKNOWN, NOT)


@pytest.mark.parametrize(
    ("op", "limit", "count", "verdict"),
    [
        ("count_le", 1, 0, MET),
        ("count_le", 1, 2, NOT),
        ("count_ge", 1, 0, NOT),
        ("count_ge", 2, 2, MET),
    ],
)
def test_keyed_settings_are_counted(op: str, limit: int, count: int, verdict: Verdict) -> None:
    settings = [Setting("f", "x", str(n)) for n in range(count)]

    assert (
        judge_leaf(Leaf("f", op, limit), limit, kind(keyed=True), shown(*settings)).verdict
        is verdict
    )


def test_a_count_of_what_was_seen_decides_only_where_more_could_not_change_it() -> None:
    states = {**READ, "show b": (AnswerState.REFUSED, "")}
    two = shown(Setting("f", "x", "1"), Setting("f", "x", "2"), states=states)
    many = kind(keyed=True)

    assert judge_leaf(Leaf("f", "count_le", 1), 1, many, two).verdict is NOT
    assert judge_leaf(Leaf("f", "count_le", 5), 5, many, two).verdict is UNKNOWN
    assert judge_leaf(Leaf("f", "count_ge", 2), 2, many, two).verdict is MET
    assert judge_leaf(Leaf("f", "count_ge", 3), 3, many, two).verdict is UNKNOWN


def test_values_that_two_keys_share_are_not_unique_and_both_are_named() -> None:
    settings = (Setting("f", 0, "root"), Setting("f", 0, "toor"), Setting("f", 7, "ann"))
    outcome = judge_leaf(
        Leaf("f", "unique", missing="met"), None, kind(keyed=True), shown(*settings)
    )

    assert (outcome.verdict, [s.key for s in outcome.settings]) == (NOT, ["root", "toor"])


LEAVES = {
    MET: Leaf("f", "eq", "yes", "not_met"),
    NOT: Leaf("f", "eq", "no", "not_met"),
    UNKNOWN: Leaf("g", "eq", "yes", "not_met"),
    NA: Leaf("h", "eq", "yes", "not_applicable"),
}


def verdict_of(expression: Expression) -> Verdict:
    kinds = {
        "f": kind(),
        "g": FactKind("linux", "g", FactType.TEXT, ("show c",), Text("g", "g")),
        "h": kind(),
    }
    return Evaluator(kinds, shown(Setting("f", "yes"))).evaluate(expression, {}).verdict


@pytest.mark.parametrize(
    ("parts", "every", "some"),
    [
        ((MET, MET), MET, MET),
        ((MET, NOT), NOT, MET),
        ((NOT, UNKNOWN), NOT, UNKNOWN),
        ((MET, UNKNOWN), UNKNOWN, MET),
        ((UNKNOWN, UNKNOWN), UNKNOWN, UNKNOWN),
        ((NOT, NOT), NOT, NOT),
        ((NA, MET), MET, MET),
        ((NA, NOT), NOT, NOT),
        ((NA, UNKNOWN), UNKNOWN, UNKNOWN),
        ((NA, NA), NA, NA),
    ],
)
def test_groups_follow_three_valued_logic(
    parts: tuple[Verdict, ...], every: Verdict, some: Verdict
) -> None:
    leaves = tuple(LEAVES[part] for part in parts)

    assert (verdict_of(All(leaves)), verdict_of(Any(leaves))) == (every, some)


@pytest.mark.parametrize(("inner", "outer"), [(MET, NOT), (NOT, MET), (UNKNOWN, UNKNOWN), (NA, NA)])
def test_not_turns_what_is_known_and_leaves_the_rest(inner: Verdict, outer: Verdict) -> None:
    assert verdict_of(Not(LEAVES[inner])) is outer


def test_a_reference_takes_the_value_of_the_parameter() -> None:
    leaf = Leaf("f", "le", Reference("most"), "not_met")
    evaluator = Evaluator({"f": kind()}, shown(Setting("f", 5)))

    assert evaluator.evaluate(leaf, {"most": 5}).verdict is MET
    assert evaluator.evaluate(leaf, {"most": 4}).verdict is NOT


def test_only_what_decided_is_kept() -> None:
    evaluator = Evaluator({"f": kind()}, shown(Setting("f", "yes")))
    found = evaluator.evaluate(All((LEAVES[MET], LEAVES[NOT])), {})

    assert [outcome.leaf for outcome in found.deciding] == [LEAVES[NOT]]
