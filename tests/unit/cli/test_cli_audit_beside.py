"""What is asked beside the verdicts: packets in a snapshot, changes, what-if, single failures."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from command_line import Ended, netops
from offline_lab import record_of, world_of

from netops.evidence import SnapshotWriter
from netops.evidence.measurement import encode
from netops.evidence.observation import DeviceRecord, Observation, Outcome
from netops.facts.device import Contact
from netops.facts.measurements import Egress, EgressState
from netops.inventory import load
from netops.inventory.model import Inventory
from netops.lab.inventory_writer import write

REPOSITORY = Path(__file__).parents[3]
SCHEMA = json.loads(
    (REPOSITORY / "netops" / "reports" / "schema" / "audit-1.json").read_text(encoding="utf-8")
)
BASE: dict[str, Any] = {
    "seed": 5,
    "province": "430000",
    "scope": {"cities": ["430200"]},
    "townships_per_county": 1,
    "departments": {"province": 1, "city": 1, "county": 2, "township": 0},
    "routes_per_device": 2,
}
PLANTED = {"kind": "exit", "mechanism": "static_default", "at": "430202", "family": "ipv4"}


@dataclass(frozen=True)
class Two:
    """A workspace with an earlier and a later snapshot of a world, and its inventory."""

    workspace: Path
    registered: Inventory
    before: str
    after: str
    proven: str
    refuted: str

    def run(self, *arguments: str) -> Ended:
        """Run a command in the workspace."""
        return netops(*arguments, "--workspace", str(self.workspace))

    def audit(self, name: str, *arguments: str) -> dict[str, Any]:
        """Audit the later snapshot and return the document, held to its schema."""
        ended = self.run("audit", name, "--snapshot", self.after, "--format", "json", *arguments)
        document: dict[str, Any] = json.loads(ended.out)
        jsonschema.Draft202012Validator(SCHEMA).validate(document)
        return document


def snapshot(folder: Path, workspace: Path, faults: list[dict[str, Any]]) -> str:
    """Write what the devices of a world say now, and return the snapshot's id."""
    world = world_of({**BASE, "faults": faults})
    registered = load(folder / "inventory")
    with SnapshotWriter.create(
        workspace / "snapshots", folder / "inventory", registered.digest, registered.devices
    ) as writer:
        for model in world.models():
            record = record_of(model, Contact.ANSWERED, world.behaviour(model.id))
            now = datetime.now(UTC).isoformat()
            dated = tuple(replace(o, at=now) for o in record.observations)
            writer.add(replace(record, observations=dated))
        if faults:
            writer.add_probes(probes(registered))
        writer.finish()
        return writer.path.name


def probed(registered: Inventory) -> tuple[str, str]:
    """Return two departments without IPv6 in counties without a planted exit."""
    found = [
        d.id
        for d in registered.departments.values()
        if d.access_class == "B"
        and d.government != "430202"
        and len(d.subnets) == 1
        and d.exit is not None
        and registered.exits[d.exit].pools
    ]
    return found[0], found[-1]


def probes(registered: Inventory) -> DeviceRecord:
    """Return what a reflector saw of two departments: one by its exit, one by no known address."""
    good, bad = probed(registered)
    seen = {
        good: registered.exits[registered.departments[good].exit or ""].pools[0][1],
        bad: IPv4Address("192.0.2.77"),
    }
    made = []
    for number, (name, address) in enumerate(seen.items()):
        source = next(s.prefix[7] for s in registered.departments[name].subnets if not s.vpn)
        egress = Egress("V", "R1", 4, "tcp", EgressState.CONFIRMED, datetime.now(UTC),
                        source, address, 4000)  # fmt: skip
        made.append(
            Observation(f"V/{number}", "V", f"egress R1 tcp ipv4 from {source}", "probe",
                        egress.at.isoformat(), 0.1, Outcome.ACCEPTED, encode(egress))
        )  # fmt: skip
    return DeviceRecord("V", "probe", Contact.ANSWERED, observations=tuple(made))


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Two:
    folder = tmp_path_factory.mktemp("two")
    write(world_of({**BASE, "faults": []}), folder)
    workspace = folder / "workspace"
    before = snapshot(folder, workspace, [])
    after = snapshot(folder, workspace, [PLANTED])
    registered = load(folder / "inventory")
    return Two(workspace, registered, before, after, *probed(registered))


