"""A folder with many planted faults, one a kind, yields exactly those, each with its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from netops.errors import InventoryError
from netops.inventory import check, load

SMALL = Path(__file__).parents[2] / "data" / "inventory_small"
HANDMADE = SMALL.with_name("handmade") / "inventory"

APPENDED = {
    "governments.csv": """\
43010X,坏码,county,430100,1,government
440100,外省市,city,440000,1,government
430181,浏阳市,city,430100,1,government
430121,长沙县,county,430000,1,government
430221,株洲县,county,430200,1,government
430100,长沙市,city,430000,1,government
430103,天心区,district,430100,1,government
430104,岳麓区,county,430100,many,government
430105,,county,430100,1,government
430111,雨花区,county
""",
    "nodes.csv": """\
N-X,439999,,1
N-Y,430102,第二机房,1
""",
    "devices.csv": """\
X1,X1,N-none,core,frr,10.255.9.1,127.0.2.1,22,ssh,modern,,audit,,,,
X2,X2,N-430000,core,frr,10.255.0.1,127.0.2.2,22,ssh,modern,,audit,,,,
X3,X3,N-430000,core,frr,10.255.9.3,127.0.1.1,2201,ssh,modern,,audit,,,,
X4,X4,N-430000,core,frr,11.0.0.1,127.0.2.4,22,ssh,modern,,audit,,,,
X5,X5,N-430000,core,frr,10.0.0.999,127.0.2.5,22,ssh,modern,,audit,,,,
X6,X6,N-430000,core,frr,10.255.9.6,127.0.2.6,22,ssh,modern,,nobody,,,,
X7,X7,N-430000,core,frr,10.255.9.7,127.0.2.7,22,ssh,modern,nowhere,audit,,,,
X8,X8,N-430000,core,cisco_ios,10.255.9.8,127.0.2.8,22,ssh,modern,,audit,,,,
""",
    "links.csv": """\
L-7,wan,P1,GigabitEthernet0/0/7,,,,100
L-8,wan,P1,GigabitEthernet0/0/1,T1,eth8,,100
L-9,wan,P1,GigabitEthernet0/0/8,ghost,eth9,,100
L-10,oob,P1,GigabitEthernet0/0/10,,,,100
L-11,leased,P1,GigabitEthernet0/0/11,T1,eth11,电信,100
""",
    "departments.csv": """\
D-5,430102,无网段单位,B,X-K
D-6,430102,甲类单位,A,X-K
D-7,430102,未知出口单位,B,X-none
D-8,430102,涉密机要单位,B,X-K
""",
    "subnets.csv": """\
D-1,10.3.0.1/24,public,
D-1,10.2.0.128/25,public,
D-1,11.1.0.0/24,public,
D-6,10.3.1.0/24,private,
D-7,10.3.2.0/24,public,app-02
D-none,10.3.3.0/24,public,
D-8,10.3.4.0/24,public,
""",
    "known_hosts": "[127.0.1.2]:2202 not-a-key ???\n",
    "credentials.yaml": "  lazy: {kind: ssh, username: audit, secret: Admin@123}\n",
    "exemptions.yaml": """\
  - {number: E-2, rule: x, subject: {kind: department, id: D-none}, reason: r, approver: a, begin: 2026-01-01, end: 2026-02-01}
  - {number: E-3, rule: x, subject: {kind: department, id: D-1}, reason: r, approver: a, begin: 2026-03-01, end: 2026-02-01}
""",
    "exits.yaml": """\
  - {id: X-9, government: "430100", lines: [{device: C1, interface: Nowhere1}]}
  - {id: X-10, government: "430000", lines: [{device: P1, interface: GigabitEthernet0/0/9}]}
