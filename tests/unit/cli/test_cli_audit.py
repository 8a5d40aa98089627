"""``netops audit``: codes, forms and one document for all, on small snapshots made offline."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from command_line import Ended, netops
from offline_lab import record_of, world_of
from referencing import Registry, Resource

from netops.evidence import SnapshotWriter
from netops.facts.device import Contact
from netops.inventory import load
from netops.lab.inventory_writer import write

REPOSITORY = Path(__file__).parents[3]
POLICY = REPOSITORY / "policies" / "province.yaml"
SCHEMAS = REPOSITORY / "netops" / "reports" / "schema"
BASE: dict[str, Any] = {
    "seed": 5,
    "province": "430000",
    "scope": {"cities": ["430200"]},
    "townships_per_county": 1,
    "departments": {"province": 1, "city": 1, "county": 1, "township": 0},
    "routes_per_device": 2,
}


@dataclass(frozen=True)
class Bench:
    """A workspace with one snapshot of a world."""

    workspace: Path
    inventory: Path

    def run(self, audit: str, *arguments: str) -> Ended:
        place = ("--workspace", str(self.workspace), "--policy", str(POLICY))
        return netops("audit", audit, *place, *arguments)

    def verdicts(self, *arguments: str) -> list[tuple[str, str]]:
        document = json.loads(self.run("all", "--format", "json", *arguments).out)
        return [(one["audit"], one["verdict"]) for one in document["audits"]]


def bench_of(folder: Path, faults: list[dict[str, Any]], silent: tuple[str, ...] = ()) -> Bench:
    """Plan a world and write what its devices say; ``silent`` ones hang."""
    world = world_of({**BASE, "faults": faults})
    write(world, folder)
    registered = load(folder / "inventory")
    workspace = folder / "workspace"
    with SnapshotWriter.create(
        workspace / "snapshots", folder / "inventory", registered.digest, registered.devices
    ) as writer:
        for model in world.models():
            hung = registered.devices[model.id].government in silent
            contact = Contact.HUNG if hung else Contact.ANSWERED
            writer.add(record_of(model, contact, world.behaviour(model.id)))
        writer.finish()
    return Bench(workspace, folder / "inventory")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return bench_of(tmp_path_factory.mktemp("sound"), [])


@pytest.fixture(scope="module")
def leaking(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """One planted exit, and a county whose devices hang."""
    planted = {"kind": "exit", "mechanism": "static_default", "at": "430202", "family": "ipv4"}
    return bench_of(tmp_path_factory.mktemp("leaking"), [planted], silent=("430281",))


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return bench_of(tmp_path_factory.mktemp("silent"), [], silent=("430281",))


@pytest.mark.parametrize("audit", ["connectivity", "exits", "all"])
def test_a_world_without_faults_ends_0(audit: str, sound: Bench) -> None:
    ended = sound.run(audit)

    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize("audit", ["connectivity", "exits", "all"])
def test_a_gap_ends_3(audit: str, silent: Bench) -> None:
    assert silent.run(audit).code == 3


def test_a_proven_fault_outranks_a_gap(leaking: Bench) -> None:
    assert leaking.run("exits").code == 1
    assert leaking.run("connectivity").code == 3
    assert leaking.run("all").code == 1


@pytest.mark.parametrize("audit", ["connectivity", "exits", "all"])
def test_wrong_input_ends_2(audit: str, sound: Bench, tmp_path: Path) -> None:
    assert sound.run(audit, "--inventory", str(tmp_path)).code == 2
    assert sound.run(audit, "--policy", str(tmp_path / "none.yaml")).code == 2


def test_all_is_one_document_that_keeps_to_its_schema(leaking: Bench) -> None:
    document = json.loads(leaking.run("all", "--format", "json").out)

    schemas = {name: json.loads((SCHEMAS / name).read_bytes())
               for name in ("audit-1.json", "audits-1.json")}  # fmt: skip
    single_audit = Resource.from_contents(schemas["audit-1.json"])
    known = Registry().with_resource("netops:audit-1", single_audit)
    jsonschema.Draft202012Validator(schemas["audits-1.json"], registry=known).validate(document)
    assert document["schema"] == "netops/audits/1"
    assert [one["audit"] for one in document["audits"]] == ["connectivity", "exits"]
    single = json.loads(leaking.run("exits", "--format", "json").out)
    assert document["audits"][1] == single


def test_all_in_csv_has_one_header_and_the_rows_of_both(leaking: Bench) -> None:
    rows = list(csv.DictReader(io.StringIO(leaking.run("all", "--format", "csv").out)))

    rules = {row["rule"].partition(".")[0] for row in rows}
    assert rules == {"connectivity", "exits"}
    assert not [row for row in rows if row["rule"] == "rule"]


def test_all_in_junit_is_one_tree_of_two_suites(leaking: Bench) -> None:
    tree = ET.fromstring(leaking.run("all", "--format", "junit").out)  # noqa: S314 - our own text

    assert tree.tag == "testsuites"
    assert [suite.get("name") for suite in tree] == ["netops.connectivity", "netops.exits"]


def test_output_goes_to_the_file_and_nowhere_else(leaking: Bench, tmp_path: Path) -> None:
    path = tmp_path / "new" / "all.json"

    ended = leaking.run("all", "--format", "json", "--output", str(path))

    assert (ended.code, ended.out) == (1, "")
    assert json.loads(path.read_bytes())["schema"] == "netops/audits/1"
    assert [other.name for other in path.parent.iterdir()] == ["all.json"]


def test_a_table_shows_both_in_the_language_asked_for(leaking: Bench) -> None:
    chinese = leaking.run("all", "--lang", "zh").out
    english = leaking.run("all", "--lang", "en").out

    assert "不符合" in chinese
    assert "不符合" not in english


def test_another_inventory_shows_what_was_never_asked(sound: Bench, tmp_path: Path) -> None:
    """The snapshot of one city, judged by the inventory of two: the second is unknown."""
    wider = bench_of(tmp_path, [])
    text = (wider.inventory / "departments.csv").read_text("utf-8")
    (wider.inventory / "departments.csv").write_text(
        text + "D-new,430202,新单位,A,\n", encoding="utf-8"
    )

    ended = sound.run("exits", "--inventory", str(wider.inventory), "--format", "json")

    document = json.loads(ended.out)
    assert ended.code == 3
    assert document["inventory"]["digest"] == load(wider.inventory).digest
    rows = {row["id"]: row for row in document["subjects"]}
    assert rows["D-new"]["verdict"] == "unknown"


def test_the_same_snapshot_gives_the_same_bytes(leaking: Bench) -> None:
    first = leaking.run("all", "--format", "json").out

    assert leaking.run("all", "--format", "json").out == first
