"""Every recording parses, with the values read off it by hand and by an outside oracle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from netops.facts.answers import AnswerState
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware import PLATFORM

HERE = Path(__file__).parent
RECORDINGS = sorted(HERE.glob("*/*.raw"))
SPELLINGS = {
    "display_counters_bound_interface": "display counters inbound interface",
    "display_ip_vpn-instance_instance-name": "display ip vpn-instance instance-name vpna",
}
ABSENT = {"", "--", "-", "NONE", None}


def command_of(folder: str) -> str:
    return SPELLINGS.get(folder, folder.replace("_", " "))


def parse(path: Path) -> tuple[Answer, Parsed]:
    line = command_of(path.parent.name)
    command = PLATFORM.command_for(line)
    assert command is not None, line
    answer = Answer.of(path.read_text(encoding="utf-8", errors="replace"), line, "o")
    return answer, command.parse(answer)


def shown(value: object) -> object:
    """Turn a field into what YAML can say."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, tuple):
        return [shown(getattr(item, "interface", item)) for item in value]
    return str(value)


def field_of(fact: Any, name: str) -> object:  # noqa: ANN401 - a fact of any kind
    if name == "origins":
        return [a.origin.value for a in fact.addresses]
    if name == "secondaries":
        return [a.secondary for a in fact.addresses]
    return shown(getattr(fact, name))


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda p: p.stem)
def test_a_recording_parses_as_a_person_reads_it(path: Path) -> None:
    answer, parsed = parse(path)
    assert parsed.state is AnswerState.UNDERSTOOD, parsed.detail
    numbers = {number for number, _ in answer.lines}
    for fact in parsed.facts:
        assert {fact.source.first, fact.source.last} <= numbers
    expected = path.with_suffix(".yaml")
    if not expected.exists():
        return
    wanted = yaml.safe_load(expected.read_text(encoding="utf-8"))
    assert Counter(type(f).__name__ for f in parsed.facts) == wanted["counts"]
    for item in wanted["expect"]:
        found = [
            f
            for f in parsed.facts
            if type(f).__name__ == item["kind"]
            and all(field_of(f, k) == v for k, v in item["key"].items())
        ]
        assert len(found) == 1, item["key"]
        got = {name: field_of(found[0], name) for name in item["fields"]}
        assert got == item["fields"]


def test_nearly_every_line_of_every_command_is_understood(capsys: pytest.CaptureFixture) -> None:
    lines: Counter[str] = Counter()
    unread: Counter[str] = Counter()
    for path in RECORDINGS:
        answer, parsed = parse(path)
        lines[path.parent.name] += sum(1 for _, line in answer.lines if line.strip())
        unread[path.parent.name] += len(parsed.unread)
    with capsys.disabled():
        print()  # noqa: T201 - the share of every command belongs in the log of CI
        for name in sorted(lines):
            share = 1 - unread[name] / lines[name]
            row = f"h3c_comware  {command_of(name):<48} {lines[name]:>5} lines  {share:7.2%}"
            print(row)  # noqa: T201 - as above
    assert len(lines) >= 13
    poor = {name for name in lines if unread[name] > 0.02 * lines[name]}
    assert poor == set()


def _interfaces(parsed: Parsed, rows: list[dict[str, Any]]) -> None:
    facts = [f for f in parsed.facts if type(f).__name__ == "Interface"]
    assert [f.name for f in facts] == [row["interface"] for row in rows]
    for fact, row in zip(facts, rows, strict=True):
        status = row["line_status"]
        assert fact.link_up is (status == "UP"), row
        if "Administratively" in status:  # the oracle drops it where it stands in brackets
            assert fact.admin_up is False, row
        if row["protocol_status"]:
            assert fact.protocol_up is row["protocol_status"].startswith("UP"), row
            assert fact.spoofing is ("spoofing" in row["protocol_status"])
        addresses = [str(a.interface) for a in fact.addresses or ()]
        assert addresses == row["ip_address"]
        assert str(fact.mtu or "") == row["mtu"]
        assert (fact.description or "") == row.get("description", "")
        if row.get("hw_address"):
            assert fact.mac == row["hw_address"][0].lower()


def _brief(parsed: Parsed, rows: list[dict[str, Any]]) -> None:
    assert len(parsed.facts) == len(rows)
    for fact, row in zip(parsed.facts, rows, strict=True):
        assert fact.name == PLATFORM.full_interface(row["interface"])
        assert fact.admin_up is (row["link"] != "ADM")
        assert fact.link_up is (row["link"] == "UP")
        assert fact.description == row["description"].replace("--", "")
        if row["main_ip"] not in ABSENT:
            assert str(fact.addresses[0].interface.ip) == row["main_ip"]


def _bgp(parsed: Parsed, rows: list[dict[str, Any]]) -> None:
    for fact, row in zip(parsed.facts, rows, strict=True):
        assert str(fact.address) == row["peer"]
        assert fact.remote_as == row["remote_asn"]
        assert fact.state == row["state"].lower()
        assert fact.received == int(row["prefixes_received"])
        assert fact.uptime == row["up_down"]


def _lldp(parsed: Parsed, rows: list[dict[str, Any]]) -> None:
    for fact, row in zip(parsed.facts, rows, strict=True):
        assert fact.interface == PLATFORM.full_interface(row["local_interface"])
        assert fact.system == row["neighbor_name"]
        assert fact.port == row["neighbor_interface"]
        assert fact.chassis == row["chassis_id"]


def _manuinfo(parsed: Parsed, rows: list[dict[str, Any]]) -> None:
    facts = [f for f in parsed.facts if type(f).__name__ == "Component"]
    told = [row for row in rows if row["device_name"]]
    assert [f.kind for f in facts] == [row["device_name"] for row in told]
    for fact, row in zip(facts, told, strict=True):
        if row["device_serial_number"] not in ABSENT:
            assert fact.serial == row["device_serial_number"]


def _vpn(parsed: Parsed, rows: list[dict[str, Any]]) -> None:
    facts = [f for f in parsed.facts if f.family == 4]
    for fact, row in zip(facts, rows, strict=True):
        assert (fact.name, fact.rd) == (row["name"], row["rd"])
        assert list(fact.import_targets) == row["ipv4_import_rts"]
        assert list(fact.export_targets) == row["ipv4_export_rts"]
        assert list(fact.interfaces) == row["interfaces"]


def _members(parsed: Parsed, rows: list[dict[str, Any]]) -> None:
    for fact, row in zip(parsed.facts, rows, strict=True):
        assert (fact.name, fact.aggregate) == (row["member_port"], row["aggregate_interface"])


ORACLES: dict[str, Callable[[Parsed, list[dict[str, Any]]], None]] = {
    "display_interface": _interfaces,
    "display_ip_interface": _interfaces,
    "display_interface_brief": _brief,
    "display_bgp_peer_ipv4": _bgp,
    "display_lldp_neighbor-information_list": _lldp,
    "display_lldp_neighbor-information_verbose": _lldp,
    "display_device_manuinfo": _manuinfo,
    "display_ip_vpn-instance_instance-name": _vpn,
    "display_link-aggregation_member-port": _members,
}
JUDGED = [path for path in RECORDINGS if path.parent.name in ORACLES]


@pytest.mark.parametrize("path", JUDGED, ids=lambda p: p.stem)
def test_an_outside_oracle_reads_the_same_values(path: Path) -> None:
    _, parsed = parse(path)
    oracle = yaml.safe_load(path.with_suffix(".oracle.yml").read_text(encoding="utf-8"))
    ORACLES[path.parent.name](parsed, oracle["parsed_sample"])
