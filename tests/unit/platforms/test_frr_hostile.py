"""No text makes a parser of FRR or Linux raise, and nothing broken is silently understood."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netops.facts.answers import AnswerState
from netops.facts.routes import RouteTable
from netops.platforms.answer import Answer, Parsed
from netops.platforms.base import Command
from netops.platforms.registry import platform

REPLAY = Path(__file__).parents[2] / "replay"
RECORDINGS = sorted([*REPLAY.glob("frr/*/*.raw"), *REPLAY.glob("linux_host/*/*.raw")])
COMMANDS = [c for name in ("frr", "linux_host") for c in platform(name).commands]
JSON_COMMANDS = [c for c in COMMANDS if " json" in c.text or " -j " in c.text]
GARBAGE = [
    "\x00\x01\x02 \x7f\u202e",
    "{" * 100_000,
    "[" * 100_000,
    '{"a":' * 20_000,
    "\ufffd" * 5000,
    "x" * 2_000_000,
    "-" * 300 + " " * 5000,
    "% Unknown command: show",
    "{}{}{}",
    "[1, 2, null, true]",
    '"text"',
    "12345678901234567890" * 300,
    '{"0.0.0.0/0": [{"protocol": 7, "nexthops": "no"}]}',
    '{"default": {"0.0.0.0/0": [null, 3, {"nexthops": [null, {"ip": 5}]}]}}',
    '{"nftables": [{"rule": {"expr": [{"match": {"left": 1, "right": []}}, {"snat": {}}]}}]}',
    '[{"ifname": "x", "flags": [1, null], "addr_info": [{"local": 1}]}]',
    '[{"dst": "default", "nexthops": [{"flags": [[], {}]}]}]',
    '[{"priority": 1, "src": "nonsense", "table": "7"}]',
    '{"lldp": {"interface": {"eth0": {"chassis": {"a": 1}, "port": 5}}}}',
    '[{"interface": "e", "vrid": 1, "v4": {"addresses": ["x", 4]}}]',
]


def _recorded(recording: Path) -> tuple[Command, str]:
    where = platform(recording.parents[1].name)
    command = where.command_for((REPLAY / recording).with_suffix(".yaml").read_text("utf-8")
                                .splitlines()[0].removeprefix("command: "))  # fmt: skip
    assert command is not None
    return command, recording.read_text(encoding="utf-8")


def _ask(command: Command, text: str) -> Parsed:
    return command.parse(Answer.of(text, command.text, "o"))


@pytest.mark.parametrize("text", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_gives_no_facts_that_judge_and_never_an_exception(text: str) -> None:
    for command in COMMANDS:
        start = process_time()
        parsed = _ask(command, text)
        assert process_time() - start < 10
        rows = [row for f in parsed.facts if isinstance(f, RouteTable) for row in f.rows]
        assert rows == []


@pytest.mark.parametrize("text", GARBAGE[:10], ids=range(10))
def test_a_json_command_never_understands_what_is_no_json(text: str) -> None:
    empty_documents = {"{}{}{}", "[1, 2, null, true]"}
    for command in JSON_COMMANDS:
        parsed = _ask(command, text)
        if text in empty_documents:
            assert parsed.unread or not parsed.facts or _is_empty(parsed)
        else:
            assert parsed.state is AnswerState.NOT_UNDERSTOOD


def _is_empty(parsed: Parsed) -> bool:
    return all(isinstance(f, RouteTable) and not f.rows for f in parsed.facts)


@pytest.mark.parametrize(
    "recording", [r for r in RECORDINGS if "json" in r.parent.name or "_-j_" in r.parent.name],
    ids=lambda path: path.parent.name,
)  # fmt: skip
def test_truncated_json_is_not_understood(recording: Path) -> None:
    command, text = _recorded(recording)
    body = text.rstrip()
    for cut in (1, 2, 7, len(body) // 2, len(body) - 1):
        parsed = _ask(command, body[:-cut])
        assert parsed.state is AnswerState.NOT_UNDERSTOOD
        assert parsed.facts == ()
        assert parsed.unread


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.parent.name)
def test_a_recording_cut_anywhere_never_raises(recording: Path) -> None:
    command, text = _recorded(recording)
    for cut in range(0, len(text), max(1, len(text) // 60)):
        _ask(command, text[:cut])


def test_a_configuration_without_its_end_is_marked_incomplete() -> None:
    recording = REPLAY / "frr" / "show_running-config" / "frr_8_4_4.raw"
    command, text = _recorded(recording)
    whole, half = _ask(command, text), _ask(command, text[: len(text) // 2])
    assert [f.complete for f in whole.facts if hasattr(f, "complete")] == [True]
    assert [f.complete for f in half.facts if hasattr(f, "complete")] == [False]


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=400))
def test_any_text_is_survived(text: str) -> None:
    for command in COMMANDS:
        assert isinstance(_ask(command, text), Parsed)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
    | st.sampled_from(["10.0.0.0/8", "default", "192.0.2.1", "eth0", "connected"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["default", "0.0.0.0/0", "nexthops", "protocol", "ip", "ifname", "flags",
                         "addr_info", "dst", "table", "priority", "src", "nftables", "rule", "expr",
                         "match", "left", "right", "snat", "addr", "peers", "ipv4Unicast", "routes",
                         "routeDistinguishers", "network", "interface", "vrid", "v4", "linkinfo",
                         "policies", "nexthopGroup", "administrativeStatus", "ipAddresses", "lldp",
                         "chassis", "port", "id", "chain", "set", "elem", "range", "state"]),
        inner, max_size=5),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(_JSON)
def test_any_json_is_survived(value: object) -> None:
    text = json.dumps(value)
    for command in JSON_COMMANDS:
        assert isinstance(_ask(command, text), Parsed)