""",
    "address_plan.yaml": "  - {prefix: 10.0.0.0/8, class: local_public}\n",
    "applications.yaml": '  - {id: A-2, name: n, tier: centre, prefix: 12.0.0.0/8, government: "430000", levels: [city], colour: red}\n',
}  # fmt: skip

PLANTED = [
    ("address_plan.yaml", 4, "duplicate_prefix"),
    ("applications.yaml", 3, "prefix_outside_plan"),
    ("applications.yaml", 3, "unknown_key"),
    ("credentials.yaml", 4, "literal_secret"),
    ("departments.csv", 5, "no_subnets"),
    ("departments.csv", 6, "class_against_exit"),
    ("departments.csv", 7, "unknown_exit"),
    ("departments.csv", 8, "classified"),
    ("devices.csv", 6, "unknown_node"),
    ("devices.csv", 7, "duplicate_address"),
    ("devices.csv", 8, "duplicate_host"),
    ("devices.csv", 9, "address_outside_plan"),
    ("devices.csv", 10, "bad_address"),
    ("devices.csv", 11, "unknown_credential"),
    ("devices.csv", 12, "unknown_via"),
    ("devices.csv", 13, "unknown_value"),
    ("exemptions.yaml", 3, "unknown_subject"),
    ("exemptions.yaml", 4, "exemption_ends_before_begin"),
    ("exits.yaml", 13, "exit_without_line"),
    ("exits.yaml", 14, "too_many_exits"),
    ("governments.csv", 7, "bad_code"),
    ("governments.csv", 8, "foreign_code"),
    ("governments.csv", 9, "wrong_level"),
    ("governments.csv", 10, "wrong_parent"),
    ("governments.csv", 11, "unknown_parent"),
    ("governments.csv", 12, "duplicate_id"),
    ("governments.csv", 13, "unknown_value"),
    ("governments.csv", 14, "bad_number"),
    ("governments.csv", 15, "missing_value"),
    ("governments.csv", 16, "wrong_cell_count"),
    ("known_hosts", 2, "bad_host_key"),
    ("links.csv", 7, "one_ended_link"),
    ("links.csv", 8, "duplicate_interface"),
    ("links.csv", 9, "unknown_device"),
    ("links.csv", 10, "missing_carrier"),
    ("links.csv", 11, "carrier_line_with_far_end"),
    ("nodes.csv", 6, "unknown_government"),
    ("nodes.csv", 7, "second_node"),
    ("subnets.csv", 6, "bad_prefix"),
    ("subnets.csv", 7, "overlapping_subnet"),
    ("subnets.csv", 8, "prefix_outside_plan"),
    ("subnets.csv", 9, "private_without_vpn"),
    ("subnets.csv", 10, "public_in_vpn"),
    ("subnets.csv", 11, "unknown_department"),
]


def test_every_planted_fault_is_reported_with_its_line_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "inventory"
    shutil.copytree(SMALL, folder)
    for name, rows in APPENDED.items():
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(rows)

    found = [(f.place.file, f.place.line, f.kind) for f in check(folder)]

    assert sorted(found) == sorted(PLANTED)


@pytest.mark.parametrize(
    ("name", "old", "new", "kind"),
    [
        ("governments.csv", ",county,", ",contry,", "unknown_value"),
        ("devices.csv", ",10.255.1.1,", ",10.255.1.300,", "bad_address"),
        ("subnets.csv", "10.1.0.0/24", "10.1.0.0/33", "bad_prefix"),
        ("departments.csv", ",B,", ",Z,", "unknown_value"),
        ("links.csv", ",internet,", ",intenet,", "unknown_value"),
    ],
)
def test_a_fault_in_a_record_that_others_name_is_one_fault(
    tmp_path: Path, name: str, old: str, new: str, kind: str
) -> None:
    folder = tmp_path / "inventory"
    shutil.copytree(HANDMADE, folder)
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    assert [(f.place.file, f.kind) for f in check(folder)] == [(name, kind)]


def test_the_small_inventory_holds_without_a_fault_or_warning() -> None:
    assert check(SMALL) == ()


def test_a_literal_secret_is_never_repeated_in_the_fault(tmp_path: Path) -> None:
    folder = tmp_path / "inventory"
    shutil.copytree(SMALL, folder)
    with (folder / "credentials.yaml").open("a", encoding="utf-8") as file:
        file.write("  lazy: {kind: ssh, username: audit, secret: Admin@123}\n")

    assert not any("Admin@123" in str(fault) for fault in check(folder))


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        ("governments.csv", b"\xff\xfe\x00", "not_utf8"),
        ("governments.csv", b"code,name\n", "missing_column"),
        ("exits.yaml", b"exits: [", "bad_yaml"),
        ("exits.yaml", b"- 1\n", "bad_yaml"),
        ("exits.yaml", b"exits: 5\n", "bad_list"),
        (
            "inventory.yaml",
            b"schema: netops/inventory/9\nprovince: '430000'\ntitle: t\n",
            "bad_schema",
        ),
        ("address_plan.yaml", b"prefixes: []\n", "empty_plan"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_fault(
    tmp_path: Path, name: str, body: bytes, kind: str
) -> None:
    folder = tmp_path / "inventory"
    shutil.copytree(SMALL, folder)
    (folder / name).write_bytes(body)

    assert kind in {fault.kind for fault in check(folder)}


def test_a_missing_folder_is_an_inventory_error(tmp_path: Path) -> None:
    with pytest.raises(InventoryError, match="no such inventory folder"):
        load(tmp_path / "none")


def test_a_spreadsheet_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    folder = tmp_path / "inventory"
    shutil.copytree(SMALL, folder)
    body = (folder / "nodes.csv").read_bytes()
    (folder / "nodes.csv").write_bytes(b"\xef\xbb\xbf" + body)

    assert check(folder) == ()


@pytest.mark.parametrize("name", ["governments.csv", "nodes.csv", "devices.csv"])
def test_a_row_with_a_cell_too_few_is_one_fault_though_others_name_it(
    tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "inventory"
    shutil.copytree(SMALL, folder)
    lines = (folder / name).read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if line and not line.startswith("#")) + 1
    lines[at] = lines[at].rpartition(",")[0]
    (folder / name).write_text("\n".join(lines) + "\n")

    faults = [(fault.kind, fault.place.line) for fault in check(folder)]

    assert faults == [("wrong_cell_count", at + 1)]
