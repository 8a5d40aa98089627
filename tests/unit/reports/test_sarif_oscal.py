"""SARIF and OSCAL: held to the schemas of OASIS and NIST, and to what must stand where."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from sample_baseline import RESULT

from netops.findings import AuditResult, SubjectRow, Verdict
from netops.i18n import Lang
from netops.reports.oscal import to_oscal
from netops.reports.sarif import to_sarif

SCHEMAS = Path(__file__).parents[2] / "data" / "schemas"


def _validator(name: str) -> jsonschema.protocols.Validator:
    text = (SCHEMAS / name).read_text(encoding="utf-8")
    # Python's expressions have no Unicode classes; these say the same of the texts used here.
    schema = json.loads(text.replace("\\\\p{L}", "[^\\\\W\\\\d_]").replace("\\\\p{N}", "\\\\d"))
    return jsonschema.validators.validator_for(schema)(
        schema, format_checker=jsonschema.FormatChecker()
    )


SARIF, OSCAL = _validator("sarif-2.1.0.json"), _validator("oscal-ar-1.1.3.json")


EMPTY = replace(RESULT, subjects=(), findings=())


@pytest.mark.parametrize("result", [RESULT, EMPTY], ids=["judged", "empty"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_both_forms_hold_to_the_schemas_of_their_makers(result: AuditResult, lang: Lang) -> None:
    assert [e.message for e in SARIF.iter_errors(json.loads(to_sarif(result, lang)))] == []
    assert [e.message for e in OSCAL.iter_errors(json.loads(to_oscal(result, lang)))] == []


def test_the_schemas_refuse_what_is_none_of_theirs() -> None:
    sarif, oscal = json.loads(to_sarif(RESULT, "en")), json.loads(to_oscal(RESULT, "en"))
    sarif["runs"][0]["results"][0]["kind"] = "perhaps"
    oscal["assessment-results"]["results"][0]["findings"][0]["target"]["status"]["state"] = "ok"
    assert list(SARIF.iter_errors(sarif))
    assert list(OSCAL.iter_errors(oscal))


def test_sarif_tells_failed_open_and_review_apart_and_suppresses_without_hiding() -> None:
    run = json.loads(to_sarif(RESULT, "en"))["runs"][0]
    seen = [(r["ruleId"], r["kind"], r["level"]) for r in run["results"]]
    assert seen == [
        ("linux-sshd-root-login", "fail", "error"),
        ("linux-audit", "open", "none"),
        ("8.1.4.4.e", "review", "none"),
    ]
    first = run["results"][0]
    assert first["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "例外〔2026〕7号"}
    ]
    where = first["locations"][0]["physicalLocation"]
    assert where["artifactLocation"]["uri"] == "H-1/baseline%2Fsshd"
    assert where["region"] == {"startLine": 4, "endLine": 5}
    assert "suppressions" not in run["results"][1]
    assert [r["id"] for r in run["tool"]["driver"]["rules"]] == [s[0] for s in seen]


def test_oscal_calls_only_what_is_met_satisfied() -> None:
    found = json.loads(to_oscal(RESULT, "en"))["assessment-results"]["results"][0]
    states = {
        f["target"]["target-id"]: (f["target"]["status"]["state"], f["target"]["status"]["reason"])
        for f in found["findings"]
    }
    assert states == {
        "gbt22239-8.1.4.1.a": ("satisfied", "pass"),
        "gbt22239-8.1.4.2.b": ("not-satisfied", "fail"),
        "gbt22239-8.1.4.3.a": ("not-satisfied", "other"),
        "gbt22239-8.1.4.4.e": ("not-satisfied", "other"),
    }
    assert found["remarks"] == "Not applicable: H-1/8.1.4.4.d"
    failed = next(f for f in found["findings"] if f["title"].startswith("8.1.4.2.b"))
    observation = failed["related-observations"][0]["observation-uuid"]
    known = {o["uuid"]: o for o in found["observations"]}
    assert known[observation]["remarks"] == "exemption 例外〔2026〕7号"


@pytest.mark.parametrize("write", [to_sarif, to_oscal])
def test_the_same_result_gives_the_same_octets_and_no_control_character(
    write: Callable[[AuditResult, Lang], str],
) -> None:
    assert write(RESULT, "zh") == write(RESULT, "zh")
    assert not {"\x1b", "\u202e"} & set(write(RESULT, "zh"))
    assert "\\u001b" not in write(RESULT, "zh")


def test_oscal_has_the_items_that_only_the_whole_object_has_and_who_judged_them() -> None:
    person = {"verdict": "met", "by": "李四", "on": "2026-11-20", "note": ""}
    rows = tuple(
        SubjectRow("object_item", f"OA/{clause}", "430121", Verdict.MET, name="办公", extra={
            "object": "OA", "clause": clause, "assets": assets, "person": person if assets == 0 else None})
        for clause, assets in (("8.1.1.1.a", 0), ("8.1.4.1.a", 2))
    )  # fmt: skip
    made = json.loads(to_oscal(replace(RESULT, subjects=rows), "en"))
    (finding,) = made["assessment-results"]["results"][0]["findings"]

    told = {one["name"]: one["value"] for one in finding["props"]}
    assert told == {"verdict": "met", "graded-object": "OA", "judged-by": "李四 2026-11-20"}
    assert finding["target"]["status"]["state"] == "satisfied"
    assert [e.message for e in OSCAL.iter_errors(made)] == []
