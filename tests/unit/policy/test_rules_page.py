"""docs/baseline-rules.md: its example is a rule that works, its table names every kind of fault."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from netops.baselines import run_case
from netops.policy.baseline import COMPONENTS, OPERATORS, lint_rules, load_rules

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "baseline-rules.md").read_text(encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Write the files of the page as a reader would."""
    files = re.findall(r"`site/(\S+)`:\n\n```(?:yaml|text)\n(.*?)```", PAGE, re.DOTALL)
    profile = re.search(r"```yaml\n(schema: netops/profile/1\n.*?)```", PAGE, re.DOTALL)
    assert len(files) == 3
    assert profile is not None
    for name, text in (*files, ("profiles/city-l3.yaml", profile[1])):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_the_example_is_told_apart_by_its_cases(site: Path) -> None:
    check = load_rules(ROOT / "policies", [site], components={"huawei_vrp"}).checks["site-vty-idle"]
    rules = load_rules(ROOT / "policies", [site], components={"huawei_vrp"})

    found = {
        path.name: run_case(rules, check, path).verdict.value
        for path in Path(check.folder).glob("*.txt")
    }

    assert found == {"pass-five.txt": "met", "fail-never.txt": "not_met"}


def test_the_profile_of_the_page_tightens_and_leaves_out(site: Path) -> None:
    rules = load_rules(ROOT / "policies", [site], components={"huawei_vrp"})
    profile = rules.profiles["city-l3"]

    assert profile.parameter(rules.checks["site-vty-idle"], "longest").value == 240
    assert "site-vty-idle" in profile.checks
    assert "vrp-banner" not in profile.checks


def test_the_example_has_no_fault(site: Path) -> None:
    faults = lint_rules(ROOT / "policies", [site]).faults

    assert [str(fault) for fault in faults if str(site) in fault.place.file] == []


def test_every_kind_of_fault_is_explained() -> None:
    folder = ROOT / "netops" / "policy"
    paths = (*(folder / "baseline").glob("*.py"), folder / "strict.py")
    text = "".join(path.read_text(encoding="utf-8") for path in paths)
    calls = (node for node in ast.walk(ast.parse(text.replace("from __future__", "from x")))
             if isinstance(node, ast.Call) and node.args)  # fmt: skip
    kinds = {
        str(node.args[0].value)
        for node in calls
        if getattr(node.func, "attr", getattr(node.func, "id", ""))
        in ("add", "warn", "wrong", "_note", "Fault")
        and isinstance(node.args[0], ast.Constant)
    } | {"bad_yaml", "duplicate_key", "unknown_component"}

    table = PAGE.partition("## Lint")[2]
    assert {"slow_pattern", "untold_case", "looser", "bad_field", "clause_unchecked"} <= kinds
    assert [kind for kind in sorted(kinds) if f"`{kind}`" not in table] == []


def test_every_operator_and_component_is_named() -> None:
    assert [name for name in (*OPERATORS, *COMPONENTS) if f"`{name}`" not in PAGE] == []
