"""Laws of the exits audit over made-up networks with drawn faults."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "exits"))
from exits_world import DAY, Router, Seen, World, build_world

from netops.exits import judge_exits
from netops.facts.device import Contact, DeviceFacts
from netops.facts.nat import NatKind, NatRule
from netops.facts.policy_routes import PolicyRoute
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.findings import WORST_FIRST, Strength
from netops.inventory.model import AccessClass, Inventory

NAMES = ("P1", "C1", "K1", "T1")
RANK = {strength: place for place, strength in enumerate(WORST_FIRST)}


def line(world: World, name: str, kind: int) -> tuple[Router, str, str]:
    """Open an undeclared line, one for each kind of exit; return it and the carrier's address."""
    router = world.routers[name]
    number = 4 * (8 * NAMES.index(name) + kind)
    port = f"GigabitEthernet0/8/{kind}"
    if port not in router.interfaces:
        router.port(port, f"203.0.113.{number + 2}/30")
    return router, port, f"203.0.113.{number + 1}"


def add_default(world: World, name: str) -> None:
    router, port, hop = line(world, name, 0)
    router.row("0.0.0.0/0", hop, port)


def add_specific(world: World, name: str) -> None:
    router, port, hop = line(world, name, 1)
    router.row("39.96.0.0/16", hop, port)


def add_halves(world: World, name: str) -> None:
    router, port, hop = line(world, name, 2)
    router.row("0.0.0.0/1", hop, port).row("128.0.0.0/1", hop, port)


def add_floating(world: World, name: str) -> None:
    router, port, hop = line(world, name, 3)
    router.static("0.0.0.0/0", hop, port, preference=200)


def add_public(world: World, name: str) -> None:
    line(world, name, 4)


def add_policy(world: World, name: str) -> None:
    router, _, hop = line(world, name, 5)
    router.add(
        "policy_routes",
        PolicyRoute("P", 5, next_hops=(ip_address(hop),), interfaces=("Vlanif10",)),
    )


def add_ipv6(world: World, name: str) -> None:
    router, port, _ = line(world, name, 6)
    number = NAMES.index(name)
    router.port("Vlanif10", f"2001:db8:{number}::1/64").port(port, f"2001:db8:f00{number}::2/64")
    router.row("::/0", f"2001:db8:f00{number}::1", port)


def silence(world: World, name: str) -> None:
    world.routers[name].contact = Contact.HUNG


def cut(world: World, name: str) -> None:
    world.routers[name].complete = False


def drop(world: World, name: str) -> None:
    router = world.routers[name]
    router.rows[("", 4)] = [row for row in router.rows[("", 4)] if row.length]


def turn_back(world: World, name: str) -> None:
    """Send a router's default down again, where there is somebody below."""
    number = NAMES.index(name) + 1
    drop(world, name)
    if number < len(NAMES):
        world.routers[name].row("0.0.0.0/0", f"10.0.{number}.2", f"GigabitEthernet0/1/{number}")


def make_class(access_class: AccessClass) -> Callable[[World, str], None]:
    def act(world: World, name: str) -> None:
        known = world.departments[f"D-{name}"]
        world.departments[f"D-{name}"] = replace(known, access_class=access_class)

    return act


def translate(world: World, name: str) -> None:
    number = NAMES.index(name) + 1
    router = world.routers[name].acl("2000", (False, f"10.{number}.0.0/24"), (True, "10.0.0.0/8"))
    rule = NatRule(NatKind.OUTBOUND, "GigabitEthernet0/0/9", acl="2000", easy_ip=True)
    router.add("nat_rules", rule)


def wait(world: World, name: str) -> None:
    group = VrrpGroup("Vlanif10", 1, VrrpState.BACKUP, (ip_address("10.9.9.9"),))
    world.routers[name].add("vrrp", group)


EXITS = (add_default, add_specific, add_halves, add_floating, add_public, add_policy, add_ipv6)
OTHERS = (
    silence,
    cut,
    drop,
    turn_back,
    translate,
    wait,
    *(make_class(found) for found in (AccessClass.A, AccessClass.C, AccessClass.D)),
)

exits = st.tuples(st.sampled_from(EXITS), st.sampled_from(NAMES))
faults = st.lists(st.tuples(st.sampled_from((*EXITS, *OTHERS)), st.sampled_from(NAMES)), max_size=4)


def make(acts: list[tuple[Callable[[World, str], None], str]]) -> World:
    """Build the world and let every act change it."""
    world = build_world()
    for act, name in acts:
        act(world, name)
    return world


