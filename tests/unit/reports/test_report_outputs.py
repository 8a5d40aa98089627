"""What the outputs hold of a judged laboratory: schema, groups, city pages, lists, words."""

from __future__ import annotations

import copy
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import offline_lab
import openpyxl
import pytest

from netops.connectivity import judge_connectivity
from netops.connectivity.findings import _WORDS
from netops.exits import judge_exits
from netops.exits.unknowns import _CONTACTS, _TEXTS
from netops.findings import AuditResult, Finding, Provenance, Rate, Subject, Verdict, overall
from netops.i18n import Lang
from netops.inventory.model import GovernmentStatus
from netops.policy import load_policy
from netops.reports.causes import CAUSES
from netops.reports.folder import write_folder
from netops.reports.grouping import cut_to, group_findings
from netops.reports.html import ReportInput, build_pages
from netops.reports.html.wording import undecided
from netops.reports.terminal import print_result
from netops.reports.words import RULES, share
from netops.reports.workbook import to_workbook

SCHEMA = json.loads(
    (Path(__file__).parents[3] / "netops" / "reports" / "schema" / "audit-1.json").read_text(
        encoding="utf-8"
    )
)
SPEC = {
    "seed": 3,
    "province": "430000",
    "scope": {"cities": ["430300"]},
    "departments": {"province": 3, "city": 3, "county": 3, "township": 0},
    "platforms": {
        "province": "huawei_vrp",
        "city": "h3c_comware",
        "county": {"huawei_vrp": 0.5, "h3c_comware": 0.5},
        "township": {"frr": 1.0},
    },
    "uplinks": {"city": 2, "county": 2, "township": 1},
    "routes_per_device": 5,
    "faults": [
        {"kind": "node_down", "at": "430321"},
        {"kind": "exit", "mechanism": "static_default", "at": "430304", "family": "ipv4"},
        {"kind": "exit", "mechanism": "floating_static", "at": "430381", "family": "ipv4"},
    ],
    "innocents": ["ha_pair"],
}


@pytest.fixture(scope="module")
def given() -> ReportInput:
    world = offline_lab.world_of(SPEC)
    registered = offline_lab.inventory_of(world)
    facts = offline_lab.facts_of(world, registered)
    policy = load_policy(offline_lab.POLICY)
    results = []
    for name, judge in (("connectivity", judge_connectivity), ("exits", judge_exits)):
        judged = judge(registered, facts, policy, date(2026, 11, 21))
        made = Provenance("netops", "2026-11-21", "S1", "sm3:0", "2026-11-21T01:00:00+00:00",
                          "2026-11-21T01:05:00+00:00", "sm3:1", False, policy.digest,
                          policy.samples)  # fmt: skip
        results.append(
            AuditResult(name, made, judged.coverage, overall(judged.subjects, judged.rates, {}),
                        judged.rates, judged.subjects, judged.findings, judged.information)
        )  # fmt: skip
    return ReportInput(registered, tuple(results), lambda _: ["a quoted line"], policy=policy)


@pytest.fixture(scope="module")
def pages(given: ReportInput) -> dict[str, str]:
    return build_pages(given, "zh")


# -- the schema --------------------------------------------------------------------------------


@pytest.mark.parametrize("index", [0, 1])
def test_both_audits_hold_to_the_schema(given: ReportInput, index: int) -> None:
    jsonschema.validate(given.results[index].to_json(), SCHEMA)


Change = Callable[[dict[str, Any]], object]


def _with(document: dict[str, Any], rule: str, change: Change) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    change(next(f for f in changed["findings"] if f["rule"] == rule))
    return changed


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("exits.undeclared", lambda f: f["observed"].pop("mechanism")),
        ("exits.undeclared", lambda f: f["observed"].update(mechanism="magic")),
        ("exits.undeclared", lambda f: f["observed"].update(latent=True)),
        ("exits.undeclared", lambda f: f["observed"].update(surprise=1)),
        ("exits.undeclared", lambda f: f.update(verdict="partly_met")),
        ("exits.latent", lambda f: f["observed"].update(latent=False)),
        ("exits.unknown", lambda f: f["observed"].update(reason="tired")),
        ("exits.unknown", lambda f: f.update(verdict="not_met")),
        ("exits.unknown", lambda f: f.update(rule="exits.invented")),
        ("exits.unknown", lambda f: f.update(rule="connectivity.unknown")),
    ],
)
def test_the_schema_refuses_a_finding_that_is_not_its_rules(
    given: ReportInput, rule: str, change: Change
) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(_with(given.results[1].to_json(), rule, change), SCHEMA)


