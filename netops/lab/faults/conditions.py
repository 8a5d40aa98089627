"""What listed and drawn faults do to nodes, links, routes and devices (exits stand apart)."""

from __future__ import annotations

from netops.errors import Sentence
from netops.lab.build.net import Net
from netops.lab.faults.planted import EFFECTS, Planted
from netops.lab.faults.targets import government_of, routers_at, uplinks_at
from netops.lab.spec import FaultSpec
from netops.lab.spec_fields import refusal


def apply_condition(net: Net, planted: Planted, fault: FaultSpec) -> None:
    """Plant one fault that is no exit."""
    match fault.kind:
        case "node_down":
            _node_down(net, planted, fault)
        case "uplink_down" | "isolated":
            _cut(net, planted, fault)
        case "app_route":
            _withdraw(net, planted, fault)
        case "snmp_contradicts":
            _contradict(net, planted, fault)
        case _:
            _behave(net, planted, fault)


def _node_down(net: Net, planted: Planted, fault: FaultSpec) -> None:
    for router in routers_at(net, fault):
        if router.id in planted.dead:
            raise refusal(
                fault.place,
                Sentence("{device} is down by another fault already.", device=router.id),
                "Leave one of the two out.",
            )
        planted.dead[router.id] = f"node_down:{fault.at}"


def _cut(net: Net, planted: Planted, fault: FaultSpec) -> None:
    for wire in uplinks_at(net, fault):
        if wire.fault:
            raise refusal(
                fault.place,
                Sentence("The uplink {id} is cut by another fault already.", id=wire.id),
                "Leave one of the two out.",
            )
        wire.fault = "isolated" if fault.kind == "isolated" else "down"
        planted.cut[wire.id] = f"{fault.kind}:{fault.at}"


def _contradict(net: Net, planted: Planted, fault: FaultSpec) -> None:
    for router in routers_at(net, fault):
        if router.id in planted.contradicting:
            raise refusal(
                fault.place,
                Sentence(
                    "The SNMP agent of {device} contradicts by another fault already.",
                    device=router.id,
                ),
                "Leave one of the two out.",
            )
        planted.contradicting.append(router.id)


def _withdraw(net: Net, planted: Planted, fault: FaultSpec) -> None:
    code = government_of(net, fault)
    seat = net.seats[code]
    reaching = [a.id for a in net.applications.values() if seat.level in a.levels]
    wanted = fault.application or (reaching[0] if reaching else "")
    if wanted not in reaching:
        raise refusal(
            fault.place,
            Sentence(
                "No route to “{application}” is asked for at {code}.",
                application=wanted or Sentence("an application"),
                code=code,
            ),
            f"Name one of {reaching[0]} to {reaching[-1]}."
            if reaching
            else "Choose a city or a county.",
        )
    missing = planted.withdrawn.setdefault(code, set())
    if wanted in missing:
        raise refusal(
            fault.place,
            Sentence(
                "“{application}” is withdrawn at {code} by another fault already.",
                application=wanted,
                code=code,
            ),
            "Leave one of the two out, or name another application.",
        )
    missing.add(wanted)


def _behave(net: Net, planted: Planted, fault: FaultSpec) -> None:
    for router in routers_at(net, fault):
        before = planted.behaviours.get(router.id)
        if before is not None:
            raise refusal(
                fault.place,
                Sentence("{id} behaves as “{before}” already.", id=router.id, before=before),
                "Give each device one behaviour.",
            )
        if fault.behaviour not in EFFECTS:
            raise refusal(
                fault.place,
                Sentence("“{behaviour}” is not known.", behaviour=fault.behaviour),
                "See docs/lab.md.",
            )
        planted.behaviours[router.id] = fault.behaviour