def strengths(seen: Seen) -> dict[str, Strength]:
    """Return the strength of every subject."""
    return {row.id: row.strength or Strength.UNKNOWN for row in seen.judged.subjects}


@settings(max_examples=150)
@given(faults, exits)
def test_adding_an_exit_never_improves_a_verdict(
    acts: list[tuple[Callable[[World, str], None], str]],
    more: tuple[Callable[[World, str], None], str],
) -> None:
    before = strengths(make(acts).judge())
    after = strengths(make([*acts, more]).judge())

    improved = {name for name in before if RANK[after[name]] > RANK[before[name]]}
    assert improved == set()


@settings(max_examples=80)
@given(faults)
def test_rates_count_the_rows_and_keep_their_order(
    acts: list[tuple[Callable[[World, str], None], str]],
) -> None:
    seen = make(acts).judge()
    found = strengths(seen)

    for rate in seen.judged.rates:
        assert 0 <= rate.floor <= rate.reported <= rate.ceiling <= rate.denominator
        listed = {name for ids in rate.lists.values() for name in ids}
        assert rate.reported == rate.denominator - len(listed)
        assert all(found[name].value == word for word, ids in rate.lists.items() for name in ids)


@settings(max_examples=80)
@given(faults)
def test_every_row_that_is_not_met_names_findings_that_exist(
    acts: list[tuple[Callable[[World, str], None], str]],
) -> None:
    seen = make(acts).judge()
    known = {finding.id for finding in seen.judged.findings}

    for row in seen.judged.subjects:
        if row.strength not in (Strength.CONSISTENT, Strength.EXEMPT):
            assert row.reason
            assert set(row.reason) <= known
    named = {name for row in seen.judged.subjects for name in row.reason or ()}
    assert named == known


@settings(max_examples=60)
@given(faults, st.permutations(NAMES))
def test_renaming_devices_changes_nothing_but_names(
    acts: list[tuple[Callable[[World, str], None], str]], names: tuple[str, ...]
) -> None:
    world = make(acts)
    plain = world.judge()

    new = dict(zip(NAMES, (f"X{name}" for name in names), strict=True))
    renamed = Seen(judge_exits(_rename(world, new), _facts(world, new), world.policy_of(), DAY))

    assert strengths(renamed) == strengths(plain)
    assert renamed.points() == {(new[p[0]], *p[1:]) for p in plain.points()}
    assert renamed.judged.rates == plain.judged.rates


def _rename(world: World, new: dict[str, str]) -> Inventory:
    known = world.inventory()
    devices = {new[d.id]: replace(d, id=new[d.id]) for d in known.devices.values()}
    links = {
        link.id: replace(
            link,
            a=replace(link.a, device=new[link.a.device]),
            b=None if link.b is None else replace(link.b, device=new[link.b.device]),
        )
        for link in known.links.values()
    }
    declared = {
        e.id: replace(e, lines=tuple(replace(x, device=new[x.device]) for x in e.lines))
        for e in known.exits.values()
    }
    return replace(known, devices=devices, links=links, exits=declared)


def _facts(world: World, new: dict[str, str]) -> dict[str, DeviceFacts]:
    return {new[name]: replace(found, device=new[name]) for name, found in world.facts().items()}


LISTS = ("interfaces", "statics", "policy_routes", "nat_rules", "vrrp", "acls", "answers")


@settings(max_examples=60)
@given(faults, st.integers(0, 2**32))
def test_the_order_of_facts_does_not_matter(
    acts: list[tuple[Callable[[World, str], None], str]], seed: int
) -> None:
    world = make(acts)
    plain = world.judge().judged
    dice = Random(seed)  # noqa: S311 - a shuffle, no secret

    shuffled = [_shuffle(found, dice) for found in world.facts().values()]
    dice.shuffle(shuffled)
    mixed = {found.device: found for found in shuffled}
    again = judge_exits(world.inventory(), mixed, world.policy_of(), DAY)

    assert [f.to_json() for f in again.findings] == [f.to_json() for f in plain.findings]
    assert again.subjects == plain.subjects
    assert again.rates == plain.rates
    assert again.information == plain.information


def _shuffle(found: DeviceFacts, dice: Random) -> DeviceFacts:
    parts = {name: list(getattr(found, name)) for name in LISTS}
    for part in parts.values():
        dice.shuffle(part)
    tables = list(found.routes.items())
    dice.shuffle(tables)
    routes = {}
    for key, table in tables:
        rows = list(table.rows)
        dice.shuffle(rows)
        routes[key] = replace(table, rows=tuple(rows))
    return replace(found, routes=routes, **{name: tuple(part) for name, part in parts.items()})
