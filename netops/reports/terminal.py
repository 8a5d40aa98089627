"""A result on a terminal: coverage, verdict, rates, worst findings with their evidence.

Made for people at a terminal of any width; in a pipe every line is whole, whatever its length.
Text from devices passes as visible text only.
"""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import Literal

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from netops.divisions import Level
from netops.findings import AuditResult, Finding, Rate, SubjectRow, Text, Verdict
from netops.i18n import Lang
from netops.reports.beside import lines_beside
from netops.reports.grouping import Group, group_findings
from netops.reports.order import count_verdicts
from netops.reports.words import (
    AUDITS,
    COUNTED,
    LEVELS,
    RATES,
    SEVERITIES,
    STRENGTHS,
    VERDICTS,
    plain,
    share,
)
from netops.text import one_line

_Side = Literal["left", "right"]

_SHOWN = 20
_LISTED = 6
"""Subjects named of a group of unknowns."""
_QUOTED = 3
_INDENT = 4
_LONGEST = 400
_ASSET = "asset"
_IN_A_PIPE = 10_000
_COLOURS = {
    Verdict.MET: "green",
    Verdict.PARTLY_MET: "yellow",
    Verdict.NOT_MET: "red",
    Verdict.UNKNOWN: "magenta",
}

_COVERAGE = Text(
    "覆盖：登记 {registered} 台设备，询问 {asked}，应答 {answered}，读懂 {understood}；"
    "未识别 {unparsed_lines} 行",
    "Coverage: devices registered {registered}, asked {asked}, answered {answered}, "
    "understood {understood}; lines not understood {unparsed_lines}",
)
_COLON, _COMMA = Text("：", ": "), Text("，", ", ")
_ASIDE = Text("（{words}）", " ({words})")
_LINE, _LINES = (
    Text("，第{first}行", ", line {first}"),
    Text("，第{first}～{last}行", ", lines {first}-{last}"),
)
_VERDICT = Text("结论：{word}", "Verdict: {word}")
_MORE = Text(
    "另有 {n} 条发现：用 --format json 或报告查看", "{n} more: see --format json or a report"
)
_ALSO = Text("另有{n}个资产：{names}", "{n} more assets: {names}")
_DECIDES = Text("如何判定：{how}", "What would decide it: {how}")
_TOO_FEW = Text(
    "  {rate}（{level}）：数值已达目标，但读懂的设备只占 {closure}，低于策略要求；"
    "使其余设备可读后即可判定。",
    "  {rate} ({level}): the target is reached, but {closure} of the devices were understood, "
    "less than the policy asks for; reading the others decides it.",
)
_SAMPLES = Text("样例取值（非标准规定）：{names}", "Sample values (no standard): {names}")
_COLUMNS: tuple[tuple[Text, _Side], ...] = (
    (Text("指标", "rate"), "left"),
    (Text("级别", "level"), "left"),
    (Text("上报/总数", "reported"), "right"),
    (Text("下限～上限", "bounds"), "right"),
    (Text("例外", "exempt"), "right"),
    (Text("目标", "target"), "right"),
    (Text("结论", "verdict"), "left"),
)


def print_result(result: AuditResult, *, lang: Lang, quiet: bool) -> None:
    """Print ``result`` on standard output; ``quiet`` stops after the rates."""
    console = _console()
    title = AUDITS[result.audit].in_lang(lang)
    console.print(f"[bold]{title}[/bold]  {escape(one_line(result.provenance.snapshot_id))}")
    console.print(_COVERAGE.in_lang(lang).format(**result.coverage.to_json()))
    console.print(_VERDICT.in_lang(lang).format(word=_coloured(result.verdict, lang)))
    for kind, counts in count_verdicts(result.subjects).items():
        rows = [row for row in result.subjects if row.kind == kind]
        words = _COMMA.in_lang(lang).join(_counted(v, n, rows, lang) for v, n in counts.items())
        name = plain(COUNTED.get(kind), kind).in_lang(lang)
        console.print(f"  {name}{_COLON.in_lang(lang)}{words}")
    if result.rates:
        console.print(_rates(result.rates, lang))
        for rate in filter(_is_too_open, result.rates):
            console.print(Line(_too_few(rate, lang)))
    for line in lines_beside(result):
        console.print(Line(_short(line.in_lang(lang))))
    if quiet:
        return
    _print_findings(console, group_findings(result.findings), lang)
    if result.provenance.policy_samples:
        names = ", ".join(result.provenance.policy_samples)
        console.print(Line(_short(_SAMPLES.in_lang(lang).format(names=names)), style="dim"))


def _console() -> Console:
    """Return a console that wraps on a terminal and never in a pipe or file."""
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal in GBK has no sign for every character; none may stop the output.
        sys.stdout.reconfigure(errors="backslashreplace")
    # Who asks for no colour gets no bold or dim signs either: they are the same escapes.
    console = Console(highlight=False, color_system=None if os.environ.get("NO_COLOR") else "auto")
    if console.is_terminal:
        return console
    return Console(highlight=False, width=_IN_A_PIPE, soft_wrap=True)


def _coloured(verdict: Verdict, lang: Lang) -> str:
    word = VERDICTS[verdict].in_lang(lang)
    colour = _COLOURS.get(verdict)
    return word if colour is None else f"[{colour}]{word}[/{colour}]"


