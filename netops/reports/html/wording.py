"""What the templates may call: words in one language, names, links, widths.

Refuses to compute anything that is not for the eye.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from markupsafe import Markup

from netops.divisions import Level
from netops.findings import (
    AuditResult,
    Evidence,
    Finding,
    Rate,
    Strength,
    SubjectRow,
    Text,
    Verdict,
)
from netops.i18n import Lang
from netops.reports.beside import evidence_of, lines_beside
from netops.reports.causes import detail_of
from netops.reports.html.phrases import PHRASES
from netops.reports.html.quoting import harmless
from netops.reports.html.tables import Subjects
from netops.reports.order import count_verdicts
from netops.reports.places import Places, page_name
from netops.reports.words import (
    AUDITS,
    COUNTED,
    KINDS,
    LEVELS,
    RATES,
    RULES,
    SEVERITIES,
    SIGNALS,
    STRENGTHS,
    VERDICTS,
    judged,
    plain,
    share,
)

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_MOST_LISTED = 200
_PUNCTUATION = {
    "zh": {"colon": "：", "sep": "、", "open": "（", "close": "）"},
    "en": {"colon": ": ", "sep": ", ", "open": " (", "close": ")"},
}


def environment(lang: Lang, places: Places, subjects: Subjects) -> jinja2.Environment:
    """Return the environment that renders a report in ``lang``; it escapes everything."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("netops.reports.html", "templates"),
        autoescape=True,
        finalize=_finalize,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(_words(lang))
    made.globals.update(_places(lang, places))
    made.globals.update(
        lang=lang,
        **_PUNCTUATION[lang],
        subjects=subjects,
        reasons=subjects.reasons,
        verdicts=tuple(Verdict),
        most_listed=_MOST_LISTED,
        count_verdicts=count_verdicts,
        share=share,
        width=width,
        moment=moment,
        detail=detail_of,
        formulas=formulas,
        beside=lines_beside,
        evidence_of=evidence_of,
    )
    return made


def _finalize(value: object) -> object:
    """Spell out controls in whatever a template prints; what was escaped before stays."""
    return harmless(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _words(lang: Lang) -> dict[str, Callable[..., str]]:
    def phrase(name: str) -> str:
        return PHRASES[name].in_lang(lang)

    def word(table: dict[Any, Text]) -> Callable[[Any], str]:
        return lambda name: plain(table.get(name), str(name)).in_lang(lang)

    def lines(item: Evidence) -> str:
        first, last = item.lines
        if not last:
            return phrase("whole_answer")
        return phrase("line" if first == last else "lines").format(first=first, last=last)

    return {
        "t": phrase,
        "say": lambda text: text.in_lang(lang),
        "verdict": word(VERDICTS),
        "severity": word(SEVERITIES),
        "level": lambda scope: LEVELS[Level(scope)].in_lang(lang),
        "kind": word(KINDS),
        "kinds": word(COUNTED),
        "rate_name": word(RATES),
        "rule_name": word(RULES),
        "audit_name": word(AUDITS),
        "signal": word(SIGNALS),
        "list_name": word({v.value: t for v, t in (*VERDICTS.items(), *STRENGTHS.items())}),
        "family": lambda name: {"ipv4": "IPv4", "ipv6": "IPv6"}.get(name, str(name)),
        "judged": lambda row: _judged(row).in_lang(lang),
        "lines": lines,
        "undecided": lambda rate: undecided(rate, lang),
    }


def _places(lang: Lang, places: Places) -> dict[str, Callable[..., Any]]:
    pages = _Pages(lang, places)
    return {
        "named": places.named,
        "named_subject": pages.named_subject,
        "page_name": page_name,
        "home": pages.home,
        "by_page": pages.by_page,
        "split": pages.split,
    }


class _Pages:
    """On which page of a report its subjects and findings stand."""

    def __init__(self, lang: Lang, places: Places) -> None:
        self._places = places
        self._titles: dict[str | None, str] = {head.code: head.name for head in places.heads}
        self._titles[None] = LEVELS[Level.PROVINCE].in_lang(lang)

    def named_subject(self, finding: Finding) -> str:
        """Return the subject's name with its id, once where they are the same."""
        known, name = self._places.named(finding.subject.id), finding.subject.name
        if known != finding.subject.id or not name or name == known:
            return known
        return f"{name} {finding.subject.id}"

    def home(self, finding: Finding) -> str | None:
        """Return the link from the first page to where the subject's government stands."""
        head = self._head(finding)
        return None if head is None else f"{page_name(head)}#f-{finding.id[:16]}"

    def _head(self, finding: Finding) -> str | None:
        code = self._places.government_of(finding.subject.id)
        return None if code is None else self._places.head_of(code)

    def by_page(self, names: tuple[str, ...]) -> list[tuple[str | None, str, list[str]]]:
        """Return the members of a list by page, with the page's link and name."""
        return [
            (
                None if head is None else page_name(head),
                self._titles[head],
                [self._places.named(name) for name in members],
            )
            for head, members in self._places.split_by_head(names).items()
        ]

    def split(self, findings: tuple[Finding, ...]) -> list[tuple[str, list[Finding]]]:
        """Return findings by the name of the page that their subject stands on."""
        found: dict[str, list[Finding]] = {}
        for finding in findings:
            found.setdefault(self._titles[self._head(finding)], []).append(finding)
        return list(found.items())


def _judged(row: SubjectRow) -> Text:
    return judged(row.verdict, row.strength)


def width(count: int, total: int, pixels: int) -> str:
    """Return how wide a share of ``pixels`` is drawn; 0 of 0 draws nothing."""
    return f"{pixels * count / total if total else 0:.1f}"


def moment(text: str) -> str:
    """Return a time as people in the province read it; what is no time stays as it is."""
    try:
        there = datetime.fromisoformat(text).astimezone(_SHANGHAI)
    except ValueError:
        return harmless(text)
    return f"{there:%Y-%m-%d %H:%M:%S} (UTC+8)"


def formulas(result: AuditResult) -> list[tuple[str, Text]]:
    """Return each rate's formula once."""
    found = {rate.id: rate.formula for rate in result.rates if rate.formula is not None}
    return list(found.items())


_UNSETTLED = (Verdict.UNKNOWN.value, Strength.SUSPECTED.value)


def undecided(rate: Rate, lang: Lang) -> str:
    """Say what would decide a rate that is unknown; nothing for all others."""
    if rate.verdict is not Verdict.UNKNOWN or rate.target is None:
        return ""
    if rate.reported >= rate.target * (rate.denominator - rate.exempt):
        closure = share(rate.closure.numerator, rate.closure.denominator)
        return PHRASES["undecided_closure"].in_lang(lang).format(closure=closure)
    words = {Verdict.UNKNOWN.value: VERDICTS[Verdict.UNKNOWN],
             Strength.SUSPECTED.value: STRENGTHS[Strength.SUSPECTED]}  # fmt: skip
    open_lists = [name for name in _UNSETTLED if rate.lists.get(name)]
    names = _PUNCTUATION[lang]["sep"].join(words[name].in_lang(lang) for name in open_lists)
    count = sum(len(rate.lists[name]) for name in open_lists)
    return PHRASES["undecided_gap"].in_lang(lang).format(n=count, names=names)


def sections(lang: Lang) -> dict[str, list[tuple[str, str]]]:
    """Return the contents of the first page."""
    names = ("cities", "picture", "findings", "applications", "registers", "lists", "method",
             "provenance")  # fmt: skip
    return {"contents": [(name, PHRASES[name].in_lang(lang)) for name in names]}
