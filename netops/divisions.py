"""Administrative division codes (GB/T 2260, GB/T 10114): level, parent, ancestors.

A code is six digits down to the county and nine for a township. Which codes exist is data of
the inventory; this module only knows how a code is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

_CODE = re.compile(r"[1-9]\d{5}(?:\d{3})?")


class Level(StrEnum):
    """The four levels of a provincial extranet, highest first."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"

    @property
    def depth(self) -> int:
        """0 for the province, 3 for a township."""
        return list(Level).index(self)


def is_code(text: str) -> bool:
    """Tell whether ``text`` has the form of a code (six or nine digits)."""
    return _CODE.fullmatch(text) is not None


def level_of(code: str) -> Level:
    """Return the level that the form of ``code`` says.

    Raises ValueError when it is not a code. Codes of direct-administered counties
    (``xx90xx``) are counties whose parent is the province.
    """
    if not is_code(code):
        raise ValueError(code)
    if len(code) == 9:  # noqa: PLR2004 - nine digits are a township by GB/T 10114
        return Level.TOWNSHIP
    if code.endswith("0000"):
        return Level.PROVINCE
    return Level.CITY if code.endswith("00") else Level.COUNTY


def parent_of(code: str) -> str | None:
    """Return the code of the superior government; None for a province."""
    match level_of(code):
        case Level.PROVINCE:
            return None
        case Level.CITY:
            return code[:2] + "0000"
        case Level.COUNTY:
            return code[:2] + "0000" if code[2:4] == "90" else code[:4] + "00"
        case Level.TOWNSHIP:
            return code[:6]


def ancestors(code: str) -> Iterator[str]:
    """Yield the superiors of ``code``, nearest first."""
    above = parent_of(code)
    while above is not None:
        yield above
        above = parent_of(above)
