"""Which lines of ping and traceroute may be sent, and what hostile answers to them become."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

import pytest

from netops.collection.guard import ReadOnlyGuard
from netops.errors import GuardError
from netops.evidence.observation import Observation, Outcome
from netops.facts.measurements import Address, Echoes, Path, Reach
from netops.platforms.active import MOST_ECHOES, SOURCE_NOT_SET, ActiveCommands
from netops.platforms.answer import Answer
from netops.platforms.registry import NAMES, platform
from netops.reading.cleaning import clean

TARGET, SOURCE = ip_address("198.51.100.9"), ip_address("10.1.12.1")
TARGET6, SOURCE6 = ip_address("2001:db8:23::2"), ip_address("2001:db8:12::1")


def _active(name: str) -> ActiveCommands:
    found = platform(name).active
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("huawei_vrp", "ping -vpn-instance GOV -a 10.1.12.1 -c 10 -m 200 -t 2000 198.51.100.9"),
        ("h3c_comware", "ping -vpn-instance GOV -a 10.1.12.1 -c 10 -m 200 -t 2000 198.51.100.9"),
        ("frr", None),
        ("linux_host", None),
    ],
)
def test_a_ping_in_an_instance_is_asked_only_where_the_platform_can(
    name: str, line: str | None
) -> None:
    assert _active(name).ping_line(TARGET, SOURCE, "GOV", 10) == line


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("huawei_vrp", "tracert ipv6 -a 2001:db8:12::1 -q 1 -w 2000 2001:db8:23::2"),
        ("h3c_comware", "tracert ipv6 -q 1 -w 2000 2001:db8:23::2"),
        ("frr", "traceroute ipv6 2001:db8:23::2"),
        ("linux_host", "traceroute -n -q 1 -w 2 -s 2001:db8:12::1 2001:db8:23::2"),
    ],
)
def test_a_trace_leaves_out_a_source_that_cannot_be_set_and_says_so(name: str, line: str) -> None:
    assert _active(name).trace_line(TARGET6, SOURCE6) == line
    path = platform(name).measured(Answer.of("", line))
    assert isinstance(path, Path)
    sets = str(SOURCE6) in line
    assert path.source == (SOURCE6 if sets else None)
    assert (SOURCE_NOT_SET in path.detail) is not sets


def test_frr_says_why_it_has_no_ping() -> None:
    active = _active("frr")
    assert active.ping_line(TARGET) is None
    assert "does not end" in active.untold["ping"]
    assert not platform("frr").admits("ping 198.51.100.9")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("target", "source", "count"),
    [
        (TARGET, SOURCE, 0),
        (TARGET, SOURCE, MOST_ECHOES + 1),
        (TARGET, SOURCE6, 5),
        (ip_address("224.0.0.5"), None, 5),
        (ip_address("255.255.255.255"), None, 5),
        (ip_address("0.0.0.0"), None, 5),  # noqa: S104 - an address that must be refused
        (ip_address("ff02::1"), None, 5),
        (ip_address("fe80::1%eth0"), None, 5),
    ],
)
def test_what_many_would_answer_or_is_too_much_is_never_asked(
    name: str, target: Address, source: Address | None, count: int
) -> None:
    active = _active(name)
    assert active.ping_line(target, source, "", count) is None
    if count == 5:
        assert active.trace_line(target, source) is None


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("huawei_vrp", "ping -c 21 -m 200 -t 2000 198.51.100.9"),
        ("huawei_vrp", "ping -c 5 -m 1 -t 2000 198.51.100.9"),
        ("huawei_vrp", "ping -c 5 -m 200 -t 2000 -s 8000 198.51.100.9"),
        ("huawei_vrp", "ping -c 5 -m 200 -t 2000 www.example"),
        ("huawei_vrp", "ping -a 2001:db8::1 -c 5 -m 200 -t 2000 198.51.100.9"),
        ("huawei_vrp", "ping -vpn-instance A B -c 5 -m 200 -t 2000 198.51.100.9"),
        ("huawei_vrp", "ping ipv6 -c 5 -m 200 -t 2000 198.51.100.9"),
        ("h3c_comware", "ping 198.51.100.9"),
        ("frr", "ping 198.51.100.9"),
        ("frr", "traceroute -I"),
        ("linux_host", "ping -f 198.51.100.9"),
        ("linux_host", "ping -n -c 5 -i 0.2 -W 2 198.51.100.9 198.51.100.10"),
        ("linux_host", "ping -n -c 05 -i 0.2 -W 2 198.51.100.9"),
        ("linux_host", "ping -n -c 5 -i 0.2 -W 2 198.51.100.9; id"),
        ("linux_host", "traceroute -n -q 1 -w 2 2001:DB8::1"),
        ("linux_host", "traceroute -n -q 1 -w 2 999.1.1.1"),
    ],
)
def test_the_guard_admits_no_other_form(name: str, line: str) -> None:
    known = platform(name)
    assert known.active is not None
    assert known.active.asked(line) is None or ";" in line
    with pytest.raises(GuardError):
        ReadOnlyGuard(known).admit(line)


@pytest.mark.parametrize("name", ["huawei_vrp", "h3c_comware", "linux_host"])
@pytest.mark.parametrize("source", [None, SOURCE])
def test_the_guard_admits_every_line_that_is_made(name: str, source: Address | None) -> None:
    active = _active(name)
    for line in (active.ping_line(TARGET, source, "", 20), active.trace_line(TARGET, source)):
        assert line is not None
        assert ReadOnlyGuard(platform(name)).admit(line).text == line


def _ping(text: str, target: str = "10.1.23.2", name: str = "linux_host") -> Echoes:
    line = _active(name).ping_line(ip_address(target), None, "", 3)
    assert line is not None
    found = platform(name).measured(Answer.of(text, line))
    assert isinstance(found, Echoes)
    return found


REPLIES = """64 bytes from 10.1.23.2: icmp_seq=1 ttl=63 time=0.5 ms
64 bytes from 10.1.23.2: icmp_seq=2 ttl=63 time=0.7 ms
"""


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        (REPLIES + "3 packets transmitted, 3 received, 0% packet loss, time 2ms",
         "3 replies of 3 counted, 2 printed"),
        (REPLIES + "1 packets transmitted, 2 received, 0% packet loss, time 2ms",
         "2 replies of 1 counted, 2 printed"),
        (REPLIES.replace("10.1.23.2", "10.1.23.9") + "3 packets transmitted, 2 received",
         "2 replies of 3 counted, 0 printed"),
        ("--- 10.9.9.9 ping statistics ---\n3 packets transmitted, 0 received",
         "the answer is about 10.9.9.9"),
        ("0 packets transmitted, 0 received", "nothing was sent"),
        (REPLIES, "the answer ends before its totals (2 replies seen)"),
        ("", "the answer ends before its totals (0 replies seen)"),
        ("ping: socket: Operation not permitted",
         "refused: ping: socket: Operation not permitted"),
        ("-bash: ping: command not found", "not supported: -bash: ping: command not found"),
        ("ping: nowhere.invalid: Name or service not known",
         "ping: nowhere.invalid: Name or service not known"),
        ("connect: Network is unreachable", "connect: Network is unreachable"),
        ("x" * 10_000, "x" * 80),
    ],
)  # fmt: skip
def test_a_series_that_does_not_add_up_was_not_measured(text: str, detail: str) -> None:
    found = _ping(text)
    assert (found.reach, found.round_trips_ms) == (Reach.NOT_MEASURED, ())
    assert found.detail == detail


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("huawei_vrp", "Error: Unrecognized command found at '^' position."),
        ("h3c_comware", "% Unrecognized command found at '^' position."),
    ],
)
def test_a_refusal_below_its_caret_is_told_in_the_device_s_words(name: str, said: str) -> None:
    line = _active(name).ping_line(ip_address("10.1.23.2"))
    assert line is not None
    raw = f"{line}\r\n          ^\r\n {said}\r\n<R1>".encode()
    seen = Observation("o", "R1", line, "ssh", "", 0.1, Outcome.ACCEPTED, raw)
    found = platform(name).measured(clean(seen, platform(name)))
    assert isinstance(found, Echoes)
    assert (found.reach, found.detail) == (Reach.NOT_MEASURED, f"not supported: {said}")


def test_text_in_another_language_is_not_taken_for_a_loss() -> None:
    raw = "正在 Ping 10.1.23.2\r\n请求超时。\r\n来自 10.1.23.2 的回复\r\n<R1>".encode("gbk")
    line = _active("huawei_vrp").ping_line(ip_address("10.1.23.2"))
    assert line is not None
    seen = Observation("o", "R1", line, "ssh", "", 0.1, Outcome.ACCEPTED, raw)
    found = platform("huawei_vrp").measured(clean(seen, platform("huawei_vrp")))
    assert isinstance(found, Echoes)
    assert found.reach is Reach.NOT_MEASURED
    assert found.detail == "正在 Ping 10.1.23.2"


def test_echo_prompt_and_log_lines_are_no_part_of_a_series() -> None:
    line = "ping -c 2 -m 200 -t 2000 10.1.23.2"
    raw = f"""{line}\r
  PING 10.1.23.2: 56  data bytes, press CTRL_C to break\r
    Reply from 10.1.23.2: bytes=56 Sequence=1 ttl=254 time=3 ms\r
