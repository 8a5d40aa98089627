"""Reads a specification file into a ``Spec``; every wrong or contradictory key is refused.

Knows the YAML of schema netops/lab/1. Refuses to know the divisions and the network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from netops.divisions import Level, is_code, level_of
from netops.errors import Place, Sentence, SpecError
from netops.inventory.tables import Faults, Row, read_yaml
from netops.lab import spec_fields as take
from netops.lab.spec import (
    BACKENDS,
    BEHAVIOURS,
    DEFAULT_DEPARTMENTS,
    DEFAULT_PLATFORMS,
    DEFAULT_QUIRKS,
    DEFAULT_UPLINKS,
    FAMILIES,
    INNOCENTS,
    KINDS,
    LATENT_BY_NATURE,
    LEAKS,
    MECHANISMS,
    PLATFORMS,
    QUIRKS,
    SCHEMA,
    Answers,
    FaultSpec,
    RandomFaults,
    Scope,
    Spec,
)
from netops.lab.spec_fields import refusal

_TOP = (
    "schema",
    "seed",
    "province",
    "scope",
    "townships_per_county",
    "departments",
    "platforms",
    "uplinks",
    "routes_per_device",
    "answers",
    "quirks",
    "faults",
    "random_faults",
    "innocents",
    "divisions",
    "backend",
    "probes",
    "bare_townships",
)
_KEYS_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "node_down": (),
    "uplink_down": ("all",),
    "isolated": (),
    "exit": ("mechanism", "family", "latent", "department", "by"),
    "app_route": ("application",),
    "snmp_contradicts": (),
    "device": ("behaviour",),
}
_MOST = 100_000


def load_spec(path: Path) -> Spec:
    """Read and check a specification; raise SpecError with file, line, cause and remedy."""
    faults = Faults()
    top = read_yaml(path, faults)
    if top is None:
        first = faults.found[0]
        raise SpecError(first.cause, remedy=first.remedy, place=first.place)
    take.only(top, _TOP, Sentence("a specification"))
    if top.text("schema") != SCHEMA:
        raise refusal(
            top.place("schema"),
            Sentence("The schema “{text}” is not known.", text=top.text("schema")),
            Sentence("Write `schema: {schema}`.", schema=SCHEMA),
        )
    divisions = take.word(top, "divisions")
    answers = take.section(top, "answers")
    return Spec(
        seed=take.whole(top, "seed", (0, 2**63 - 1), 0),
        province=_province(top),
        file=path.name,
        scope=_scope(top),
        townships_per_county=_townships(top),
        departments=_departments(top),
        platforms=_platforms(top),
        uplinks=_uplinks(top),
        routes_per_device=take.whole(top, "routes_per_device", (0, 20_000), 0),
        answers=Answers() if answers is None else _answers(answers),
        quirks=_quirks(top),
        faults=tuple(read_fault(row) for row in take.rows(top, "faults")),
        random_faults=_random(top),
        innocents=_innocents(top),
        divisions=(path.parent / divisions).resolve() if divisions else None,
        backend=take.word(top, "backend", BACKENDS) or BACKENDS[0],
        probes=take.flag(top, "probes"),
        bare_townships=take.flag(top, "bare_townships") or False,
        lines=dict(_lines(top)),
    )


def _lines(top: Row) -> Iterator[tuple[str, int]]:
    """Yield the lines of the keys, and of the keys one step below."""
    yield from top.lines.items()
    for name, value in top.values.items():
        if isinstance(value, Row):
            yield from ((f"{name}.{key}", line) for key, line in value.lines.items())


def _province(top: Row) -> str:
    code = take.needed(top, "province")
    if not is_code(code) or level_of(code) is not Level.PROVINCE:
        raise refusal(
            top.place("province"),
            Sentence("“{code}” is not the code of a province.", code=code),
            "Write six digits in quotes, like “430000”.",
        )
    return code


def _scope(top: Row) -> Scope:
    value = top.values.get("scope", "all")
    if value == "all":
        return Scope()
    if not isinstance(value, Row):
        raise refusal(
            top.place("scope"),
            "The scope is neither `all` nor a mapping.",
            'Write `scope: all` or `scope: {cities: ["430100"]}`.',
        )
    take.only(value, ("cities",), "scope")
    cities = take.texts(value, "cities")
    if not cities:
        raise refusal(
            value.place("cities"), "No city is named.", "Name one at least, or write `all`."
        )
    return Scope(cities)


def _townships(top: Row) -> int | None:
    if top.values.get("townships_per_county") is None:
        return None
    return take.whole(top, "townships_per_county", (0, _MOST), 0)


def _departments(top: Row) -> Mapping[Level, int]:
    row = take.section(top, "departments")
    if row is None:
        return DEFAULT_DEPARTMENTS
    take.only(row, tuple(Level), "departments")
    return {level: take.whole(row, level, (0, 2000), DEFAULT_DEPARTMENTS[level]) for level in Level}


def _platforms(top: Row) -> Mapping[Level, Mapping[str, float]]:
    row = take.section(top, "platforms")
    made = dict(DEFAULT_PLATFORMS)
    if row is None:
        return made
    take.only(row, tuple(Level), "platforms")
    for level in Level:
        if level not in row.values:
            continue
        value = row.values[level]
        if isinstance(value, Row):
            made[level] = take.shares(value, PLATFORMS)
        else:
            made[level] = {take.word(row, level, PLATFORMS): 1.0}
    return made


def _uplinks(top: Row) -> Mapping[Level, int]:
    row = take.section(top, "uplinks")
    if row is None:
        return DEFAULT_UPLINKS
    levels = tuple(DEFAULT_UPLINKS)
    take.only(row, levels, "uplinks")
    made = {}
    for level in levels:
        value = take.whole(row, level, (0, _MOST), DEFAULT_UPLINKS[level])
        if value not in (1, 2):
            raise refusal(
                row.place(level),
                Sentence(
                    "{count} uplinks are asked for; the laboratory builds one or two.", count=value
                ),
                "Write 1 or 2.",
            )
        made[level] = value
    return made


def _answers(row: Row) -> Answers:
    take.only(row, ("delay", "slow_share", "slow_delay"), "answers")
    return Answers(
        take.number(row, "delay", (0.0, 60.0), 0.0),
        take.number(row, "slow_share", (0.0, 1.0), 0.0),
        take.number(row, "slow_delay", (0.0, 60.0), 1.0),
    )


def _quirks(top: Row) -> Mapping[str, float]:
    row = take.section(top, "quirks")
    if row is None:
        return DEFAULT_QUIRKS
    take.only(row, QUIRKS, "quirks")
    return {name: take.number(row, name, (0.0, 1.0), 0.0) for name in QUIRKS if name in row.values}


def _random(top: Row) -> RandomFaults:
    row = take.section(top, "random_faults")
    if row is None:
        return RandomFaults()
    names = ("exits", "nodes", "devices")
    take.only(row, names, "random_faults")
    return RandomFaults(*(take.whole(row, name, (0, _MOST), 0) for name in names))


def _innocents(top: Row) -> tuple[str, ...]:
    kinds = take.texts(top, "innocents")
    for kind in kinds:
        if kind not in INNOCENTS:
            raise refusal(
                top.place("innocents"),
                Sentence("The innocent “{kind}” is not known.", kind=kind),
                Sentence("Use only: {values}.", values=", ".join(INNOCENTS)),
            )
    if len(set(kinds)) != len(kinds):
        raise refusal(top.place("innocents"), "An innocent is named twice.", "Name each once.")
    return kinds


def read_fault(row: Row) -> FaultSpec:
    """Read one listed fault."""
    kind = take.needed(row, "kind", KINDS)
    take.only(
        row, ("kind", "at", *_KEYS_OF_KIND[kind]), Sentence("a fault of kind {kind}", kind=kind)
    )
    fault = FaultSpec(
        kind=kind,
        at=take.needed(row, "at"),
        place=row.place("at"),
        all=bool(take.flag(row, "all")),
        application=take.word(row, "application"),
    )
    if kind == "device":
        return _with(fault, behaviour=take.needed(row, "behaviour", BEHAVIOURS))
    return _exit(fault, row) if kind == "exit" else fault


def _exit(fault: FaultSpec, row: Row) -> FaultSpec:
    mechanism = take.needed(row, "mechanism", MECHANISMS)
    families = FAMILIES[mechanism]
    family = take.word(row, "family", ("ipv4", "ipv6")) or families[0]
    if family not in families:
        other = "ipv6_default" if family == "ipv6" and mechanism != "ipv6_default" else ""
        raise refusal(
            row.place("family"),
            Sentence(
                "An exit of mechanism {mechanism} cannot be planted in {family}.",
                mechanism=mechanism,
                family=family,
            ),
            f"Use: {', '.join(families)}."
            + (f" A default route of IPv6 is the mechanism {other}." if other else ""),
        )
    latent = take.flag(row, "latent")
    _check_latent(row, mechanism, latent=latent)
    return _with(
        fault,
        mechanism=mechanism,
        family=family,
        latent=mechanism in LATENT_BY_NATURE if latent is None else latent,
        department=_department(row, mechanism),
        by=_leak_by(row, mechanism),
    )


def _check_latent(row: Row, mechanism: str, *, latent: bool | None) -> None:
    if latent and mechanism in ("policy_route", "vpn_leak"):
        raise refusal(
            row.place("latent"),
            Sentence("An exit of mechanism {mechanism} cannot be latent.", mechanism=mechanism),
            "Leave `latent` out.",
        )
    if latent is False and mechanism in LATENT_BY_NATURE:
        raise refusal(
            row.place("latent"),
            Sentence(
                "An exit of mechanism {mechanism} carries nothing, so it is latent.",
                mechanism=mechanism,
            ),
            "Leave `latent` out, or choose `static_default`.",
        )


def _department(row: Row, mechanism: str) -> str:
    name = take.word(row, "department")
    if name and mechanism not in ("policy_route", "vpn_leak", "dual_homed_host"):
        raise refusal(
            row.place("department"),
            Sentence("The mechanism {mechanism} takes no department.", mechanism=mechanism),
            "Leave `department` out.",
        )
    return name


def _leak_by(row: Row, mechanism: str) -> str:
    word = take.word(row, "by", LEAKS)
    if word and mechanism != "vpn_leak":
        raise refusal(
            row.place("by"),
            Sentence("The mechanism {mechanism} takes no `by`.", mechanism=mechanism),
            "Leave `by` out; only a vpn_leak has several ways.",
        )
    return word


def _with(fault: FaultSpec, **values: str | bool | None) -> FaultSpec:
    known = {name: getattr(fault, name) for name in FaultSpec.__slots__}
    return FaultSpec(**{**known, **values})


def place_of(spec: Spec, field: str) -> Place:
    """Name a key of the specification for errors that the plan finds."""
    line = spec.lines.get(field, spec.lines.get(field.partition(".")[0]))
    return Place(spec.file, line, field)
