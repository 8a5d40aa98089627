"""What a site asks for: targets of the plans, anchors, closure, tolerances.

Every value carries where it comes from and how sure that is; a report says which of its
numbers were samples. Unknown fields are errors.
"""

from __future__ import annotations

from fractions import Fraction
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from netops.divisions import Level
from netops.findings import Strength

Status = Literal["standard", "plan", "derived", "site", "sample"]


def _exact(value: Any) -> Any:  # noqa: ANN401 - pydantic hands over whatever the file holds
    """Read 0.95 as 95/100, never as the nearest binary fraction."""
    return Fraction(str(value)) if isinstance(value, int | float | str) else value


Share = Annotated[Fraction, BeforeValidator(_exact), Field(ge=0, le=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Target(_Strict):
    """One number of a plan: which rate, on which level, from which sentence."""

    rate: str
    scope: Level
    value: Share
    plan: str
    status: Status
    year: int | None = None
    note: str = ""


class TargetFile(_Strict):
    """``policies/targets/<plan>.yaml``: one plan."""

    schema_: Literal["netops/targets/1"] = Field(alias="schema")
    plan: str
    title: dict[Literal["zh", "en"], str]
    source: str
    targets: tuple[Target, ...]


class Sourced(_Strict):
    """Where a value of the site's policy comes from."""

    source: str
    status: Status


class SourcedShare(Sourced):
    """A share between 0 and 1."""

    value: Share


class SourcedAnchors(Sourced):
    """Prefixes that stand for the internet in the walk; looked up, never contacted."""

    value: tuple[IPv4Network | IPv6Network, ...] = Field(min_length=2)


class SourcedTolerance(Sourced):
    """How many unknown subjects a level may have before the exit code says so."""

    value: dict[Level, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)


class SourcedStrength(Sourced):
    """The least strength that counts as reported."""

    value: Literal[Strength.CONSISTENT, Strength.PROVEN]


class SourcedExits(Sourced):
    """Whose exits a government may use."""

    value: Literal["own_and_superiors", "own"]


class PolicyFile(_Strict):
    """``policies/<site>.yaml``: what the audits judge by."""

    schema_: Literal["netops/policy/1"] = Field(alias="schema")
    title: dict[Literal["zh", "en"], str]
    targets: str
    closure: SourcedShare
    minimum_strength: SourcedStrength
    tolerated_unknown: SourcedTolerance
    anchors: SourcedAnchors
    allowed_exits: SourcedExits


class Policy(_Strict):
    """A policy file joined with its targets, as a judgement receives it."""

    title: dict[Literal["zh", "en"], str]
    targets: tuple[Target, ...]
    closure: Fraction
    minimum_strength: Strength
    tolerated_unknown: dict[Level, int]
    anchors: tuple[IPv4Network | IPv6Network, ...]
    allowed_exits: Literal["own_and_superiors", "own"]
    samples: tuple[str, ...]
    digest: str

    def target(self, rate: str, scope: Level) -> Target | None:
        """Return the target of a rate on a level; None where the plan gives none."""
        found = [t for t in self.targets if t.rate == rate and t.scope is scope]
        return found[0] if found else None