def test_the_schema_refuses_a_field_that_nobody_wrote_down(given: ReportInput) -> None:
    document = given.results[1].to_json()
    document["subjects"][0] = document["subjects"][0] | {"mood": "fine"}

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA)


# -- groups ------------------------------------------------------------------------------------


def six_silent(given: ReportInput) -> list[Finding]:
    """Return the findings on exits, those of the one cut as if they were of six governments."""
    found = []
    for finding in given.results[1].findings:
        places = [finding.subject]
        if finding.cause == "unreachable":
            places = [Subject("government", f"43032110{n}") for n in range(6)]
        found += [replace(finding, subject=place) for place in places]
    return found


def test_one_unknown_cause_is_one_group_and_says_what_would_decide_it(given: ReportInput) -> None:
    groups = {(g.rule, g.word): g for g in group_findings(six_silent(given))}

    silent = groups["exits.unknown", "unreachable"]
    assert silent.count == 6
    assert silent.cause is not None
    assert "重新采集" in silent.cause.decides.zh


def test_what_was_found_stands_before_what_is_unknown(given: ReportInput) -> None:
    verdicts = [g.verdict for r in given.results for g in group_findings(r.findings)][-3:]

    assert verdicts[-1] is Verdict.UNKNOWN


def test_a_group_says_how_many_it_hides(given: ReportInput) -> None:
    whole = group_findings(six_silent(given))
    cut = cut_to(whole, cards=1, rows=3)

    assert sum(len(g.findings) for g in cut if g.verdict is not Verdict.UNKNOWN) == 1
    assert sum(len(g.findings) for g in cut if g.verdict is Verdict.UNKNOWN) == 3
    assert [g.count for g in cut] == [g.count for g in whole]


def test_every_cause_that_an_audit_can_give_says_what_would_decide_it() -> None:
    given = {str(word) for word in (*_WORDS, *_TEXTS, *_CONTACTS)}

    assert given - set(CAUSES) == set()


def test_every_rule_of_the_schema_has_a_name() -> None:
    rules = SCHEMA["properties"]["findings"]["items"]["properties"]["rule"]["anyOf"][0]["enum"]

    assert set(rules) == set(RULES)


# -- pages -------------------------------------------------------------------------------------


def test_every_government_has_a_row_with_its_whole_name(
    given: ReportInput, pages: dict[str, str]
) -> None:
    page = pages["city-430300.html"]
    codes = [
        code
        for code, government in given.inventory.governments.items()
        if code.startswith("4303") and government.status is GovernmentStatus.GOVERNMENT
    ]

    assert len(codes) > 60
    for code in codes:
        name = given.inventory.governments[code].name
        assert f'<tr id="n-{code}"><td>{code}</td><td>{name}</td>' in page


def test_verdicts_of_exits_carry_their_strength(pages: dict[str, str]) -> None:
    assert "符合（一致）" in pages["city-430300.html"]
    assert "不符合（违反）" in pages["city-430300.html"]


def test_the_first_page_lists_whom_a_rate_does_not_count(pages: dict[str, str]) -> None:
    lists = pages["index.html"].partition('id="lists"')[2]

    assert "联通率 · 县级 · 不符合" in lists
    assert "湘潭县 430321" in lists


def test_the_first_page_says_which_numbers_are_samples_and_their_values(
    pages: dict[str, str],
) -> None:
    page = pages["index.html"]

    assert "闭合度要求: 95 %" in page
    assert "计为符合的最低强度: 一致" in page
    assert "100.64.0.0/10" in page  # a prefix of the plan that is a sample


def test_declared_exits_stand_on_the_page_of_their_government(pages: dict[str, str]) -> None:
    assert "E-430000" in pages["index.html"].partition('id="registers"')[2]
    assert "E-430302" in pages["city-430300.html"].partition('id="registers"')[2]


