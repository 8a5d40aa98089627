"""``netops baseline lint`` as a person runs it: on a site's folder, on a whole one, for schemas."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import netops
from rule_folders import CHECK, put, put_check, write_rules

POLICIES = Path(__file__).parents[3] / "policies"
SITE_CHECK = """\
schema: netops/check/1
id: site-ssh-only
title: {zh: 只允许 SSH, en: SSH only}
component: huawei_vrp
covers:
- {item: ces.identity.c, levels: [3]}
severity: high
expect: {fact: vty.inbound, op: eq, value: [ssh], missing: unknown}
remedy: {text: {zh: 只留 SSH, en: Keep SSH only}}
"""
CASE = """\
# hand-written after the vendor's reference (S, V200R019)
@@ display version
VRP (R) software, Version 5.170 (S5700 V200R019C10SPC500)
HUAWEI S5720-28X-SI-AC Routing Switch uptime is 1 week, 2 days, 3 hours, 4 minutes
@@ display current-configuration
!Software Version V200R019C10SPC500
#
user-interface vty 0 4
 protocol inbound {inbound}
#
return
"""


def write_site(folder: Path, *, fails_on: str) -> Path:
    """Write a site's folder with one check, and what its failing case admits."""
    beside = "checks/huawei_vrp/site-ssh-only"
    put(folder, f"{beside}/check.yaml", SITE_CHECK)
    put(folder, f"{beside}/pass-ssh.txt", CASE.format(inbound="ssh"))
    put(folder, f"{beside}/fail-other.txt", CASE.format(inbound=fails_on))
    return folder


def own_faults(text: str, folder: Path) -> list[tuple[str, str]]:
    """Return kind and file of the faults of one folder, from the JSON."""
    return [
        (fault["kind"], Path(fault["file"]).name)
        for fault in json.loads(text)["faults"]
        if str(folder) in fault["file"]
    ]


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Rules of a single platform's components, so that lint runs few cases."""
    folder = tmp_path / "work" / "policies"
    (folder / "checks").mkdir(parents=True)
    for name in ("catalog", "evidence"):
        (folder / name).mkdir()
        for path in (POLICIES / name).iterdir():
            put(folder, f"{name}/{path.name}", path.read_text(encoding="utf-8"))
    monkeypatch.chdir(tmp_path / "work")
    return folder


@pytest.mark.usefixtures("ours")
def test_a_sites_folder_is_laid_over_the_rules_and_its_cases_are_run(tmp_path: Path) -> None:
    good = write_site(tmp_path / "good", fails_on="telnet")
    bad = write_site(tmp_path / "bad", fails_on="ssh")

    right, wrong = (
        netops("baseline", "lint", folder, "--format", "json") for folder in (good, bad)
    )

    assert (right.code, own_faults(right.out, good)) == (0, [])
    assert (wrong.code, own_faults(wrong.out, bad)) == (2, [("untold_case", "fail-other.txt")])
    assert json.loads(right.out)["cases"] == 2


def test_mistakes_of_a_whole_folder_are_told_with_file_line_and_remedy(tmp_path: Path) -> None:
    folder = write_rules(tmp_path, check=CHECK.replace("severity: high", "severity: grave"))

    ended = netops("baseline", "lint", folder)

    assert ended.code == 2
    assert "check.yaml:7: severity: “grave” is none of:" in ended.out
    assert "[bad_field]" in ended.out
    assert "0 checks" in ended.err


def test_a_folder_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    ended = netops("baseline", "lint", tmp_path / "nowhere")

    assert ended.code == 2
    assert "There is no folder" in ended.err


def test_escape_sequences_of_a_rule_file_do_not_reach_the_terminal(tmp_path: Path) -> None:
    folder = write_rules(tmp_path, check=CHECK.replace("severity: high", 'severity: "\\e]0;x\\a"'))

    ended = netops("baseline", "lint", folder)

    assert ended.code == 2
    assert "\x1b" not in ended.out + ended.err


def test_coverage_counts_checks_by_clause(tmp_path: Path) -> None:
    folder = write_rules(tmp_path)
    put_check(folder, CHECK.replace("linux-root-login", "linux-again"), "linux-again")

    table = netops("baseline", "lint", folder, "--coverage", "--level", "2")
    rows = json.loads(netops("baseline", "lint", folder, "--coverage", "--format", "json").out)

    assert table.code == 0
    assert "7.1.4.1.a   machine" in table.out
    assert "linux 2" in table.out
    assert [(row["clause"], row["total"]) for row in rows] == [("8.1.4.1.a", 2), ("8.1.4.1.d", 0)]


def test_schemas_are_written_only_when_agreed(tmp_path: Path) -> None:
    folder = tmp_path / "schemas"

    shown = netops("baseline", "lint", "--schemas", folder, "--dry-run")
    asked = netops("baseline", "lint", "--schemas", folder)
    written = netops("baseline", "lint", "--schemas", folder, "--yes")

    assert (shown.code, asked.code, written.code) == (0, 2, 0)
    assert shown.out == written.out
    assert {path.name for path in folder.iterdir()} == {
        path.name for path in (POLICIES / "schema").iterdir()
    }
