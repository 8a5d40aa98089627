"""What was planted, as concrete values: the ground that the answer key is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PlantedExit:
    """An undeclared exit. ``sources`` None: everything that passes ``device`` uses it.

    ``family`` is 4 or 6. ``private``: only the private subnets of ``sources`` reach it.
    """

    mechanism: str
    device: str
    government: str
    family: int
    latent: bool
    sources: frozenset[str] | None = None
    private: bool = False

    def overtakes(self, other: PlantedExit) -> bool:
        """Whether this provider's default is preferred to the other exit's on the same device."""
        is_provider = self.mechanism == "isp_bgp" and not self.latent
        return is_provider and (self.device, self.family) == (other.device, other.family)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a behaviour leaves of a device for an honest audit.

    ``answers``: SSH gives at least one accepted answer. ``tables``: interfaces and routes are
    read whole. ``whole``: the configuration too, as exits need it. ``refutes``: SNMP still
    shows its interfaces.
    """

    answers: bool = True
    tables: bool = True
    whole: bool = True
    refutes: bool = True


EFFECTS: Mapping[str, Effect] = {
    "": Effect(),
    "slow": Effect(),
    "no_snmp": Effect(refutes=False),
    "low_privilege": Effect(whole=False),
    "truncated": Effect(tables=False, whole=False),
    "garbage": Effect(tables=False, whole=False),
    "endless_pager": Effect(answers=False, tables=False, whole=False),
    "flood": Effect(answers=False, tables=False, whole=False),
    "refuse_login": Effect(answers=False, tables=False, whole=False),
    "password_expiry": Effect(answers=False, tables=False, whole=False),
    "hang": Effect(answers=False, tables=False, whole=False, refutes=False),
    "drop": Effect(answers=False, tables=False, whole=False, refutes=False),
    "changed_host_key": Effect(answers=False, tables=False, whole=False, refutes=False),
}


@dataclass(slots=True)
class Planted:
    """Everything that was planted. ``dead`` maps devices to the cause; ``cut`` links likewise."""

    exits: list[PlantedExit] = field(default_factory=list)
    dead: dict[str, str] = field(default_factory=dict)
    cut: dict[str, str] = field(default_factory=dict)
    withdrawn: dict[str, set[str]] = field(default_factory=dict)
    behaviours: dict[str, str] = field(default_factory=dict)
    contradicting: list[str] = field(default_factory=list)
    innocents: list[tuple[str, str]] = field(default_factory=list)

    def effect(self, device: str) -> Effect:
        """Return what the device's behaviour leaves."""
        return EFFECTS[self.behaviours.get(device, "")]
