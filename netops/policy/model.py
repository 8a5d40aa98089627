"""What a site asks for: targets of the plans, anchors, closure, tolerances.

Every value carries where it comes from and how sure that is; a report says which of its
numbers were samples. Unknown fields are errors.
"""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from netops.divisions import Level
from netops.findings import Strength

Status = Literal["standard", "plan", "derived", "site", "sample"]


def _exact(value: Any) -> Any:  # noqa: ANN401 - pydantic hands over whatever the file holds
    """Read 0.95 as 95/100, never as the nearest binary fraction, and no number without end."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return value
    if _SHORT.fullmatch(text := str(value).strip()) is None:
        raise ValueError
    return Fraction(text)


_SHORT = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?(?:/0*[1-9]\d{0,8}|e-?\d{1,2})?")


Share = Annotated[Fraction, BeforeValidator(_exact), Field(ge=0, le=1)]


Milliseconds = Annotated[Fraction, BeforeValidator(_exact), Field(gt=0, le=60_000)]


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


class SourcedHours(Sourced):
    """A number of hours."""

    value: Annotated[int, Field(ge=1, le=8784)]


class Segment(StrEnum):
    """A part of the way between two places, for which a site asks a quality of its own."""

    CORE = "core"
    PROVINCE_CITY = "province_city"
    CITY_COUNTY = "city_county"
    COUNTY_TOWNSHIP = "county_township"
    DEPARTMENT = "department"


class Quality(_Strict):
    """What one segment may cost at most: round trip and jitter in ms, loss as a share."""

    segment: Segment
    round_trip_ms: Milliseconds
    jitter_ms: Milliseconds
    loss: Share


class SourcedQuality(Sourced):
    """Thresholds by segment; a way over several segments may cost their sum."""

    value: tuple[Quality, ...] = Field(min_length=1)


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
    evidence_valid_for: SourcedHours | None = None
    quality: SourcedQuality | None = None


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
    evidence_valid_for: timedelta | None = None
    """How long a packet that was seen speaks for an exit; None: nothing is ever proven."""
    quality: tuple[Quality, ...] = ()
    """Empty: quality is measured and not judged."""

    def target(self, rate: str, scope: Level) -> Target | None:
        """Return the target of a rate on a level; None where the plan gives none."""
        found = [t for t in self.targets if t.rate == rate and t.scope is scope]
        return found[0] if found else None
