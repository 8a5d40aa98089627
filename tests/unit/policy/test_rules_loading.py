"""Rule folders: everything wrong is told at once, with its line; nothing wrong gets through."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from rule_folders import CHECK, EVIDENCE, GUIDE, put, put_check, write_rules

from netops.errors import PolicyError, RulesError
from netops.policy.baseline import (
    All,
    FactType,
    Leaf,
    Mark,
    Reference,
    examine_rules,
    leaves_of,
    load_rules,
)


def kinds(folder: Path, *overlays: Path) -> list[tuple[str, int | None]]:
    """Return the kind and line of every fault."""
    return [(fault.kind, fault.place.line) for fault in examine_rules(folder, overlays)[1]]


def test_a_check_becomes_a_tree_with_its_parameters_and_lines(tmp_path: Path) -> None:
    rules = load_rules(write_rules(tmp_path))
    check = rules.checks["linux-root-login"]

    assert isinstance(check.expect, All)
    assert [leaf.line for leaf in leaves_of(check.expect)] == [13, 14]
    assert check.expect.parts[1] == Leaf(
        "login.max_days", "le", Reference("days"), "not_met", line=14
    )
    assert check.parameters["allowed"].value == ("no", "prohibit-password")
    assert check.covers[0].part
    assert rules.fact("linux", "account.uid").type is FactType.INTEGER
    assert rules.samples == ("linux-root-login.days",)
    assert rules.item_of_clause("8.1.4.1.d") == (rules.items["ces.identity.d"], 3)
    assert [c.id for c in rules.checks_of(rules.profiles["mlps-l3"], "linux")] == [
        "linux-root-login"
    ]


def test_the_digest_changes_with_any_file(tmp_path: Path) -> None:
    before = load_rules(write_rules(tmp_path / "a")).digest
    after = load_rules(write_rules(tmp_path / "b", check=CHECK.replace("90", "60"))).digest

    assert before == load_rules(write_rules(tmp_path / "c")).digest
    assert before != after


LEAF = "{fact: sshd.permitrootlogin, op: one_of, value: $allowed, missing: not_met}"


@pytest.mark.parametrize(
    ("before", "after", "kind", "line", "said"),
    [
        ("severity: high", "severity: grave", "bad_field", 7, "grave"),
        ("severity: high", "severity: high\ncolour: red", "bad_field", 8, "colour"),
        ("severity: high", "severity: high\nseverity: low", "duplicate_key", 8, "line 7"),
        ("severity: high", "severity: [", "bad_yaml", 9, "not YAML"),
        ("levels: [2, 3]", "levels: [2, 4]", "unknown_item", 6, "level 4"),
        ("ces.identity.a", "ces.identity.z", "unknown_item", 6, "ces.identity.z"),
        ("2025:6.4.1.1", "2025:9.9.9", "unknown_item", 19, "2025:9.9.9"),
        ("$allowed", "$permitted", "parameter_undefined", 13, "permitted"),
        ("sshd.permitrootlogin", "sshd.permitroot", "unknown_fact", 13, "sshd.permitrootlogin"),
        ("op: one_of", "op: is_in", "wrong_type", 13, "is_in"),
        ("op: one_of", "op: le", "wrong_type", 13, "text"),
        ("op: one_of", "op: contains_all", "wrong_type", 13, "contains_all"),
        (LEAF, LEAF.replace(", missing: not_met", ""), "missing_meaning", 13, "missing"),
        (LEAF, LEAF.replace("$allowed", "no"), "wrong_type", 13, "False"),
        (LEAF, LEAF.replace("}", ", each: any}"), "wrong_type", 13, "each"),
        (LEAF, LEAF.replace("}", ", where: x}"), "wrong_type", 13, "where"),
        (LEAF, LEAF.replace("one_of, value: $allowed", "present"), "wrong_type", 13, "missing"),
        (LEAF, LEAF.replace("one_of, value: $allowed", 'matches, value: "(a+)+$"'),
         "slow_pattern", 13, "for ever"),
        (LEAF, LEAF.replace("one_of, value: $allowed", "matches, value: '('"),
         "slow_pattern", 13, "no regular expression"),
        (LEAF, "{fact: account.uid, op: unique, value: 3, missing: unknown}",
         "wrong_type", 13, "takes no value"),
        (LEAF, "{fact: login.max_days, op: between, value: [9, 1], missing: unknown}",
         "wrong_type", 13, "smaller first"),
        (LEAF, "{fact: login.max_days, op: unique, missing: unknown}",
         "wrong_type", 13, "keyed"),
        (LEAF, "{fact: account.uid, op: eq, value: 0, each: any, where: '(x*)*$', missing: unknown}",
         "slow_pattern", 13, "for ever"),
        (LEAF, "{fact: selinux.enforcing, op: eq, value: 1, missing: unknown}",
         "wrong_type", 13, "boolean"),
        (LEAF, "{all: []}", "bad_field", 13, "too short"),
        ("value: 90", "value: 1.5", "bad_field", 10, "1.5"),
        ("tighter: lower", "tighter: smaller", "bad_field", 10, "smaller"),
        ("id: linux-root-login", "id: linux-other", "misplaced", 2, "linux-root-login"),
        ("component: linux", "component: windows", "bad_field", 4, "windows"),
        ("zh: 禁止 root 登录", 'zh: "  "', "bad_field", 3, "empty"),
        ("zh: 禁止 root 登录", 'zh: "a\\e[31m"', "bad_field", 3, "nobody sees"),
        ("zh: 禁止 root 登录", 'zh: "a\\u202eb"', "bad_field", 3, "nobody sees"),
        ("severity: high", 'severity: high\napplies: {versions: [">=new"]}', "bad_field", 8, ">=new"),
        ("levels: [2, 3]", "levels: [true]", "bad_field", 6, "none of: 1, 2, 3, 4"),
        ("levels: [2, 3]", "part: maybe", "bad_field", 6, "maybe"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_check_is_named_with_its_line(
    tmp_path: Path, before: str, after: str, kind: str, line: int, said: str
) -> None:
    assert before in CHECK
    write_rules(tmp_path, check=CHECK.replace(before, after, 1))

    faults = [f for f in examine_rules(tmp_path)[1] if f.kind == kind]

    assert [fault.place.line for fault in faults] == [line]
    assert said in faults[0].cause + faults[0].remedy
    assert faults[0].place.file.endswith("check.yaml")
    assert faults[0].remedy


def test_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = write_rules(
        tmp_path,
        evidence=EVIDENCE.replace("type: list", "type: lists"),
        guide=GUIDE.replace("levels: [2, 3]", "levels: [2, 7]"),
        check=CHECK.replace("severity: high", "severity: grave").replace("risk: low", "risk: no"),
    )

    with pytest.raises(RulesError) as caught:
        load_rules(folder)

    places = [(Path(f.place.file).name, f.place.line) for f in caught.value.faults]
    assert sorted(places, key=str) == [
        ("check.yaml", 18),
        ("check.yaml", 7),
        ("high-risk-2025.yaml", 6),
        ("linux.yaml", 5),
    ]
    assert isinstance(caught.value, PolicyError)
    assert "(+3)" in str(caught.value)


def test_a_broken_evidence_file_does_not_make_each_of_its_facts_a_fault(tmp_path: Path) -> None:
    write_rules(tmp_path, evidence=EVIDENCE.replace("type: list", "type: lists"))

    assert kinds(tmp_path) == [("bad_field", 5)]


def test_the_same_check_twice_is_refused_with_the_place_of_the_first(tmp_path: Path) -> None:
    write_rules(tmp_path)
    put(tmp_path, "checks/redis/linux-root-login/check.yaml",
        CHECK.replace("component: linux", "component: redis"))  # fmt: skip

    faults = examine_rules(tmp_path)[1]

    assert [fault.kind for fault in faults] == ["duplicate_id"]
    assert "checks/linux/linux-root-login/check.yaml:2" in faults[0].cause


def test_the_same_clause_in_two_items_is_refused(tmp_path: Path) -> None:
    text = (write_rules(tmp_path) / "catalog/standard.yaml").read_text(encoding="utf-8")
    put(tmp_path, "catalog/standard.yaml", text.replace("8.1.4.1.d", "8.1.4.1.a"))

    assert kinds(tmp_path) == [("duplicate_id", 15)]


def test_a_file_that_looks_like_a_rule_and_is_none_is_named(tmp_path: Path) -> None:
    write_rules(tmp_path)
    put(tmp_path, "profiles/mlps-l4.yml", "x")
    put(tmp_path, "checks/linux/another.yaml", "x")
    (tmp_path / "checks/linux/empty").mkdir()
    (tmp_path / "checks/windows").mkdir()

    assert [kind for kind, _line in kinds(tmp_path)] == [
        "stray_file", "missing_check", "unknown_component", "stray_file",
    ]  # fmt: skip


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = put(tmp_path, "outside/secret.yaml", "password: hunter2\n")
    folder = write_rules(tmp_path / "rules")
    (folder / "profiles/stolen.yaml").symlink_to(outside)
    (folder / "checks/frr").symlink_to(tmp_path / "outside")

    faults = examine_rules(folder)[1]

    assert [fault.kind for fault in faults] == ["link_outside", "link_outside"]
    assert "hunter2" not in str(faults)


def test_a_link_inside_the_folder_is_a_file_like_any_other(tmp_path: Path) -> None:
    folder = write_rules(tmp_path / "rules")
    (folder / "profiles/mlps-l3.yaml").rename(folder / "profile.txt")
    (folder / "profiles/mlps-l3.yaml").symlink_to(folder / "profile.txt")

    assert load_rules(folder).profiles["mlps-l3"].checks == ("linux-root-login",)


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    folder = write_rules(tmp_path / "rules")
    (tmp_path / "samples").symlink_to(folder)

    assert load_rules(tmp_path / "samples").digest == load_rules(folder).digest


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    folder = write_rules(tmp_path)
    os.mkfifo(folder / "profiles/pipe.yaml")

    assert kinds(folder) == [("file_unreadable", None)]


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    folder = write_rules(tmp_path)
    put(folder, "profiles/mlps-l3.yaml", "#" * (1 << 20) + "\n")

    assert kinds(folder) == [("file_too_large", None)]


def test_a_bomb_of_aliases_is_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    folder = write_rules(tmp_path, profile="\n".join(lines))

    assert [kind for kind, _line in kinds(folder)] == ["bad_yaml"]


def test_a_folder_that_is_not_there_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="no folder"):
        load_rules(tmp_path / "nowhere")


def test_only_the_components_asked_for_are_read(tmp_path: Path) -> None:
    folder = write_rules(tmp_path, check="not: [a, check")

    assert kinds(folder) != []
    rules = load_rules(folder, components={"redis"})
    assert (dict(rules.checks), dict(rules.facts)) == ({}, {})


def test_a_site_lays_its_own_checks_over_ours(tmp_path: Path) -> None:
    ours, site = write_rules(tmp_path / "ours"), tmp_path / "site"
    put_check(site, CHECK.replace("linux-root-login", "site-root-login"), "site-root-login")

    rules = load_rules(ours, [site])

    assert list(rules.checks) == ["linux-root-login", "site-root-login"]
    assert rules.profiles["mlps-l3"].checks == ("linux-root-login", "site-root-login")


def test_a_site_cannot_replace_a_check_of_ours_or_add_evidence(tmp_path: Path) -> None:
    ours, site = write_rules(tmp_path / "ours"), tmp_path / "site"
    put_check(site, CHECK)
    put(site, "evidence/linux.yaml", EVIDENCE)

    assert [kind for kind, _line in kinds(ours, site)] == ["evidence_in_overlay", "duplicate_id"]


MARKS = """\
schema: netops/marks/1
standard: GB/T 22239-2019
source: annex A of the bought standard, read by 张三
status: verified
marks:
  s: [ces.identity.*]
