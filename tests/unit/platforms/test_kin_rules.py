"""Dead rules of access lists: covered alone, together, in order, narrowed, in bulk."""

from __future__ import annotations

import pytest

from netops.platforms.kin.rules import Rule, read_rule, unreachable


def rules(*lines: str) -> list[Rule]:
    found = [read_rule(line, at, 0, basic=False) for at, line in enumerate(lines, 1)]
    return [rule for rule in found if rule is not None]


def dead(*lines: str) -> dict[str, list[str]]:
    found = unreachable(rules(*lines))
    assert found is not None
    return {
        kind: [f"{rule.number}<{before.number}" for rule, before in pairs]
        for kind, pairs in found._asdict().items()
        if pairs
    }


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("rule 5 permit ip source 10.0.0.0 0.255.255.255", "rule 10 deny tcp source 10.1.1.1 0"),
         {"shadowed": ["10<5"]}),
        (("rule 5 deny tcp source 10.1.1.1 0", "rule 10 permit ip source 10.0.0.0 0.255.255.255"),
         {}),
        (("rule 5 permit tcp destination-port eq ssh", "rule 10 permit tcp destination-port eq 22"),
         {"duplicate": ["10<5"]}),
        (("rule 5 permit tcp destination-port range 30 20",
          "rule 10 permit tcp destination-port eq 25"), {"redundant": ["10<5"]}),
        (("rule 5 permit tcp destination-port gt 1023", "rule 10 deny tcp destination-port eq 1023"),
         {}),
        (("rule 5 permit udp", "rule 10 deny tcp"), {}),
        (("rule 5 permit ip", "rule 10 deny icmp"), {"shadowed": ["10<5"]}),
        (("rule 5 permit 6", "rule 10 deny tcp"), {"contradictory": ["10<5"]}),
        (("rule 5 permit ip source any", "rule 10 deny ip"), {"contradictory": ["10<5"]}),
        (("rule 5 permit ip source 10.1.1.9 0.0.0.255", "rule 10 deny ip source 10.1.1.1 0"),
         {"shadowed": ["10<5"]}),
        (("rule 5 permit ip source 10.0.0.1 0.0.255.0", "rule 10 deny ip source 10.0.7.1 0"),
         {"shadowed": ["10<5"]}),
        (("rule 5 permit ip source 10.0.0.1 0.0.255.0", "rule 10 deny ip source 10.0.7.2 0"), {}),
        (("rule 5 permit ip source 10.1.0.0 0.0.0.127",
          "rule 10 permit ip source 10.1.0.128 0.0.0.127",
          "rule 15 deny ip source 10.1.0.0 0.0.0.255"), {"shadowed": ["15<5"]}),
        (("rule 5 permit ip source 10.1.0.0 0.0.0.127",
          "rule 10 permit ip source 10.1.0.128 0.0.0.63",
          "rule 15 deny ip source 10.1.0.0 0.0.0.255"), {}),
        (("rule 5 permit ip source 2001:DB8::/32", "rule 10 deny ip source 2001:DB8:1::/48"),
         {"shadowed": ["10<5"]}),
    ],
)  # fmt: skip
def test_a_rule_is_dead_where_earlier_ones_leave_it_nothing(
    lines: tuple[str, ...], expected: dict[str, list[str]]
) -> None:
    assert dead(*lines) == expected


@pytest.mark.parametrize(
    "word",
    ["time-range work", "vpn-instance a", "tcp-flag ack", "established", "source object-group g",
     "source-port neq 5", "dscp ef", "a-word-of-tomorrow"],
)  # fmt: skip
def test_a_narrowed_rule_is_covered_and_never_covers(word: str) -> None:
    assert dead(f"rule 5 permit tcp {word}", "rule 10 deny tcp source 192.0.2.7 0") == {}
    covered = dead("rule 5 permit ip", f"rule 10 deny tcp {word}")
    assert covered == {"shadowed": ["10<5"]}


def test_remarks_are_no_rules() -> None:
    assert rules("rule 5 description permit", "rule 5 comment deny all", "rule", "rule 5") == []


def test_a_rule_without_a_number_takes_the_next() -> None:
    rule = read_rule("rule permit ip", 1, 15, basic=False)
    assert rule is not None
    assert rule.number == 15


def test_more_shapes_than_can_be_held_apart_are_not_judged() -> None:
    lines = [
        f"rule {n} permit ip source 10.0.0.0 {(n * 37) % 256}.{n % 256}.{(n * 11) % 256}.1"
        for n in range(1, 400)
    ]
    assert unreachable(rules(*lines)) is None


def test_a_thousand_disjoint_rules_have_no_dead_one() -> None:
    lines = [
        f"rule {n} permit tcp source 10.{n // 250}.{n % 250}.0 0.0.0.255 destination-port eq 443"
        for n in range(1, 1001)
    ]
    assert dead(*lines) == {}


_BOTH = "source 192.0.2.0 0.0.0.255 destination 198.51.100.1 0"


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        (f"tcp {_BOTH} tcp-flag established", True),
        (f"tcp {_BOTH} time-range work", False),
        (f"tcp {_BOTH} destination-port eq 443 time-range work", True),
        (f"ip {_BOTH} time-range work", False),
        (f"gre {_BOTH} time-range work", True),
        (f"17 {_BOTH} time-range work", False),
        (
            "tcp source any destination 198.51.100.1 0 destination-port eq 443 time-range work",
            False,
        ),
        (
            "tcp source object-group a destination object-group b destination-port object-group c",
            True,
        ),
        ("vpn-instance a", False),
    ],
)
def test_a_rule_that_is_narrowed_in_other_ways_still_has_to_name_all(
    rule: str, *, named: bool
) -> None:
    (found,) = rules(f"rule 5 permit {rule}")
    assert (found.narrowed, found.named) == (True, named)
