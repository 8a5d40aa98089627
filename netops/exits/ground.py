"""What a strength rests on beside the walk: how whole the model is, whose packets spoke.

Knows only shapes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from netops.exits.testimony import Testimony
from netops.findings import Strength


@dataclass(frozen=True, slots=True)
class Ground:
    """What the model of a department rests on.

    ``gaps`` are words of what keeps it from being complete, ``oldest`` when its oldest fact was
    read, ``is_dominated`` whether no exit but the allowed can be reached, latent ones included.
    """

    gaps: tuple[str, ...]
    oldest: datetime | None
    is_dominated: bool


@dataclass(frozen=True, slots=True)
class Stand:
    """The strength of a government, and what it rests on beside the model.

    ``counted`` departments leave by its exit, ``proven`` of them are; ``own`` are packets of its
    own devices, ``gaps`` what their model lacks.
    """

    strength: Strength
    counted: int = 0
    proven: int = 0
    own: tuple[Testimony, ...] = ()
    gaps: tuple[str, ...] = ()
