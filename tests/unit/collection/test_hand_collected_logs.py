"""A file that is neither named after a command nor a log of a session is passed over, not fatal."""

from __future__ import annotations

import pytest

from netops.collection.handmade import expand, split_log
from netops.evidence.observation import Observation, Outcome
from netops.platforms.registry import platform
from netops.reading.cleaning import clean


@pytest.mark.parametrize("raw", [b"", b"hello\n", b"a note\r\nof two lines\r\n"])
def test_text_without_a_prompt_holds_no_answer(raw: bytes) -> None:
    assert list(split_log(raw, platform("huawei_vrp"))) == []


def test_a_log_that_breaks_off_keeps_its_last_answer_as_such() -> None:
    raw = b"<R1>display version\r\nHuawei\r\n<R1>display clock\r\n"

    found = list(split_log(raw, platform("huawei_vrp")))

    assert [(command, outcome) for command, _, outcome in found] == [
        ("display version", Outcome.ACCEPTED)
    ]


@pytest.mark.parametrize("name", ["huawei_vrp", "h3c_comware"])
@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("dis ver", "display version"),
        ("dis ip rou", "display ip routing-table"),
        ("dis ip int br", "display ip interface brief"),
        ("dis int br", "display interface brief"),
        ("dis ipv6 rou", "display ipv6 routing-table"),
        ("dis ip rou vpn water", "display ip routing-table vpn-instance water"),
        ("dis nonsense", None),
        ("reset saved", None),
    ],
)
def test_an_abbreviated_command_is_expanded_as_the_device_does(
    name: str, typed: str, command: str | None
) -> None:
    assert expand(typed, platform(name)) == command


WIPED = [
    "\x1b[16D                \x1b[16D",
    "\x1b[42D                                          \x1b[42D",
    "[16D                [16D",
    "[42D                                          [42D",
    "^[[42D                                          ^[[42D",
    "                ",
    "                                          ",
    "\r                \r",
]


@pytest.mark.parametrize("name", ["huawei_vrp", "h3c_comware"])
@pytest.mark.parametrize("wiped", WIPED)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_row_behind_a_pager_is_kept_however_the_log_lost_its_wiping(
    name: str, wiped: str, end: str
) -> None:
    rows = ["interface Vlanif10", " ip address 192.0.2.1 255.255.255.0", "#"]
    text = f"{rows[0]}{end}  ---- More ----{wiped}{rows[1]}{end}{rows[2]}{end}"
    command = "display current-configuration"
    raw = f"<R1>{command}{end}{text}<R1>".encode()
    seen = Observation("o", "R1", command, "file", "", 0.0, Outcome.ACCEPTED, raw)

    answer = clean(seen, platform(name))

    assert list(answer.lines) == [(2, rows[0]), (3, rows[1]), (4, rows[2])]


@pytest.mark.parametrize("wiped", WIPED)
def test_a_prompt_behind_a_pager_begins_the_next_answer(wiped: str) -> None:
    raw = (
        "<R1>display version\r\nHuawei\r\n"
        f"  ---- More ----{wiped}<R1>display arp all\r\n10.0.0.1\r\n<R1>\r\n"
    ).encode()

    found = [(command, outcome) for command, _, outcome in split_log(raw, platform("huawei_vrp"))]

    assert found == [
        ("display version", Outcome.ACCEPTED),
        ("display arp all", Outcome.ACCEPTED),
    ]


def test_a_description_that_speaks_of_the_pager_is_left_alone() -> None:
    raw = b"<R1>display version\r\n description x ---- More ---- [42D y\r\n<R1>"
    seen = Observation("o", "R1", "display version", "file", "", 0.0, Outcome.ACCEPTED, raw)

    lines = clean(seen, platform("huawei_vrp")).lines

    assert list(lines) == [(2, " description x ---- More ---- [42D y")]


@pytest.mark.parametrize(
    "stamp", ["[2024-05-11 10:00:00] ", "[10:00:00.123] ", "10:00:00 ", "2024/05/11 10:00:00.5 "]
)
def test_a_log_whose_lines_the_terminal_stamped_is_read_as_if_it_had_not(stamp: str) -> None:
    said = ["<R1>display current-configuration", "#", "interface Vlanif10", " shutdown", "", "#"]
    text = "".join(f"{stamp}{line}\r\n" for line in [*said, "<R1>display version", "Huawei"])
    raw = f"{text}{stamp}<R1>\r\n".encode()

    parts = list(split_log(raw, platform("huawei_vrp")))

    assert [(c, o) for c, _, o in parts] == [
        ("display current-configuration", Outcome.ACCEPTED),
        ("display version", Outcome.ACCEPTED),
    ]
    seen = Observation("o", "R1", parts[0][0], "file", "", 0.0, Outcome.ACCEPTED, parts[0][1])
    lines = clean(seen, platform("huawei_vrp")).lines
    assert list(lines) == [(2, "#"), (3, "interface Vlanif10"), (4, " shutdown"), (5, ""), (6, "#")]


def test_an_answer_that_begins_with_the_time_of_the_device_keeps_its_lines() -> None:
    text = "2024-05-11 09:14:02.684\r\n10:00:00 UTC Tue 03/05/2024\r\nTime Zone : Beijing\r\n"
    seen = Observation("o", "R1", "display clock", "file", "", 0.0, Outcome.ACCEPTED, text.encode())

    lines = clean(seen, platform("h3c_comware")).lines

    assert [line for _, line in lines][-2:] == [
        "10:00:00 UTC Tue 03/05/2024",
        "Time Zone : Beijing",
    ]
