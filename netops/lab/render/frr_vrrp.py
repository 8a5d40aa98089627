"""``show vrrp json``: groups with an IPv4 and an IPv6 half, as vrrpd prints them."""

from __future__ import annotations

from typing import Any

from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.lab.model import DeviceModel
from netops.lab.render.frr_text import pretty

_V4 = 4
_STATES = {VrrpState.MASTER: "Master", VrrpState.BACKUP: "Backup"}


def groups(model: DeviceModel) -> str:
    """Return all groups; halves of one group are joined."""
    joined: dict[tuple[str, int], list[VrrpGroup]] = {}
    for group in model.vrrp:
        joined.setdefault((group.interface, group.vrid), []).append(group)
    return pretty([_group(halves) for halves in joined.values()])


def family_of(group: VrrpGroup) -> int:
    """Return the family of a group's virtual addresses."""
    return group.addresses[0].version if group.addresses else _V4


def _group(halves: list[VrrpGroup]) -> dict[str, Any]:
    by_family = {family_of(half): half for half in halves}
    first = halves[0]
    return {
        "vrid": first.vrid,
        "version": 3,
        "autoconfigured": False,
        "shutdown": False,
        "preemptMode": True,
        "acceptMode": True,
        "interface": first.interface,
        "advertisementInterval": 1000,
        "v4": _half(by_family.get(4), first, 1),
        "v6": _half(by_family.get(6), first, 2),
    }


def _half(half: VrrpGroup | None, group: VrrpGroup, kind: int) -> dict[str, Any]:
    state = _STATES.get(half.state, "Initialize") if half else "Initialize"
    return {
        "interface": "" if state == "Initialize" else f"vrrp{2 * kind + 2}-{group.vrid}",
        "vmac": f"00:00:5e:00:{kind:02x}:{group.vrid:02x}",
        "primaryAddress": "::" if kind > 1 else "",
        "status": state,
        "effectivePriority": group.priority or 100,
        "masterAdverInterval": 1000,
        "skewTime": 0,
        "masterDownInterval": 3000,
        "stats": {"adverTx": 0, "adverRx": 0, "transitions": 1},
        "addresses": [str(address) for address in half.addresses] if half else [],
    }
