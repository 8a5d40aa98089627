"""What the register says of a device stands beside what it showed; a register of nothing, not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from ipaddress import ip_address

import pytest

from netops.baseline import Choice, judge_baseline
from netops.facts.answers import REGISTERED_LINKS, AnswerState, CommandAnswer
from netops.facts.device import Contact
from netops.facts.settings import AssetFacts, ComponentFacts, Setting, Value
from netops.inventory.model import Device, Inventory, LinkKind
from netops.policy.baseline import RuleSet
from netops.registered import (
    RegisteredWays,
    beside,
    closed_ends,
    concerned,
    registered_case,
)

DAY = date(2026, 6, 30)
NO_RULES = RuleSet({}, {}, {}, {}, {}, "")
BARE = Device("case", "case", "", "", "pe", "frr", ip_address("192.0.2.1"), "")
READ = AssetFacts(
    "case", "frr", Contact.ANSWERED, "", (ComponentFacts("frr", version="8.4.4"),),
    (CommandAnswer("show running-config", AnswerState.UNDERSTOOD, "o1"),),
)  # fmt: skip
RING = """\
430121/case 430100/city-r1
430121/case 430121/r2
430121/r2 430100/city-r2
430121102/town 430121/case
430121103/town2 430121/case
430121103/town2 430121/r2
430100/city-r1 430000/core1
430100/city-r2 430000/core2
"""


def told(rows: str) -> dict[str, Value]:
    inventory, device = registered_case(rows, BARE)
    return {s.name: s.value for s in RegisteredWays(inventory).settings_of(device)}


def told_with_closed(rows: str, *closed: tuple[str, str]) -> dict[str, Value]:
    """A row's interfaces are called ``p`` and its number, from 0."""
    inventory, device = registered_case(rows, BARE)
    return {s.name: s.value for s in RegisteredWays(inventory, closed).settings_of(device)}


def gap(rows: str) -> str:
    inventory, device = registered_case(rows, BARE)
    return RegisteredWays(inventory).gap_of(device)


def test_a_county_on_a_ring_has_two_ways_and_one_township_that_hangs_on_it_alone() -> None:
    assert told(RING) == {
        "topology.ways_to_core": 2,
        "topology.far_ends": ("city-r1", "r2", "town", "town2"),
        "topology.cuts_off": ("430121102",),
    }


def test_ways_that_meet_in_one_device_are_one_way() -> None:
    rows = (
        "430121/case 430122/a\n430121/case 430123/b\n"
        "430122/a 430100/r\n430123/b 430100/r\n430100/r 430000/core\n"
    )
    assert told(rows)["topology.ways_to_core"] == 1


def test_a_core_of_one_device_leaves_one_way() -> None:
    assert told(RING.replace("core2", "core1"))["topology.ways_to_core"] == 1


def test_more_than_two_ways_are_told_as_two() -> None:
    ends = "".join(f"430121/case 43010{n}/r{n}\n43010{n}/r{n} 430000/core{n}\n" for n in (1, 2, 3))
    assert told(ends)["topology.ways_to_core"] == 2


def test_a_device_of_the_province_needs_no_way_to_the_core() -> None:
    assert told("430000/case 430100/r\n430100/r 430000/core2\n") == {
        "topology.far_ends": ("r",),
        "topology.cuts_off": (),
    }


def test_the_only_device_of_the_core_cuts_everybody_off() -> None:
    cut = told("430000/case 430100/r\n430100/r 430121/s\n")["topology.cuts_off"]
    assert cut == ("430100", "430121")


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("", "no link between devices is registered"),
        ("430121/r 430000/core\n", "no link of the device is registered"),
        ("430121/case 430122/r\n430123/r2 430000/core\n",
         "no registered way leads to the province core"),
        ("430121/case 430122/r\n", "no registered way leads to the province core"),
    ],
)  # fmt: skip
def test_a_register_that_says_too_little_yields_no_setting_but_why(rows: str, why: str) -> None:
    assert told(rows) == {}
    assert gap(rows) == why


