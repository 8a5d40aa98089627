"""The rows of a report's tables: prefectures, governments, departments, applications, exits.

Plain values for the templates. Counts and joins only; every verdict was reached before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from netops.divisions import Level
from netops.findings import AuditResult, Finding, SubjectRow, Verdict
from netops.inventory.model import Department, Exit, Government, Inventory
from netops.reports.order import count_verdicts
from netops.reports.places import Places

GOVERNMENT, DEPARTMENT, APPLICATION = "government", "department", "application"
_KINDS = (GOVERNMENT, DEPARTMENT)


@dataclass(frozen=True, slots=True)
class Column:
    """One audit's verdicts on one kind of subject, counted for each row."""

    audit: str
    kind: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A row of counts: what it is, how many subjects, verdicts for each column."""

    head: Government
    total: int
    counts: tuple[Mapping[Verdict, int], ...]


class Subjects:
    """The judged subjects of all audits, found by kind and id."""

    def __init__(self, results: tuple[AuditResult, ...]) -> None:
        self._results = results
        self._rows = {
            (result.audit, row.kind, row.id): row for result in results for row in result.subjects
        }
        self._of_kind: dict[Column, list[SubjectRow]] = {}
        for result in results:
            for row in result.subjects:
                self._of_kind.setdefault(Column(result.audit, row.kind), []).append(row)
        self._findings: Mapping[str, Finding] = {
            finding.id: finding for result in results for finding in result.findings
        }

    @property
    def audits(self) -> tuple[str, ...]:
        """The names of the audits, in the order of the report."""
        return tuple(result.audit for result in self._results)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The audits with the kinds of subjects that belong to a government."""
        found = (Column(audit, kind) for audit in self.audits for kind in _KINDS)
        return tuple(column for column in found if column in self._of_kind)

    def row(self, audit: str, kind: str, name: str) -> SubjectRow | None:
        """Return what one audit says of a subject."""
        return self._rows.get((audit, kind, name))

    def rows(self, kind: str, name: str) -> tuple[SubjectRow | None, ...]:
        """Return what each audit says of a subject."""
        return tuple(self.row(audit, kind, name) for audit in self.audits)

    def reasons(self, row: SubjectRow) -> tuple[Finding, ...]:
        """Return the findings that a row names."""
        return tuple(self._findings[name] for name in row.reason or () if name in self._findings)

    def of_kind(self, column: Column) -> list[SubjectRow]:
        """Return an audit's rows of a kind."""
        return self._of_kind.get(column, [])


def prefecture_rows(subjects: Subjects, places: Places) -> list[Counted]:
    """Return a row of counts for each page of the report."""
    return [
        Counted(head, len(members := places.members_of(head.code)),
                count_of(subjects, {g.code for g in members}))
        for head in places.heads
    ]  # fmt: skip


def count_of(subjects: Subjects, codes: set[str]) -> tuple[Mapping[Verdict, int], ...]:
    """Count the verdicts of every column over some governments."""
    return tuple(
        count_verdicts(row for row in subjects.of_kind(c) if row.government in codes).get(
            c.kind, {}
        )
        for c in subjects.columns
    )


def level_rows(
    subjects: Subjects, members: Iterable[Government]
) -> list[tuple[Level, int, tuple[Mapping[Verdict, int], ...]]]:
    """Return a row of counts for each level that a page has governments of."""
    by_level: dict[Level, set[str]] = {}
    for government in members:
        by_level.setdefault(government.level, set()).add(government.code)
    return [
        (level, len(by_level[level]), count_of(subjects, by_level[level]))
        for level in Level
        if level in by_level
    ]


def departments_of(inventory: Inventory, members: Iterable[Government]) -> list[Department]:
    """Return the departments of some governments."""
    return [d for g in members for d in inventory.departments_of.get(g.code, ())]


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """A vertical application with the verdicts on those that must reach it."""

    id: str
    name: str
    prefix: str
    total: int
    counts: Mapping[Verdict, int]


def application_rows(
    inventory: Inventory, results: tuple[AuditResult, ...]
) -> list[ApplicationRow]:
    """Return a row for each vertical application that was judged."""
    found: dict[str, list[SubjectRow]] = {}
    for result in results:
        for row in result.subjects:
            if row.kind == APPLICATION:
                found.setdefault(row.id, []).append(row)
    return [
        ApplicationRow(
            name,
            rows[0].name,
            str(inventory.applications[name].prefix) if name in inventory.applications else "",
            len(rows),
            count_verdicts(rows)[APPLICATION],
        )
        for name, rows in found.items()
    ]


@dataclass(frozen=True, slots=True)
class ExitRow:
    """A declared exit with the exit points that were seen of it."""

    exit: Exit
    seen: tuple[Mapping[str, Any], ...]


def exit_rows(
    inventory: Inventory, information: Mapping[str, Any], codes: set[str]
) -> list[ExitRow]:
    """Return the declared exits of some governments, and what was seen of each."""
    seen: dict[str, list[Mapping[str, Any]]] = {}
    for kind in ("declared_points", "exempt_points"):
        for point in information.get(kind, ()):
            seen.setdefault(str(point.get("exit")), []).append(point)
    return [
        ExitRow(made, tuple(seen.get(made.id, ())))
        for made in inventory.exits.values()
        if made.government in codes
    ]


def information_of(results: tuple[AuditResult, ...]) -> dict[str, Any]:
    """Join what the audits tell beside their verdicts; their keys differ."""
    return {key: value for result in results for key, value in result.information.items()}


def on_page(
    items: Iterable[Mapping[str, Any]], places: Places, head: str | None
) -> list[Mapping[str, Any]]:
    """Return the items of a list of information that belong to a page; the first has all."""
    if head is None:
        return list(items)
    return [item for item in items if _is_on(item, places, head)]


def _is_on(item: Mapping[str, Any], places: Places, head: str) -> bool:
    named = (item.get(key) for key in ("government", "device", "device_or_link"))
    return any(places.is_on(str(name), head) for name in named if name)