%Sep 12 2024 10:00:00 R1 %%01IFNET/4/LINK_STATE(l)[0]:The line protocol is down.\r
    Reply from 10.1.23.2: bytes=56 Sequence=2 ttl=254 time=4 ms\r
\r
  --- 10.1.23.2 ping statistics ---\r
    2 packet(s) transmitted\r
    2 packet(s) received\r
    0.00% packet loss\r
    round-trip min/avg/max = 3/3/4 ms\r
\r
<R1>""".encode()
    seen = Observation("o", "R1", line, "ssh", "", 0.1, Outcome.ACCEPTED, raw)
    found = platform("huawei_vrp").measured(clean(seen, platform("huawei_vrp")))
    assert isinstance(found, Echoes)
    assert (found.reach, found.round_trips_ms) == (Reach.WORKS, (3.0, 4.0))
    assert found.evidence == ("o", 2, 11)


@pytest.mark.parametrize(
    ("rows", "hops", "reached", "detail"),
    [
        ("traceroute to 10.9.9.9 (10.9.9.9), 30 hops max\n 1  10.1.23.2  1 ms", 0, False,
         "not understood: the answer is about 10.9.9.9"),
        (" 1  10.1.12.2  1 ms !H\n", 1, False, "answered with !H at hop 1"),
        (" 1  10.1.23.2  1 ms !X\n", 1, False, "answered with !X at hop 1"),
        (" 1  *\n 2  10.1.23.2  1 ms *\n", 2, True, ""),
        (" 1  10.1.12.2  1 ms\n    10.1.12.6  2 ms\n", 1, False, "the answer ends at hop 1"),
        (" 1  what is this  1 ms\n", 0, False, "not understood: 1  what is this  1 ms"),
        (" 1  10.1.12.2  1 ms\n 1  10.1.23.2  1 ms\n", 1, False,
         "not understood: 1  10.1.23.2  1 ms; the answer ends at hop 1"),
        (" 99  10.1.23.2  1 ms\n", 0, False, "not understood: 99  10.1.23.2  1 ms"),
        ("-bash: traceroute: command not found", 0, False,
         "not supported: -bash: traceroute: command not found"),
        ("", 0, False, "the answer holds no hop"),
    ],
)  # fmt: skip
def test_only_the_targets_own_plain_answer_reaches_it(
    rows: str,
    hops: int,
    reached: bool,  # noqa: FBT001 - a column of the table of cases
    detail: str,
) -> None:
    line = _active("linux_host").trace_line(ip_address("10.1.23.2"))
    assert line is not None
    path = platform("linux_host").measured(Answer.of(rows, line))
    assert isinstance(path, Path)
    assert (len(path.hops), path.reached) == (hops, reached)
    assert path.detail.removesuffix("each probe is a flow of its own").removesuffix("; ") == detail


def test_a_second_address_on_its_own_line_belongs_to_the_hop_above() -> None:
    line = _active("linux_host").trace_line(ip_address("10.1.23.2"))
    assert line is not None
    text = " 1  10.1.12.2  1 ms\n    10.1.12.6  2 ms\n"
    path = platform("linux_host").measured(Answer.of(text, line))
    assert isinstance(path, Path)
    assert [str(address) for address in path.hops[0].addresses] == ["10.1.12.2", "10.1.12.6"]


def test_a_flood_of_rows_is_read_in_one_pass() -> None:
    line = _active("linux_host").trace_line(ip_address("10.1.23.2"))
    assert line is not None
    rows = ("traceroute to " + "to (" * 200 + "\n" + "1 " + "( " * 300 + "\n") * 300
    path = platform("linux_host").measured(Answer.of(rows, line))
    assert isinstance(path, Path)
    assert path.hops == ()


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_to_any_other_line_is_no_measurement(name: str) -> None:
    known = platform(name)
    first = known.first_commands()[0].text
    assert known.measured(Answer.of(REPLIES, first)) is None
    assert replace(known, active=None).measured(Answer.of(REPLIES, first)) is None
