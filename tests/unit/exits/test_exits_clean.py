"""A net without faults, and everything that must not be reported."""

from __future__ import annotations

from exits_world import build_world


def test_a_net_in_order_has_no_finding() -> None:
    seen = build_world().judge()

    assert seen.judged.findings == ()
    assert set(seen.strengths().values()) == {"consistent"}


def test_departments_name_the_exit_they_use() -> None:
    seen = build_world().judge()

    assert seen.row("D-K1").exit == "E-430121"
    assert seen.row("D-T1").exit == "E-430121"
    assert seen.row("430121100").exit == "E-430121"
