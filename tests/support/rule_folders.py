"""Small folders of rules for tests, written out so that each test can break one thing."""

from __future__ import annotations

from pathlib import Path

CATALOG = """\
schema: netops/catalog/1
standard: GB/T 22239-2019
title: {zh: 要求, en: Requirements}
source: a test
items:
- id: ces.identity.a
  class: ces
  point: {zh: 身份鉴别, en: Identity}
  clauses: {1: 6.1.4.1.a, 2: 7.1.4.1.a, 3: 8.1.4.1.a}
  text: {zh: 口令, en: Secrets}
  auto: machine
- id: ces.identity.d
  class: ces
  point: {zh: 身份鉴别, en: Identity}
  clauses: {3: 8.1.4.1.d}
  text: {zh: 双因素, en: Two factors}
  auto: person_with_evidence
"""
GUIDE = """\
schema: netops/high-risk/1
edition: "2025"
title: {zh: 指引, en: Guide}
source: a test
cases:
- {id: 6.4.1.1, title: {zh: 弱口令, en: Weak}, levels: [2, 3], trigger: {zh: 弱, en: weak}, items: [ces.identity.a]}
"""
EVIDENCE = """\
schema: netops/evidence/1
component: linux
facts:
  sshd.permitrootlogin: {type: text, from: [baseline/sshd], title: {zh: 甲, en: a}}
  sshd.ciphers: {type: list, from: [baseline/sshd], title: {zh: 乙, en: b}}
  login.max_days: {type: integer, from: [baseline/login_defs], title: {zh: 丙, en: c}}
  account.uid: {type: integer, keyed: true, from: [baseline/accounts], title: {zh: 丁, en: d}}
  selinux.enforcing: {type: boolean, from: [baseline/selinux], title: {zh: 戊, en: e}}
"""
CHECK = """\
schema: netops/check/1
id: linux-root-login
title: {zh: 禁止 root 登录, en: No log-in as root}
component: linux
covers:
- {item: ces.identity.a, levels: [2, 3]}
severity: high
parameters:
  allowed: {value: ["no", prohibit-password], tighter: fewer, source: a test, status: site}
  days: {value: 90, tighter: lower, bounds: [1, 999], unit: days, source: a test, status: sample}
expect:
  all:
  - {fact: sshd.permitrootlogin, op: one_of, value: $allowed, missing: not_met}
  - {fact: login.max_days, op: le, value: $days, missing: not_met}
remedy:
  text: {zh: 修改, en: Change it}
  commands:
  - {risk: low, lines: ["sed …"]}
high_risk: ["2025:6.4.1.1"]
"""
PROFILE = """\
schema: netops/profile/1
name: mlps-l3
title: {zh: 三级, en: Level 3}
level: 3
checks: {include: ["*"]}
"""


def write_rules(folder: Path, **changed: str) -> Path:
    """Write a folder of rules; a part named in ``changed`` stands in place of the usual one."""
    put(folder, "catalog/standard.yaml", changed.get("catalog", CATALOG))
    put(folder, "catalog/high-risk-2025.yaml", changed.get("guide", GUIDE))
    put(folder, "evidence/linux.yaml", changed.get("evidence", EVIDENCE))
    put_check(folder, changed.get("check", CHECK))
    put(folder, "profiles/mlps-l3.yaml", changed.get("profile", PROFILE))
    return folder


def put_check(folder: Path, text: str, name: str = "linux-root-login") -> Path:
    """Write a check with a passing and a failing case."""
    put(folder, f"checks/linux/{name}/check.yaml", text)
    put(folder, f"checks/linux/{name}/pass-plain.txt", "# hand-written\n@@ baseline/sshd\n")
    return put(folder, f"checks/linux/{name}/fail-plain.txt", "# hand-written\n@@ baseline/sshd\n")


def put(folder: Path, name: str, text: str) -> Path:
    """Write one file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
