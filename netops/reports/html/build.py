"""Builds the pages of a report from results, the inventory and a way to quote evidence.

Knows which tables stand on which page. Refuses to judge, and to read a file: what it quotes is
handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from netops.findings import AuditResult, Evidence, Verdict
from netops.i18n import Lang
from netops.inventory.model import Exemption, Government, Inventory
from netops.policy.model import Policy
from netops.reports.grouping import Group, cut_to, group_findings
from netops.reports.html import tables
from netops.reports.html.picture import city_picture, collect_marks, province_picture
from netops.reports.html.quoting import Quoting
from netops.reports.html.samples import sample_lines
from netops.reports.html.wording import environment, sections
from netops.reports.places import Places, page_name

_CARDS, _ROWS = 300, 2_500
"""Findings and unknowns on one page; the JSON and CSV hold the rest."""
_QUOTED_BYTES = 700_000
"""On one page, so that a page stays below 3 MB whatever devices print."""


@dataclass(frozen=True, slots=True)
class ReportInput:
    """What a report is made of. ``quote`` returns the lines that an evidence names."""

    inventory: Inventory
    results: tuple[AuditResult, ...]
    quote: Callable[[Evidence], list[str]]
    files: tuple[str, ...] = ()
    policy: Policy | None = None


def build_pages(given: ReportInput, lang: Lang) -> dict[str, str]:
    """Return file names and their HTML: ``index.html`` and a page a city."""
    pages = _Pages(given, lang)
    heads = pages.places.heads
    return {
        page_name(None): pages.first(),
        **{page_name(head.code): pages.of_head(head) for head in heads},
    }


class _Pages:
    """Renders the pages of one report in one language."""

    def __init__(self, given: ReportInput, lang: Lang) -> None:
        self.places = Places(given.inventory)
        self._given = given
        self._lang = lang
        self._subjects = tables.Subjects(given.results)
        self._marks = collect_marks(_verdicts(result) for result in given.results)
        self._information = tables.information_of(given.results)
        self._template = environment(lang, self.places, self._subjects).get_template("page.html.j2")

    def first(self) -> str:
        """Render the page of the province."""
        given = self._given
        return self._template.render(
            **self._common(None),
            **sections(self._lang),
            title=given.inventory.title
            or given.inventory.governments[given.inventory.province].name,
            picture=province_picture(given.inventory, self._marks, self.places),
            prefecture_rows=tables.prefecture_rows(self._subjects, self.places),
            application_rows=tables.application_rows(given.inventory, given.results),
            samples=sample_lines(given.inventory, given.results, given.policy, self._lang),
            files=given.files,
        )

    def of_head(self, head: Government) -> str:
        """Render the page of a government below the province."""
        common = self._common(head)
        return self._template.render(
            **common,
            title=head.name,
            picture=city_picture(self._given.inventory, head.code, self._marks),
            level_rows=tables.level_rows(self._subjects, common["members"]),
        )

    def _common(self, head: Government | None) -> dict[str, Any]:
        """Return what every page has."""
        given, places = self._given, self.places
        code = None if head is None else head.code
        members = places.members_of(code)
        groups = self._groups(code)
        return {
            "head": head,
            "results": given.results,
            "inventory": given.inventory,
            "information": self._information,
            "columns": self._subjects.columns,
            "members": members,
            "department_rows": tables.departments_of(given.inventory, members),
            "groups": groups,
            "shown": {finding.id for group in groups for finding in group.findings},
            "quote": Quoting(given.quote, _QUOTED_BYTES).of,
            "exit_rows": tables.exit_rows(
                given.inventory, self._information, {g.code for g in members}
            ),
            "exemptions": [e for e in given.inventory.exemptions if self._bears_on(e, code)],
            "in_force": self._in_force,
            "here": lambda items: tables.on_page(items, places, code),
            "dropped_here": lambda found: _dropped(found, places, code),
            "affected_here": lambda finding: [
                name for name in finding.affected if code is None or places.is_on(name, code)
            ],
        }

    def _groups(self, code: str | None) -> list[Group]:
        found = [
            finding
            for result in self._given.results
            for finding in result.findings
            if code is None or self.places.concerns(finding, code)
        ]
        return cut_to(group_findings(found), _CARDS, _ROWS)

    def _bears_on(self, exemption: Exemption, code: str | None) -> bool:
        return code is None or self.places.is_on(exemption.subject_id, code)

    def _in_force(self, exemption: Exemption) -> bool:
        return exemption.is_in_force(date.fromisoformat(self._given.results[0].provenance.as_of))


def _dropped(
    found: Mapping[str, list[str]], places: Places, code: str | None
) -> list[tuple[str, list[str]]]:
    return [(n, listed) for n, listed in found.items() if code is None or places.is_on(n, code)]


def _verdicts(result: AuditResult) -> dict[str, Verdict]:
    return {row.id: row.verdict for row in result.subjects if row.kind == tables.GOVERNMENT}


__all__ = ["ReportInput", "build_pages"]
