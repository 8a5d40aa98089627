"""A laboratory over real sockets, from the specification to both audits and down again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from answer_key import differences
from whole_line import Line, divisions

EVERYTHING = f"""\
schema: netops/lab/1
seed: 23
province: "430000"
divisions: {divisions("lab_divisions_wide.csv")}
departments: {{province: 2, city: 2, county: 2, township: 0}}
platforms:
  province: huawei_vrp
  city: {{huawei_vrp: 0.5, h3c_comware: 0.5}}
  county: {{huawei_vrp: 0.4, h3c_comware: 0.4, linux_host: 0.2}}
  township: {{frr: 0.7, linux_host: 0.3}}
quirks:
  tricky_banner: 0.15
  paging_refused: 0.15
  wrapped_prompt: 0.15
  legacy_kex: 0.15
  password_expiry: 0.12
answers: {{delay: 0.0, slow_share: 0.0, slow_delay: 0.2}}
faults:
  - {{kind: exit, mechanism: static_default, at: "430211"}}
  - {{kind: exit, mechanism: policy_route, at: "430202"}}
  - {{kind: exit, mechanism: split_default, at: "430203"}}
  - {{kind: node_down, at: "430102001"}}
  - {{kind: snmp_contradicts, at: "430204001"}}
  - {{kind: device, behaviour: slow, at: "430204"}}
  - {{kind: device, behaviour: hang, at: "430103001"}}
  - {{kind: device, behaviour: drop, at: "430104001"}}
  - {{kind: device, behaviour: refuse_login, at: "430105001"}}
  - {{kind: device, behaviour: changed_host_key, at: "430202001"}}
  - {{kind: device, behaviour: garbage, at: "430203001"}}
  - {{kind: device, behaviour: truncated, at: "430211002"}}
  - {{kind: device, behaviour: endless_pager, at: "430102-R2"}}
  - {{kind: device, behaviour: flood, at: "430103-R2"}}
  - {{kind: device, behaviour: low_privilege, at: "430104-R2"}}
  - {{kind: device, behaviour: no_snmp, at: "430105"}}
innocents: [ha_pair]
"""


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """Audit the laboratory of every misbehaviour once; keep what each step said."""
    line = Line(tmp_path_factory.mktemp("everything"))
    line.plan(EVERYTHING)
    try:
        line.up()
        state = line.run("lab", "status", line.lab, "--format", "json")
        line.folder.joinpath("status.json").write_text(state.stdout, encoding="utf-8")
        codes: dict[str, Any] = {"status": state.returncode, "snapshot": line.snapshot()}
    finally:
        line.down()
    for name in ("connectivity", "exits"):
        codes[name], document = line.audit(name)
        line.folder.joinpath(f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    line.folder.joinpath("codes.json").write_text(json.dumps(codes), encoding="utf-8")
    return line


def document(line: Line, name: str) -> dict[str, Any]:
    return line.read(line.folder / f"{name}.json")


@pytest.mark.parametrize("name", ["connectivity", "exits"])
def test_an_audit_says_what_the_key_says(audited: Line, name: str) -> None:
    assert differences(audited.truth, document(audited, name)) == []


def test_each_step_ends_with_the_code_that_is_right(audited: Line) -> None:
    """Some devices gave nothing: 3; a government is cut off and exits are undeclared: 1."""
    assert document(audited, "codes") == {
        "status": 0,
        "snapshot": 3,
        "connectivity": 1,
        "exits": 1,
    }


def test_the_planted_exits_are_found_where_they_can_be_seen(audited: Line) -> None:
    found = {
        (f["subject"]["id"], f["observed"]["mechanism"])
        for f in document(audited, "exits")["findings"]
        if f["rule"] == "exits.undeclared"
    }
    assert found == {("430211", "static_default"), ("430202", "policy_route")}
    hidden = audited.truth["exits"]["430203"]
    assert [point["observable"] for point in hidden["found"]] == [False]
    assert hidden["strength"] == "unknown"


def test_every_oddity_that_was_asked_for_is_played(audited: Line) -> None:
    truth = audited.truth
    causes = {row.get("cause") for row in truth["connectivity"].values()}
    assert {"hang", "drop", "refuse_login", "changed_host_key", "garbage", "truncated",
            "node_down:430102001"} <= causes  # fmt: skip
    assert truth["coverage"]["answered"] == truth["coverage"]["registered"] - 8


def test_a_contradiction_between_snmp_and_the_command_line_is_a_finding(audited: Line) -> None:
    found = [
        (f["subject"]["id"], f["verdict"])
        for f in document(audited, "connectivity")["findings"]
        if f["rule"] == "connectivity.snmp_contradicts"
    ]
    assert audited.truth["contradictions"] == ["430204001-R1"]
    assert found == [("430204001-R1", "partly_met")]


def test_the_laboratory_was_up_as_a_whole_and_is_down_now(audited: Line) -> None:
    state = document(audited, "status")
    assert state["condition"] == "up"
    silent = [row["device"] for row in state["devices"] if row["port"] is None]
    assert silent == ["430102001-R1"]
    assert audited.run("lab", "status", audited.lab).returncode == 3


CLEAN = f"""\
schema: netops/lab/1
seed: 4
province: "430000"
divisions: {divisions("lab_divisions.csv")}
departments: {{province: 1, city: 1, county: 2, township: 0}}
quirks: {{}}
faults: []
"""


def audit_once(line: Line, specification: str) -> tuple[int, dict[str, tuple[int, dict[str, Any]]]]:
    line.plan(specification)
    try:
        line.up()
        code = line.snapshot()
    finally:
        line.down()
    return code, {name: line.audit(name) for name in ("connectivity", "exits")}


@pytest.mark.parametrize("innocents", ["[]", "[exempt_department]"])
def test_a_laboratory_without_faults_has_no_finding_and_ends_0(
    tmp_path: Path, innocents: str
) -> None:
    line = Line(tmp_path)
    code, audits = audit_once(line, f"{CLEAN}innocents: {innocents}\n")
    assert code == 0
    for ended, found in audits.values():
        assert (ended, found["verdict"], found["findings"]) == (0, "met", [])
        assert differences(line.truth, found) == []


OTHER = """\
schema: netops/lab/1
seed: 91
province: "430000"
scope: {cities: ["430800"]}
townships_per_county: 2
departments: {province: 3, city: 2, county: 2, township: 1}
platforms:
  province: h3c_comware
  city: {frr: 1.0}
  county: {h3c_comware: 0.5, frr: 0.5}
  township: {linux_host: 0.5, huawei_vrp: 0.5}
uplinks: {city: 1, county: 1, township: 2}
routes_per_device: 25
quirks: {}
random_faults: {exits: 4, nodes: 1, devices: 1}
innocents: [ha_pair, cgn_in_plan]
"""


def test_another_prefecture_with_other_platforms_agrees_with_its_key(tmp_path: Path) -> None:
    line = Line(tmp_path)
    _, audits = audit_once(line, OTHER)
    assert {name: differences(line.truth, found) for name, (_, found) in audits.items()} == {
        "connectivity": [],
        "exits": [],
    }
    assert audits["exits"][0] == 1
    assert sum(len(row["found"]) for row in line.truth["exits"].values()) == 4
