"""What may be broken by hand, and what the simulated backend then plans."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab_worlds import HEAD

from netops.errors import LaboratoryError, SpecError
from netops.lab.broken import (
    NOTHING_BROKEN,
    Broken,
    Orders,
    read_broken,
    resolve,
    write_broken,
)
from netops.lab.plan import plan
from netops.lab.spec import Spec
from netops.lab.spec_file import load_spec

ANY = (0, 0)


@pytest.fixture
def spec(tmp_path: Path) -> Spec:
    path = tmp_path / "spec.yaml"
    path.write_text(HEAD.format(seed=7, township=0) + "faults: []\n", encoding="utf-8")
    return load_spec(path)


def test_ids_of_devices_links_and_exits_are_taken(spec: Spec) -> None:
    net = plan(spec).net
    orders = Orders(nodes=["430121-R1"], links=["W-430121-2"], exits=["E-430100"])
    assert resolve(net, orders) == Broken(("430121-R1",), ("W-430121-2", "X-430100-R1-1"))


def test_a_file_names_faults_as_a_specification_does(spec: Spec, tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text(
        'faults:\n  - {kind: node_down, at: "430121"}\n  - {kind: isolated, at: "430181"}\n',
        encoding="utf-8",
    )
    assert resolve(plan(spec).net, Orders(file)) == Broken(
        ("430121-R1", "430121-R2"), ("W-430181-1", "W-430181-2")
    )


@pytest.mark.parametrize(
    "orders",
    [Orders(nodes=["nobody"]), Orders(links=["W-0"]), Orders(exits=["E-0"]), Orders()],
)
def test_an_unknown_name_or_none_is_refused(spec: Spec, orders: Orders) -> None:
    with pytest.raises(LaboratoryError):
        resolve(plan(spec).net, orders)


def test_a_fault_that_cannot_be_broken_by_hand_is_refused(spec: Spec, tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text('faults:\n  - {kind: app_route, at: "430121"}\n', encoding="utf-8")
    with pytest.raises(SpecError):
        resolve(plan(spec).net, Orders(file))


def test_what_is_broken_is_kept_until_it_is_mended(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    broken = Broken(("a",), ("b",))
    write_broken(tmp_path, broken)
    assert read_broken(tmp_path) == broken
    write_broken(tmp_path, NOTHING_BROKEN)
    assert read_broken(tmp_path) == NOTHING_BROKEN


def test_a_withdrawn_exit_takes_the_default_of_both_routers(spec: Spec) -> None:
    def has_default(world_broken: Broken) -> list[bool]:
        world = plan(spec, world_broken)
        tables = [world.model(name).routes[("", 4)] for name in ("430121-R1", "430121-R2")]
        return [any((r.network, r.length) == ANY for r in rows) for rows in tables]

    line = resolve(plan(spec).net, Orders(exits=["E-430121"]))
    assert has_default(NOTHING_BROKEN) == [True, True]
    first, _ = has_default(line)
    assert first is False


def test_a_broken_device_is_down_in_the_plan(spec: Spec) -> None:
    world = plan(spec, Broken(nodes=("430121-R1", "430121-R2")))
    assert world.truth["connectivity"]["430121"]["world"] == "down"
