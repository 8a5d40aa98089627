"""The crafting process: orders by lines of JSON, captures held against one another."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import crafted_scenes
import pytest
from closed_network import play

import netops
from netops.errors import ProbeError
from netops.probing.crafted import Crafter

scapy_all = pytest.importorskip("scapy.all", reason="the extra [crafting] is not installed")


def capture(path: Path, *packets: tuple[str, str, bytes]) -> str:
    made = [
        scapy_all.Ether()
        / scapy_all.IP(src=source, dst=destination)
        / scapy_all.UDP(sport=9, dport=9)
        / scapy_all.Raw(payload)
        for source, destination, payload in packets
    ]
    scapy_all.wrpcap(str(path), made)
    return str(path)


def test_captures_of_both_sides_tell_behind_which_address_a_source_left(tmp_path: Path) -> None:
    inside = capture(
        tmp_path / "inside.pcap",
        ("10.1.0.9", "198.51.100.7", b"question one"),
        ("10.1.0.9", "198.51.100.7", b"question two"),
        ("10.2.0.9", "198.51.100.7", b"never came out"),
        ("10.2.0.9", "198.51.100.7", b"short"),
    )
    outside = capture(
        tmp_path / "outside.pcap",
        ("203.0.113.2", "198.51.100.7", b"question one"),
        ("203.0.113.9", "198.51.100.7", b"question two"),
        ("203.0.113.9", "198.51.100.8", b"never came out"),
    )

    with Crafter() as crafter:
        found = crafter.ask("compare", inside=inside, outside=outside)

    assert found == [
        {"inside": "10.1.0.9", "destination": "198.51.100.7", "outside": outside_, "packets": 1}
        for outside_ in ("203.0.113.2", "203.0.113.9")
    ] + [{"inside": "10.2.0.9", "destination": "198.51.100.7", "outside": None, "packets": 1}]


def test_a_wrong_order_is_an_answer_and_the_next_is_served() -> None:
    lines = [b"noise", b"{}", b'{"do": "reboot"}', b'{"do": "compare", "inside": "/none"}']

    done = subprocess.run(
        [sys.executable, "-m", "netops.probing.crafting"],
        input=b"\n".join(lines) + b"\n", capture_output=True, timeout=60, check=False,
    )  # fmt: skip

    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [list(answer) for answer in answers] == [["error"]] * 4


def test_a_fault_of_the_process_is_told_as_a_sentence() -> None:
    with Crafter() as crafter, pytest.raises(ProbeError, match="crafting process answered"):
        crafter.ask("compare", inside="/none", outside="/none")


def test_nothing_else_of_netops_names_scapy() -> None:
    home = Path(netops.__file__).parent
    named = set()
    for path in home.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == "scapy" for name in names):
                named.add(path.relative_to(home).as_posix())

    assert named == {"probing/crafting/packets.py"}


def test_a_question_with_a_borrowed_source_comes_out_where_the_target_leaves() -> None:
    found = play("crafted_scenes", "borrowed")

    assert found["codes"] == [0]
    assert f"allowed by o (a-1); token {crafted_scenes.TOKEN}" in found["said"]
    assert found["seen"] == [["192.0.2.6", "198.18.0.80"]]
    assert found["code"] == 0


def test_a_router_says_which_protocols_it_does_not_speak() -> None:
    found = play("crafted_scenes", "odd")

    assert found == [
        {"protocol": number, "answer": "protocol_unreachable", "from": "192.0.2.6"}
        for number in (99, 253)
    ]
