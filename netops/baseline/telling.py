"""What is said of a graded object, as sentences and plain values: never a rate that leaves out.

The same words stand in tables, JSON and forms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from netops.baseline.conclusions import Conclusion, Form, Parameters
from netops.baseline.graded import Drawn
from netops.baseline.hazards import TO_JUDGE, Hazard
from netops.baseline.items import OPEN
from netops.baseline.objects import ObjectItem
from netops.findings import Text, Verdict

_NAMED = 6
_FULL = 100
_NOT_DRAWN = Text("不下结论：{0}", "no conclusion: {0}")
_NOT_YET = Text(
    "尚无结论：{n}项未判定（须人工{person}项，须补充证据{evidence}项{failing}）；{figure}在{low}（未判定项全部"
    "不符合）与{high}（全部符合）之间；未判定条款：{clauses}",
    "not yet: {n} items open ({person} for a person, {evidence} for lack of evidence{failing}); "
    "{figure} between {low} (all open ones not met) and {high} (all met); open: {clauses}",
)
_STILL_FAILING = Text("，已不符合而可改为部分符合{0}项", ", {0} not met that may become partly met")
_HELD = Text(
    "尚无结论：高风险情形须人工判断：{cases}；{figure}{low}",
    "not yet: high-risk cases for a person to judge: {cases}; {figure} {low}",
)
_DONE = Text(
    "{grade}（{form}）；{figure}{low}，适用{n}项",
    "{grade} ({form}); {figure} {low} over {n} applicable items",
)
_RATE, _SCORE = Text("符合率", "conformity rate"), Text("得分", "score")
_SOURCES: Mapping[str, tuple[Text, Text]] = {
    "partly_counts": (
        Text("部分符合的计值", "worth of partly met"),
        Text("部分符合如何计入符合率未公开", "not public: how partly met counts in the rate"),
    ),
    "upper": (
        Text("符合的下限", "bound of conforms"),
        Text(
            "公网安〔2025〕1846号；恰为90%时如何未公开",
            "公网安〔2025〕1846号; not public: exactly 90 %",
        ),
    ),
    "lower": (
        Text("基本符合的下限", "bound of mostly conforms"),
        Text(
            "公网安〔2025〕1846号；恰为60%时如何未公开",
            "公网安〔2025〕1846号; not public: exactly 60 %",
        ),
    ),
    "technical_share": (
        Text("技术部分的比重", "share of the technical half"),
        Text("2021版报告算法，非公开", "form of 2021, not public"),
    ),
    "importance": (
        Text("条款重要程度", "importance of items"),
        Text("条款重要程度未公开", "importance of items is not public"),
    ),
}
"""What each parameter is called, and what is known of where it comes from."""


def tell_object(drawn: Drawn) -> dict[str, Any]:
    """Return what the result says of an object's conclusion."""
    graded, made = drawn.object, drawn.conclusion
    still = [item for item in drawn.items if item.is_open]
    return {
        "object": graded.id,
        "name": graded.name,
        "government": graded.government,
        "level": graded.level,
        "mark": graded.mark,
        "marks": None if drawn.marks is None else drawn.marks.to_json(),
        "filing": graded.filing,
        "form": drawn.form.value,
        "state": _state(made),
        "grade": None if made is None or made.grade is None else made.grade.to_json(),
        "text": _sentence(drawn, still).to_json(),
        "counts": _counts(drawn.items),
        "applicable": None if made is None else made.applicable,
        "rate": {"floor": _figure(made, 0), "ceiling": _figure(made, 1)},
        "at_floor": None if made is None else made.at_low.to_json(),
        "at_ceiling": None if made is None else made.at_high.to_json(),
        "hazards": drawn.counted_hazards,
        "open_items": [item.clause for item in still],
        "open": [_open(item) for item in still],
        "parameters": list(_parameters(drawn.form, drawn.parameters)),
    }


def tell_hazards(drawn: Drawn) -> Iterator[dict[str, Any]]:
    """Yield the object's high-risk cases."""
    ids = {(f.subject.id, f.rule): f.id for standing in drawn.standings for f in standing.findings}
    for hazard in drawn.hazards:
        case = hazard.case
        yield {
            "object": drawn.object.id,
            "case": case.key,
            "title": case.title.to_json(),
            "clause": ", ".join(hazard.clauses),
            "assets": list(dict.fromkeys(asset for asset, _check in hazard.by)),
            "checks": list(dict.fromkeys(check for _asset, check in hazard.by)),
            "findings": [ids[pair] for pair in hazard.by if pair in ids],
            "state": hazard.state,
            "major_hazard": case.major_hazard,
            "relief": _relief(hazard),
            "guide_relief": None if case.relief is None else case.relief.to_json(),
            "status": case.status,
        }