@pytest.mark.parametrize("kind", [LinkKind.ACCESS, LinkKind.INTERNET, LinkKind.OOB])
def test_lines_that_do_not_carry_the_extranet_are_no_ways(kind: LinkKind) -> None:
    inventory, device = registered_case(RING, BARE)
    links = {name: replace(link, kind=kind) for name, link in inventory.links.items()}
    ways = RegisteredWays(replace(inventory, links=links))
    assert ways.gap_of(device) == "no link between devices is registered"


def test_settings_stand_beside_those_of_the_device_with_an_answer_of_their_own() -> None:
    inventory, device = registered_case(RING, BARE)
    known = beside(READ, device, RegisteredWays(inventory))
    assert {s.name for s in known.components[0].settings} == {
        "topology.ways_to_core", "topology.far_ends", "topology.cuts_off",
    }  # fmt: skip
    assert known.state_of(REGISTERED_LINKS) is AnswerState.UNDERSTOOD
    assert known.state_of("show running-config") is AnswerState.UNDERSTOOD


def test_of_a_device_that_was_not_read_nothing_is_added() -> None:
    inventory, device = registered_case(RING, BARE)
    silent = AssetFacts("case", "frr", Contact.NOT_ASKED)
    assert beside(silent, device, RegisteredWays(inventory)) == silent


@pytest.mark.parametrize("rows", ["", RING])
def test_the_register_is_no_answer_of_the_device(rows: str) -> None:
    """Coverage counts what devices answered: with or without links it is the same."""
    inventory, device = registered_case(rows, BARE)
    held = replace(inventory, devices={"case": device})
    cut = replace(READ, answers=(CommandAnswer("show version", AnswerState.REFUSED, "o1"),))
    assert coverage(held, beside(READ, device, RegisteredWays(inventory))) == 1
    assert coverage(held, beside(cut, device, RegisteredWays(inventory))) == 0


def coverage(inventory: Inventory, facts: AssetFacts) -> int:
    judged = judge_baseline(inventory, {"case": facts}, NO_RULES, Choice(), DAY)
    return judged.coverage.understood


def test_a_line_that_an_end_shows_shut_is_no_way() -> None:
    found = told_with_closed(RING, ("city-r1", "p0"))
    assert found["topology.ways_to_core"] == 1
    assert found["topology.far_ends"] == ("r2", "town", "town2")
    assert found["topology.shut_links"] == ("L0",)


def test_where_every_way_is_shut_none_is_left_and_nothing_is_unknown() -> None:
    rows = "430121/case 430100/city-r1\n430100/city-r1 430000/core1\n"
    found = told_with_closed(rows, ("city-r1", "p1"))
    assert found["topology.ways_to_core"] == 0
    assert found["topology.far_ends"] == ("city-r1",)
    found = told_with_closed(rows, ("case", "p0"))
    assert (found["topology.ways_to_core"], found["topology.far_ends"]) == (0, ())


def test_a_shut_interface_that_carries_no_registered_line_changes_nothing() -> None:
    assert told_with_closed(RING, ("case", "p7"), ("elsewhere", "p0")) == told(RING)


def test_who_hangs_on_a_device_is_told_over_the_lines_that_are_open() -> None:
    found = told_with_closed(RING, ("town2", "p5"))
    assert found["topology.cuts_off"] == ("430121102", "430121103")


def test_ends_are_closed_by_configuration_and_by_what_is_shown_live() -> None:
    settings = (Setting("interface.shut", ("eth1",)), Setting("interface.down", ("eth2", "eth3")))
    asset = replace(READ, components=(ComponentFacts("frr", settings=settings),))
    assert closed_ends([asset]) == {("case", "eth1"), ("case", "eth2"), ("case", "eth3")}
    assert closed_ends([READ]) == frozenset()


def test_shut_ends_beyond_the_core_say_nothing_of_a_device() -> None:
    rows = RING + "430000/core1 430200/far\n430200/far 430201/farther\n"
    inventory, _ = registered_case(rows, BARE)
    near = {"case", "r2", "town", "town2", "city-r1", "city-r2", "core1", "core2"}
    assert concerned(inventory, ["case"]) == near
    assert concerned(inventory, ["farther"]) == {"farther", "far", "core1"}
    assert concerned(inventory, ["core1"]) == near | {"far", "farther"}
    assert concerned(inventory, ["stranger"]) == frozenset()
