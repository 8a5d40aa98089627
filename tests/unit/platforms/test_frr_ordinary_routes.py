"""The short way through a routing table of FRR leads to the same rows, or is not taken."""

from __future__ import annotations

import re

import pytest

from netops.facts.answers import AnswerState
from netops.facts.routes import RouteTable
from netops.platforms.answer import Answer, Parsed
from netops.platforms.frr import routes_json
from netops.platforms.frr.routes_json import route_parser

_ROUTE = """\
  "{prefix}":[
    {{
      "prefix":"{prefix}",
      "prefixLen":{length},
      "protocol":"{protocol}",
      "vrfId":0,
      "vrfName":"{vrf}",
      "selected":true,
      "distance":110,
      "metric":3,
      "nexthopGroupId":{group},
      "uptime":"01w2d03h",
      "nexthops":[
        {{
          "ip":"192.0.2.1",
          "interfaceName":"eth0",
          "active":true
        }}
      ]
    }}
  ]"""
_LINES = 21
"""Lines of one route."""

ROUTES = (
    ("203.0.113.0/24", 24, "ospf", 7),
    ("198.51.100.0/24", 24, "ospf", 8),
    ("192.0.2.0/30", 30, "connected", 9),
)


def document(vrf: str = "default") -> str:
    blocks = [
        _ROUTE.format(prefix=p, length=n, protocol=word, group=g, vrf=vrf)
        for p, n, word, g in ROUTES
    ]
    return "{\n" + ",\n".join(blocks) + "\n}"


def parsed(text: str) -> Parsed:
    return route_parser(4)(Answer.of(text, "show ip route vrf all json", "r#1"))


def rows(found: Parsed) -> list[tuple[str, str, int, str, bool, int, int]]:
    return [
        (t.vpn, f"{r.network:08x}/{r.length}", r.metric, f"{r.protocol} {r.next_hop} {r.interface}",
         r.active, r.line, r.last)
        for t in found.facts if isinstance(t, RouteTable) for r in t.rows
    ]  # fmt: skip


EXPECTED = [
    ("", "cb007100/24", 3, "ospf 192.0.2.1 eth0", True, 2, 22),
    ("", "c6336400/24", 3, "ospf 192.0.2.1 eth0", True, 23, 43),
    ("", "c0000200/30", 3, "direct 192.0.2.1 eth0", True, 44, 64),
]


@pytest.fixture
def short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where the general reader is asked: it would raise."""

    def refuse(*_: object) -> Parsed:
        raise AssertionError("the long way was taken")

    monkeypatch.setattr(routes_json, "json_parser", lambda _read: refuse)


def test_ordinary_routes_are_read_the_short_way(short_way: None) -> None:  # noqa: ARG001 - patch
    found = parsed(document())

    assert rows(found) == EXPECTED
    assert (found.unread, found.state) == ((), AnswerState.UNDERSTOOD)


def test_the_documents_of_several_instances_keep_their_lines(
    short_way: None,  # noqa: ARG001 - patch
) -> None:
    found = parsed(document() + "\n" + document("gov"))

    begin = 2 + 3 * _LINES  # the braces of the first document and its routes
    assert rows(found)[:3] == EXPECTED
    assert rows(found)[3:] == [
        ("gov", prefix, metric, words, active, first + begin, last + begin)
        for _, prefix, metric, words, active, first, last in EXPECTED
    ]


def test_escaped_slashes_are_read_the_short_way(short_way: None) -> None:  # noqa: ARG001 - patch
    assert rows(parsed(re.sub(r"(\d)/(\d)", r"\1\\/\2", document()))) == EXPECTED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"metric":3,\n      "nexthopGroupId":7', '"metric":3 ,\n      "nexthopGroupId":7'),
        ('      "nexthopGroupId":8,\n', '      "nexthopGroupId":8,  \n'),
        ('"prefixLen":30,', '"prefixLen": 30,'),
        ("\n}", "\n} "),
    ],
)
def test_another_layout_gives_the_same_rows(old: str, new: str) -> None:
    text = document()
    assert old in text

    assert rows(parsed(text.replace(old, new))) == EXPECTED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"uptime":"01w2d03h",\n      "nexthops"', '"uptime":"01w2d03h"\n      "nexthops"'),
        ('"prefixLen":30,\n      "protocol":"connected",', '"prefixLen":30,\n'),
        ("        }\n      ]\n    }\n  ]\n}", "        }\n      ]\n    }\n  \n}"),
        ("        }\n      ]\n    }\n  ]\n}", "        }\n      ]\n  ]\n}"),
        ('"active":true\n', '"active":true,\n'),
        ('"nexthopGroupId":9,', '"nexthopGroupId":09,'),
    ],
)
def test_what_is_no_json_or_no_route_is_never_understood_by_the_short_way(
    old: str, new: str
) -> None:
    text = document()
    assert old in text

    found = parsed(text.replace(old, new))

    assert found.unread
    assert rows(found) in ([], EXPECTED[:2])


def test_a_prefix_that_is_printed_twice_is_read_as_json_reads_it() -> None:
    text = document().replace("198.51.100.0", "203.0.113.0")

    assert [row[1] for row in rows(parsed(text))] == ["cb007100/24", "c0000200/30"]
