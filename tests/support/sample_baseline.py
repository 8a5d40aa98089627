"""A small result of a baseline, written by hand: one item of every verdict, on one host."""

from __future__ import annotations

from netops.findings import (
    AuditResult,
    Coverage,
    Evidence,
    Finding,
    Provenance,
    Severity,
    Subject,
    SubjectRow,
    Text,
    Verdict,
)

HOSTILE = "a\x1b[31m\u202e=cmd|' /C calc'!A0\nb"


def _row(clause: str, verdict: Verdict, *reasons: str) -> SubjectRow:
    return SubjectRow(
        kind="item",
        id=f"H-1/{clause}",
        government="430121",
        verdict=verdict,
        name="审计",
        reason=reasons or None,
        extra={"asset": "H-1", "clause": clause},
    )


FAILED = Finding(
    rule="linux-sshd-root-login",
    subject=Subject("asset", "H-1", HOSTILE),
    verdict=Verdict.NOT_MET,
    severity=Severity.HIGH,
    message=Text(f"root 可登录 {HOSTILE}", f"root may log in {HOSTILE}"),
    evidence=(Evidence("H-1#3", "sm3:ab", "H-1", "baseline/sshd", (4, 5)),),
    standards=("GB/T 22239-2019 8.1.4.2.b",),
    exemption="例外〔2026〕7号",
)
UNSEEN = Finding(
    rule="linux-audit",
    subject=Subject("asset", "H-1"),
    verdict=Verdict.UNKNOWN,
    severity=Severity.MEDIUM,
    message=Text("未采集", "not collected"),
)
_INFORMATION = {
    "assets": [
        {
            "id": "H-1",
            "name": "数据库服务器",
            "component": "linux",
            "family": "debian",
            "version": "12",
            "government": "430121",
            "profile": "mlps-l3",
            "objects": ["OA"],
        }
    ],
    "items": {
        "8.1.4.2.b": {
            "point": {"zh": "访问控制", "en": "Access control"},
            "text": {"zh": "默认账户应改名或删除", "en": "default accounts renamed or removed"},
            "unit": "L3-CES1-06",
        }
    },
    "hazards": [
        {
            "object": "OA",
            "case": "2025:6.4.2.1",
            "title": {"zh": "默认账户且默认口令", "en": "default accounts with default secrets"},
            "clause": "8.1.4.2.b",
            "assets": ["H-1"],
            "findings": [FAILED.id],
            "state": "possible",
            "relief": None,
        }
    ],
    "conclusions": [
        {
            "object": "OA",
            "name": "办公系统",
            "form": "report-2025",
            "level": 3,
            "counts": {"met": 1, "partly_met": 0, "not_met": 1, "not_applicable": 1, "open": 2},
            "rate": {"floor": "25.0%", "ceiling": "75.0%"},
            "hazards": 1,
            "text": {"zh": "尚不能下结论：2 项未定", "en": "not yet: 2 items open"},
            "open_items": ["8.1.4.3.a", "8.1.4.4.e"],
            "parameters": [
                {
                    "name": "partly_counts",
                    "title": {"zh": "部分符合的计值", "en": "worth of partly met"},
                    "value": "0",
                    "source": {"zh": "1846号问题18", "en": "1846 question 18"},
                    "status": "sample",
                }
            ],
        }
    ],
}
RESULT = AuditResult(
    audit="baseline",
    provenance=Provenance(
        tool="netops 0.1.0",
        as_of="2026-11-22",
        snapshot_id="S1",
        snapshot_digest="sm3:00",
        begin="2026-11-22T08:00:00+08:00",
        end="2026-11-22T08:01:00+08:00",
        inventory_digest="sm3:01",
        inventory_overridden=False,
        policy_digest="sm3:02",
        policy_samples=(),
    ),
    coverage=Coverage(1, 1, 1, 1, 0),
    verdict=Verdict.NOT_MET,
    rates=(),
    subjects=(
        _row("8.1.4.1.a", Verdict.MET),
        _row("8.1.4.2.b", Verdict.NOT_MET, FAILED.id),
        _row("8.1.4.3.a", Verdict.UNKNOWN, UNSEEN.id),
        _row("8.1.4.4.e", Verdict.NEEDS_PERSON),
        _row("8.1.4.4.d", Verdict.NOT_APPLICABLE),
    ),
    findings=(FAILED, UNSEEN),
    information=_INFORMATION,
)
