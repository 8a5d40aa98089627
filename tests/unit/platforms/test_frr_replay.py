"""Recordings of real FRR and Linux programs, against values that a person read in them."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import yaml
from expected_facts import agrees

from netops.facts.answers import AnswerState
from netops.facts.interfaces import Interface
from netops.facts.policy_routes import Acl
from netops.facts.routes import RouteRow, RouteTable, prefix_of
from netops.platforms.answer import Answer, Parsed
from netops.platforms.registry import platform

REPLAY = Path(__file__).parents[2] / "replay"
RECORDINGS = sorted([*REPLAY.glob("frr/*/*.raw"), *REPLAY.glob("linux_host/*/*.raw")])
UNDERSTOOD_AT_LEAST = 0.98


def _row(row: RouteRow) -> str:
    """Write a row as the expected values do."""
    words = [str(prefix_of(row)), row.protocol, f"{row.preference}/{row.metric}"]
    words += [row.next_hop] if row.next_hop else []
    words += [row.interface] if row.interface else []
    words += ["blackhole"] if row.blackhole else []
    words += ["in", row.leak_vpn or "public"] if row.leak_vpn is not None else []
    return " ".join([*words, *([] if row.active else ["inactive"])])


def _replay(recording: Path) -> tuple[dict[str, Any], Answer, Parsed]:
    expected = yaml.safe_load(recording.with_suffix(".yaml").read_text(encoding="utf-8"))
    command = platform(recording.parents[1].name).command_for(expected["command"])
    assert command is not None, f"no command admits {expected['command']!r}"
    text = recording.read_text(encoding="utf-8")
    answer = Answer.of(text, expected["command"], "recorded")
    return expected, answer, command.parse(answer)


def test_there_are_recordings_of_both_platforms() -> None:
    assert len(RECORDINGS) >= 30


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.parent.name)
def test_a_recording_gives_what_a_person_reads_in_it(recording: Path) -> None:
    expected, _, parsed = _replay(recording)
    assert parsed.state is AnswerState.UNDERSTOOD
    kinds = [type(fact).__name__ for fact in parsed.facts]
    assert {kind: kinds.count(kind) for kind in kinds} == expected["counts"]
    facts = [*parsed.facts]
    facts += [rule for fact in parsed.facts if isinstance(fact, Acl) for rule in fact.rules]
    for wanted in expected.get("facts", ()):
        assert any(agrees(fact, wanted) for fact in facts), wanted
    for secret in expected.get("never", ()):
        assert secret not in str(parsed.facts)
    links = {f.name: f.addresses for f in parsed.facts if isinstance(f, Interface)}
    for name, addresses in expected.get("addresses", {}).items():
        assert sorted(str(a.interface) for a in links[name] or ()) == sorted(addresses)


@pytest.mark.parametrize(
    "recording", [r for r in RECORDINGS if "route" in r.parent.name], ids=lambda p: p.parent.name
)
def test_a_recorded_table_has_exactly_the_rows_a_person_reads(recording: Path) -> None:
    expected, answer, parsed = _replay(recording)
    tables = [fact for fact in parsed.facts if isinstance(fact, RouteTable)]
    found = [(table.vpn, [_row(row) for row in table.rows]) for table in tables]
    wanted = [(table["vpn"], table["rows"]) for table in expected["routes"]]
    assert sorted(found) == sorted(wanted)
    assert all(ip_address(r.next_hop) for t in tables for r in t.rows if r.next_hop)
    lines = {str(prefix_of(row)): row.line for table in tables for row in table.rows}
    for prefix, line in expected.get("first_line_of", {}).items():
        assert lines[prefix] == line
        assert prefix in dict(answer.lines)[line]


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.parent.name)
def test_nearly_every_line_is_understood(recording: Path) -> None:
    _, answer, parsed = _replay(recording)
    total = sum(1 for _, line in answer.lines if line.strip())
    assert 1 - len(parsed.unread) / total >= UNDERSTOOD_AT_LEAST