def _counted(verdict: Verdict, count: int, rows: list[SubjectRow], lang: Lang) -> str:
    """Return a verdict's count; where an audit has strengths, with those of the met ones."""
    word = f"{_coloured(verdict, lang)} {count}"
    if verdict is not Verdict.MET:
        return word
    strengths = [row.strength for row in rows if row.verdict is Verdict.MET and row.strength]
    parts = [f"{STRENGTHS[s].in_lang(lang)} {strengths.count(s)}" for s in dict.fromkeys(strengths)]
    if not parts:
        return word
    return word + _ASIDE.in_lang(lang).format(words=_COMMA.in_lang(lang).join(parts))


def _rates(rates: tuple[Rate, ...], lang: Lang) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="dim")
    for title, side in _COLUMNS:
        table.add_column(title.in_lang(lang), justify=side, no_wrap=True)
    for rate in rates:
        table.add_row(
            plain(RATES.get(rate.id), rate.id).in_lang(lang),
            LEVELS[Level(rate.scope)].in_lang(lang),
            f"{rate.reported}/{rate.denominator}",
            f"{rate.floor}–{rate.ceiling}",
            str(rate.exempt),
            "-" if rate.target is None else share(rate.target.numerator, rate.target.denominator),
            _coloured(rate.verdict, lang),
        )
    return table


def _is_too_open(rate: Rate) -> bool:
    """Whether nothing but unread devices keeps a rate from being met: no finding tells that."""
    if rate.verdict is not Verdict.UNKNOWN or rate.target is None:
        return False
    return rate.reported >= rate.target * (rate.denominator - rate.exempt)


def _too_few(rate: Rate, lang: Lang) -> str:
    return _TOO_FEW.in_lang(lang).format(
        rate=plain(RATES.get(rate.id), rate.id).in_lang(lang),
        level=LEVELS[Level(rate.scope)].in_lang(lang),
        closure=share(rate.closure.numerator, rate.closure.denominator),
    )


def _print_findings(console: Console, groups: list[Group], lang: Lang) -> None:
    """Print what was found one by one, what is unknown once a cause."""
    left = _SHOWN
    hidden = 0
    for group in groups:
        if group.cause is not None:
            _print_unknowns(console, group, lang)
            continue
        if group.findings[0].subject.kind == _ASSET and group.count > 1:
            # A check fails on many assets at once, and for the same reason.
            if left > 0:
                _print_alike(console, group, lang)
            else:
                hidden += group.count
            left -= 1
            continue
        for finding in group.findings[: max(left, 0)]:
            _print_finding(console, finding, lang)
        hidden += max(group.count - max(left, 0), 0)
        left -= group.count
    if hidden:
        console.print(_MORE.in_lang(lang).format(n=hidden))


def _print_finding(console: Console, finding: Finding, lang: Lang) -> None:
    severity = SEVERITIES[finding.severity].in_lang(lang)
    message = escape(_short(finding.message.in_lang(lang)))
    # Chinese has no spaces to break at: one here would be the only place, and leave a short line.
    before, after = ("", "：") if lang == "zh" else (" ", " ")
    console.print(f"{_coloured(finding.verdict, lang)}{before}\\[{severity}]{after}{message}")
    _print_below(console, finding.id[:12])
    for item in finding.evidence[:_QUOTED]:
        where = f"{item.device}: {item.command}{_lines(*item.lines, lang)}"
        _print_below(console, f"{where}  ({item.observation})")


def _print_alike(console: Console, group: Group, lang: Lang) -> None:
    """Print the first finding of a check whole, and name the other assets."""
    _print_finding(console, group.findings[0], lang)
    others = [finding.subject.id for finding in group.findings[1:]]
    named = _COMMA.in_lang(lang).join(others[:_LISTED]) + (" …" if len(others) > _LISTED else "")
    _print_below(console, _ALSO.in_lang(lang).format(n=len(others), names=named))


def _lines(first: int, last: int, lang: Lang) -> str:
    if not last:
        return ""
    template = _LINE if first == last else _LINES
    return template.in_lang(lang).format(first=first, last=last)


def _print_unknowns(console: Console, group: Group, lang: Lang) -> None:
    title = group.title.in_lang(lang)
    colour = _COLOURS[group.verdict]
    console.print(f"[{colour}]{escape(title)} × {group.count}[/{colour}]")
    named = [
        (f.subject.name or f.subject.id) + _ASIDE.in_lang(lang).format(words=f.id[:12])
        for f in group.findings[:_LISTED]
    ]
    more = " …" if group.count > _LISTED else ""
    _print_below(console, _COMMA.in_lang(lang).join(named) + more)
    if group.cause is not None:
        how = group.cause.decides.in_lang(lang)
        _print_below(console, _DECIDES.in_lang(lang).format(how=how))


def _print_below(console: Console, text: str) -> None:
    """Print a line under another, indented where it wraps too."""
    line = Line(_short(text), style="dim")
    console.print(Padding(line, (0, 0, 0, _INDENT), expand=False))


def _short(text: str) -> str:
    """Return text as one visible line of a length that people read."""
    shown = one_line(text)
    return shown if len(shown) <= _LONGEST else shown[:_LONGEST] + "…"
