"""What differs between two results of one audit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from netops.findings import (
    AuditResult,
    Coverage,
    Finding,
    Provenance,
    Severity,
    Strength,
    Subject,
    SubjectRow,
    Text,
    Verdict,
    compare_exits,
    exit_code_of,
    keep_changes,
)

MADE = Provenance("t", "2026-11-21", "S1", "sm3:1", "b", "e", "i", False, "p", ())


def point(line: str, *, latent: bool = False) -> Finding:
    """Return the finding of an exit point."""
    return Finding(
        rule="exits.latent" if latent else "exits.undeclared",
        subject=Subject("government", "430121"),
        verdict=Verdict.PARTLY_MET if latent else Verdict.NOT_MET,
        severity=Severity.HIGH,
        message=Text("z", "e"),
        observed={"device": "K1", "family": "ipv4", "mechanism": "static_default",
                  "latent": latent, "lines": [line], "exit": None},
        identity=("K1", line),
    )  # fmt: skip


def row(strength: Strength, *reason: str, exit_id: str | None = None) -> SubjectRow:
    """Return the row of a department."""
    return SubjectRow(
        "department", "D1", "430121", strength.verdict, strength, exit_id, reason or None
    )


def result(*found: Finding, rows: tuple[SubjectRow, ...] = (), **more: Any) -> AuditResult:  # noqa: ANN401
    """Return a result of the exits audit."""
    information = {"declared_points": [], "exempt_points": [], **more}
    return AuditResult("exits", MADE, Coverage(), Verdict.MET, (), rows, tuple(found), information)


def test_what_stands_unchanged_is_counted_and_what_is_new_is_listed() -> None:
    old, new = point("G1"), point("G2")
    before = result(old, rows=(row(Strength.VIOLATED, old.id),))
    after = result(old, new, rows=(row(Strength.VIOLATED, old.id, new.id),))
    kept = keep_changes(before, replace(after, provenance=replace(MADE, snapshot_id="S2")), {})
    assert kept.findings == (new,)
    assert [r.id for r in kept.subjects] == ["D1"]
    assert kept.information["since"]["unchanged_findings"] == 1
    assert kept.information["since"]["snapshot"] == "S1"
    assert kept.provenance.snapshot_id == "S2"
    assert exit_code_of(kept.verdict) == 1


def test_a_fault_that_stood_before_leaves_the_exit_code_alone() -> None:
    old = point("G1")
    both = result(old, rows=(row(Strength.VIOLATED, old.id),))
    kept = keep_changes(both, both, {})
    assert (kept.findings, kept.subjects) == ((), ())
    assert exit_code_of(kept.verdict) == 0


def test_a_mended_fault_is_told_as_vanished_and_its_subject_as_changed() -> None:
    old = point("G1")
    before = result(old, rows=(row(Strength.VIOLATED, old.id),))
    kept = keep_changes(before, result(rows=(row(Strength.PROVEN, exit_id="E"),)), {})
    assert kept.information["since"]["vanished_findings"] == [old.id]
    assert [r.verdict for r in kept.subjects] == [Verdict.MET]
    assert exit_code_of(kept.verdict) == 0


def test_exit_points_come_and_go_and_departments_move() -> None:
    before = result(point("G1"), rows=(row(Strength.VIOLATED),))
    after = result(point("G2", latent=True), rows=(row(Strength.CONSISTENT, exit_id="E1"),))
    found = compare_exits(before, after)
    assert [p["line"] for p in found["vanished_points"]] == ["G1"]
    assert [(p["line"], p["latent"]) for p in found["new_points"]] == [("G2", True)]
    assert found["moved"] == [
        {
            "department": "D1",
            "government": "430121",
            "before": {"strength": "violated", "exit": None},
            "after": {"strength": "consistent", "exit": "E1"},
        }
    ]


def test_a_point_that_was_declared_meanwhile_is_neither_new_nor_vanished() -> None:
    declared = {"device": "K1", "line": "G1", "family": "ipv4", "mechanism": "static_default",
                "latent": False, "government": "430121", "exit": "E1"}  # fmt: skip
    found = compare_exits(result(point("G1")), result(declared_points=[declared]))
    assert (found["new_points"], found["vanished_points"]) == ([], [])


def test_a_department_that_is_gone_has_moved_to_nowhere() -> None:
    found = compare_exits(result(rows=(row(Strength.PROVEN, exit_id="E1"),)), result())
    assert found["moved"][0]["after"] == {"strength": None, "exit": None}
