"""Random faults: drawn by the seed, never where a listed fault, another draw or an innocent is.

Returns fault specifications, so that a drawn fault is planted exactly as a listed one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from netops.divisions import Level
from netops.errors import Sentence, SpecError
from netops.lab.build.net import Net, Seat
from netops.lab.faults.targets import government_of
from netops.lab.spec import (
    BEHAVIOURS,
    BEHAVIOURS_ON_ROUTERS,
    FAMILIES,
    LATENT_BY_NATURE,
    MECHANISMS,
    ON_ROUTERS,
    FaultSpec,
    Spec,
)
from netops.lab.spec_file import place_of

_BY_DEPARTMENT = ("dual_homed_host", "policy_route", "vpn_leak")
_PLAIN = ("static_default", "split_default", "specific_route", "isp_bgp", "floating_static",
          "public_interface")  # fmt: skip
"""What a township's router is given: no department, often no vendor's features."""
_TOWNSHIP_SHARE = 0.25
_NODE_KINDS = ("node_down", "uplink_down", "isolated")
_UNREADABLE = tuple(b for b in BEHAVIOURS if b not in ("slow", "no_snmp"))


@dataclass(slots=True)
class Draw:
    """What is taken already. ``kept`` are governments that must stay in reach and readable."""

    net: Net
    touched: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)


def begin(net: Net, innocents: Iterable[str]) -> Draw:
    """Start from the listed faults and the governments of innocents."""
    draw = Draw(net)
    for fault in net.spec.faults:
        code = government_of(net, fault)
        draw.touched.add(code)
        if fault.kind == "exit":
            draw.kept.add(code)
        if fault.kind in _NODE_KINDS:
            draw.lost.update(subtree(net, code))
        if fault.kind == "device" and fault.behaviour in _UNREADABLE:
            draw.lost.add(code)
    for code in innocents:
        draw.touched.add(code)
        draw.kept.add(code)
    return draw


def subtree(net: Net, code: str) -> list[str]:
    """Return a government and all below it."""
    found = [code]
    for other in found:
        found.extend(net.seats[other].below)
    return found


def draw_faults(draw: Draw) -> tuple[FaultSpec, ...]:
    """Draw what ``random_faults`` asks for."""
    wanted = draw.net.spec.random_faults
    return (
        *_draw_exits(draw, wanted.exits),
        *_draw_nodes(draw, wanted.nodes),
        *_draw_devices(draw, wanted.devices),
    )


def _pick(draw: Draw, kind: str, number: int, allowed: Sequence[Seat]) -> Seat:
    if not allowed:
        raise SpecError(
            Sentence(
                "There is no government left for random fault {number} of “{kind}”.",
                number=number + 1,
                kind=kind,
            ),
            remedy="Draw fewer faults, or widen the scope.",
            place=place_of(draw.net.spec, f"random_faults.{kind}"),
        )
    return draw.net.dice("draw", kind, str(number)).choice(allowed)


def _draw_exits(draw: Draw, count: int) -> list[FaultSpec]:
    net = draw.net
    dice = net.dice("draw", "mechanisms")
    order: list[str] = []
    while len(order) < count:
        turn = _possible(net.spec, MECHANISMS, ON_ROUTERS)
        dice.shuffle(turn)
        order.extend(turn)
    made = []
    for number, mechanism in enumerate(order[:count]):
        levels: tuple[Level, ...] = (Level.CITY, Level.COUNTY)
        if mechanism in _PLAIN and dice.random() < _TOWNSHIP_SHARE:
            levels = (Level.TOWNSHIP,)
        free = _free_for_exit(draw, mechanism, levels) or _free_for_exit(
            draw, mechanism, (Level.CITY, Level.COUNTY, Level.TOWNSHIP)
        )
        seat = _pick(draw, "exits", number, free)
        draw.touched.add(seat.code)
        draw.kept.add(seat.code)
        made.append(
            FaultSpec(
                "exit",
                seat.code,
                place_of(net.spec, "random_faults.exits"),
                mechanism=mechanism,
                family=FAMILIES[mechanism][0],
                latent=mechanism in LATENT_BY_NATURE,
            )
        )
    return made


def _possible(spec: Spec, words: Sequence[str], on_routers: frozenset[str]) -> list[str]:
    """Return the words that the backend of the specification can have."""
    return [word for word in words if not spec.on_routers or word in on_routers]


def _free_for_exit(draw: Draw, mechanism: str, levels: Sequence[Level]) -> list[Seat]:
    net = draw.net
    return [
        s
        for s in net.seats.values()
        if s.level in levels
        and s.code not in draw.touched
        and s.code not in draw.lost
        and (mechanism not in _BY_DEPARTMENT or net.spec.departments[s.level])
        and (s.level is not Level.TOWNSHIP or mechanism in _PLAIN)
    ]


def _draw_nodes(draw: Draw, count: int) -> list[FaultSpec]:
    made = []
    for number in range(count):
        free = [
            s
            for s in draw.net.seats.values()
            if s.level in (Level.COUNTY, Level.TOWNSHIP)
            and draw.touched.isdisjoint(subtree(draw.net, s.code))
            and s.code not in draw.lost
        ]
        seat = _pick(draw, "nodes", number, free)
        kind = draw.net.dice("draw", "node", str(number)).choice(_NODE_KINDS)
        draw.touched.add(seat.code)
        draw.lost.update(subtree(draw.net, seat.code))
        made.append(
            FaultSpec(
                kind,
                seat.code,
                place_of(draw.net.spec, "random_faults.nodes"),
                all=kind == "uplink_down",
            )
        )
    return made


def _draw_devices(draw: Draw, count: int) -> list[FaultSpec]:
    made = []
    for number in range(count):
        free = [
            s
            for s in draw.net.seats.values()
            if s.level in (Level.COUNTY, Level.TOWNSHIP)
            and s.code not in draw.touched
            and s.code not in draw.lost
            and not any(c in draw.kept for c in subtree(draw.net, s.code))
        ]
        seat = _pick(draw, "devices", number, free)
        words = _possible(draw.net.spec, BEHAVIOURS, BEHAVIOURS_ON_ROUTERS)
        behaviour = draw.net.dice("draw", "device", str(number)).choice(words)
        draw.touched.add(seat.code)
        draw.lost.add(seat.code)
        made.append(
            FaultSpec(
                "device",
                seat.code,
                place_of(draw.net.spec, "random_faults.devices"),
                behaviour=behaviour,
            )
        )
    return made
