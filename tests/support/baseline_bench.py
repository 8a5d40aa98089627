"""A bench for ``netops baseline``: a host's evidence by hand, an inventory, a few rules."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from command_line import Ended, netops
from rule_folders import put, write_rules

SMALL = Path(__file__).parents[1] / "data" / "inventory_small"
CATALOG = """\
schema: netops/catalog/1
standard: GB/T 22239-2019
title: {zh: 要求, en: Requirements}
source: a test
items:
- id: ces.identity.a
  class: ces
  point: {zh: 身份鉴别, en: Identity}
  clauses: {2: 7.1.4.1.a, 3: 8.1.4.1.a}
  text: {zh: 口令, en: Secrets}
  auto: machine
- id: ces.access.b
  class: ces
  point: {zh: 访问控制, en: Access}
  clauses: {2: 7.1.4.2.b, 3: 8.1.4.2.b}
  text: {zh: 默认账户, en: Default accounts}
  auto: machine
- id: pes.place.a
  class: pes
  point: {zh: 位置, en: Place}
  clauses: {2: 7.1.1.1.a, 3: 8.1.1.1.a}
  text: {zh: 防震, en: Withstands earthquakes}
  auto: person
"""
EVIDENCE = """\
schema: netops/evidence/1
component: linux
facts:
  sshd.permitrootlogin: {type: text, from: [baseline/sshd], title: {zh: 甲, en: a}}
  account.uid: {type: integer, keyed: true, from: [baseline/accounts], title: {zh: 丁, en: d}}
"""
ROOT = """\
schema: netops/check/1
id: linux-root-login
title: {zh: 禁止root登录, en: No log-in as root}
component: linux
covers: [{item: ces.identity.a}]
severity: high
expect: {fact: sshd.permitrootlogin, op: eq, value: "no", missing: unknown}
remedy:
  text: {zh: 设为no, en: Set it to no}
  commands: [{risk: medium, lines: ["sed -i s/yes/no/ /etc/ssh/sshd_config"]}]
high_risk: ["2025:6.4.1.1"]
"""
UID = """\
schema: netops/check/1
id: linux-unique-uid
title: {zh: UID唯一, en: Unique UID}
component: linux
covers: [{item: ces.access.b, part: false}]
severity: low
expect: {fact: account.uid, op: unique, missing: unknown}
remedy: {text: {zh: 改, en: Change it}}
"""
HEAD = 'netops-evidence 1\n[system\n=file /etc/os-release\n|ID=debian\n|VERSION_ID="12"\n]system\n'
SSHD = "[sshd\n=file /etc/ssh/sshd_config\n|# a comment\n|PermitRootLogin {root}\n]sshd\n"
ACCOUNTS = "[accounts\n=file /etc/passwd\n|root:x:0:0:root:/root:/bin/bash\n|ann:x:{uid}:100::/home/ann:/bin/bash\n]accounts\n"  # fmt: skip
END = "netops-evidence end\n"


def evidence(root: str = "no", uid: int = 1000) -> str:
    return HEAD + SSHD.format(root=root) + ACCOUNTS.format(uid=uid) + END


@dataclass(frozen=True)
class Bench:
    """A workspace, an inventory with one graded host, and a small folder of rules."""

    folder: Path

    @property
    def inventory(self) -> Path:
        return self.folder / "inventory"

    @property
    def rules(self) -> Path:
        return self.folder / "rules"

    def run(self, *arguments: str | Path, own: bool = True) -> Ended:
        """Run a baseline command with this inventory (``own``), else with the snapshot's."""
        place: list[str | Path] = ["--workspace", self.folder / "ws", "--policy", self.rules]
        if own:
            place += ["--inventory", self.inventory]
        return netops("baseline", *arguments, *place)

    def take(self, text: str) -> str:
        path = self.folder / "evidence.txt"
        path.write_text(text, encoding="utf-8")
        ended = netops(
            "snapshot", "import", path, "--device", "H1", "--inventory", self.inventory,
            "--workspace", self.folder / "ws",
        )  # fmt: skip
        return ended.out.strip()

    def judge(self, *arguments: str | Path) -> dict[str, Any]:
        ended = self.run("judge", "--format", "json", "--filter", "device=H1", *arguments)
        document: dict[str, Any] = json.loads(ended.out)
        return document

    def verdicts(self, *arguments: str | Path) -> dict[str, str]:
        return {row["id"]: row["verdict"] for row in self.judge(*arguments)["subjects"]}


def make_bench(tmp_path: Path) -> Bench:
    """Make a bench whose one graded host has been seen once."""
    shutil.copytree(SMALL, tmp_path / "inventory")
    with (tmp_path / "inventory" / "devices.csv").open("a", encoding="utf-8") as stream:
        stream.write(
            "H1,主机,N-430102,host,linux_host,10.255.2.9,127.0.1.9,2209,ssh,modern,,audit,,,,\n"
        )
    (tmp_path / "inventory" / "graded.yaml").write_text(
        'graded_objects:\n- {id: oa, name: 办公, government: "430102", s: 3, a: 2, devices: [H1]}\n',
        encoding="utf-8",
    )
    rules = write_rules(tmp_path / "rules", catalog=CATALOG, evidence=EVIDENCE, check=ROOT)
    put(rules, "checks/linux/linux-unique-uid/check.yaml", UID)
    made = Bench(tmp_path)
    made.take(evidence())
    return made