def test_links_to_findings_lead_to_findings(pages: dict[str, str]) -> None:
    for page in pages.values():
        for target in re.findall(r'href="#(f-[0-9a-f]{16})"', page):
            assert f'id="{target}"' in page


def test_a_page_of_nothing_but_evidence_stays_small(given: ReportInput) -> None:
    flood = ReportInput(given.inventory, given.results, lambda _: ["<" * 10_000] * 500)

    for page in build_pages(flood, "zh").values():
        assert len(page.encode()) < 3_000_000
        assert "(+9760)" in page or "pre>" not in page


def test_times_are_printed_in_the_time_of_the_province(pages: dict[str, str]) -> None:
    assert "2026-11-21 09:00:00 (UTC+8)" in pages["index.html"]


# -- numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "total", "words"),
    [(1946, 1947, "99.9 %"), (1947, 1947, "100 %"), (0, 7, "0 %"), (1, 3, "33.3 %"), (0, 0, "–")],
)
def test_only_a_whole_is_printed_as_a_hundred(count: int, total: int, words: str) -> None:
    assert share(count, total) == words


def _rate(reported: int, ceiling: int, verdict: Verdict, unknown: int = 0) -> Rate:
    return Rate("connectivity.connected", "county", 10, reported, reported, ceiling,
                target=judge_target(), verdict=verdict,
                lists={"unknown": tuple(map(str, range(unknown)))})  # fmt: skip


def judge_target() -> Fraction:
    return load_policy(offline_lab.POLICY).targets[0].value


def test_an_unknown_rate_says_what_would_decide_it() -> None:
    gap = undecided(_rate(8, 10, Verdict.UNKNOWN, unknown=2), "zh")
    closure = undecided(_rate(10, 10, Verdict.UNKNOWN), "en")

    assert "2 个对象" in gap
    assert "too few devices" in closure
    assert undecided(_rate(10, 10, Verdict.MET), "zh") == ""


# -- the folder --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "connected (county): the target is reached, but"),
        ("zh", "联通率（县级）：数值已达目标"),
    ],
)
def test_a_terminal_says_why_a_rate_that_reaches_its_target_is_unknown(
    given: ReportInput, capsys: pytest.CaptureFixture[str], lang: Lang, words: str
) -> None:
    result = given.results[0]
    open_rate = _rate(10, 10, Verdict.UNKNOWN)
    print_result(replace(result, rates=(open_rate,)), lang=lang, quiet=True)
    assert words in capsys.readouterr().out
    print_result(
        replace(result, rates=(_rate(10, 10, Verdict.MET), _rate(3, 9, Verdict.UNKNOWN, 6))),
        lang=lang, quiet=True,
    )  # fmt: skip
    assert words not in capsys.readouterr().out


def test_the_folder_has_the_mark_for_spreadsheets_in_csv_only(
    given: ReportInput, tmp_path: Path
) -> None:
    write_folder(given, tmp_path, "zh")

    marked = {p.name for p in tmp_path.iterdir() if p.read_bytes().startswith(b"\xef\xbb\xbf")}
    assert marked == {"connectivity.csv", "exits.csv"}
    for name in ("connectivity.json", "exits.json"):
        jsonschema.validate(json.loads((tmp_path / name).read_text(encoding="utf-8")), SCHEMA)


def test_the_workbook_speaks_the_language_and_keeps_numbers_numbers(given: ReportInput) -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_workbook(given.results, "zh")))

    assert book.sheetnames[0] == "coverage"
    rates = list(book["connectivity.rates"].values)
    assert rates[0][:3] == ("指标", "级别", "总数")
    assert rates[1][2] == 1
    assert book["exits.subjects"].max_row == 1 + len(given.results[1].subjects)


def test_every_row_that_is_not_met_names_findings_of_its_own_audit(given: ReportInput) -> None:
    for result in given.results:
        known = {finding.id for finding in result.findings}
        bad = [r for r in result.subjects if r.verdict in (Verdict.NOT_MET, Verdict.PARTLY_MET,
                                                           Verdict.UNKNOWN)]  # fmt: skip

        assert {row.kind for row in bad} >= {"government"}
        assert [row for row in bad if not row.reason or not set(row.reason) <= known] == []
