"""Plans an invented network from a specification: the world of a laboratory.

The same specification and seed give the same world, byte for byte. Device models are made when
they are asked for, from the configured net and the state that the planted faults leave.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from netops.lab.broken import NOTHING_BROKEN, Broken
from netops.lab.build.applications import add_applications
from netops.lab.build.base_routes import add_base_routes
from netops.lab.build.departments import draw_departments
from netops.lab.build.hosts import add_probe_hosts
from netops.lab.build.models import build_model
from netops.lab.build.net import Net
from netops.lab.build.outside import declare_exits, translate_exits
from netops.lab.build.state import State, find_ways
from netops.lab.build.topology import seat_governments
from netops.lab.dialects import DIALECTS
from netops.lab.faults.conditions import apply_condition
from netops.lab.faults.draw import begin, draw_faults
from netops.lab.faults.exits import plant_exit, prefer_providers
from netops.lab.faults.planted import Planted
from netops.lab.faults.targets import government_of
from netops.lab.innocents import choose_places, realise
from netops.lab.model import Behaviour, DeviceModel
from netops.lab.spec import ANSWERING, FaultSpec, Spec
from netops.lab.truth import make_truth

_EXPIRY = "password_expiry"
_TELNET = "telnet"
_SNMP_WORDS = {"hang": "hang", "drop": "drop", "no_snmp": "no_snmp"}


@dataclass(frozen=True)
class World:
    """A planned laboratory: the net, what was planted in it, how it works now."""

    spec: Spec
    net: Net
    planted: Planted
    state: State

    @cached_property
    def truth(self) -> dict[str, Any]:
        """The answer key (schema netops/lab-truth/1)."""
        return make_truth(self.net, self.planted, self.state)

    def model(self, device: str) -> DeviceModel:
        """Make the model of one device."""
        return build_model(self.state, self.net.routers[device])

    def models(self) -> Iterator[DeviceModel]:
        """Make the models of all devices, one at a time."""
        for device in self.net.routers:
            yield self.model(device)

    def behaviour(self, device: str) -> Behaviour:
        """Return how a device misbehaves; one that is not reached has no listener."""
        if not self.state.is_reached(device):
            return Behaviour(ssh="down", snmp="down")
        word = self.planted.behaviours.get(device, "")
        return Behaviour(
            ssh=word if word in ANSWERING else "",
            snmp=_SNMP_WORDS.get(word, ""),
            delay_s=self._delay(device, word),
            quirks=self.quirks(device),
        )

    def _delay(self, device: str, word: str) -> float:
        answers = self.spec.answers
        is_slow = self.net.dice("slow", device).random() < answers.slow_share
        return answers.slow_delay if is_slow or word == "slow" else answers.delay

    def quirks(self, device: str) -> tuple[str, ...]:
        """Return the harmless oddities of a device, drawn by their shares."""
        drawn = (q for q in self.spec.quirks if q != _EXPIRY and _has_quirk(self.net, q, device))
        word = self.planted.behaviours.get(device)
        has_no_telnet = word == "changed_host_key" or self._has_ssh_only(device)
        kept = (q for q in drawn if q != _TELNET or not has_no_telnet)
        return (*kept, _EXPIRY) if word == _EXPIRY else tuple(kept)

    def _has_ssh_only(self, device: str) -> bool:
        """Whether a device is a host, real, or one whose oddity is of SSH."""
        is_host = self.net.routers[device].platform == "linux_host"
        return is_host or self.spec.on_routers or _has_quirk(self.net, "legacy_kex", device)


def plan(spec: Spec, broken: Broken = NOTHING_BROKEN) -> World:
    """Plan the world of a specification, with what was broken by hand since."""
    net = seat_governments(spec)
    declare_exits(net)
    places = choose_places(net)
    drawn = draw_faults(begin(net, places.values()))
    faults = (*spec.faults, *drawn)
    draw_departments(net, *_departments_asked(net, faults))
    add_applications(net)
    planted = Planted()
    realise(net, planted, places)
    for fault in faults:
        if fault.kind == "exit":
            plant_exit(net, planted, fault)
    if spec.on_routers:
        add_probe_hosts(net)
    add_base_routes(net)
    prefer_providers(net)
    translate_exits(net)
    for fault in faults:
        if fault.kind != "exit":
            apply_condition(net, planted, fault)
    for device in broken.nodes:
        planted.dead.setdefault(device, f"broken:{device}")
    for link in broken.links:
        net.wires[link].fault = net.wires[link].fault or "down"
        planted.cut.setdefault(link, f"broken:{link}")
    _expire_passwords(net, planted)
    _leave_out_agents(net, planted)
    state = find_ways(net, frozenset(planted.dead), planted.withdrawn)
    return World(spec, net, planted, state)


def _expire_passwords(net: Net, planted: Planted) -> None:
    """Note whose question for a new password nobody answers; a planted behaviour goes before."""
    for router in net.routers.values():
        is_drawn = _has_quirk(net, _EXPIRY, router.id)
        if is_drawn and DIALECTS[router.platform].question:
            planted.behaviours.setdefault(router.id, _EXPIRY)


def _leave_out_agents(net: Net, planted: Planted) -> None:
    """Note that no SNMP agent runs in a laboratory of a province's size.

    Each looks up every interface's files every few seconds, among those of all namespaces.
    """
    if net.spec.bare_townships:
        for router in net.routers.values():
            planted.behaviours.setdefault(router.id, "no_snmp")


def _has_quirk(net: Net, quirk: str, device: str) -> bool:
    return net.dice("quirk", quirk, device).random() < net.spec.quirks.get(quirk, 0.0)


def _departments_asked(
    net: Net, faults: tuple[FaultSpec, ...]
) -> tuple[frozenset[str], Mapping[str, str]]:
    """Return which departments must be of class D because a leak is planted in them."""
    leaks = [f for f in faults if f.mechanism == "vpn_leak"]
    named = {f.department: "D" for f in leaks if f.department}
    first = frozenset(government_of(net, f) for f in leaks if not f.department)
    return first, named
