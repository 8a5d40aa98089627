"""Lint: cases must be told apart, parameters used, clauses spoken of; schemas are the models'."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import jsonschema
import pytest
import yaml
from rule_folders import CATALOG, CHECK, put, write_rules

from netops.findings import Verdict
from netops.policy.baseline import (
    Check,
    RuleSet,
    coverage_of,
    leaves_of,
    lint_rules,
    load_rules,
    schema_texts,
)

POLICIES = Path(__file__).parents[3] / "policies"


@dataclass(frozen=True, slots=True)
class Said:
    verdict: Verdict


def by_name(_rules: RuleSet, _check: Check, path: Path) -> Said:
    """Judge a case by a word in its text, as a reader of device text might."""
    return Said(Verdict(path.read_text(encoding="utf-8").split()[-1]))


def put_case(folder: Path, name: str, verdict: str, head: str = "# hand-written") -> Path:
    return put(
        folder,
        f"checks/linux/linux-root-login/{name}.txt",
        f"{head}\n@@ baseline/sshd\n{verdict}\n",
    )


def clean(tmp_path: Path, check: str = CHECK) -> Path:
    folder = write_rules(tmp_path, check=check)
    put_case(folder, "pass-plain", "met")
    put_case(folder, "fail-plain", "not_met")
    return folder


def told(folder: Path) -> list[tuple[str, str]]:
    """Return kind and file of everything that must be mended."""
    faults = lint_rules(folder, run=by_name).faults
    return [(f.kind, Path(f.place.file).name) for f in faults if not f.warning]


def test_clean_rules_have_no_faults_and_warn_of_clauses_without_checks(tmp_path: Path) -> None:
    linted = lint_rules(clean(tmp_path))

    assert linted.is_clean
    assert linted.cases == 2
    assert [fault.cause for fault in linted.faults] == [
        "No check speaks of clause 6.1.4.1.a (ces.identity.a)."
    ]


def by_first_part(_rules: RuleSet, check: Check, path: Path) -> Said:
    """Judge as if only the first comparison of the whole check ever decided."""
    first = next(leaves_of(check.expect)).fact == "sshd.permitrootlogin"
    return Said(Verdict.MET if first == path.name.startswith("pass") else Verdict.NOT_MET)


def test_a_part_that_no_case_notices_is_a_warning_with_its_line(tmp_path: Path) -> None:
    warnings = [f for f in lint_rules(clean(tmp_path), run=by_first_part).faults if f.warning]

    assert [(f.kind, f.place.line, f.place.field) for f in warnings] == [
        ("part_untested", 14, "expect.all.1"),
        ("clause_unchecked", None, None),
    ]


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("pass-other", "not_met"),
        ("pass-unknown", "unknown"),
        ("fail-other", "met"),
        ("fail-unknown", "unknown"),
        ("na-other", "met"),
        ("unknown-empty", "met"),
    ],
)
def test_a_case_that_comes_to_something_else_than_its_name_is_a_fault(
    tmp_path: Path, name: str, verdict: str
) -> None:
    folder = clean(tmp_path)
    put_case(folder, name, verdict)

    assert told(folder) == [("untold_case", f"{name}.txt")]


@pytest.mark.parametrize("word", ["pass", "fail"])
def test_a_check_without_a_passing_or_a_failing_case_is_a_fault(tmp_path: Path, word: str) -> None:
    folder = clean(tmp_path)
    (folder / f"checks/linux/linux-root-login/{word}-plain.txt").unlink()

    assert told(folder) == [("missing_case", "check.yaml")]


def test_a_case_must_say_where_it_is_from_and_answer_known_commands(tmp_path: Path) -> None:
    folder = clean(tmp_path)
    put_case(folder, "pass-bare", "met", head="@@ baseline/sshdd")

    own = {
        "linux": ["baseline/sshd", "baseline/login_defs", "baseline/selinux", "baseline/accounts"]
    }
    faults = lint_rules(folder, run=by_name, commands=own).faults

    assert [(f.kind, f.place.line) for f in faults if not f.warning] == [
        ("case_without_source", 1),
        ("unknown_command", 1),
    ]


def test_a_stray_a_huge_and_a_linked_case_are_faults(tmp_path: Path) -> None:
    folder = clean(tmp_path)
    beside = folder / "checks/linux/linux-root-login"
    (beside / "notes.md").write_text("x", encoding="utf-8")
    (beside / "pass-huge.txt").write_bytes(b"#" * ((1 << 20) + 1))
    (beside / "pass-link.txt").symlink_to(beside / "pass-plain.txt")

    assert told(folder) == [
        ("stray_file", "notes.md"),
        ("file_too_large", "pass-huge.txt"),
        ("stray_file", "pass-link.txt"),
    ]


def test_a_parameter_that_nothing_uses_is_a_fault_with_its_line(tmp_path: Path) -> None:
    folder = clean(tmp_path, CHECK.replace("value: $days", "value: 90"))

    faults = [f for f in lint_rules(folder, run=by_name).faults if not f.warning]

    assert [(f.kind, f.place.line) for f in faults] == [("parameter_unused", 10)]


@pytest.mark.parametrize(
    ("before", "after", "kind", "line"),
    [
        (
            "covers:\n",
            "covers:\n- {item: ces.identity.d, levels: [3], part: false}\n",
            "claims_too_much",
            6,
        ),
        (
            "{item: ces.identity.a, levels: [2, 3]}",
            "{item: ces.identity.d, levels: [3]}",
            "case_astray",
            19,
        ),
    ],
)
def test_a_check_that_claims_what_it_does_not_prove_is_a_fault(
    tmp_path: Path, before: str, after: str, kind: str, line: int
) -> None:
    folder = clean(tmp_path, CHECK.replace(before, after))

    faults = [f for f in lint_rules(folder, run=by_name).faults if not f.warning]

    assert [(f.kind, f.place.line) for f in faults] == [(kind, line)]


def test_a_command_that_the_platform_does_not_have_is_a_fault(tmp_path: Path) -> None:
    own = {"linux": ("baseline/sshd", "baseline/login_defs", "baseline/selinux")}

    faults = lint_rules(clean(tmp_path), run=by_name, commands=own).faults

    assert [(f.kind, f.place.line) for f in faults if not f.warning] == [("unknown_command", 7)]


def test_what_loading_refuses_is_told_together_with_the_cases(tmp_path: Path) -> None:
    folder = clean(tmp_path, CHECK.replace("severity: high", "severity: grave"))
    put(folder, "checks/linux/other/check.yaml", CHECK.replace("linux-root-login", "other"))

    assert told(folder) == [
        ("bad_field", "check.yaml"),
        ("missing_case", "check.yaml"),
        ("missing_case", "check.yaml"),
    ]


def test_cases_of_a_check_that_cannot_be_read_are_not_run(tmp_path: Path) -> None:
    folder = clean(tmp_path, CHECK.replace("sshd.permitrootlogin", "sshd.nothing"))
    put_case(folder, "pass-other", "not_met")

    assert told(folder) == [("unknown_fact", "check.yaml")]


def test_coverage_counts_checks_by_clause_and_component(tmp_path: Path) -> None:
    rows = {row.clause: row for row in coverage_of(load_rules(clean(tmp_path)), 3)}

    assert rows["8.1.4.1.a"].checks == {"linux": 1}
    assert not rows["8.1.4.1.a"].is_whole
    assert (rows["8.1.4.1.d"].total, rows["8.1.4.1.d"].checks) == (0, {})


def test_the_schemas_in_the_repository_are_those_of_the_models() -> None:
    kept = {path.name: path.read_text("utf-8") for path in (POLICIES / "schema").iterdir()}

    assert kept == schema_texts()


def _schema_of(path: Path) -> str:
    folder = path.relative_to(POLICIES).parts[0]
    name = {"checks": "check", "evidence": "evidence", "profiles": "profile"}.get(folder)
    if name is None:
        head = path.read_text(encoding="utf-8")
        name = next(n for n in ("high-risk", "related", "catalog") if f"netops/{n}/1" in head)
    return name


@pytest.mark.parametrize("folder", ["catalog", "evidence", "profiles", "checks"])
def test_every_rule_file_of_ours_fits_its_schema(folder: str) -> None:
    validators = {
        name.partition(".")[0]: jsonschema.Draft202012Validator(json.loads(text))
        for name, text in schema_texts().items()
    }
    paths = sorted((POLICIES / folder).rglob("*.yaml"))

    assert paths
    for path in paths:
        # As an editor sees it: keys are texts, values plain.
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        validators[_schema_of(path)].validate(json.loads(json.dumps(document)))


def test_a_schema_refuses_what_the_models_refuse() -> None:
    schema = json.loads(schema_texts()["check.schema.json"])
    good = yaml.safe_load(CHECK)
    jsonschema.validate(good, schema)

    for change in ({"colour": "red"}, {"severity": "grave"}, {"expect": {"all": []}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**good, **change}, schema)


def test_a_row_behind_the_registered_links_must_be_a_link(tmp_path: Path) -> None:
    folder = clean(tmp_path)
    rows = "430121/case 430100/r1\n430121/case to 430100/r2\n@@ baseline/sshd\nmet\n"
    case = "checks/linux/linux-root-login/pass-ring.txt"
    put(folder, case, f"# hand-written\n@@ inventory/links\n{rows}")
    found = [fault for fault in lint_rules(folder, run=by_name).faults if not fault.warning]
    assert [(f.kind, Path(f.place.file).name, f.place.line) for f in found] == [
        ("bad_link_row", "pass-ring.txt", 4)
    ]


def with_versions(tmp_path: Path, versions: str) -> Path:
    applies = f"severity: high\napplies: {{versions: {versions}}}"
    return clean(tmp_path, CHECK.replace("severity: high", applies))


@pytest.mark.parametrize(
    "versions", ['[">=12", "<10"]', '[">12", "<=12"]', '[">=V200R019", "<V200R005"]']
)
def test_bounds_that_no_release_can_keep_are_told(tmp_path: Path, versions: str) -> None:
    assert told(with_versions(tmp_path, versions)) == [("bad_version", "check.yaml")]


@pytest.mark.parametrize(
    "versions", ['[">=12", "<=12"]', '[">=12", "<12.4"]', '[">=V200R005", "<10"]', '["!=12"]']
)
def test_bounds_that_some_release_keeps_are_none_of_our_business(
    tmp_path: Path, versions: str
) -> None:
    assert told(with_versions(tmp_path, versions)) == []


def test_an_item_that_is_covered_twice_is_told(tmp_path: Path) -> None:
    line = next(one for one in CHECK.splitlines() if "ces.identity.a" in one)
    folder = clean(tmp_path, CHECK.replace(line, f"{line}\n{line}"))

    assert told(folder) == [("duplicate_id", "check.yaml")]


def test_a_catalogue_that_counts_its_items_wrong_is_told_with_the_line(tmp_path: Path) -> None:
    totals = "totals: {3: {items: 99, status: unverified}}\nitems:"
    folder = write_rules(tmp_path, catalog=CATALOG.replace("items:", totals, 1))
    put_case(folder, "pass-plain", "met")
    put_case(folder, "fail-plain", "not_met")

    (fault,) = [f for f in lint_rules(folder, run=by_name).faults if not f.warning]
    assert (fault.kind, fault.place.field) == ("wrong_total", "totals.3")
    assert "99" in fault.cause


def test_a_clause_of_another_chapter_than_its_level_is_told(tmp_path: Path) -> None:
    folder = write_rules(tmp_path, catalog=CATALOG.replace("3: 8.1.4.1.a", "3: 9.1.4.1.a"))
    put_case(folder, "pass-plain", "met")
    put_case(folder, "fail-plain", "not_met")

    assert told(folder) == [("misnumbered", "standard.yaml")]


@pytest.mark.parametrize("part", ["evidence", "guide", "catalog"])
def test_a_broken_file_brings_no_other_fault_and_no_traceback(tmp_path: Path, part: str) -> None:
    broken = {part: "schema: ["}
    folder = write_rules(tmp_path, **broken)
    put_case(folder, "pass-plain", "met")
    put_case(folder, "fail-plain", "not_met")

    def reader(rules: RuleSet, check: Check, path: Path) -> Said:
        for leaf in leaves_of(check.expect):
            rules.fact(check.component, leaf.fact)
        return by_name(rules, check, path)

    faults = [f for f in lint_rules(folder, run=reader).faults if not f.warning]
    assert [fault.kind for fault in faults] == ["bad_yaml"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("op: one_of", "op: is_in"),
        ("zh: 禁止 root 登录", 'zh: "  "'),
        ("severity: high", "severity: grave"),
        ("severity: high", "severity: high\ncolour: red"),
        ("risk: low", "risk: none"),
        ("remedy:", "cure:"),
    ],
)
def test_an_editor_sees_by_the_schema_what_lint_would_say(before: str, after: str) -> None:
    assert before in CHECK
    schema = json.loads(schema_texts()["check.schema.json"])
    validator = jsonschema.Draft202012Validator(schema)

    assert list(validator.iter_errors(yaml.safe_load(CHECK))) == []
    assert list(validator.iter_errors(yaml.safe_load(CHECK.replace(before, after, 1))))
