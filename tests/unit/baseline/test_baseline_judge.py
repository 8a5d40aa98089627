"""From settings to rows: verdicts of items, persons, exemptions, roll-up, conclusions."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import baseline_world as world
import jsonschema
import pytest
from baseline_world import DAY, exemption, facts_of, inventory, judged, row

from netops.baseline import Choice, counted
from netops.baseline.conclusions import Form
from netops.baseline.drift import compare
from netops.facts.answers import AnswerState
from netops.facts.device import Contact
from netops.facts.settings import AssetFacts, ComponentFacts
from netops.findings import (
    AuditResult,
    Judged,
    Provenance,
    Severity,
    Verdict,
    exit_code_of,
    overall,
)
from netops.inventory.graded import Confirmation
from netops.policy.baseline import Auto, Parameter
from netops.reports.junit import to_junit
from netops.reports.write import to_json

SCHEMA = Path(__file__).parents[3] / "netops" / "reports" / "schema" / "audit-1.json"
MET, PARTLY, NOT = Verdict.MET, Verdict.PARTLY_MET, Verdict.NOT_MET
UNKNOWN, PERSON, NA = Verdict.UNKNOWN, Verdict.NEEDS_PERSON, Verdict.NOT_APPLICABLE
ROOT = {("sshd.permitrootlogin", ""): "yes"}
AGED = {("account.max_days", "ann"): 99999}
TELNET = {("net.telnet", ""): True}


def result(made: Judged, snapshot: str = "S1") -> AuditResult:
    return AuditResult(
        audit="baseline",
        provenance=Provenance("netops test", "2026-06-30", snapshot, "sm3:0", "b", "e", "sm3:1",
                              False, "sm3:2", ("password-age.days",)),
        coverage=made.coverage,
        verdict=overall(counted(made.subjects), (), {}),
        rates=made.rates,
        subjects=made.subjects,
        findings=made.findings,
        information=made.information,
    )  # fmt: skip


def conclusion(made: Judged) -> dict[str, Any]:
    found: dict[str, Any] = made.information["conclusions"][0]
    return found


def person(verdict: str, clause: str = "8.1.4.1.a", **more: str) -> Confirmation:
    who = {"asset": "h1"} if not more.keys() & {"asset", "object"} else {}
    return Confirmation(clause, verdict, "张三", DAY, **{**who, **more})


def kinds(made: Judged) -> list[str]:
    return [warned["kind"] for warned in made.information["warnings"]]


def test_a_clause_proven_whole_is_met_and_one_proven_in_part_only_proposed() -> None:
    made = judged()

    assert row(made, "h1/8.1.4.1.b").verdict is MET
    part = row(made, "h1/8.1.4.1.a")
    assert (part.verdict, part.extra["proposed"]) == (PERSON, "met")
    assert part.note is not None
    assert part.note.en == "proposed, person to confirm"


def test_some_failing_checks_make_an_item_partly_met_and_all_failing_not_met() -> None:
    made = judged({"h1": facts_of("h1", ROOT), "h2": facts_of("h2", {**ROOT, **AGED})})

    assert row(made, "h1/8.1.4.1.a").verdict is PARTLY
    assert row(made, "h2/8.1.4.1.a").verdict is NOT


def test_a_failure_stands_beside_what_nobody_knows() -> None:
    facts = facts_of("h1", ROOT, {"baseline/shadow": AnswerState.REFUSED})
    made = judged({"h1": facts})

    item = row(made, "h1/8.1.4.1.a")
    assert item.verdict is NOT
    assert [check["verdict"] for check in item.extra["checks"]] == ["not_met", "unknown"]


def test_a_host_that_did_not_answer_is_unknown_in_every_clause_of_a_machine() -> None:
    silent = AssetFacts("h1", "linux_host", Contact.UNREACHABLE, "connection refused")
    made = judged({"h1": silent})

    for clause in ("8.1.4.1.a", "8.1.4.1.b", "8.1.4.1.c"):
        assert row(made, f"h1/{clause}").verdict is UNKNOWN
    finding = next(f for f in made.findings if f.rule == "baseline.unknown")
    assert finding.cause == "unreachable"
    assert set(finding.affected) == set(world.CHECKS)
    assert made.coverage.to_json() == {
        "registered": 3, "asked": 2, "answered": 1, "understood": 1, "unparsed_lines": 0,
    }  # fmt: skip


def test_evidence_that_was_read_and_yet_shows_no_component_is_not_absence() -> None:
    empty = replace(facts_of("h1"), components=())
    made = judged({"h1": empty})

    assert row(made, "h1/8.1.4.1.c").verdict is UNKNOWN
    assert row(made, "h1/8.1.4.1.a").extra["checks"][0]["why"] == ["not_understood:baseline/sshd"]


def test_a_device_without_a_graded_object_is_unknown_and_listed() -> None:
    made = judged()

    lost = row(made, "h3")
    assert (lost.verdict, lost.extra["profile"]) == (UNKNOWN, None)
    assert exit_code_of(result(made).verdict) == 3
    finding = next(f for f in made.findings if f.rule == "baseline.no_graded_object")
    assert finding.affected == ("h3",)


def test_the_profile_is_that_of_the_highest_level_served() -> None:
    known = inventory()
    low = replace(known.graded["oa"], id="low", s=2, a=1, devices=("h1", "h3"))
    made = judged(known=replace(known, graded={"oa": known.graded["oa"], "low": low}))

    assert row(made, "h1").extra["profile"] == "mlps-l3"
    assert row(made, "h3").extra["profile"] == "mlps-l2"
    assert row(made, "h3/7.1.4.1.b").verdict is UNKNOWN
    # The object of level 2 speaks its own clauses, of assets judged at level 3 too.
    assert row(made, "low/7.1.4.1.b").extra["assets"] == 2


def test_a_profile_that_was_named_judges_all_and_draws_conclusions_of_its_own_level_only() -> None:
    made = judged(choice=Choice(profile="mlps-l2"))

    assert row(made, "h3").extra["profile"] == "mlps-l2"
    assert conclusion(made)["state"] == "not_drawn"
    assert conclusion(made)["rate"] == {"floor": "", "ceiling": ""}
    assert "level 2" in conclusion(made)["text"]["en"]


def test_a_profile_of_a_part_of_the_checks_draws_no_conclusion() -> None:
    made = judged(choice=Choice(profile="narrow"))

    assert conclusion(made)["state"] == "not_drawn"
    assert [r.id for r in made.subjects if r.kind == "item"] == [
        "h1/8.1.4.1.c", "h2/8.1.4.1.c", "h3/8.1.4.1.c",
    ]  # fmt: skip


def test_a_stricter_profile_changes_the_threshold() -> None:
    made = judged(choice=Choice(profile="strict"))

    failing = [c for c in row(made, "h1/8.1.4.1.a").extra["checks"] if c["verdict"] == "not_met"]
    assert [c["check"] for c in failing] == ["password-age"]
    assert conclusion(made)["state"] == "not_yet"


def test_a_filter_that_leaves_out_devices_of_an_object_leaves_out_its_conclusion() -> None:
    made = judged(choice=Choice(devices=frozenset({"h1"})))

    assert "1 of the object's devices" in conclusion(made)["text"]["en"]
    assert {r.extra.get("asset") for r in made.subjects if r.kind == "item"} == {"h1"}


def test_a_slight_failure_of_an_item_for_a_person_is_a_proposal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slight = replace(world.CHECKS["no-telnet"], severity=Severity.LOW)
    wire = replace(world.ITEMS["ces.wire"], auto=Auto.PERSON_WITH_EVIDENCE)
    rules = replace(
        world.RULES,
        checks={**world.CHECKS, "no-telnet": slight},
        items={**world.ITEMS, "ces.wire": wire},
    )
    monkeypatch.setattr(world, "RULES", rules)

    item = row(judged({"h1": facts_of("h1", TELNET)}), "h1/8.1.4.1.c")
    assert (item.verdict, item.extra["proposed"]) == (PERSON, "not_met")


# -- the whole object --------------------------------------------------------------------------


def test_while_items_are_open_the_rate_is_an_interval_and_there_is_no_conclusion() -> None:
    made = conclusion(judged())

    assert (made["state"], made["grade"]) == ("not_yet", None)
    assert made["rate"] == {"floor": "40.00%", "ceiling": "100.00%"}
    assert made["text"]["en"].startswith("not yet: 3 items open (3 for a person, 0 for lack")
    assert made["open_items"] == ["8.1.4.1.a", "8.1.4.11.a", "8.1.1.1.a"]
    assert made["open"][0]["assets"] == ["h1", "h2"]


def test_what_fails_already_and_is_still_open_is_counted_as_what_it_is() -> None:
    made = conclusion(judged({"h1": facts_of("h1", TELNET), "h2": AssetFacts("h2", "linux_host")}))

    # 8.1.4.1.c fails on h1 and nobody knows of h2: not met now, partly met at best.
    assert made["counts"]["not_met"] == 1
    assert "8.1.4.1.c" in made["open_items"]
    assert len(made["open_items"]) == made["counts"]["open"] + 1
    assert ", 1 not met that may become partly met)" in made["text"]["en"]
    (still,) = [one for one in made["open"] if one["clause"] == "8.1.4.1.c"]
    assert (still["verdict"], still["decided_by"]) == ("not_met", "evidence")


def whole(verdict: str = "met") -> tuple[Confirmation, ...]:
    """Persons decide what no machine does, for the whole object."""
    digest = row(judged(), "oa/8.1.4.1.a").extra["evidence_digest"]
    return (
        person(verdict, object="oa", evidence=digest),
        person("met", "8.1.4.11.a", object="oa"),
        person("met", "8.1.1.1.a", object="oa"),
    )


def test_with_every_item_decided_the_conclusion_covers_the_whole_object() -> None:
    made = judged(known=inventory(confirmations=whole(), devices=("h1", "h2", "h3")),
                  facts={"h3": facts_of("h3")})  # fmt: skip
    told = conclusion(made)

    assert kinds(made) == ["confirmation_stale"]
    assert told["open_items"] == ["8.1.4.1.a"]

    made = judged(known=inventory(confirmations=whole()))
    told = conclusion(made)

    assert (told["state"], told["grade"]["zh"]) == ("concluded", "符合")
    assert told["rate"] == {"floor": "100.00%", "ceiling": "100.00%"}
    assert told["applicable"] == 5


def test_an_item_that_is_not_applicable_leaves_the_denominator() -> None:
    given = (*whole()[:2], person("not_applicable", "8.1.1.1.a", object="oa", note="hosted"))
    told = conclusion(judged(known=inventory(confirmations=given)))

    assert (told["state"], told["applicable"]) == ("concluded", 4)


def test_mixed_assets_make_an_item_of_the_object_partly_met() -> None:
    made = judged({"h1": facts_of("h1", TELNET)})

    assert row(made, "oa/8.1.4.1.c").verdict is PARTLY
    assert conclusion(made)["counts"]["partly_met"] == 1


def test_the_form_of_2021_can_be_asked_for() -> None:
    made = judged(known=inventory(confirmations=whole()), choice=Choice(form=Form.REPORT_2021))
    told = conclusion(made)

    assert (told["form"], told["rate"]["floor"]) == ("report-2021", "100.00")
    assert told["grade"]["zh"] == "优"
    assert "score 100.00" in told["text"]["en"]


# -- persons -----------------------------------------------------------------------------------


def test_a_person_confirms_for_the_evidence_that_was_seen() -> None:
    digest = row(judged(), "h1/8.1.4.1.a").extra["evidence_digest"]
    made = judged(known=inventory(confirmations=(person("met", evidence=digest),)))

    item = row(made, "h1/8.1.4.1.a")
    assert (item.verdict, item.extra["person"]["by"]) == (MET, "张三")
    assert row(made, "h2/8.1.4.1.a").verdict is PERSON


def test_other_evidence_makes_a_confirmation_stale_and_it_is_not_used() -> None:
    digest = row(judged(), "h1/8.1.4.1.a").extra["evidence_digest"]
    changed = facts_of("h1", {("account.max_days", "ann"): 61})
    made = judged({"h1": changed}, inventory(confirmations=(person("met", evidence=digest),)))

    item = row(made, "h1/8.1.4.1.a")
    assert (item.verdict, item.extra["person"]) == (PERSON, None)
    assert item.extra["stale"]["evidence"] == digest
    assert kinds(made) == ["confirmation_stale"]


def test_a_setting_that_no_check_of_the_clause_looks_at_changes_no_evidence() -> None:
    changed = facts_of("h1", {("sshd.maxauthtries", ""): 6})

    before, after = row(judged(), "h1/8.1.4.1.a"), row(judged({"h1": changed}), "h1/8.1.4.1.a")
    assert before.extra["evidence_digest"] == after.extra["evidence_digest"]


@pytest.mark.parametrize("said", ["met", "not_applicable"])
def test_a_proven_failure_cannot_be_confirmed_away(said: str) -> None:
    bad = {"h1": facts_of("h1", ROOT)}
    before = judged(bad)
    digest = row(before, "h1/8.1.4.1.a").extra["evidence_digest"]
    whole_digest = row(before, "oa/8.1.4.1.a").extra["evidence_digest"]
    given = (
        person(said, evidence=digest, note="because I say so"),
        person(said, object="oa", evidence=whole_digest, note="because I say so"),
    )
    made = judged(bad, inventory(confirmations=given))

    assert row(made, "h1/8.1.4.1.a").verdict is PARTLY
    assert row(made, "oa/8.1.4.1.a").verdict is row(before, "oa/8.1.4.1.a").verdict
    assert kinds(made) == ["confirmation_contradicts"] * 2


def test_no_verdict_on_the_whole_object_undoes_what_a_person_found_on_an_asset() -> None:
    before = judged()
    digest = row(before, "h1/8.1.4.1.a").extra["evidence_digest"]
    whole_digest = row(before, "oa/8.1.4.1.a").extra["evidence_digest"]
    given = (person("not_met", evidence=digest), person("met", object="oa", evidence=whole_digest))
    made = judged(known=inventory(confirmations=given))

    assert row(made, "oa/8.1.4.1.a").verdict is NOT
    assert kinds(made) == ["confirmation_contradicts"]


def test_a_verdict_that_names_no_evidence_is_not_used_where_the_machine_has_some() -> None:
    made = judged(known=inventory(confirmations=(person("met", object="oa"),)))

    assert row(made, "oa/8.1.4.1.a").verdict is PERSON
    assert kinds(made) == ["confirmation_without_evidence"]


def test_what_a_person_found_not_met_is_a_finding_and_ends_the_run_with_1() -> None:
    digest = row(judged(), "h1/8.1.4.1.a").extra["evidence_digest"]
    given = person("not_met", evidence=digest, note="shared accounts")
    made = judged(known=inventory(confirmations=(given,)))

    item = row(made, "h1/8.1.4.1.a")
    finding = next(f for f in made.findings if f.rule == "baseline.person")
    assert (item.verdict, item.reason) == (NOT, (finding.id,))
    assert "shared accounts" in finding.message.en
    assert result(made).verdict is NOT


def test_the_newest_confirmation_counts_and_one_of_nothing_is_told() -> None:
    digest = row(judged(), "h1/8.1.4.1.a").extra["evidence_digest"]
    first = replace(person("not_met", evidence=digest), on=date(2026, 1, 1))
    given = (person("met", evidence=digest), first, person("met", "8.1.4.9.a", asset="h1"))
    made = judged(known=inventory(confirmations=given))

    assert row(made, "h1/8.1.4.1.a").verdict is MET
    assert kinds(made) == ["confirmation_unused"]


# -- exemptions and relief ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "kind", "name"),
    [
        ("no-telnet", "asset", "h1"),
        ("8.1.4.1.c", "device", "h1"),
        ("ces.wire", "graded_object", "oa"),
        ("no-telnet", "government", "430102"),
    ],
)
def test_an_exemption_marks_the_failure_and_hides_nothing(rule: str, kind: str, name: str) -> None:
    known = inventory(exemptions=(exemption(rule, kind, name),))
    made = judged({"h1": facts_of("h1", TELNET)}, known, Choice(devices=frozenset({"h1", "h2"})))

    item = row(made, "h1/8.1.4.1.c")
    assert (item.verdict, item.extra["exemption"]) == (NOT, "2026-1")
    finding = next(f for f in made.findings if f.rule == "no-telnet")
    assert finding.exemption == "2026-1"
    assert exit_code_of(result(made).verdict) == 0
    assert "<failure" not in to_junit(result(made), "en")
    # A clause that is exempt is not thereby met: the rate counts what was found.
    assert row(made, "oa/8.1.4.1.c").verdict is PARTLY


@pytest.mark.parametrize(
    ("day", "number", "warned"),
    [
        (date(2026, 5, 31), None, ["exemption_not_begun"]),
        (date(2026, 6, 1), "2026-1", ["exemption_ends_soon"]),
        (date(2026, 6, 30), "2026-1", ["exemption_ends_soon"]),
        (date(2026, 7, 1), None, ["exemption_ended"]),
    ],
)
def test_an_exemption_holds_on_its_first_and_last_day_and_not_beyond(
    day: date, number: str | None, warned: list[str]
) -> None:
    known = inventory(exemptions=(exemption("no-telnet", "asset", "h1"),))
    made = judged({"h1": facts_of("h1", TELNET)}, known, day=day)

    assert row(made, "h1/8.1.4.1.c").extra["exemption"] == number
    assert kinds(made) == warned


def test_an_exemption_that_relieves_nothing_or_names_nothing_is_told_and_others_audits_not() -> (
    None
):
    known = inventory(
        exemptions=(
            exemption("no-telnet", "asset", "h1", number="E-1", end=date(2027, 1, 1)),
            exemption("no-such-check", "asset", "h1", number="E-2"),
            exemption("exits.undeclared", "government", "430102", number="E-3"),
        )
    )

    assert kinds(judged(known=known)) == ["exemption_unused", "exemption_names_nothing"]


def test_one_exempt_check_of_two_that_fail_exempts_no_clause() -> None:
    known = inventory(exemptions=(exemption("root-login", "asset", "h1"),))
    made = judged({"h1": facts_of("h1", {**ROOT, **AGED})}, known)

    assert row(made, "h1/8.1.4.1.a").extra["exemption"] is None
    by_rule = {f.rule: f.exemption for f in made.findings if f.subject.id == "h1"}
    assert by_rule == {"root-login": "2026-1", "password-age": None}


@pytest.mark.parametrize(
    ("subject", "verdict", "warned"),
    [("h1", "met", "profile_exemption"), ("h2", "not_met", "profile_exemption_refused")],
)
def test_a_profile_loosens_only_by_an_exemption_in_force_for_the_asset(
    monkeypatch: pytest.MonkeyPatch, subject: str, verdict: str, warned: str
) -> None:
    loose = Parameter(99999, "lower", "office", "site", "days", "2026-1", strict=90)
    profile = replace(world.RULES.profiles["mlps-l3"], parameters={"password-age": {"days": loose}})
    rules = replace(world.RULES, profiles={**world.RULES.profiles, "mlps-l3": profile})
    monkeypatch.setattr(world, "RULES", rules)
    known = inventory(exemptions=(exemption("password-age", "asset", subject),))
    made = judged({"h1": facts_of("h1", AGED)}, known)

    by_check = {c["check"]: c["verdict"] for c in row(made, "h1/8.1.4.1.a").extra["checks"]}
    assert by_check["password-age"] == verdict
    told = {w["kind"] for w in made.information["warnings"] if "on h1" in w["message"]["en"]}
    assert warned in told


def hazards(made: Judged) -> dict[str, str]:
    return {one["case"]: one["state"] for one in made.information["hazards"]}


def test_a_failure_triggers_its_high_risk_case_and_a_dated_relief_stands_beside_it() -> None:
    bad = {"h1": facts_of("h1", ROOT)}
    relief = exemption("2025:6.4.1.1", "graded_object", "oa", relief="local login only")

    assert hazards(judged(bad)) == {"2025:6.4.1.1": "triggered"}
    made = judged(bad, inventory(exemptions=(relief,)))
    assert hazards(made) == {"2025:6.4.1.1": "relieved"}
    assert "local login only" in made.information["hazards"][0]["relief"]["en"]
    late = judged(bad, inventory(exemptions=(relief,)), day=date(2026, 7, 1))
    assert hazards(late) == {"2025:6.4.1.1": "triggered"}


def test_a_failure_of_another_kind_leaves_the_case_to_a_check_that_says_no() -> None:
    # Passwords too old, root login barred: the check that knows the case says it is not given.
    assert hazards(judged({"h1": facts_of("h1", AGED)})) == {}


def test_a_case_that_no_check_knows_is_for_a_person_to_judge() -> None:
    bad = {"h1": facts_of("h1", TELNET)}
    record = exemption("2025:6.4.1.2", "graded_object", "oa", relief="two factors")

    assert hazards(judged(bad)) == {"2025:6.4.1.2": "possible"}
    assert hazards(judged(bad, inventory(exemptions=(record,)))) == {"2025:6.4.1.2": "relieved"}


def test_a_case_for_which_the_guide_knows_no_relief_is_relieved_by_no_record() -> None:
    bad = {"h1": facts_of("h1", {("pam.deny", ""): 0})}
    record = exemption("2025:6.4.1.9", "graded_object", "oa", relief="we trust them")
    made = judged(bad, inventory(exemptions=(record,)))

    assert hazards(made) == {"2025:6.4.1.9": "triggered"}
    assert "relief_impossible" in kinds(made)


# -- results -----------------------------------------------------------------------------------


SCENES: dict[str, dict[str, AssetFacts]] = {
    "good": {},
    "bad": {"h1": facts_of("h1", {**ROOT, **AGED, **TELNET})},
    "silent": {"h1": AssetFacts("h1", "linux_host", Contact.HUNG)},
    "two": {"h1": replace(facts_of("h1"), components=(
        *facts_of("h1").components, ComponentFacts("redis", "6380", "", "7.0")))},
}  # fmt: skip


@pytest.mark.parametrize("scene", SCENES)
def test_the_json_holds_to_its_schema_and_is_the_same_each_time(scene: str) -> None:
    first, second = result(judged(SCENES[scene])), result(judged(SCENES[scene]))

    jsonschema.validate(first.to_json(), json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert json.dumps(first.to_json()) == json.dumps(second.to_json())


@pytest.mark.parametrize("scene", SCENES)
def test_the_document_written_piece_by_piece_is_the_whole_document(scene: str) -> None:
    made = result(judged(SCENES[scene]))

    text = to_json(made, "en")
    assert json.loads(text) == made.to_json()
    # A row a line, so that people and programs find one without reading all.
    rows = [json.dumps(one.to_json(), ensure_ascii=False) for one in made.subjects]
    assert [
        line.strip().rstrip(",") for line in text.splitlines() if line.strip().rstrip(",") in rows
    ] == rows
    empty = replace(made, subjects=(), findings=())
    assert json.loads(to_json(empty, "en")) == empty.to_json()


def test_a_second_component_is_an_asset_of_its_own() -> None:
    made = judged(SCENES["two"])

    assert row(made, "h1/redis:6380").extra["component"] == "redis"
    # No check is there for it: a person must look, in every clause that others are asked.
    assert row(made, "h1/redis:6380/8.1.4.1.b").verdict is PERSON


def test_a_finding_shows_the_lines_and_the_same_finding_has_the_same_id() -> None:
    made = judged({"h1": facts_of("h1", AGED)})
    again = judged({"h1": facts_of("h1", {("account.max_days", "ann"): 400})})

    finding = next(f for f in made.findings if f.rule == "password-age")
    assert [(e.command, e.lines) for e in finding.evidence] == [("baseline/shadow", (3, 3))]
    assert "account.max_days: ann = 99999 (expected: at most 90 days)" in finding.message.en
    assert "ann = 99999（应不大于90天）" in finding.message.zh
    assert finding.observed["settings"][0]["name"] == "account.max_days"
    assert "at most 90 days" in finding.message.en
    assert finding.standards == ("GB/T 22239-2019 8.1.4.1.a",)
    assert finding.id in {f.id for f in again.findings}


def test_a_missing_setting_shows_the_answer_that_would_have_held_it() -> None:
    made = judged({"h1": facts_of("h1", {("sshd.permitrootlogin", ""): None})})

    finding = next(f for f in made.findings if f.rule == "root-login")
    assert [(e.command, e.lines) for e in finding.evidence] == [("baseline/sshd", (1, 10))]
    assert "sshd.permitrootlogin: not set" in finding.message.en


def drift(
    before: dict[str, AssetFacts], after: dict[str, AssetFacts], *older: dict[str, AssetFacts]
) -> dict[str, Any]:
    told = compare(
        result(judged(before)), result(judged(after), "S2"), [result(judged(o)) for o in older]
    )
    return {kind: [c["row"] for c in told[kind]] for kind in told if isinstance(told[kind], list)}


def test_drift_tells_new_fixed_returned_and_changed_evidence_apart() -> None:
    good: dict[str, AssetFacts] = {}
    bad = {"h1": facts_of("h1", TELNET)}

    assert drift(good, bad)["new"] == ["h1/8.1.4.1.c"]
    assert drift(bad, good)["fixed"] == ["h1/8.1.4.1.c"]
    assert drift(good, bad, bad)["came_back"] == ["h1/8.1.4.1.c"]
    assert drift(good, {"h1": facts_of("h1", {("pam.deny", ""): 4})})["evidence_changed"] == [
        "h1/8.1.4.1.b"
    ]
    assert not any(drift(good, good).values())


def test_drift_names_the_checks_that_changed_within_an_item() -> None:
    told = compare(result(judged({})), result(judged({"h1": facts_of("h1", TELNET)}), "S2"))
    changed = [one for row in told["new"] for one in row["checks"]]

    assert [(one["before"], one["after"]) for one in changed] == [("met", "not_met")]


def test_what_is_only_unknown_now_was_not_fixed() -> None:
    bad = {"h1": facts_of("h1", TELNET)}
    silent = {"h1": AssetFacts("h1", "linux_host", Contact.HUNG)}

    told = drift(bad, silent)
    assert told["fixed"] == []
    assert "h1/8.1.4.1.c" in told["changed"]
