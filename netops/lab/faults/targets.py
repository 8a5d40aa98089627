"""Resolves ``at`` of listed faults: a government code, or an id of the generated inventory."""

from __future__ import annotations

from netops.errors import Sentence
from netops.lab.build.net import Net, Router, Wire
from netops.lab.spec import FaultSpec
from netops.lab.spec_fields import refusal


def government_of(net: Net, fault: FaultSpec) -> str:
    """Return the government that a fault touches."""
    if fault.at in net.seats:
        return fault.at
    if fault.at in net.routers:
        return net.routers[fault.at].government
    wire = net.wires.get(fault.at)
    if wire is not None:
        return wire.child or net.routers[wire.a[0]].government
    # A department's own device is made later; its id tells the government already.
    owner = fault.at.split("-")[1] if fault.at.startswith("D-") else ""
    if owner in net.seats:
        return owner
    raise refusal(
        fault.place,
        Sentence(
            "“{at}” is neither a government of the scope nor an id of the inventory.", at=fault.at
        ),
        "Name a code, a device like “430121-R1” or an uplink like “W-430121-1”.",
    )


def routers_at(net: Net, fault: FaultSpec) -> tuple[Router, ...]:
    """Return the devices that a fault means: all of a government, or one."""
    if fault.at in net.seats:
        own = [net.routers[r] for r in net.seats[fault.at].routers]
        others = [
            r for r in net.routers.values() if r.department is not None and r.government == fault.at
        ]
        return (*own, *others)
    if fault.at in net.routers:
        return (net.routers[fault.at],)
    government_of(net, fault)
    if fault.at not in net.wires:
        raise refusal(
            fault.place,
            Sentence("There is no device “{at}”.", at=fault.at),
            "Name a code, or a device of the planned inventory (devices.csv).",
        )
    raise refusal(
        fault.place,
        Sentence(
            "“{at}” is a link; a fault of kind {kind} is at a government or a device.",
            at=fault.at,
            kind=fault.kind,
        ),
        "Name a code or a device.",
    )


def exit_router(net: Net, fault: FaultSpec) -> Router:
    """Return the device that an exit is planted on: the first router of a government."""
    router = routers_at(net, fault)[0]
    if router.department is not None:
        raise refusal(
            fault.place,
            Sentence("“{at}” is a department's own device.", at=fault.at),
            "Name a government or one of its routers.",
        )
    return router


def uplinks_at(net: Net, fault: FaultSpec) -> tuple[Wire, ...]:
    """Return the uplinks that a fault cuts: one, or all of a government."""
    if fault.at in net.wires:
        wire = net.wires[fault.at]
        if wire.child is None or fault.all:
            raise refusal(
                fault.place,
                f"“{fault.at}” is one line"
                + (", so `all` says nothing." if fault.all else ", but no uplink."),
                "Name a government, or an uplink like “W-430121-1”.",
            )
        return (wire,)
    code = government_of(net, fault)
    found = tuple(w for w in net.wires.values() if w.child == code)
    if fault.at not in net.seats:
        found = tuple(w for w in found if w.b is not None and w.b[0] == fault.at)
    if not found:
        raise refusal(
            fault.place,
            Sentence("“{at}” has no uplink of its own.", at=fault.at),
            "Name a government below the province, or one of its uplinks.",
        )
    return found if fault.all or fault.kind == "isolated" else found[:1]
