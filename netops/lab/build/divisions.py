"""Which governments a specification's scope takes from the list of divisions.

Knows governments.csv. Refuses to know devices and addresses; but it gives every division of the
whole list a number, so that addresses do not move when the scope does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from netops.divisions import Level
from netops.errors import Sentence, SpecError
from netops.inventory.columns import CSV_COLUMNS
from netops.inventory.tables import Faults, read_csv
from netops.lab.spec import Spec
from netops.lab.spec_file import place_of

PACKAGED = (Path(__file__).parents[2] / "samples" / "governments.csv").resolve()
"""The list of the sample province: it lies in the repository and is no part of a wheel."""


@dataclass(frozen=True, slots=True)
class Division:
    """A row of the list. ``place`` counts it among the children of its parent."""

    code: str
    name: str
    level: Level
    parent: str | None
    exits_allowed: int
    status: str
    place: int

    @property
    def has_node(self) -> bool:
        """Whether the division is a government and so is on the net."""
        return self.status == "government"


def read_divisions(path: Path) -> Mapping[str, Division]:
    """Read a list of divisions; raise SpecError where it cannot be used."""
    faults = Faults()
    rows = list(read_csv(path, CSV_COLUMNS["governments.csv"], faults))
    if faults.found:
        first = faults.found[0]
        raise SpecError(first.cause, remedy=first.remedy, place=first.place)
    children: dict[str, int] = {}
    made: dict[str, Division] = {}
    for row in rows:
        parent = row.text("parent")
        try:
            level = Level(row.text("level"))
        except ValueError:
            raise SpecError(
                Sentence("“{text}” is not a level.", text=row.text("level")),
                remedy=Sentence("Use one of: {values}.", values=", ".join(Level)),
                place=row.place("level"),
            ) from None
        made[row.text("code")] = Division(
            row.text("code"),
            row.text("name"),
            level,
            parent or None,
            int(row.text("exits_allowed") or 0),
            row.text("status"),
            children.get(parent, 0),
        )
        children[parent] = children.get(parent, 0) + 1
    return made


def divisions_in_scope(spec: Spec) -> tuple[Division, ...]:
    """Return the divisions that take part, superiors before their inferiors, in list order."""
    path = spec.divisions or _sample(spec)
    listed = read_divisions(path)
    province = listed.get(spec.province)
    if province is None or not province.has_node:
        raise SpecError(
            Sentence(
                "The province {province} is not in {name}.", province=spec.province, name=path.name
            ),
            remedy="Name a list that holds it with `divisions:`, or correct the code.",
            place=place_of(spec, "province"),
        )
    _check_cities(spec, listed)
    kept = [d for d in listed.values() if _is_in(d, spec, listed)]
    if spec.townships_per_county is not None:
        kept = _capped(kept, spec.townships_per_county)
    depth = {level: level.depth for level in Level}
    return tuple(sorted(kept, key=lambda d: depth[d.level]))


def _sample(spec: Spec) -> Path:
    if not PACKAGED.is_file():
        raise SpecError(
            "The specification names no list of divisions, and the sample province's is not "
            "installed beside this package.",
            remedy="Write `divisions: FILE` with a list like inventory/governments.csv of the "
            "repository.",
            place=place_of(spec, "divisions"),
        )
    return PACKAGED


def _check_cities(spec: Spec, listed: Mapping[str, Division]) -> None:
    for code in spec.scope.cities:
        found = listed.get(code)
        if found is None or found.level is not Level.CITY or found.parent != spec.province:
            raise SpecError(
                Sentence(
                    "“{code}” is no city of the province {province}.",
                    code=code,
                    province=spec.province,
                ),
                remedy="Use codes of level city from the list of divisions.",
                place=place_of(spec, "scope.cities"),
            )


def _is_in(division: Division, spec: Spec, listed: Mapping[str, Division]) -> bool:
    chain = [division.code]
    above = division.parent
    while above is not None and above in listed:
        chain.append(above)
        above = listed[above].parent
    if chain[-1] != spec.province:
        return False
    wanted = spec.scope.cities
    return not wanted or division.code == spec.province or any(c in wanted for c in chain)


def _capped(divisions: list[Division], most: int) -> list[Division]:
    """Keep the first ``most`` township governments of each county; drop what is none."""
    taken: dict[str, int] = {}
    kept = []
    for division in divisions:
        if division.level is Level.TOWNSHIP:
            parent = division.parent or ""
            if not division.has_node or taken.get(parent, 0) >= most:
                continue
            taken[parent] = taken.get(parent, 0) + 1
        kept.append(division)
    return kept