def test_packets_of_a_snapshot_prove_and_refute(two: Two) -> None:
    document = two.audit("exits")
    strengths = {row["id"]: row["strength"] for row in document["subjects"]}
    assert strengths[two.proven] == "proven"
    assert strengths[two.refuted] == "violated"
    (measured,) = [f for f in document["findings"] if f["rule"] == "exits.measured"]
    assert measured["affected"] == [two.refuted]
    assert measured["evidence"][0]["device"] == "V"


def test_the_terminal_tells_closure_and_packets(two: Two) -> None:
    told = two.run("audit", "exits", "--snapshot", two.after, "--lang", "en").out
    assert "Packets: departments measured or recorded 2, proven 1, with a counterexample 1" in told
    assert "Closure: " in told


def test_a_report_quotes_the_measurement_and_says_what_each_class_said(
    two: Two, tmp_path: Path
) -> None:
    ended = two.run("report", "build", "--snapshot", two.after, "--output", str(tmp_path / "r"),
                    "--lang", "zh")  # fmt: skip
    assert ended.code == 0
    pages = "".join(p.read_text(encoding="utf-8") for p in (tmp_path / "r").glob("*.html"))
    assert "192.0.2.77" in pages
    assert "netops/measurement/1" in pages
    assert "实测：反例" in pages


def test_since_reports_only_what_changed_and_counts_what_stands(two: Two) -> None:
    document = two.audit("exits", "--since", two.before)
    told = document["information"]["since"]
    assert told["snapshot"] == two.before
    assert "430202" in {point["government"] for point in told["new_points"]}
    assert two.refuted in {moved["department"] for moved in told["moved"]}
    assert document["rates"] == []
    same = two.run("audit", "exits", "--snapshot", two.after, "--since", two.after)
    assert same.code == 0
    assert "unchanged" in same.out or "不变" in same.out


def test_a_diff_of_snapshots_names_new_exit_points_and_moved_departments(two: Two) -> None:
    document = json.loads(
        two.run("snapshot", "diff", two.before, two.after, "--format", "json").out
    )
    assert "430202" in {point["government"] for point in document["exits"]["new_points"]}
    table = two.run("snapshot", "diff", two.before, two.after).out
    assert "static_default" in table
    back = json.loads(two.run("snapshot", "diff", two.after, two.before, "--format", "json").out)
    assert back["exits"]["vanished_points"] == document["exits"]["new_points"]


def test_a_withdrawn_exit_stands_in_a_block_of_its_own(two: Two) -> None:
    name = next(e.id for e in two.registered.exits.values() if e.government == "430200")
    plain, asked = two.audit("exits"), two.audit("exits", "--withdraw", name)
    block = asked["information"].pop("what_if")
    assert block["withdrawn"] == name
    assert block["taken_over"] or block["cut_off"]
    assert asked == plain


def test_single_failures_are_told_when_asked(two: Two) -> None:
    plain = two.audit("connectivity")
    asked = two.audit("connectivity", "--against-failure", "1")
    assert "against_failure" not in plain["information"]
    assert asked["information"]["against_failure"]["points"]
    assert asked["subjects"] == plain["subjects"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("connectivity", "--withdraw", "E"),
        ("exits", "--against-failure", "1"),
        ("exits", "--withdraw", "nobody"),
        ("exits", "--since", "nothing"),
        ("connectivity", "--against-failure", "2"),
    ],
)
def test_what_an_audit_cannot_answer_is_wrong_use(arguments: tuple[str, ...], two: Two) -> None:
    assert two.run("audit", *arguments).code == 2
