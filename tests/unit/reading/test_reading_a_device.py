"""From observations to facts: cleaning, the different answers, merging. Parsers here are fakes."""

from __future__ import annotations

import re
from dataclasses import replace
from ipaddress import IPv4Interface

import pytest

from netops.evidence.observation import DeviceRecord, Observation, Outcome
from netops.facts.answers import AnswerState, UnreadLine
from netops.facts.device import Contact, DeviceFacts
from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.facts.routes import RouteRow, RouteTable, VpnInstance
from netops.facts.system import Configuration, Identity
from netops.platforms.answer import Answer, Parsed
from netops.platforms.base import Command, Platform
from netops.reading import read_device
from netops.reading.cleaning import clean
from netops.reading.understanding import understand

BRIEF = "display interface brief"
CONFIG = "display current-configuration"


def _lines(answer: Answer) -> Parsed:
    return Parsed(facts=(Identity(hostname=answer.text or "nobody"),))


def _raise(_answer: Answer) -> Parsed:
    raise ZeroDivisionError


def _lost(answer: Answer) -> Parsed:
    return Parsed(unread=tuple(UnreadLine(line) for _, line in answer.lines))


PLATFORM = Platform(
    name="fake",
    vendor="nobody",
    commands=(
        Command("display version", _lines),
        Command("display nat outbound", _lines, may_be_empty=True),
        Command("display broken", _raise),
        Command("display lost", _lost),
        Command("display clock", _lines),
        Command("display ip routing-table vpn-instance {vpn}", _lines),
    ),
    prompt=re.compile(r"<(?P<host>[\w-]+)> ?"),
    pager=re.compile(r" *---- More ----"),
    refusals=(
        (re.compile(r"^\s*Error: Unrecognized command"), AnswerState.NOT_SUPPORTED),
        (re.compile(r"^\s*Error: No permission"), AnswerState.REFUSED),
    ),
    line_noise=(re.compile(r"%[A-Z][a-z]{2} +\d+ \d{4} .*"),),
)


def seen(command: str, raw: str, outcome: Outcome = Outcome.ACCEPTED) -> Observation:
    raw = raw.replace("\n", "\r\n")
    return Observation("d#1", "d", command, "ssh", "", 0.1, outcome, raw.encode(), "")


def state(command: str, body: str) -> AnswerState:
    text = f"{command}\n{body}<R1>"
    return understand(seen(command, text), PLATFORM).answer.state


def test_an_answer_is_what_is_left_without_its_frame() -> None:
    raw = "display version\nfirst\n\nlast\n<R1>"

    answer = clean(seen("display version", raw), PLATFORM)

    assert answer.lines == ((2, "first"), (3, ""), (4, "last"))


@pytest.mark.parametrize(
    "raw",
    [
        "display ver \x1b[1Dsion\nbody\n<R1>",
        "<R1>display version\nbody\n<R1>",
        "display version (+B)\nbody\n<R1>",
        "display ver\nsion\nbody\n<R1>",
        "\ndisplay version\nbody\n<R1>",
        "display version\n%Sep 12 2024 09:00:00 R1 IFNET/4/LINK: down\nbody\n<R1>",
        "display version\n2024-05-11 09:14:02.684 +08:00\nbody\n<R1>",
        "display version\n  ---- More ----\x1b[16D                \x1b[16Dbody\n<R1>",
        "display version\nbody\n  ---- More ----\n<R1>",
        "body\n<R1>",
        "body",
    ],
)
def test_noise_of_a_session_leaves_no_trace(raw: str) -> None:
    assert clean(seen("display version", raw), PLATFORM).text == "body"


def test_the_time_stays_where_it_was_the_question() -> None:
    raw = "display clock\n2024-05-11 09:14:02\n<R1>"

    assert clean(seen("display clock", raw), PLATFORM).text == "2024-05-11 09:14:02"


def test_a_prompt_inside_the_answer_is_kept() -> None:
    raw = "display version\n<R1>\nlast\n<R1>"

    assert clean(seen("display version", raw), PLATFORM).text == "<R1>\nlast"


@pytest.mark.parametrize(
    ("command", "body", "expected"),
    [
        ("display version", "VRP\n", AnswerState.UNDERSTOOD),
        ("display version", "", AnswerState.NOT_UNDERSTOOD),
        ("display nat outbound", "", AnswerState.UNDERSTOOD),
        ("display version", "   ^\nError: Unrecognized command found\n", AnswerState.NOT_SUPPORTED),
        ("display version", "Error: No permission to run\n", AnswerState.REFUSED),
        ("display broken", "anything\n", AnswerState.NOT_UNDERSTOOD),
        ("display lost", "what\nis\nthis\n", AnswerState.NOT_UNDERSTOOD),
        ("display unheard-of", "anything\n", AnswerState.NOT_UNDERSTOOD),
    ],
)
def test_the_different_answers_are_kept_apart(
    command: str, body: str, expected: AnswerState
) -> None:
    assert state(command, body) is expected


def test_words_of_a_refusal_further_up_are_text() -> None:
    body = "Error: No permission\n" + "line\n" * 10

    assert state("display version", body) is AnswerState.UNDERSTOOD


