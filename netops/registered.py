"""What the registered links say of a network device, as settings beside those that it shows.

Registered is not measured: a line counts unless one of its ends shows it shut or down; one whose
ends were not read counts like one that carries. Where the inventory says too little, it says why,
and no setting.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from netops.addressing import AddressPlan
from netops.baseline.assets import base_component
from netops.connectivity.network import Network
from netops.divisions import level_of
from netops.facts.answers import REGISTERED_LINKS, AnswerState, CommandAnswer
from netops.facts.settings import AssetFacts, Setting
from netops.inventory.model import Device, Government, Inventory, Link, LinkEnd, LinkKind
from netops.policy.baseline.cases import LINK_ROW
from netops.topology import count_disjoint_paths, find_only_ways

_MOST = 2
"""Ways are counted up to here: two and more than two are the same answer."""
CASE = "case"
"""The name of the device that a case is about."""


_CLOSED = frozenset({"interface.shut", "interface.down"})
"""Settings that name interfaces of a device through which nothing passes."""
End = tuple[str, str]
"""Device and interface."""


class RegisteredWays:
    """Ways to the province core, far ends, and who hangs on whom, by the inventory.

    ``closed`` are the ends that devices show shut or down: their links carry nothing.
    """

    def __init__(self, inventory: Inventory, closed: Collection[End] = ()) -> None:
        self._network = Network(inventory, {})
        self._registered: dict[str, tuple[str, str]] = {}
        self._shut: dict[str, tuple[str, str]] = {}
        for link in self._network.inside_links:
            if link.b is not None:
                ends = ((link.a.device, link.a.interface), (link.b.device, link.b.interface))
                self._registered[link.id] = (link.a.device, link.b.device)
                if any(end in closed for end in ends):
                    self._shut[link.id] = self._registered[link.id]
        self._links = {k: v for k, v in self._registered.items() if k not in self._shut}

    def settings_of(self, device: Device) -> tuple[Setting, ...]:
        """Return the settings of a device; none where ``gap_of`` says why."""
        if self.gap_of(device):
            return ()
        far = tuple(sorted(self._open.get(device.id, ())))
        cut = tuple(sorted(self._hanging_on.get(device.id, ())))
        shut = tuple(sorted(name for name, ends in self._shut.items() if device.id in ends))
        found: tuple[Setting, ...] = (
            Setting("topology.far_ends", far),
            Setting("topology.cuts_off", cut),
        )
        if shut:
            found = (*found, Setting("topology.shut_links", shut))
        if device.id in self._network.core:
            return found  # It is where the ways of all others end: it needs none.
        ways = self._ways.get(device.government, 0)
        return (*found, Setting("topology.ways_to_core", ways))

    def gap_of(self, device: Device) -> str:
        """Return why nothing can be said of a device; "" where something can."""
        if not self._registered:
            return "no link between devices is registered"
        if device.id not in self._connected:
            return "no link of the device is registered"
        if device.id not in self._led and device.id not in self._network.core:
            return "no registered way leads to the province core"
        return ""

    @cached_property
    def _connected(self) -> Mapping[str, set[str]]:
        return _far_ends(self._registered)

    @cached_property
    def _open(self) -> Mapping[str, set[str]]:
        return _far_ends(self._links)

    @cached_property
    def _led(self) -> Mapping[str, tuple[str, ...]]:
        """Devices that a registered way leads to the core, whether or not it carries."""
        return find_only_ways(self._registered, self._network.core) if self._shut else self._above

    @cached_property
    def _above(self) -> Mapping[str, tuple[str, ...]]:
        return find_only_ways(self._links, self._network.core)

    @cached_property
    def _groups(self) -> Mapping[str, tuple[str, ...]]:
        codes = self._network.inventory.governments
        found = {code: self._network.routers_of(code) for code in codes}
        return {code: routers for code, routers in found.items() if routers}

    @cached_property
    def _ways(self) -> Mapping[str, int]:
        return count_disjoint_paths(self._links.values(), self._network.core, self._groups, _MOST)

    @cached_property
    def _hanging_on(self) -> Mapping[str, set[str]]:
        """Which other governments have no way to the core but across a device."""
        found: dict[str, set[str]] = {}
        for code, routers in self._groups.items():
            chains = [set(self._above[name]) for name in routers if name in self._above]
            if chains:
                for name in set.intersection(*chains).difference(routers):
                    found.setdefault(name, set()).add(code)
        return found


def concerned(inventory: Inventory, chosen: Iterable[str]) -> frozenset[str]:
    """Return the devices whose shut ends say something of those chosen.

    A way ends at the first device of the core, so what lies behind that says nothing, unless a
    device of the core itself is chosen: anybody may hang on it.
    """
    network = Network(inventory, {})
    near = _far_ends(
        {one.id: (one.a.device, one.b.device) for one in network.inside_links if one.b is not None}
    )
    found = {device for device in chosen if device in near}
    if found & network.core:
        return frozenset(near)
    left = list(found)
    while left:
        fresh = near[left.pop()] - found
        found |= fresh
        left.extend(fresh - network.core)
    return frozenset(found)


def closed_ends(facts: Iterable[AssetFacts]) -> frozenset[End]:
    """Return the ends that devices show shut or down, by their configuration or live."""
    return frozenset(
        (asset.device, name)
        for asset in facts
        for component in asset.components
        for setting in component.settings
        if setting.name in _CLOSED and isinstance(setting.value, tuple)
        for name in setting.value
    )


def _far_ends(links: Mapping[str, tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for a, b in links.values():
        if a != b:
            found.setdefault(a, set()).add(b)
            found.setdefault(b, set()).add(a)
    return found


def beside(facts: AssetFacts, device: Device, ways: RegisteredWays) -> AssetFacts:
    """Add what is registered of a device to what was read of it; where nothing was, nothing."""
    base = base_component(device.platform)
    if not any(one.component == base for one in facts.components):
        return facts
    gap = ways.gap_of(device)
    state = AnswerState.NOT_ASKED if gap else AnswerState.UNDERSTOOD
    settings = ways.settings_of(device)
    return replace(
        facts,
        components=tuple(
            replace(one, settings=(*one.settings, *settings)) if one.component == base else one
            for one in facts.components
        ),
        answers=(*facts.answers, CommandAnswer(REGISTERED_LINKS, state, detail=gap)),
    )


def registered_case(text: str, case: Device) -> tuple[Inventory, Device]:
    """Return the network that a case registers, and its device ``case`` in its place there.

    Every row is a line of ours between two ends, each ``GOVERNMENT/DEVICE``; the devices of the
    province are the core. A row of another form says nothing, and lint reports it.
    """
    rows = [found.groups() for found in map(LINK_ROW.fullmatch, text.split("\n")) if found]
    ends = {name: code for a, x, b, y in rows for code, name in ((a, x), (b, y))}
    placed = replace(case, id=CASE, government=ends.get(CASE, ""))
    devices = {name: replace(placed, id=name, government=code) for name, code in ends.items()}
    links = {
        f"L{n}": Link(f"L{n}", LinkKind.WAN, LinkEnd(x, f"p{n}"), LinkEnd(y, f"p{n}"))
        for n, (_, x, _, y) in enumerate(rows)
    }
    codes = dict.fromkeys(ends.values())
    governments = {code: Government(code, code, level_of(code), None, 1) for code in codes}
    province = next((code for code in codes if code.endswith("0000") and len(code) == 6), "")  # noqa: PLR2004 - a province's code
    return Inventory(province, "", governments, {}, devices, links, {}, {}, AddressPlan(())), placed
