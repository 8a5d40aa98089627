"""Rules of tiered protection as frozen values: items, facts, checks, profiles, high-risk cases.

What a judgement receives. Knows no file but the names under which faults are reported, and
nothing of how an expression is evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from netops.findings import Severity, Text
from netops.policy.model import Status

Literals = bool | int | str | tuple[str, ...] | tuple[int, ...]
"""What an expression compares with: one value, or a list of texts or of whole numbers."""

Level = Literal[1, 2, 3, 4]
Missing = Literal["met", "not_met", "unknown", "not_applicable"]
Each = Literal["all", "any", "none"]
Risk = Literal["low", "medium", "high"]
Tighter = Literal["higher", "lower", "fewer", "more", "none"]


class Auto(StrEnum):
    """Who decides an item."""

    MACHINE = "machine"
    MACHINE_AND_PERSON = "machine_and_person"
    PERSON_WITH_EVIDENCE = "person_with_evidence"
    PERSON = "person"


class ItemClass(StrEnum):
    """The ten classes of the standard; five technical ones, then five of management."""

    PES = "pes"
    CNS = "cns"
    ABS = "abs"
    CES = "ces"
    SMC = "smc"
    PSS = "pss"
    ORS = "ors"
    HRS = "hrs"
    CMS = "cms"
    MMS = "mms"

    @property
    def is_technical(self) -> bool:
        """Whether the class belongs to the technical half of the standard."""
        return self in (self.PES, self.CNS, self.ABS, self.CES, self.SMC)


@dataclass(frozen=True, slots=True)
class Item:
    """One requirement; ``clauses`` and ``units`` by level. ``verified_by`` None: nobody yet."""

    id: str
    item_class: ItemClass
    point: Text
    text: Text
    clauses: Mapping[int, str]
    auto: Auto
    units: Mapping[int, str] = field(default_factory=dict)
    importance: int = 1
    importance_status: str = "sample"
    status: str = "unverified"
    verified_by: str | None = None
    note: str = ""
    standard: str = ""


class FactType(StrEnum):
    """What a setting may hold."""

    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class FactKind:
    """A setting that a component can have. ``commands`` all understood: it may be called absent."""

    component: str
    name: str
    type: FactType
    commands: tuple[str, ...]
    title: Text
    keyed: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that a parameter of the check gives."""

    parameter: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """One comparison. ``missing`` None: the operator itself says what a missing setting means."""

    fact: str
    op: str
    value: Literals | Reference | None = None
    missing: Missing | None = None
    each: Each = "all"
    where: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class All:
    """Every part must be met."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """One part that is met suffices."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Met where its part is not met."""

    part: Expression


Expression = All | Any | Not | Leaf


@dataclass(frozen=True, slots=True)
class Applies:
    """Which families and versions a check speaks of; empty: all. Every version bound must hold."""

    families: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cover:
    """An item that a check proves at some levels; ``part``: not the whole of it."""

    item: str
    levels: tuple[int, ...]
    part: bool = True


@dataclass(frozen=True, slots=True)
class Parameter:
    """A threshold, where it comes from, and which way is stricter."""

    value: Literals
    tighter: Tighter
    source: str
    status: Status
    unit: str = ""
    exemption: str = ""
    """The number under which a profile has loosened it; empty: nobody has."""
    strict: Literals | None = None
    """What holds where that exemption does not; None: nobody has loosened it."""
    bounds: tuple[int, int] | None = None
    """The least and the most that anybody can mean; None: nobody has said."""

    def holds(self, value: Literals) -> bool:
        """Whether a value lies within the bounds; what is no number has none."""
        if self.bounds is None or not isinstance(value, int):
            return True
        return self.bounds[0] <= value <= self.bounds[1]


