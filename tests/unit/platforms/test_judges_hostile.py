"""Every text of the replays, torn, shuffled and made of other bytes: no parser falls or dwells."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
import yaml

from netops.facts.answers import AnswerState
from netops.facts.system import Configuration
from netops.platforms.answer import Answer, Parsed, Parser
from netops.platforms.registry import platform

REPLAY = Path(__file__).parents[2] / "replay"
SPELLINGS = {
    "display counters bound interface": "display counters inbound interface",
    "display ip vpn-instance instance-name": "display ip vpn-instance instance-name vpna",
}
SEED = 20_240_511


def _command_of(path: Path) -> str:
    expected = path.with_suffix(".yaml")
    told = yaml.safe_load(expected.read_text(encoding="utf-8")) if expected.exists() else {}
    line = path.parent.name.replace("_", " ")
    return str(told.get("command", SPELLINGS.get(line, line)))


def _cases() -> list[tuple[str, Path]]:
    return [
        (name, path)
        for name in ("huawei_vrp", "h3c_comware")
        for path in sorted((REPLAY / name).glob("*/*.raw"))
    ]


def _parser(name: str, line: str) -> Parser:
    command = platform(name).command_for(line)
    assert command is not None, line
    return command.parse


def _torn(lines: list[str], chance: random.Random) -> list[list[str]]:
    """Return the lines in other orders, cut, beheaded, mistyped, and with words swapped."""
    shuffled = chance.sample(lines, len(lines))
    at = chance.randrange(len(lines) + 1)
    letters = "０²٣é\x00\x1b中"
    return [
        shuffled,
        lines[:at],
        lines[at:],
        [line[: chance.randrange(len(line) + 1)] for line in lines],
        [line[chance.randrange(len(line) + 1) :] for line in lines],
        [" ".join(chance.sample(line.split(), len(line.split()))) for line in lines],
        [line.replace(chance.choice("0123456789.:/"), chance.choice(letters)) for line in lines],
        [line.replace(" ", "", chance.randrange(9)) for line in lines],
    ]


@pytest.mark.parametrize(("name", "path"), _cases(), ids=lambda value: getattr(value, "stem", None))
def test_a_torn_text_raises_nothing_and_names_only_its_own_lines(name: str, path: Path) -> None:
    line = _command_of(path)
    parse = _parser(name, line)
    chance = random.Random(SEED)  # noqa: S311 - a reproducible choice, no secret
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    for _ in range(3):
        for torn in _torn(lines, chance):
            parsed = parse(Answer.of("\n".join(torn), line, "o"))
            assert isinstance(parsed, Parsed)
            assert all(1 <= unread.source.first <= len(torn) for unread in parsed.unread)


JUNK = {
    "gbk": "攸县政务外网出口路由器\n本机配置如下：接口 电信\n".encode("gb18030").decode("latin-1")
    * 500,
    "binary": bytes(range(256)).decode("latin-1") * 100,
    "nul": "\x00" * 20_000,
    "digits": "1 " * 20_000,
    "colons": ": " * 20_000,
    "rules": "----- " * 5_000,
    "open quotes": 'header login "\n' * 800,
    "web page": "<html><body>\n<p>404 Not Found</p>\n</body></html>\n" * 200,
}


@pytest.mark.parametrize("name", ["huawei_vrp", "h3c_comware"])
@pytest.mark.parametrize("kind", JUNK)
def test_junk_is_never_a_table_a_configuration_or_slow(name: str, kind: str) -> None:
    for command in platform(name).commands:
        begin = time.process_time()
        parsed = command.parse(Answer.of(JUNK[kind], command.text, "o"))
        assert time.process_time() - begin < 10.0, command.text
        assert parsed.facts == () or not any(
            isinstance(fact, Configuration) for fact in parsed.facts
        )
        if command.needed_by:
            assert parsed.state is AnswerState.NOT_UNDERSTOOD, command.text


def _cost(parse: Parser, line: str, lines: list[str], count: int) -> float:
    """Return the processor time of one pass over ``count`` lines, the best of three."""
    repeated = (lines * (count // len(lines) + 1))[:count]
    answer = Answer(line, "o", tuple(enumerate(repeated, start=1)))
    best = 60.0
    for _ in range(3):
        begin = time.process_time()
        parse(answer)
        best = min(best, time.process_time() - begin)
    return best


LONG = [
    ("huawei_vrp", "display current-configuration"),
    ("huawei_vrp", "display ip routing-table verbose"),
    ("huawei_vrp", "display interface"),
    ("huawei_vrp", "display acl all"),
    ("huawei_vrp", "display lldp neighbor"),
    ("h3c_comware", "display current-configuration"),
    ("h3c_comware", "display interface"),
    ("h3c_comware", "display lldp neighbor-information verbose"),
    ("h3c_comware", "display bgp peer ipv4"),
]


@pytest.mark.parametrize(("name", "line"), LONG)
def test_twice_the_lines_cost_about_twice_the_time(name: str, line: str) -> None:
    folder = REPLAY / name / line.replace(" ", "_")
    text = min(folder.glob("*.raw")).read_text(encoding="utf-8", errors="replace")
    parse = _parser(name, line)
    lines = text.splitlines()
    few, many = (_cost(parse, line, lines, count) for count in (2_500, 10_000))
    assert many < 8 * few + 0.02
    assert many < 1.5


TEDIOUS = (
    "a" * 990, " with 1" * 140, "Interface: a: " * 70, "1 day " * 160, ": " * 480, "-" * 990 + "x",
    "10.0.0.0/8 Static 60 0 " * 40, "%^%#" * 240, "VPN-Instance a, " * 60, "0 packets, " * 90,
)  # fmt: skip


@pytest.mark.parametrize("name", ["huawei_vrp", "h3c_comware"])
def test_no_expression_dwells_on_a_long_line(name: str) -> None:
    for command in platform(name).commands:
        for line in TEDIOUS:
            cost = _cost(command.parse, command.text, [line], 20)
            assert cost < 0.05, (command.text, line[:20])
