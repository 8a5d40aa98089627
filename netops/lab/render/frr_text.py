"""How FRR spells plain values, and which names of a model it uses.

Knows json-c's pretty printing. Refuses to know any command.
"""

from __future__ import annotations

import json

from netops.lab.model import DeviceModel

RELEASE = "8.4.4"
LOCAL_AS = "65000"

PROTOCOLS_4 = {"direct": "connected", "ebgp": "bgp", "ibgp": "bgp", "o_ase": "ospf",
               "unr": "kernel", "dhcp": "kernel"}  # fmt: skip
PROTOCOLS_6 = {**PROTOCOLS_4, "ospf": "ospf6", "rip": "ripng"}


def hostname(model: DeviceModel) -> str:
    """Return the name of the device."""
    return model.identity.hostname or model.id


def pretty(value: object) -> str:
    """Return JSON as json-c prints it: two blanks, no blank after a colon."""
    return json.dumps(value, indent=2, separators=(",", ":"), ensure_ascii=False) + "\n"


def vrf_word(vpn: str | None) -> str:
    """Return FRR's name of an instance."""
    return vpn or "default"


def vrf_names(model: DeviceModel) -> list[str]:
    """Return the VRFs beside the default one, in the order of the model."""
    names = dict.fromkeys(instance.name for instance in model.vpn_instances)
    names.update(dict.fromkeys(vpn for vpn, _ in model.routes if vpn))
    names.update(dict.fromkeys(i.vpn for i in model.interfaces if i.vpn))
    return list(names)


def vrf_id(model: DeviceModel, vpn: str) -> int:
    """Return the number of a VRF, 0 for the default one."""
    return vrf_names(model).index(vpn) + 101 if vpn else 0