@dataclass(frozen=True, slots=True)
class RemedyCommands:
    """Lines that a person may type, with their risk; nothing here ever types them."""

    lines: tuple[str, ...]
    risk: Risk
    families: tuple[str, ...] = ()
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """How to mend what a check finds."""

    text: Text
    commands: tuple[RemedyCommands, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One question to a component: what is expected, what it proves, how to mend it."""

    id: str
    title: Text
    component: str
    covers: tuple[Cover, ...]
    severity: Severity
    expect: Expression
    remedy: Remedy
    applies: Applies = Applies()
    when: Expression | None = None
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    high_risk: tuple[str, ...] = ()
    severity_note: str = ""
    folder: str = ""
    """Where ``check.yaml`` and its cases lie."""

    @property
    def file(self) -> str:
        """The file that holds the check."""
        return f"{self.folder}/check.yaml"

    def covers_level(self, level: int) -> bool:
        """Whether the check proves anything at a level."""
        return any(level in cover.levels for cover in self.covers)


@dataclass(frozen=True, slots=True)
class Excluded:
    """A check that a profile leaves out, and the exemption that allows it."""

    check: str
    exemption: str
    is_asked: bool = True
    """Whether the profile would ask it, were it not for the exemption."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Which checks are asked at which level, and with which thresholds, all resolved.

    What it owes to exemptions holds only where these are granted: see ``granted``.
    """

    name: str
    title: Text
    level: int
    checks: tuple[str, ...]
    excluded: tuple[Excluded, ...] = ()
    parameters: Mapping[str, Mapping[str, Parameter]] = field(default_factory=dict)
    """Only what differs from the check's own values: by check, then by parameter."""

    def parameter(self, check: Check, name: str) -> Parameter:
        """Return a parameter of a check as this profile sets it."""
        return self.parameters.get(check.id, {}).get(name) or check.parameters[name]

    @property
    def exemptions(self) -> tuple[tuple[str, str], ...]:
        """Every exemption that the profile leans on, with the check it is about, once each."""
        loosened = {
            (parameter.exemption, check)
            for check, given in self.parameters.items()
            for parameter in given.values()
            if parameter.exemption
        }
        return tuple(sorted(loosened | {(one.exemption, one.check) for one in self.excluded}))

    def granted(self, is_granted: Callable[[str, str], bool]) -> Profile:
        """Return the profile without what ``is_granted`` (number, check) does not allow.

        A threshold goes back to what it was, a check that was left out is asked again.
        """
        refused = {pair for pair in self.exemptions if not is_granted(*pair)}
        if not refused:
            return self
        kept = tuple(one for one in self.excluded if (one.exemption, one.check) not in refused)
        back = {one.check for one in self.excluded if one.is_asked} - {one.check for one in kept}
        parameters = {
            check: {
                name: _strict(one) if (one.exemption, check) in refused else one
                for name, one in given.items()
            }
            for check, given in self.parameters.items()
        }
        checks = tuple(sorted({*self.checks, *back}))
        return replace(self, checks=checks, excluded=kept, parameters=parameters)


def _strict(parameter: Parameter) -> Parameter:
    if parameter.strict is None:
        return parameter
    return replace(parameter, value=parameter.strict, exemption="", strict=None)


@dataclass(frozen=True, slots=True)
class HighRiskCase:
    """A case of a high-risk guide. ``relief`` None: nothing lowers it."""

    id: str
    edition: str
    title: Text
    levels: tuple[int, ...]
    trigger: Text
    items: tuple[str, ...]
    relief: Text | None = None
    condition: Text | None = None
    major_hazard: bool = False
    status: str = "unverified"

    @property
    def key(self) -> str:
        """The name under which checks cite the case: ``2025:6.4.1.1``."""
        return f"{self.edition}:{self.id}"


@dataclass(frozen=True, slots=True)
class Related:
    """A requirement of another catalogue (cryptography, zones) beside items of this one."""

    catalogue: str
    id: str
    title: Text
    items: tuple[str, ...]
    text: Text
    layer: str = ""
    status: str = "unverified"
