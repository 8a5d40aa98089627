"""The four-level picture: where each government's cell stands and what it shows.

Plain geometry in CSS pixels; the template draws it as inline SVG. Shapes tell the verdicts
apart without colour; no text is smaller than 12 px. A band is a drawing of its own, so that
print can break between bands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from netops.findings import Verdict
from netops.inventory.model import Government, GovernmentStatus, Inventory
from netops.reports.html.quoting import harmless
from netops.reports.places import Places, page_name

WIDTH = 1180
_PER_ROW = 7
_CELL_WIDTH = WIDTH // _PER_ROW
_NAME_WIDTH = 116
_HEAD_WIDTH = 900
_CHARACTER = 12
_HEAD_CHARACTER = 15
_HEAD_HEIGHT = 30
_LINE_HEIGHT = 17
_MOST_LINES = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """One government: position, name in lines, verdicts (one a judged audit), second line."""

    x: int
    y: int
    lines: tuple[str, ...]
    title: str
    marks: tuple[Verdict, ...]
    second: str = ""
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A superior government with the cells of those below it, ``height`` pixels high."""

    height: int
    head: Cell
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Bands below one another, each ``width`` wide."""

    bands: tuple[Band, ...]
    width: int = WIDTH


Marks = Mapping[str, tuple[Verdict, ...]]


def province_picture(inventory: Inventory, marks: Marks, places: Places) -> Picture:
    """Draw the province and those below it as bands, counties as cells with township counts."""
    below = _children(inventory)
    province = inventory.governments[inventory.province]
    bands = [_band(_head(province, marks, None), [], marks)]
    for head in places.heads:
        members = below.get(head.code, [])
        townships = {m.code: _townships(below, m, marks) for m in members}
        link = page_name(head.code)
        bands.append(_band(_head(head, marks, link), members, marks, townships, link))
    return Picture(tuple(bands))


def city_picture(inventory: Inventory, city: str, marks: Marks) -> Picture:
    """Draw a city's counties as bands, townships as cells."""
    below = _children(inventory)
    direct = below.get(city, [])
    leaves = [g for g in direct if not below.get(g.code)]
    bands = [_band(_head(inventory.governments[city], marks, None), leaves, marks, link="")]
    for county in direct:
        if below.get(county.code):
            head = _head(county, marks, f"#n-{county.code}")
            bands.append(_band(head, below[county.code], marks, link=""))
    return Picture(tuple(bands))


def _band(
    head: Cell,
    members: list[Government],
    marks: Marks,
    second: Mapping[str, str] | None = None,
    link: str = "",
) -> Band:
    names = {m.code: wrap(m.name, _NAME_WIDTH) for m in members}
    extra = second or {}
    y = _HEAD_HEIGHT + 4
    cells: list[Cell] = []
    for start in range(0, len(members), _PER_ROW):
        row = members[start : start + _PER_ROW]
        cells += [
            Cell(
                x=index * _CELL_WIDTH,
                y=y,
                lines=names[m.code],
                title=f"{m.name} {m.code}",
                marks=marks.get(m.code, ()),
                second=extra.get(m.code, ""),
                link=f"{link}#n-{m.code}",
            )
            for index, m in enumerate(row)
        ]
        y += 12 + _LINE_HEIGHT * max(len(names[m.code]) + bool(extra.get(m.code)) for m in row)
    return Band(y if members else _HEAD_HEIGHT, head, tuple(cells))


def _children(inventory: Inventory) -> dict[str, list[Government]]:
    """Governments by the nearest superior that is one itself.

    A township of a functional district hangs on the city, because the district is no
    government and has no node.
    """
    found: dict[str, list[Government]] = {}
    for government in inventory.governments.values():
        if government.status is not GovernmentStatus.GOVERNMENT:
            continue
        above = government.parent
        while above is not None and above in inventory.governments:
            if inventory.governments[above].status is GovernmentStatus.GOVERNMENT:
                break
            above = inventory.governments[above].parent
        if above is not None:
            found.setdefault(above, []).append(government)
    return found


def _head(government: Government, marks: Marks, link: str | None) -> Cell:
    name = wrap(government.name, _HEAD_WIDTH, size=_HEAD_CHARACTER, most=1)
    title = f"{government.name} {government.code}"
    return Cell(0, 0, name, title, marks.get(government.code, ()), link=link)


def _townships(below: Mapping[str, list[Government]], county: Government, marks: Marks) -> str:
    members = below.get(county.code, [])
    if not members:
        return ""
    met = sum(1 for m in members if _first(marks.get(m.code, ())) is Verdict.MET)
    return f"{met}/{len(members)}"


def _first(verdicts: tuple[Verdict, ...]) -> Verdict | None:
    return verdicts[0] if verdicts else None


def wrap(
    name: str, pixels: int, *, size: int = _CHARACTER, most: int = _MOST_LINES
) -> tuple[str, ...]:
    """Break ``name`` into at most ``most`` lines of ``pixels``; the last ends in … when cut.

    The widths are upper bounds, since the font of the reader is not known here.
    """
    lines, width = [""], 0
    for character in harmless(name):
        wanted = _width(character, size)
        if width + wanted > pixels - (size if len(lines) == most else 0):
            if len(lines) == most:
                lines[-1] += "…"
                break
            lines.append("")
            width = 0
        lines[-1] += character
        width += wanted
    return tuple(lines)


def _width(character: str, size: int) -> int:
    """Return how wide a character may be: small letters and digits two thirds of a full one."""
    narrow = character.isascii() and (character.islower() or character.isdigit())
    return size * 2 // 3 if narrow and character not in "mw" else size


def collect_marks(columns: Iterable[Mapping[str, Verdict]]) -> dict[str, tuple[Verdict, ...]]:
    """Join one mapping an audit (government → verdict) into tuples in the same order."""
    listed = list(columns)
    codes = {code for column in listed for code in column}
    return {
        code: tuple(column.get(code, Verdict.NOT_APPLICABLE) for column in listed) for code in codes
    }