def _relief(hazard: Hazard) -> dict[str, str] | None:
    given = hazard.relief
    if given is None:
        return None
    days = f"{given.begin} – {given.end}"
    said = f"{given.number}: {given.relief or given.reason} ({given.approver}, {days})"
    return Text(said, said).to_json()


def _state(made: Conclusion | None) -> str:
    if made is None:
        return "not_drawn"
    return "not_yet" if made.grade is None else "concluded"


def _counts(items: Sequence[ObjectItem]) -> dict[str, int]:
    """Count verdicts; ``open`` are those that nobody has decided, whatever the reason."""
    found = Counter(item.verdict for item in items)
    decided = (Verdict.MET, Verdict.PARTLY_MET, Verdict.NOT_MET, Verdict.NOT_APPLICABLE)
    counts = {verdict.value: found[verdict] for verdict in decided}
    return {**counts, "open": sum(found[verdict] for verdict in OPEN)}


def _figure(made: Conclusion | None, end: int) -> str:
    """Return one end of the figure; empty where none may be shown."""
    if made is None:
        return ""
    share = (made.low, made.high)[end]
    return _percent(share) if made.form is Form.REPORT_2025 else _points(share)


def _percent(share: Fraction) -> str:
    """Return a share in per cent to two places, cut and not rounded: 89.999 is not 90."""
    return f"{_points(share * _FULL)}%"


def _points(value: Fraction) -> str:
    whole, rest = divmod(int(value * _FULL), _FULL)
    return f"{whole}.{rest:02d}"


def _sentence(drawn: Drawn, still: Sequence[ObjectItem]) -> Text:
    made = drawn.conclusion
    if made is None or drawn.not_drawn is not None:
        why = drawn.not_drawn or Text("", "")
        return Text(_NOT_DRAWN.zh.format(why.zh), _NOT_DRAWN.en.format(why.en))
    figure = _RATE if made.form is Form.REPORT_2025 else _SCORE
    ends = {"low": _figure(made, 0), "high": _figure(made, 1)}
    if made.grade is not None:
        values = {"form": made.form.value, "low": ends["low"], "n": made.applicable}
        return Text(
            _DONE.zh.format(grade=made.grade.zh, figure=figure.zh, **values),
            _DONE.en.format(grade=made.grade.en, figure=figure.en, **values),
        )
    if not still:
        cases = ", ".join(h.case.key for h in drawn.hazards if h.state == TO_JUDGE) or "–"
        held = {"cases": cases, "low": ends["low"]}
        return Text(
            _HELD.zh.format(figure=figure.zh, **held), _HELD.en.format(figure=figure.en, **held)
        )
    return _not_yet(still, figure, ends)


def _not_yet(still: Sequence[ObjectItem], figure: Text, ends: Mapping[str, str]) -> Text:
    """Say how many items are open and why; an item can fail already and still be open."""
    by = Counter(item.verdict for item in still)
    failing = len(still) - by[Verdict.NEEDS_PERSON] - by[Verdict.UNKNOWN]
    clauses = ", ".join(item.clause for item in still[:_NAMED])
    told = {
        "n": len(still),
        "person": by[Verdict.NEEDS_PERSON],
        "evidence": by[Verdict.UNKNOWN],
        "clauses": clauses + (" …" if len(still) > _NAMED else ""),
        **ends,
    }
    more = _STILL_FAILING if failing else Text("", "")
    return Text(
        _NOT_YET.zh.format(figure=figure.zh, failing=more.zh.format(failing), **told),
        _NOT_YET.en.format(figure=figure.en, failing=more.en.format(failing), **told),
    )


def _open(item: ObjectItem) -> dict[str, Any]:
    """Return what would decide an open item: a person or more evidence, on which assets."""
    waiting = [row.verdict for row in item.rows if row.verdict in OPEN]
    is_unseen = bool(waiting) and Verdict.NEEDS_PERSON not in waiting
    return {
        "clause": item.clause,
        "verdict": item.verdict.value,
        "decided_by": "evidence" if item.verdict is Verdict.UNKNOWN or is_unseen else "person",
        "assets": [row.asset.id for row in item.rows if row.verdict in OPEN],
    }


def _parameters(form: Form, given: Parameters) -> Iterator[dict[str, Any]]:
    """Yield the parameters that no public text gives, as they were used in this form."""
    used: dict[str, object] = {"technical_share": given.technical_share, "importance": "1–3"}
    if form is Form.REPORT_2025:
        used = {
            "partly_counts": given.partly_counts,
            "lower": given.lower,
            "upper": given.upper,
        }
    for name, value in used.items():
        title, source = _SOURCES[name]
        yield {
            "name": name,
            "title": title.to_json(),
            "value": str(value),
            "source": source.to_json(),
            "status": "sample",
        }
