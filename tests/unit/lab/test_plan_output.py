"""What is written: the same bytes every time, an inventory without a fault, private secrets."""

from __future__ import annotations

import json
import stat
from itertools import pairwise
from pathlib import Path

import pytest
from lab_worlds import HEAD, clean_world, make_world, plan_text

import netops.inventory
from netops.lab.inventory_writer import write
from netops.lab.keys import host_key, private_pem, public_line
from netops.lab.personalities import personalities
from netops.lab.plan import plan
from netops.lab.spec_file import load_spec

EVERYTHING = """faults:
  - {kind: node_down, at: "430121"}
  - {kind: exit, mechanism: policy_route, at: "430211", family: ipv4}
  - {kind: device, behaviour: changed_host_key, at: "430181"}
random_faults: {exits: 8, nodes: 3, devices: 4}
innocents: [ha_pair, two_carriers, public_block, nat_between_vpns, oob_card, exempt_department,
            cgn_in_plan]
"""


def _bytes_below(folder: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("lab")
    write(make_world(EVERYTHING), made)
    return made


def test_the_same_specification_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write(make_world(EVERYTHING), tmp_path)
    assert _bytes_below(folder) == _bytes_below(tmp_path)


def test_the_same_specification_gives_the_same_models() -> None:
    first, second = make_world(EVERYTHING), make_world(EVERYTHING)
    for device in ("430000-R1", "430211-R1", "430121-R2", "430100-R1"):
        assert first.model(device) == second.model(device)


def test_another_seed_gives_another_world(folder: Path, tmp_path: Path) -> None:
    write(make_world(EVERYTHING, seed=8), tmp_path)
    mine, other = _bytes_below(folder), _bytes_below(tmp_path)
    assert mine["truth.json"] != other["truth.json"]
    assert mine["inventory/known_hosts"] != other["inventory/known_hosts"]


def test_the_normalised_specification_plans_the_same_world(folder: Path, tmp_path: Path) -> None:
    write(plan(load_spec(folder / "spec.yaml")), tmp_path)
    mine, again = _bytes_below(folder), _bytes_below(tmp_path)
    assert {n for n in mine if mine[n] != again[n]} == set()


def test_addresses_stay_when_the_scope_changes() -> None:
    wide = plan_text(HEAD.format(seed=7, township=0) + "faults: []")
    narrow = plan_text(
        HEAD.format(seed=7, township=0).replace('"430100", "430200"', '"430200"') + "faults: []"
    )
    assert narrow.net.routers["430211-R1"].loopback == wide.net.routers["430211-R1"].loopback


def test_the_inventory_has_neither_fault_nor_warning(folder: Path) -> None:
    assert netops.inventory.check(folder / "inventory") == ()


def test_the_inventory_asks_for_the_paths_that_the_uplinks_give(folder: Path) -> None:
    inventory = netops.inventory.load(folder / "inventory")
    paths = {n.government: n.disjoint_paths for n in inventory.nodes.values()}
    assert (paths["430000"], paths["430100"], paths["430121"]) == (1, 2, 2)
    assert inventory.invented is True


def test_undeclared_lines_are_not_registered(folder: Path) -> None:
    world = make_world(EVERYTHING)
    inventory = netops.inventory.load(folder / "inventory")
    registered = {(e.device, e.interface) for link in inventory.links.values()
                  for e in (link.a, link.b) if e is not None}  # fmt: skip
    rogue = {(r.id, p.name) for r in world.net.routers.values()
             for p in r.ports.values() if p.role == "rogue"}  # fmt: skip
    assert rogue
    assert registered.isdisjoint(rogue)


def test_secrets_are_readable_by_the_owner_only(folder: Path) -> None:
    files = sorted((folder / "inventory" / "secrets").iterdir())
    assert [f.name for f in files] == ["snmp-auth", "snmp-community", "snmp-privacy", "ssh"]
    assert {stat.S_IMODE(f.stat().st_mode) for f in files} == {0o600}


def test_every_device_has_a_loopback_address_of_its_own(folder: Path) -> None:
    inventory = netops.inventory.load(folder / "inventory")
    hosts = [d.host for d in inventory.devices.values()]
    assert len(set(hosts)) == len(hosts)
    assert all(h.startswith("127.") for h in hosts)


def test_known_hosts_pins_the_key_that_the_device_plays(folder: Path) -> None:
    lines = (folder / "inventory" / "known_hosts").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split(maxsplit=1) for line in lines)
    for personality in personalities(folder):
        key = host_key(7, personality.device, is_rsa=False)
        assert personality.host_key_pem == private_pem(key)
        assert pinned[personality.address] == public_line(key)


