"""What stands beside the verdicts, as sentences in both languages."""

from __future__ import annotations

from netops.findings import (
    AuditResult,
    Coverage,
    Provenance,
    Strength,
    SubjectRow,
    Verdict,
)
from netops.reports.beside import evidence_of, lines_beside

MADE = Provenance("t", "2026-11-21", "S2", "sm3:1", "b", "e", "i", False, "p", ())
PROBED = {
    "said": "positive", "why": ["allowed_exit"], "families": ["ipv4"], "protocols": ["tcp"],
    "seen": ["198.51.100.2"], "exits": ["E1"], "counts": {}, "expires": "2026-11-28",
}  # fmt: skip


def row(probed: dict | None, *, expires: str | None = None) -> SubjectRow:
    """Return the row of a department."""
    block = {"M": {"said": "consistent"}, "T": probed, "F": None,
             "unseen": ["filters", "family:ipv6"], "expires": expires}  # fmt: skip
    strength = Strength.PROVEN if probed else Strength.CONSISTENT
    return SubjectRow("department", "D1", "430121", Verdict.MET, strength,
                      extra={"evidence": block})  # fmt: skip


def lines(*rows: SubjectRow, **information: object) -> list[str]:
    """Return the English sentences of a result."""
    result = AuditResult("exits", MADE, Coverage(), Verdict.MET, (), rows, (), dict(information))
    return [line.en for line in lines_beside(result)]


CLOSURE = {
    "devices": {"registered": 4, "collected": 3, "understood": 2},
    "edges": {"registered": 3, "both_ends_known": 1},
    "unknown_terminals": 5,
    "unread_lines": {"all": 7, "touching": 6},
    "oldest_fact": None,
}


def test_the_closure_is_told_in_its_parts() -> None:
    (told,) = lines(closure=CLOSURE)
    assert told == (
        "Closure: devices collected 3 of 4, understood 2; links with both ends known 1/3; unknown "
        "terminals 5; lines not understood 7 (6 may bear on routing); oldest fact –"
    )


def test_departments_with_packets_are_counted_beside_it() -> None:
    counter = {**PROBED, "said": "counterexample"}
    told = lines(row(PROBED, expires="2026-11-28"), row(counter), row(None), closure=CLOSURE)[1]
    assert told.startswith(
        "Packets: departments measured or recorded 2, proven 2, with a counterexample 1"
    )
    assert told.endswith("first to expire 2026-11-28")


def test_a_row_tells_what_each_class_said_what_is_not_seen_and_until_when() -> None:
    told = evidence_of(row(PROBED, expires="2026-11-28"))
    assert told is not None
    assert told.en == (
        "model: consistent; probes: positive (198.51.100.2, E1); valid to 2026-11-28; "
        "cannot see: packet filters, ipv6 not measured"
    )
    assert told.zh.startswith("模型：一致；实测：正面")
    assert evidence_of(row(None)) is None


def test_changes_say_how_many_findings_still_stand() -> None:
    since = {"snapshot": "S1", "unchanged_findings": 9, "vanished_findings": ["x"],
             "new_points": [{}], "vanished_points": [], "moved": [{}, {}]}  # fmt: skip
    (told,) = lines(since=since)
    assert told == (
        "Since S1: findings new 0, vanished 1, unchanged 9; "
        "exit points new 1, vanished 0; departments that moved 2"
    )


def test_a_withdrawn_exit_names_the_latent_ones_that_take_over() -> None:
    (told,) = lines(
        what_if={
            "withdrawn": "E1",
            "taken_over": [{"department": "D1"}, {"department": "D1"}],
            "cut_off": [{"department": "D2"}],
            "may_take_over": [{"department": "D2"}],
            "unknown": [],
            "latent_exits": [{"device": "K1", "line": "G8", "mechanism": "floating_static"}],
        }
    )
    assert told == (
        "If exit E1 went away (model only): departments taken over 1, cut off 1 "
        "(1 of them may be told another way by a neighbour), not known 0; "
        "latent exits that take over: K1 G8 (floating_static)"
    )
