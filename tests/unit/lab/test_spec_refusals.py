"""A wrong specification is refused with the line, the cause and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from netops.divisions import Level
from netops.errors import SpecError
from netops.lab.plan import plan
from netops.lab.spec import Spec
from netops.lab.spec_file import load_spec

GOOD = 'schema: netops/lab/1\nseed: 7\nprovince: "430000"\nscope: {cities: ["430100"]}\n'


def _load(tmp_path: Path, text: str) -> Spec:
    path = tmp_path / "spec.yaml"
    path.write_text(text, encoding="utf-8")
    return load_spec(path)


def test_a_short_specification_gets_the_documented_defaults(tmp_path: Path) -> None:
    spec = _load(tmp_path, GOOD)
    assert spec.departments == {
        Level.PROVINCE: 20,
        Level.CITY: 8,
        Level.COUNTY: 4,
        Level.TOWNSHIP: 0,
    }
    assert spec.uplinks == {Level.CITY: 2, Level.COUNTY: 2, Level.TOWNSHIP: 1}
    assert spec.townships_per_county is None
    assert spec.platforms[Level.TOWNSHIP] == {"frr": 1.0}


def test_the_specification_of_the_issue_is_understood(tmp_path: Path) -> None:
    spec = _load(
        tmp_path,
        """schema: netops/lab/1
seed: 7
province: "430000"
scope: {cities: ["430100", "430200"]}
townships_per_county: 4
departments: {province: 20, city: 8, county: 4, township: 0}
platforms: {province: huawei_vrp, city: {huawei_vrp: 0.6, h3c_comware: 0.4}, county: {huawei_vrp: 0.5, h3c_comware: 0.5}, township: {frr: 1.0}}
uplinks: {city: 2, county: 2, township: 1}
routes_per_device: 60
answers: {delay: 0.0, slow_share: 0.02, slow_delay: 1.0}
faults:
  - {kind: node_down, at: "430121"}
  - {kind: exit, mechanism: policy_route, at: "430211", family: ipv4}
  - {kind: device, behaviour: changed_host_key, at: "430181"}