def test_answers_are_rendered_when_they_are_asked_for(folder: Path) -> None:
    by_name = {p.device: p for p in personalities(folder)}
    asked = by_name["430211-R1"]
    assert dict.__len__(asked.answers) == 0
    assert any("version" in command for command in asked.answers)
    assert "1.3.6.1.2.1.1.5.0" in asked.snmp_rows
    assert by_name["430121-R1"].behaviour.ssh == "down"
    assert by_name["430181-R2"].behaviour.ssh == "changed_host_key"


def test_a_legacy_key_is_rsa_and_comes_from_the_seed() -> None:
    key = host_key(7, "430121-R1", is_rsa=True)
    assert public_line(key).startswith("ssh-rsa ")
    assert private_pem(key) == private_pem(host_key(7, "430121-R1", is_rsa=True))


def test_another_list_of_divisions_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(
        "code,name,level,parent,exits_allowed,status\n"
        "990000,某省,province,,1,government\n"
        "990100,甲市,city,990000,1,government\n"
        "990101,乙区,county,990100,1,government\n"
        "990171,开发区,county,990100,1,functional_district\n"
        "990101001,丙镇,township,990101,0,government\n"
        "990171001,丁镇,township,990171,0,government\n"
        "990171400,农场,township,990171,0,not_a_township\n",
        encoding="utf-8",
    )
    spec = tmp_path / "s.yaml"
    spec.write_text(
        'schema: netops/lab/1\nprovince: "990000"\ndivisions: d.csv\n', encoding="utf-8"
    )
    world = plan(load_spec(spec))
    assert list(world.net.seats) == ["990000", "990100", "990101", "990101001", "990171001"]
    assert world.net.seats["990171001"].above == "990100"
    write(world, tmp_path / "out")
    again = plan(load_spec(tmp_path / "out" / "spec.yaml"))
    assert again.truth == world.truth
    assert netops.inventory.check(tmp_path / "out" / "inventory") == ()


def test_platforms_follow_their_shares() -> None:
    platforms = [
        r.platform
        for r in clean_world().net.routers.values()
        if clean_world().net.seats[r.government].level == "county"
    ]
    assert 0.25 < platforms.count("huawei_vrp") / len(platforms) < 0.75
    assert set(platforms) == {"huawei_vrp", "h3c_comware"}


def test_truth_is_valid_json_in_a_fixed_order(folder: Path) -> None:
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert truth["schema"] == "netops/lab-truth/1"
    counts = [row["townships"] for row in truth["single_points"]]
    assert all(a >= b for a, b in pairwise(counts))


def test_no_service_net_lies_in_the_prefix_of_an_application() -> None:
    """Both come from 59.192.0.0/10; only what stands for an application is an application."""
    world = make_world("innocents: [public_block, cgn_in_plan]")
    served = [
        item.interface.network
        for router in world.net.routers.values()
        for port in router.ports.values()
        if port.role == "service"
        for item in port.addresses
    ]
    assert len(served) == 2
    applications = [a.prefix for a in world.net.applications.values()]
    assert not [(s, a) for s in served for a in applications if s.overlaps(a)]


def test_a_password_that_expired_makes_a_vendors_device_unreadable_in_the_key() -> None:
    world = make_world("quirks: {password_expiry: 1.0}")
    asked = {
        r.id for r in world.net.routers.values() if r.platform in ("huawei_vrp", "h3c_comware")
    }
    assert {d for d in world.net.routers if "password_expiry" in world.quirks(d)} == asked
    registered, answered = (world.truth["coverage"][k] for k in ("registered", "answered"))
    assert registered - answered == len(asked)
    assert world.truth["connectivity"]["430121"]["verdict"] == "unknown"
    assert world.truth["connectivity"]["430121"]["cause"] == "password_expiry"
