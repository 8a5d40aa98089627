"""What one measurement or flow record says of one department or government.

Knows only shapes and words. Refuses to weigh several against each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from netops.exits.terms import PointKey
from netops.facts.source import NOWHERE, Source
from netops.inventory.model import Subnet

_ZONE = ZoneInfo("Asia/Shanghai")


class Kind(StrEnum):
    """Classes of evidence: the model, packets of our own, flows that an exit recorded."""

    MODEL = "M"
    ACTIVE = "T"
    FLOW = "F"


class Weight(StrEnum):
    """What a testimony is worth."""

    COUNTER = "counterexample"
    """Packets were seen where they must not be. One is enough."""
    DOUBT = "contradiction"
    """Something does not fit, and nobody can say yet what is wrong."""
    POSITIVE = "positive"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class About:
    """Whose packets they were; ``department`` None: the government's own."""

    government: str
    department: str | None = None
    subnet: Subnet | None = None


@dataclass(frozen=True, slots=True)
class Testimony:
    """One answer, weighed. ``word`` says why, ``seen`` where; ``target`` is what was asked.

    ``exit`` and ``points`` name what is known to stand at the place seen. ``vantage`` and
    ``command`` name the observation, as evidence does.
    """

    kind: Kind
    weight: Weight
    word: str
    about: About
    family: int
    protocol: str
    target: str
    at: datetime
    seen: str = ""
    exit: str | None = None
    points: tuple[PointKey, ...] = ()
    vantage: str = ""
    command: str = ""
    source: Source = NOWHERE

    @property
    def question(self) -> tuple[object, ...]:
        """What two testimonies share that answer the same question."""
        return (self.about, self.family, self.protocol, self.target)


def last_day(at: datetime, valid_for: timedelta) -> date:
    """Return the last day (Asia/Shanghai) on which something seen at ``at`` still speaks."""
    return (at + valid_for).astimezone(_ZONE).date()


def is_fresh(at: datetime, valid_for: timedelta | None, as_of: date) -> bool:
    """Whether something seen at ``at`` speaks on ``as_of``: not too old, and not of the future."""
    if valid_for is None:
        return False
    return at.astimezone(_ZONE).date() <= as_of <= last_day(at, valid_for)
