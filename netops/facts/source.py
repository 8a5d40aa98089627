"""Where a fact came from."""

from __future__ import annotations

from typing import NamedTuple


class Source(NamedTuple):
    """Lines ``first`` to ``last`` (1-based, inclusive) of the text of an observation."""

    observation: str = ""
    first: int = 0
    last: int = 0


NOWHERE = Source()
