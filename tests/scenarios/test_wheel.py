"""A wheel holds every file that the package reads at run time, and works far from the repository."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SOURCES = ("netops", "inventory", "policies", "pyproject.toml", "README.md", "LICENSE")
READ = {"css", "csv", "j2", "json", "mo", "sh", "txt", "typed", "yaml"}
"""Kinds of files that code reads; the .po is for translators."""
SPEC = {
    "schema": "netops/lab/1",
    "seed": 5,
    "province": "430000",
    "scope": {"cities": ["430300"]},
    "townships_per_county": 1,
    "departments": {"province": 2, "city": 2, "county": 1, "township": 0},
    "platforms": {"province": "huawei_vrp", "city": {"h3c_comware": 1.0},
                  "county": {"huawei_vrp": 1.0}, "township": {"frr": 1.0}},
    "uplinks": {"city": 2, "county": 2, "township": 1},
    "routes_per_device": 3,
    "faults": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what a wheel is built from, so that nothing is left in the repository."""
    copy = tmp_path_factory.mktemp("tree")
    for name in (*SOURCES, *(path.name for path in ROOT.glob("napalm_netops_*.py"))):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, symlinks=True,
                            ignore=shutil.ignore_patterns("__pycache__"))  # fmt: skip
        else:
            shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def wheel(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a wheel."""
    out = tmp_path_factory.mktemp("wheel")
    build = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", build, str(out)],
        cwd=tree, check=True, capture_output=True,
    )  # fmt: skip
    (made,) = out.glob("*.whl")
    return made


def test_every_file_of_the_package_is_in_the_wheel(tree: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if name.startswith("netops/")}

    wanted = {
        Path(folder, name).relative_to(tree).as_posix()
        for folder, _inner, names in os.walk(tree / "netops", followlinks=True)
        for name in names
        if name.rpartition(".")[2] in READ | {"py"} and "__pycache__" not in folder
    }
    assert {"netops/samples/governments.csv", "netops/samples/policies/province.yaml"} <= wanted
    assert sorted(wanted - held) == []
    assert sorted(held - wanted) == []


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the wheel as an installer does."""
    place = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)  # our own archive
    return place


def run(installed: Path, here: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``netops`` from the wheel, in a folder that is none of ours, without the repository."""
    paths = [str(installed), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    start = (
        "import sys; sys.path[:0] = sys.argv[1].split('|'); del sys.argv[1];"
        "import netops; assert netops.__file__.startswith(sys.path[0]), netops.__file__;"
        "from netops.cli.app import main; main()"
    )
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", start, "|".join(paths), *arguments],
        cwd=here, capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "HOME": "", "NETOPS_LANG": "zh"},
    )  # fmt: skip


def by_hand(devices: Path, folder: Path) -> str:
    """Lay out one answer of the first device as a person would; return the device."""
    lines = [line for line in devices.read_text("utf-8").splitlines() if line[:1] != "#"]
    name = next(csv.DictReader(lines))["id"]
    (folder / name).mkdir(parents=True)
    (folder / name / "display_version.txt").write_text("VRP (R) software\n", encoding="utf-8")
    return name


def test_a_laboratory_is_planned_and_audited_from_the_wheel_alone(
    installed: Path, tmp_path: Path
) -> None:
    (tmp_path / "spec.yaml").write_text(yaml.safe_dump(SPEC), encoding="utf-8")

    planned = run(installed, tmp_path, "lab", "plan", "spec.yaml", "--out", "L")
    device = by_hand(tmp_path / "L" / "inventory" / "devices.csv", tmp_path / "hand")
    taken = run(installed, tmp_path, "snapshot", "import", "hand", "--inventory", "L/inventory")
    judged = run(installed, tmp_path, "audit", "all", "--format", "json")
    built = run(installed, tmp_path, "report", "build")

    assert planned.returncode == 0, planned.stderr
    assert taken.returncode == 0, taken.stderr
    assert judged.returncode == 3, judged.stderr
    assert device in judged.stdout
    assert built.returncode == 0, built.stderr
    page = (tmp_path / ".netops" / "report" / "index.html").read_text(encoding="utf-8")
    assert "互联网出口审计" in page


def test_the_rules_of_tiered_protection_come_with_the_wheel(
    installed: Path, tmp_path: Path
) -> None:
    counted = run(installed, tmp_path, "baseline", "lint", "--coverage", "--format", "json")

    assert counted.returncode == 0, counted.stderr
    rows = {row["clause"]: row for row in json.loads(counted.stdout)}
    assert rows["8.1.4.1.a"]["checks"]["huawei_vrp"] > 0
