"""Flow files: three formats, read to the same records; hostile input ends in an answer.

All lines and messages here are synthetic, written after RFC 7011 and the vendors' field lists.
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest

from netops.facts.answers import AnswerState
from netops.facts.measurements import FlowRecord
from netops.platforms.answer import Parsed
from netops.reading.flows import parse_flows

INSIDE, OUTSIDE, FAR = "10.1.0.7", "198.51.100.2", "203.0.113.80"
NOON = datetime(2026, 11, 21, 8, 10, 51, tzinfo=UTC)

H3C = (
    b"<6> Nov 21 16:15:02 2026 HN-FW-1 %%10session/6/SESSION_IPV4_FLOW: Protocol(1001)=TCP;"
    b"SrcIPAddr(1003)=10.1.0.7;SrcPort(1004)=40000;NatSrcIPAddr(1005)=198.51.100.2;"
    b"NatSrcPort(1006)=1024;DstIPAddr(1007)=203.0.113.80;DstPort(1008)=443;"
    b"BeginTime_e(1013)=11212026161051;EndTime_e(1014)=11212026161151;Event(1048)=(2)aged;\n"
)
USG = (
    b"<190>2026-11-21 16:11:51 HN-FW-2 %%01SECLOG/6/SESSION_TEARDOWN(l):IPVer=4,Protocol=udp,"
    b"SourceIP=10.1.0.7,DestinationIP=203.0.113.80,SourcePort=1,DestinationPort=53,"
    b"SourceNatIP=198.51.100.2,SourceNatPort=2048,BeginTime=1795248651,EndTime=1795248711,"
    b"SendPkts=3,SendBytes=180.\n"
)
CSV = (
    b"ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,ra\n"
    b"2026-11-21 16:10:51,2026-11-21 16:11:51,60.000,10.1.0.7,203.0.113.80,40000,443,TCP,"
    b".AP.SF,0,0,12,3400,0,0,10.255.0.1\n"
    b"Summary\nflows,bytes,packets\n1,3400,12\n"
)


def message(*sets: bytes, exported: int = 1795248660) -> bytes:
    """Frame sets as one IPFIX message of domain 9."""
    body = b"".join(sets)
    return struct.pack("!HHIII", 10, 16 + len(body), exported, 0, 9) + body


def a_set(number: int, content: bytes) -> bytes:
    """Frame the content of one set."""
    return struct.pack("!HH", number, 4 + len(content)) + content


TEMPLATE = a_set(
    2,
    struct.pack("!HH", 256, 7)
    + struct.pack("!HHHHHHHHHHHH", 8, 4, 12, 4, 225, 4, 4, 1, 152, 8, 153, 8)
    + struct.pack("!HHI", 0x8000 | 77, 65535, 2011),
)


def data(name: bytes = b"x") -> bytes:
    """Return one record of the template: 10.1.0.7 to 203.0.113.80 as 198.51.100.2, by TCP."""
    return (
        ip_address(INSIDE).packed + ip_address(FAR).packed + ip_address(OUTSIDE).packed
        + bytes([6]) + struct.pack("!QQ", 1795248651_000, 1795248711_000)
        + bytes([len(name)]) + name
    )  # fmt: skip


def only(parsed: Parsed) -> FlowRecord:
    """Return the one record of a file that was understood."""
    assert parsed.state is AnswerState.UNDERSTOOD, parsed.detail
    (record,) = parsed.facts
    assert isinstance(record, FlowRecord)
    return record


def test_an_ipfix_record_with_a_translation_and_an_enterprise_field_is_read() -> None:
    found = only(parse_flows("P1.ipfix", message(TEMPLATE, a_set(256, data())), "flows/1"))
    assert (str(found.inside), str(found.destination), str(found.outside)) == (INSIDE, FAR, OUTSIDE)
    assert found.exporter == "P1"
    assert found.protocol == 6
    assert found.begin == NOON
    assert found.end == datetime(2026, 11, 21, 8, 11, 51, tzinfo=UTC)
    assert found.evidence == ("flows/1", 0, 0)


def test_ipfix_templates_hold_over_messages_and_for_their_own_domain_alone() -> None:
    first, second = message(TEMPLATE), message(a_set(256, data(b"") + data(b"longer")))
    assert len(parse_flows("P1.ipfix", first + second).facts) == 2
    other = bytearray(second)
    other[12:16] = struct.pack("!I", 10)
    parsed = parse_flows("P1.ipfix", first + bytes(other))
    assert parsed.facts == ()
    assert parsed.unread[0].text == "data without template 256"


def test_a_session_log_of_h3c_gives_the_address_after_translation_in_local_time() -> None:
    found = only(parse_flows("logs.txt", H3C))
    assert found.exporter == "HN-FW-1"
    assert (str(found.inside), str(found.outside), found.protocol) == (INSIDE, OUTSIDE, 6)
    assert found.begin == NOON
    assert found.evidence.first == 1


def test_a_session_log_of_huawei_gives_the_address_after_translation() -> None:
    found = only(parse_flows("logs.txt", b"<189>something else\n" + USG))
    assert found.exporter == "HN-FW-2"
    assert (str(found.outside), found.protocol, found.octets) == (OUTSIDE, 17, 180)
    assert found.begin == NOON
    assert found.evidence.first == 2


def test_nfdump_csv_gives_flows_by_router_and_no_translation() -> None:
    found = only(parse_flows("all.csv", CSV))
    assert found.exporter == "10.255.0.1"
    assert found.outside is None
    assert (found.protocol, found.octets) == (6, 3400)
    assert (found.begin, found.end.minute) == (NOON, 11)


def test_without_a_router_the_file_names_the_exporter() -> None:
    raw = CSV.replace(b",ra\n", b"\n").replace(b",10.255.0.1\n", b"\n")
    assert only(parse_flows("in/HN-CS-CORE-01.csv", raw)).exporter == "HN-CS-CORE-01"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00",
        b"\x00\x0a",
        b"\x00\x09" + bytes(40),
        b"\xd4\xc3\xb2\xa1" + bytes(40),
        b"\x00\x0a" + b"\xff" * 200,
        message(a_set(2, struct.pack("!HHHH", 256, 1, 8, 0)), a_set(256, bytes(60))),
        message(a_set(2, struct.pack("!HH", 256, 65535))),
        message(TEMPLATE, a_set(256, data()[:-2] + b"\xff\xff\xff")),
        message(struct.pack("!HH", 2, 3)),
        b"sa,da\n" + b'"' * 9000,
        b"ts,te,sa,da\n9e999,nan,10.0.0.1,10.0.0.2\n",
        b"%%10session/6/SESSION_IPV4_FLOW: SrcIPAddr(1003)=" + b"A(" * 9000,
        "会话 %%01SECLOG/6/SESSION_BUILT(l):SourceIP=10.1.0.7".encode("gbk"),
        H3C.replace(b"11212026161051", b"99999999999999"),
        USG.replace(b"1795248651", b"9" * 400),
    ],
)
def test_a_file_that_holds_no_good_record_is_not_understood_and_never_raises(raw: bytes) -> None:
    parsed = parse_flows("x", raw)
    assert parsed.state is AnswerState.NOT_UNDERSTOOD
    assert parsed.facts == ()


def test_every_cut_of_a_good_file_ends_in_an_answer() -> None:
    raw = message(TEMPLATE, a_set(256, data() * 3))
    for length in range(len(raw)):
        assert all(isinstance(f, FlowRecord) for f in parse_flows("x", raw[:length]).facts)


def test_a_file_of_which_most_is_not_understood_is_not_understood() -> None:
    broken = H3C.replace(b"SrcIPAddr(1003)=10.1.0.7;", b"")
    parsed = parse_flows("logs.txt", H3C + broken * 3)
    assert parsed.state is AnswerState.NOT_UNDERSTOOD
    assert len(parsed.unread) == 3
    assert parsed.facts == ()