"""


def test_marks_of_items_are_taken_from_whoever_holds_the_standard(tmp_path: Path) -> None:
    write_rules(tmp_path / "ours")
    put(tmp_path / "site", "catalog/marks.yaml", MARKS)

    rules = load_rules(tmp_path / "ours", [tmp_path / "site"])

    assert rules.marks == {"ces.identity.a": Mark.S, "ces.identity.d": Mark.S}
    assert [(one.source, one.status) for one in rules.marked_by] == [
        ("annex A of the bought standard, read by 张三", "verified")
    ]


@pytest.mark.parametrize(
    ("marks", "kind"),
    [
        ("  s: [ces.identity.*]\n  a: [ces.identity.a]\n", "duplicate_id"),
        ("  s: [ces.nothing.*]\n", "unknown_item"),
        ("  x: [ces.identity.a]\n", "bad_field"),
    ],
)
def test_marks_that_contradict_or_name_nothing_are_refused(
    tmp_path: Path, marks: str, kind: str
) -> None:
    write_rules(tmp_path)
    put(tmp_path, "catalog/marks.yaml", MARKS.replace("  s: [ces.identity.*]\n", marks))

    (fault,) = examine_rules(tmp_path)[1]
    assert (fault.kind, Path(fault.place.file).name) == (kind, "marks.yaml")
    assert fault.place.line == (7 if kind == "duplicate_id" else 6)


def test_a_folder_without_rules_is_told_and_not_taken_for_one_without_faults(
    tmp_path: Path,
) -> None:
    write_rules(tmp_path / "ours")
    (tmp_path / "site" / "notes").mkdir(parents=True)

    (fault,) = examine_rules(tmp_path / "ours", [tmp_path / "site"])[1]
    assert (fault.kind, fault.place.file) == ("no_rules", str(tmp_path / "site"))
