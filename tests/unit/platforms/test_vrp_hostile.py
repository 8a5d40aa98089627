"""Text that no honest device prints: nothing raises, nothing is silently understood."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netops.facts.answers import AnswerState
from netops.platforms.answer import Answer, Parsed
from netops.platforms.base import Command
from netops.platforms.huawei_vrp import PLATFORM

FOLDER = Path(__file__).parents[2] / "replay" / "huawei_vrp"
TEXTS = [path.read_bytes() for path in sorted(FOLDER.glob("*/*.raw"))]
GARBAGE = "\n".join(
    [
        "\x00\x01\x02binary\x7f\ufffd\ufffd",
        "%s %n ${jndi:x} '; drop table --",
        "Building configuration...",
        "show ip route",
        "hostname cisco",
        "O*E2 0.0.0.0/0 [110/1] via 192.0.2.1, 00:00:01, GigabitEthernet0/1",
        "\u7f51\u5173\u914d\u7f6e \u202e\u0007",
        "a" * 5000,
    ]
)


def _answer(command: Command, text: str) -> Answer:
    line = command.text.format(vpn="a", interface="Dialer1", address="0.0.0.0", length="0")  # noqa: S104 - a destination
    return Answer.of(text, line, "obs")


def _parse(command: Command, text: str) -> Parsed:
    return command.parse(_answer(command, text))


@pytest.mark.parametrize("command", PLATFORM.commands, ids=lambda command: command.text)
def test_garbage_is_never_understood(command: Command) -> None:
    parsed = _parse(command, GARBAGE)
    assert parsed.state is AnswerState.NOT_UNDERSTOOD
    assert parsed.facts == ()
    assert parsed.unread


@pytest.mark.parametrize("command", PLATFORM.commands, ids=lambda command: command.text)
def test_the_answer_to_another_command_raises_nothing(command: Command) -> None:
    for text in TEXTS:
        assert isinstance(_parse(command, text.decode("utf-8", "replace")), Parsed)


@pytest.mark.parametrize("command", PLATFORM.commands, ids=lambda command: command.text)
def test_shaken_recordings_raise_nothing(command: Command) -> None:
    chance = random.Random(command.text)  # noqa: S311 - a repeatable shuffle
    for text in TEXTS:
        words = text.decode("utf-8", "replace").split(" ")
        for _ in range(3):
            words[chance.randrange(len(words))] = chance.choice(
                ["", "\n", "-1", "9" * 30, ":", "/"]
            )
        chance.shuffle(words)
        assert isinstance(_parse(command, " ".join(words)), Parsed)


@settings(max_examples=200)
@given(
    command=st.sampled_from(PLATFORM.commands),
    text=st.text(
        st.one_of(st.sampled_from("\n\n #-:/.,()<>[]%*0123456789"), st.characters()), max_size=300
    ),
)
def test_any_text_raises_nothing(command: Command, text: str) -> None:
    assert isinstance(_parse(command, text), Parsed)


WORDS = st.sampled_from(
    [
        "ip", "ipv6", "route-static", "vpn-instance", "interface", "GigabitEthernet0/0/1", "nat",
        "Dialer1", "outbound", "server", "static", "global", "inside", "address-group", "section",
        "address", "unnumbered", "acl", "rule", "permit", "source", "traffic", "policy", "behavior",
        "classifier", "if-match", "redirect", "ip-nexthop", "policy-based-route", "node", "apply",
        "next-hop", "bgp", "peer", "group", "as-number", "ipv4-family", "enable", "undo", "vrrp",
        "vrid", "1", "virtual-ip", "10.0.0.1", "255.0.0.0", "2001:db8::1", "64510:1", "public",
        "preference", "traffic-policy", "inbound", "tunnel", "destination", "pppoe-client",
        "dialer", "bundle", "snmp-agent", "sys-info", "version", "local-user", "level", "aaa",
        "nat-policy", "action", "source-address", "address-set", "range", "mask", "name", "vlan",
        "output-interface", "access-vpn", "firewall", "zone", "add", "ntp-service", "any",
        "unicast-server", "route-distinguisher", "vpn-target", "description", "eth-trunk", "mtu",
        "sysname", "traffic-redirect", "egress-interface", "header", "login", '"', "#", "return",
    ]
)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(st.tuples(st.integers(0, 3), st.lists(WORDS, min_size=1, max_size=9)), max_size=40))
def test_any_order_of_statements_raises_nothing(lines: list[tuple[int, list[str]]]) -> None:
    body = "\n".join(" " * indent + " ".join(words) for indent, words in lines)
    command = PLATFORM.command_for("display current-configuration")
    assert command is not None
    assert isinstance(_parse(command, f"#\n{body}\n#\nreturn\n"), Parsed)


def test_descriptions_in_gbk_are_kept_as_they_were_decoded() -> None:
    raw = "#\ninterface Vlanif1\n description \u81f3\u957f\u6c99\u5e02\n#\nreturn\n".encode(
        "gb18030"
    )
    command = PLATFORM.command_for("display current-configuration")
    assert command is not None
    good = _parse(command, raw.decode("gb18030"))
    assert good.state is AnswerState.UNDERSTOOD
    broken = _parse(command, raw.decode("utf-8", "replace"))
    assert len(broken.unread) == 1


@pytest.mark.parametrize("command", PLATFORM.commands, ids=lambda command: command.text)
def test_long_and_many_lines_take_time_in_proportion(command: Command) -> None:
    hostile = [
        " " * 1900 + "x",
        "a " * 900,
        "1." * 900,
        "-" * 1900 + "x",
        ":" * 1900,
        "Interface : " + "- " * 900,
        "Neighbor " * 200,
        "10.0.0.0/8 " * 150,
        " rule 5 permit " + "source " * 250,
        "%^%#" * 450,
    ]
    begin = time.process_time()
    _parse(command, "\n".join(hostile * 10))
    assert time.process_time() - begin < 10.0