random_faults: {exits: 12, nodes: 10, devices: 5}
innocents: [ha_pair, two_carriers, public_block, nat_between_vpns, oob_card, exempt_department, cgn_in_plan]
""",
    )
    assert [f.kind for f in spec.faults] == ["node_down", "exit", "device"]
    assert spec.faults[1].mechanism == "policy_route"
    assert spec.faults[1].latent is False
    world = plan(spec)
    assert len(world.planted.exits) == 13
    assert len(world.planted.innocents) == 7


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("schedule: 3", "“schedule” is not known"),
        ("seed: seven", "not a whole number"),
        ("townships_per_county: -1", "is -1"),
        ("departments: {village: 3}", "“village” is not known"),
        ("platforms: {city: juniper}", "“juniper” is not known"),
        ("platforms: {city: {frr: 0.5}}", "sum to 0.5"),
        ("uplinks: {county: 3}", "3 uplinks are asked for"),
        ("uplinks: {county: 0}", "0 uplinks are asked for"),
        ("uplinks: {province: 1}", "“province” is not known"),
        ("answers: {slow_share: 2}", "is 2"),
        ("quirks: {hiccup: 0.1}", "“hiccup” is not known"),
        ("innocents: [cat]", "“cat” is not known"),
        ("innocents: [ha_pair, ha_pair]", "named twice"),
        ("random_faults: {cables: 1}", "“cables” is not known"),
        ("faults: [{kind: fire, at: '430121'}]", "“fire” is not known"),
        ("faults: [{kind: node_down}]", "“at” is missing"),
        ("faults: [{kind: node_down, at: '430121', mechanism: tunnel}]", "“mechanism” is not"),
        ("faults: [{kind: exit, at: '430121'}]", "“mechanism” is missing"),
        ("faults: [{kind: exit, mechanism: magic, at: '430121'}]", "“magic” is not known"),
        (
            "faults: [{kind: exit, mechanism: policy_route, at: '430121', latent: true}]",
            "cannot be latent",
        ),
        (
            "faults: [{kind: exit, mechanism: floating_static, at: '430121', latent: false}]",
            "carries nothing",
        ),
        (
            "faults: [{kind: exit, mechanism: static_default, at: '430121', family: ipv6}]",
            "cannot be planted in ipv6",
        ),
        (
            "faults: [{kind: exit, mechanism: tunnel, at: '430121', department: D-430121-01}]",
            "takes no department",
        ),
        ("faults: [{kind: device, at: '430121'}]", "“behaviour” is missing"),
        ("faults: 5", "not a list of mappings"),
    ],
)
def test_a_wrong_key_or_value_is_refused_at_its_line(tmp_path: Path, line: str, cause: str) -> None:
    text = GOOD.replace("seed: 7\n", "") if line.startswith("seed") else GOOD
    with pytest.raises(SpecError) as caught:
        _load(tmp_path, text + line + "\n")
    error = caught.value
    assert cause in error.cause
    assert error.remedy
    assert error.place is not None
    assert (error.place.file, error.place.line) == ("spec.yaml", text.count("\n") + 1)


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("{kind: node_down, at: '999999'}", "neither a government of the scope nor an id"),
        ("{kind: node_down, at: '430211'}", "neither a government of the scope nor an id"),
        ("{kind: node_down, at: W-430121-1}", "is a link"),
        ("{kind: node_down, at: D-430121-01-H1}", "There is no device"),
        ("{kind: uplink_down, at: '430000'}", "has no uplink"),
        ("{kind: uplink_down, at: I-430121}", "no uplink"),
        ("{kind: uplink_down, at: W-430121-1, all: true}", "`all` says nothing"),
        ("{kind: app_route, at: '430121001'}", "No route to"),
        ("{kind: app_route, at: '430121', application: A-01}", "No route to “A-01”"),
        ("{kind: exit, mechanism: vpn_leak, at: 430121-R2}", "joins at 430121-R1"),
        (
            "{kind: exit, mechanism: policy_route, at: '430121', department: D-430102-01}",
            "is no department of 430121",
        ),
        ("{kind: exit, mechanism: dual_homed_host, at: '430121001'}", "has no department"),
        (
            "{kind: exit, mechanism: policy_route, at: 430121-R2, department: D-430121-01}",
            "No packet of these departments enters at 430121-R2",
        ),
    ],
)
def test_a_contradiction_with_the_network_is_refused_at_its_line(
    tmp_path: Path, fault: str, cause: str
) -> None:
    spec = _load(tmp_path, f"{GOOD}faults:\n  - {fault}\n")
    with pytest.raises(SpecError) as caught:
        plan(spec)
    assert cause in caught.value.cause
    assert caught.value.remedy
    assert caught.value.place is not None
    assert caught.value.place.line == 6


def test_a_policy_of_ipv6_where_nobody_has_any_is_told_as_that(tmp_path: Path) -> None:
    world = plan(_load(tmp_path, GOOD))
    seats = world.net.seats.values()
    dry = next(s.code for s in seats if len(s.code) == 6 and not s.has_ipv6)
    fault = f"{{kind: exit, mechanism: policy_route, at: '{dry}', family: ipv6}}"
    with pytest.raises(SpecError) as caught:
        plan(_load(tmp_path, f"{GOOD}faults:\n  - {fault}\n"))
    assert str(caught.value.cause) == f"These departments of {dry} have no subnet of IPv6."
    assert "seed" in caught.value.remedy


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ('province: "43"', "not the code of a province"),
        ('province: "110000"', "is not in governments.csv"),
        ('scope: {cities: ["430121"]}', "is no city"),
        ("scope: {cities: []}", "No city is named"),
        ("scope: some", "neither `all` nor a mapping"),
        ("schema: netops/lab/2", "is not known"),
    ],
)
def test_a_wrong_head_is_refused(tmp_path: Path, change: str, cause: str) -> None:
    key = change.partition(":")[0]
    kept = [line for line in GOOD.splitlines() if not line.startswith(key)]
    with pytest.raises(SpecError) as caught:
        plan(_load(tmp_path, "\n".join([*kept, change])))
    assert cause in caught.value.cause


def test_two_behaviours_of_one_device_contradict_each_other(tmp_path: Path) -> None:
    spec = _load(
        tmp_path,
        GOOD + "faults:\n"
        "  - {kind: device, behaviour: hang, at: '430121'}\n"
        "  - {kind: device, behaviour: flood, at: 430121-R1}\n",
    )
    with pytest.raises(SpecError, match="behaves as “hang” already"):
        plan(spec)


def test_more_random_faults_than_places_are_refused(tmp_path: Path) -> None:
    spec = _load(tmp_path, GOOD + "townships_per_county: 0\nrandom_faults: {nodes: 50}\n")
    with pytest.raises(SpecError, match="no government left"):
        plan(spec)


def test_more_departments_than_the_address_plan_holds_are_refused(tmp_path: Path) -> None:
    spec = _load(tmp_path, GOOD + "departments: {township: 7}\n")
    with pytest.raises(SpecError, match="room for 6"):
        plan(spec)


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="not YAML"):
        _load(tmp_path, "faults: [\n")
