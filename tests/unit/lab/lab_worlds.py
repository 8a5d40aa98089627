"""Small worlds for the tests of the plan, and a forwarding simulation over device models.

The simulation reads nothing but ``DeviceModel`` values: longest match, next hop, the device that
owns the address at the other end. It shares no code with the plan's own routing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from tempfile import TemporaryDirectory

from netops.lab.model import DeviceModel
from netops.lab.plan import World, plan
from netops.lab.spec_file import load_spec

HEAD = """schema: netops/lab/1
seed: {seed}
province: "430000"
scope: {{cities: ["430100", "430200"]}}
townships_per_county: 3
departments: {{province: 6, city: 5, county: 4, township: {township}}}
routes_per_device: 12
"""
INTERNET = "93.184.216.34"
HOPS = 24


def make_world(tail: str = "faults: []", *, seed: int = 7, township: int = 0) -> World:
    """Plan the two-city world with some more lines of specification."""
    return plan_text(HEAD.format(seed=seed, township=township) + tail)


def plan_text(text: str) -> World:
    """Plan a specification given as text."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "spec.yaml"
        path.write_text(text, encoding="utf-8")
        return plan(load_spec(path))


@cache
def clean_world() -> World:
    """The world without faults."""
    return make_world()


@dataclass
class Sim:
    """Forwards single packets over the models of a world."""

    world: World
    models: dict[str, DeviceModel] = field(default_factory=dict)
    owners: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for model in self.world.models():
            self.models[model.id] = model
            for interface in model.interfaces:
                if interface.protocol_up and interface.link_up:
                    for item in interface.addresses or ():
                        place = (model.id, interface.name, interface.vpn or "")
                        self.owners.setdefault(str(item.interface.ip), []).append(place)

    def ends(self, device: str, target: str, vpn: str = "", source: str = "") -> set[str]:
        """Follow every equal path: ``at X``, ``out X/interface``, ``dropped``, ``loop``."""
        return self._step(device, target, vpn, source, entered="", depth=0)

    def enter(self, device: str, port: str, source: str, target: str) -> set[str]:
        """Follow a packet that comes in at a port, policy routes first."""
        return self._step(device, target, "", source, entered=port, depth=0)

    def _step(
        self, device: str, target: str, vpn: str, source: str, *, entered: str, depth: int
    ) -> set[str]:
        if depth > HOPS:
            return {"loop"}
        model = self.models[device]
        for policy in model.policy_routes:
            if entered in policy.interfaces and self._matches(model, policy, source):
                return {e for h in policy.next_hops for e in self._hop(model, str(h), "", target,
                                                                       vpn, source, depth)}  # fmt: skip
        if any(place[0] == device for place in self.owners.get(target, ())):
            return {f"at {device}"}
        return {
            end
            for row in self._match(model, vpn, target)
            for end in self._row(model, row, target, vpn, source, depth)
        } or {"dropped"}

    def _matches(self, model, policy, source: str) -> bool:  # noqa: ANN001
        if not source:
            return False
        if policy.sources is not None:
            return any(ip_address(source) in p for p in policy.sources)
        acl = next(a for a in model.acls if a.name == policy.acl)
        for rule in acl.rules:
            if rule.source is None or ip_address(source) in rule.source:
                return rule.permit
        return False

    def _match(self, model: DeviceModel, vpn: str, target: str) -> list:
        address = ip_address(target)
        number, bits = int(address), address.max_prefixlen
        rows = [
            r
            for r in model.routes.get((vpn, address.version), ())
            if (number >> (bits - r.length)) == (r.network >> (bits - r.length))
        ]
        longest = max((r.length for r in rows), default=-1)
        return [r for r in rows if r.length == longest]

    def _row(self, model, row, target: str, vpn: str, source: str, depth: int) -> set[str]:  # noqa: ANN001
        if row.blackhole:
            return {"dropped"}
        where = vpn if row.leak_vpn is None else row.leak_vpn
        if row.protocol == "direct":
            return self._hop(model, target, row.interface, target, where, source, depth)
        if not row.next_hop:
            return {f"out {model.id}/{row.interface}"}
        return self._hop(model, row.next_hop, "", target, where, source, depth)

    def _hop(self, model, hop: str, port: str, target: str, vpn: str, source: str, depth: int):  # noqa: ANN001, ANN202, PLR0913, PLR0917
        name = port or self._connected(model, hop, vpn)
        if not name:
            ends: set[str] = set()
            for row in self._match(model, vpn, hop):
                if row.length and row.next_hop and row.next_hop != hop:
                    ends |= self._hop(model, row.next_hop, "", target, vpn, source, depth)
            return ends or {"dropped"}
        for device, interface, instance in self.owners.get(hop, ()):
            if device != model.id and self._joined(model.id, name, device, interface):
                return self._step(
                    device, target, instance, source, entered=interface, depth=depth + 1
                )
        return {f"out {model.id}/{name}"}

    def _connected(self, model: DeviceModel, hop: str, vpn: str) -> str:
        for interface in model.interfaces:
            if (interface.vpn or "") != vpn or not interface.protocol_up:
                continue
            for item in interface.addresses or ():
                if item.interface.network.num_addresses > 1 and ip_address(hop) in ip_network(
                    item.interface.network
                ):
                    return interface.name
        return ""

    def _joined(self, device: str, port: str, other: str, far: str) -> bool:
        """Whether a registered link joins the two ports, or they share a department's net."""
        for wire in self.world.net.wires.values():
            if {wire.a, wire.b} == {(device, port), (other, far)}:
                return not wire.fault
        return any(
            {(device, port), (other, far)} <= set(d.owners)
            for d in self.world.net.departments.values()
        )
