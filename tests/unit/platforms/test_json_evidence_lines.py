"""A fact read from JSON names every line of its object, not only the one with its key."""

from __future__ import annotations

import pytest

from netops.facts.source import Source
from netops.platforms.answer import Answer
from netops.platforms.frr.interfaces_json import read_interfaces
from netops.platforms.frr.routes_json import route_parser
from netops.platforms.frr.session_json import read_bgp_summary
from netops.platforms.jsontext import Page, Parsed, json_parser

ROUTES = """\
{
  "0.0.0.0/0":[
    {
      "protocol":"static",
      "selected":true,
      "nexthops":[
        {
          "ip":"203.0.113.1",
          "active":true
        }
      ]
    }
  ],
  "10.0.0.0/8":[
    {
      "protocol":"static",
      "nexthops":[
        {
          "ip":"10.1.1.1",
          "active":true
        }
      ]
    }
  ]
}
"""


def test_a_route_names_the_lines_of_its_whole_object() -> None:
    (table,) = route_parser(4)(Answer.of(ROUTES, observation="o")).facts

    assert [row.source("o") for row in table.rows] == [Source("o", 2, 13), Source("o", 14, 24)]
    assert [route.source.last for route in table.routes()] == [13, 24]


def test_an_interface_names_the_lines_of_its_whole_object() -> None:
    text = (
        '{\n  "eth0": {\n    "administrativeStatus": "up"\n  },\n'
        '  "eth1": {\n    "administrativeStatus": "down"\n  }\n}\n'
    )

    facts = read_interfaces(Answer.of(text, observation="o")).facts

    assert [fact.source for fact in facts] == [Source("o", 2, 4), Source("o", 5, 7)]


def test_a_peer_names_its_own_lines_where_the_nesting_is_not_indented() -> None:
    text = (
        '{\n"default":{\n"ipv4Unicast":{\n  "as":64496,\n  "peers":{\n    "192.0.2.2":{\n'
        '      "remoteAs":64500,\n      "state":"Established"\n    }\n  }\n}\n}\n}\n'
    )

    (peer,) = read_bgp_summary(Answer.of(text, observation="o")).facts

    assert peer.source == Source("o", 6, 9)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a":[1],\n"b":[2]}', (1, 1)),  # a value on the line of its key
        ('{\n  "a":[\n 1]}', (2, 2)),  # nothing closes where the key is indented
        ('{\n  "b":1\n}', (1, 1)),  # no such key: the document's first line
        ('{\n  "a":7\n}', (2, 2)),
        ('{\n  "a":[\n  ]\n}', (2, 3)),
    ],
)
def test_what_is_not_printed_prettily_names_the_line_of_its_key(
    text: str, expected: tuple[int, int]
) -> None:
    found: list[tuple[int, int]] = []

    def read(page: Page) -> Parsed:
        found.append(page.documents[0].finder().span_of("a"))
        return Parsed()

    json_parser(read)(Answer.of(text))

    assert found == [expected]