def test_a_long_answer_that_ends_in_an_error_was_cut_and_is_not_unsupported() -> None:
    body = "row\n" * 50 + "Error: Unrecognized command found\n"

    assert state("display version", body) is AnswerState.REFUSED


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.ACCEPTED])
def test_an_improper_answer_is_an_error_and_gives_no_fact(outcome: Outcome) -> None:
    found = understand(seen("display version", "display version\nVRP\n", outcome), PLATFORM)

    assert found.answer.state is AnswerState.ERROR
    assert found.parsed.facts == ()


def test_a_failing_parser_counts_every_line_as_unread() -> None:
    found = understand(seen("display broken", "display broken\na\n\nb\n<R1>"), PLATFORM)

    assert (found.answer.lines, found.answer.unread) == (2, 2)
    assert "ZeroDivisionError" in found.answer.detail


def test_a_second_try_that_was_accepted_is_the_answer() -> None:
    first = seen("display version", "", Outcome.TIMED_OUT)
    second = replace(seen("display version", "display version\nVRP\n<R1>"), id="d#2")
    record = DeviceRecord("d", "fake", Contact.ANSWERED, observations=(first, second))

    facts = read_device(record, platform_of=lambda _: PLATFORM)

    assert [(a.observation, a.state) for a in facts.answers] == [("d#2", AnswerState.UNDERSTOOD)]


def _read(*answers: tuple[str, tuple[object, ...]]) -> DeviceFacts:
    """Read a device whose commands give these facts, whatever the text."""
    commands = tuple(
        Command(name, lambda _, facts=facts: Parsed(facts=facts))  # type: ignore[misc]
        for name, facts in answers
    )
    platform = replace(PLATFORM, commands=commands)
    observations = tuple(
        replace(seen(name, f"{name}\nx\n<R1>"), id=f"d#{n}")
        for n, (name, _) in enumerate(answers, start=1)
    )
    record = DeviceRecord("d", "fake", Contact.ANSWERED, observations=observations)
    return read_device(record, platform_of=lambda _: platform)


def test_live_state_wins_and_the_configuration_fills() -> None:
    address = InterfaceAddress(IPv4Interface("192.0.2.1/24"))
    second = InterfaceAddress(IPv4Interface("198.51.100.1/24"), secondary=True)
    config = Configuration((), complete=True)
    facts = _read(
        (CONFIG, (config, Interface("GE0/0/0", admin_up=False, vpn="GOV", description="up",
                                    addresses=(address, second)))),
        (BRIEF, (Interface("GE0/0/0", admin_up=True, link_up=True, addresses=(address,)),)),
    )  # fmt: skip

    (interface,) = facts.interfaces
    assert (interface.admin_up, interface.link_up) == (True, True)
    assert (interface.vpn, interface.description) == ("GOV", "up")
    assert interface.addresses == (address, second)


def test_an_address_shown_without_mask_takes_the_configured_length_and_origin() -> None:
    bare = InterfaceAddress(IPv4Interface("192.0.2.1/32"))
    dhcp = InterfaceAddress(IPv4Interface("192.0.2.1/24"), AddressOrigin.DHCP)
    facts = _read(
        (BRIEF, (Interface("GE0/0/0", addresses=(bare,)),)),
        ("display dhcp client", (Interface("GE0/0/0", addresses=(dhcp,)),)),
    )

    assert facts.interfaces[0].addresses == (dhcp,)


def test_an_instance_binds_the_interfaces_it_lists() -> None:
    facts = _read(
        (BRIEF, (Interface("GE0/0/0"), Interface("GE0/0/1", vpn=""))),
        ("display ip vpn-instance", (VpnInstance("GOV", interfaces=("GE0/0/0", "GE0/0/1")),)),
    )

    assert [i.vpn for i in facts.interfaces] == ["GOV", ""]


def test_a_known_state_of_vrrp_replaces_an_unknown_one() -> None:
    facts = _read(
        ("display vrrp", (VrrpGroup("Vlanif1", 1, VrrpState.UNKNOWN, priority=120),)),
        ("display vrrp brief", (VrrpGroup("Vlanif1", 1, VrrpState.MASTER),)),
    )

    assert [(g.state, g.priority) for g in facts.vrrp] == [(VrrpState.MASTER, 120)]


def test_a_table_that_is_not_complete_is_not_understood_and_no_ground_for_anything() -> None:
    row = RouteRow(4, 0, 0, "static", 60, 0, "192.0.2.1", "GE0/0/0")
    facts = _read(("display ip routing-table", (RouteTable("", 4, (row,), complete=False),)))

    assert facts.answers[0].state is AnswerState.NOT_UNDERSTOOD
    assert ("", 4) not in facts.routes


def test_hidden_backup_routes_of_a_second_table_join_the_first() -> None:
    best = RouteRow(4, 0, 0, "static", 60, 0, "192.0.2.1", "GE0/0/0", line=5)
    backup = best._replace(preference=100, next_hop="192.0.2.5", active=False, line=9)
    facts = _read(
        ("display ip routing-table", (RouteTable("", 4, (best,), "d#1"),)),
        ("display ip routing-table protocol static", (RouteTable("", 4, (best, backup), "d#2"),)),
    )

    assert facts.routes[("", 4)].rows == (best, backup._replace(line=0))


def test_an_unfinished_configuration_is_not_understood() -> None:
    facts = _read((CONFIG, (Configuration((), complete=False),)))

    assert facts.answers[0].state is AnswerState.NOT_UNDERSTOOD
