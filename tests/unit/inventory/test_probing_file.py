"""``probing.yaml``: what it says when it is right, and every fault of it with line and field."""

from __future__ import annotations

import shutil
from datetime import date
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from netops.inventory import check, load
from netops.inventory.importing import import_inventory
from netops.inventory.model import Probing, Reflector, SpoofPermit, Vantage
from netops.inventory.show import overview

SMALL = Path(__file__).parents[2] / "data" / "inventory_small"
RIGHT = """\
pace: 500
vantages:
  - {id: here, kind: local, sources: [10.1.0.9]}
  - {id: V-T1, kind: device, device: T1, department: D-2, sources: [10.2.0.1]}
reflectors:
  - {id: R-1, addresses: [198.51.100.7, "2001:db8::7"], port: 7007, http_port: 80, dns_port: 53, zone: Probe.Example.ORG., key: "file:secrets/reflector"}
spoof_permits:
  - {prefix: 10.2.0.0/24, owner: 区教育局, approval: 2026-9, end: 2026-12-31}
"""
WRONG = """\
pace: 0
speed: 9
vantages:
  - {id: flows, kind: local}
  - {id: V-1, kind: satellite}
  - {id: V-2, kind: device, device: ghost}
  - {id: V-3, kind: host, device: P1}
  - {id: V-4, kind: local, device: P1}
  - {id: V-5, kind: local, department: D-none}
  - {id: V-6, kind: local, department: D-1, sources: [10.2.0.9]}
  - {id: V-6, kind: local}
  - {id: V-7, kind: local, sources: [10.2.0.999]}
  - {id: ../V, kind: local}
reflectors:
  - {id: R-1, addresses: [10.1.0.1], port: 7007, key: "file:k"}
  - {id: R-2, addresses: [], port: 7007, key: "file:k"}
  - {id: R-3, addresses: [198.51.100.7], port: 70000, key: "file:k"}
  - {id: R-4, addresses: [198.51.100.7], port: 7007, key: Admin@123}
  - {id: R-5, addresses: [198.51.100.7], port: 7007, dns_port: 53, key: "file:k"}
  - {id: R-6, addresses: [198.51.100.7], port: 7007, dns_port: 53, zone: "a b", key: "file:k"}
  - {id: R-7, addresses: [198.51.100.7], key: "file:k"}
spoof_permits:
  - {prefix: 10.2.0.1/24, owner: o, approval: a, end: 2026-12-31}
  - {prefix: 10.2.0.0/24, owner: o, approval: a, end: soon}
  - {prefix: 10.3.0.0/24, approval: a, end: 2026-12-31}
"""
EXPECTED = [
    ("bad_number", 1, "pace"),
    ("unknown_key", 2, "speed"),
    ("bad_id", 4, "id"),
    ("unknown_value", 5, "kind"),
    ("unknown_device", 6, "device"),
    ("host_platform", 7, "device"),
    ("device_of_local", 8, "device"),
    ("unknown_department", 9, "department"),
    ("source_outside_department", 10, "sources"),
    ("duplicate_id", 11, "id"),
    ("bad_address", 12, "sources"),
    ("bad_id", 13, "id"),
    ("reflector_inside", 15, "addresses"),
    ("missing_value", 16, "addresses"),
    ("bad_number", 17, "port"),
    ("literal_secret", 18, "key"),
    ("zone_without_port", 19, "dns_port"),
    ("bad_zone", 20, "zone"),
    ("missing_value", 21, "port"),
    ("bad_prefix", 23, "prefix"),
    ("bad_date", 24, "end"),
    ("missing_value", 25, "owner"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "inventory"))


def test_without_the_file_nothing_is_measured_and_nothing_is_wrong(folder: Path) -> None:
    assert load(folder).probing == Probing()


def test_the_file_says_from_where_against_what_and_how_fast(folder: Path) -> None:
    (folder / "probing.yaml").write_text(RIGHT, encoding="utf-8")

    assert check(folder) == ()
    assert load(folder).probing == Probing(
        vantages={
            "here": Vantage("here", "local", sources=(ip_address("10.1.0.9"),)),
            "V-T1": Vantage("V-T1", "device", "T1", "D-2", (ip_address("10.2.0.1"),)),
        },
        reflectors={
            "R-1": Reflector(
                id="R-1",
                addresses=(ip_address("198.51.100.7"), ip_address("2001:db8::7")),
                port=7007,
                key="file:secrets/reflector",
                http_port=80,
                dns_port=53,
                zone="probe.example.org",
            )
        },
        spoof_permits=(
            SpoofPermit(ip_network("10.2.0.0/24"), "区教育局", "2026-9", date(2026, 12, 31)),
        ),
        pace=500,
    )


def test_every_fault_of_the_file_is_told_with_line_and_field(folder: Path) -> None:
    (folder / "probing.yaml").write_text(WRONG, encoding="utf-8")

    found = check(folder)

    assert {f.place.file for f in found} == {"probing.yaml"}
    assert [(f.kind, f.place.line, f.place.field) for f in found] == EXPECTED
    assert not [f for f in found if "Admin@123" in f.cause + f.remedy]


def test_the_digest_of_an_inventory_changes_with_the_file_and_not_without_it(folder: Path) -> None:
    before = load(folder).digest
    (folder / "probing.yaml").write_text(RIGHT, encoding="utf-8")

    assert load(folder).digest != before
    (folder / "probing.yaml").unlink()
    assert load(folder).digest == before


def test_the_file_comes_along_when_a_folder_is_imported(folder: Path, tmp_path: Path) -> None:
    (folder / "probing.yaml").write_text(RIGHT, encoding="utf-8")

    import_inventory(folder, tmp_path / "out")

    assert (tmp_path / "out" / "probing.yaml").read_text(encoding="utf-8") == RIGHT


def test_the_view_of_an_inventory_names_reflectors_without_their_key(folder: Path) -> None:
    (folder / "probing.yaml").write_text(RIGHT, encoding="utf-8")

    shown = overview(load(folder))

    assert [v["id"] for v in shown["vantages"]] == ["here", "V-T1"]
    assert shown["reflectors"][0]["id"] == "R-1"
    assert shown["probing_pace"] == 500
    assert "secrets" not in str(shown)
