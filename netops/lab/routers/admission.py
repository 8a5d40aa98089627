"""Which specifications real routers can play here, and what is changed for them.

Knows what a kernel without VRF, MPLS, VLAN and IPsec cannot give. What cannot be had is refused
with the line of the specification; what only looks different is changed with a notice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from netops.divisions import Level
from netops.errors import Sentence
from netops.lab.spec import BEHAVIOURS_ON_ROUTERS, ON_ROUTERS, Answers, FaultSpec, Spec
from netops.lab.spec_fields import refusal
from netops.lab.spec_file import place_of

_REAL = ("frr", "linux_host")
_NEEDS_VRF = ("nat_between_vpns", "oob_card")
_WHY: Mapping[str, Sentence] = {
    "vpn_leak": Sentence("a VPN instance, and this kernel is used without VRF"),
    "pppoe_dialer": Sentence("a PPPoE line"),
    "cellular": Sentence("a modem"),
    "tunnel": Sentence("a GRE tunnel, which the kernel may lack"),
}


def admit(spec: Spec) -> tuple[Spec, tuple[Sentence, ...]]:
    """Return the specification as real routers play it, and a notice of each change.

    Raises SpecError for what they cannot have. Admitting twice changes nothing more.
    """
    for fault in spec.faults:
        _check(fault)
    for kind in spec.innocents:
        if kind in _NEEDS_VRF:
            raise refusal(
                place_of(spec, "innocents"),
                Sentence("The innocent “{kind}” needs a VPN instance.", kind=kind),
                "Leave it out, or use the simulated backend.",
            )
    platforms = {level: _platforms(shares) for level, shares in spec.platforms.items()}
    if spec.bare_townships:
        _check_bare(spec)
        platforms[Level.TOWNSHIP] = {"linux_host": 1.0}
    changed = replace(
        spec,
        backend="routers",
        platforms=platforms,
        quirks={},
        answers=Answers(),
        routes_per_device=0,
    )
    return changed, tuple(_notices(spec))


def _check_bare(spec: Spec) -> None:
    if spec.uplinks[Level.TOWNSHIP] > 1:
        raise refusal(
            place_of(spec, "uplinks.township"),
            "A township without routing daemons cannot choose between two uplinks.",
            "Write 1, or leave bare_townships out.",
        )


def _platforms(shares: Mapping[str, float]) -> Mapping[str, float]:
    made: dict[str, float] = {}
    for name, share in shares.items():
        real = name if name in _REAL else "frr"
        made[real] = made.get(real, 0.0) + share
    return made


def _notices(spec: Spec) -> Iterator[Sentence]:
    others = [
        level.value
        for level in Level
        if any(share and name not in _REAL for name, share in spec.platforms[level].items())
    ]
    if others:
        yield Sentence(
            "Platforms other than frr and linux_host are run as frr (levels: {levels}).",
            levels=", ".join(others),
        )
    if spec.bare_townships:
        yield Sentence(
            "Townships are Linux machines without routing daemons; no device has an SNMP agent."
        )
    if spec.routes_per_device:
        yield Sentence("Filler routes (routes_per_device) are not built on real routers.")
    if "quirks" in spec.lines and any(spec.quirks.values()):
        yield Sentence("Quirks are not played by real routers.")
    if spec.answers != Answers():
        yield Sentence("Delays of answers are not played by real routers.")


def _check(fault: FaultSpec) -> None:
    if fault.kind == "snmp_contradicts":
        raise refusal(
            fault.place,
            "A real SNMP agent does not contradict its own device.",
            "Leave the fault out, or use the simulated backend.",
        )
    if fault.kind == "device" and fault.behaviour not in BEHAVIOURS_ON_ROUTERS:
        raise refusal(
            replace(fault.place, field="behaviour"),
            Sentence("A real router cannot be told to “{behaviour}”.", behaviour=fault.behaviour),
            Sentence("Use one of: {values}.", values=", ".join(sorted(BEHAVIOURS_ON_ROUTERS))),
        )
    if fault.kind == "exit" and fault.mechanism not in ON_ROUTERS:
        raise refusal(
            replace(fault.place, field="mechanism"),
            Sentence(
                "An exit of mechanism {mechanism} needs {what}.",
                mechanism=fault.mechanism,
                what=_WHY[fault.mechanism],
            ),
            Sentence("Use the simulated backend, or one of: {values}.",
                     values=", ".join(sorted(ON_ROUTERS))),
        )  # fmt: skip
