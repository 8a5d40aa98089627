"""What a baseline concludes of graded objects, as sentences: never a rate that leaves items out.

Made from a result's information alone. Computes no verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from netops.findings import Text

_SHOWN = 20
_NAMED = 6
_HEAD = Text("{name}（{mark}）：", "{name} ({mark}): ")
_NOT_DRAWN = Text("不下结论：{why}", "no conclusion: {why}")
_NOT_YET = Text(
    "尚无结论：{n}项未判定（须人工{person}项，须补充证据{evidence}项）；{figure}在{low}（全部不符合）"
    "与{high}（全部符合）之间；未判定条款：{clauses}",
    "not yet: {n} items open ({person} for a person, {evidence} for lack of evidence); {figure} "
    "between {low} (all open ones not met) and {high} (all met); open: {clauses}",
)
_HELD = Text(
    "尚无结论：高风险情形须人工判断：{cases}；{figure}{low}",
    "not yet: high-risk cases for a person to judge: {cases}; {figure} {low}",
)
_DONE = Text(
    "结论（{form}）：{grade}；{figure}{low}，适用{n}项",
    "conclusion ({form}): {grade}; {figure} {low} over {n} applicable items",
)
_FIGURES = {
    "rate_percent": (Text("符合率", "conformity rate"), "{0:g} %"),
    "score": (Text("得分", "score"), "{0:g}"),
}
_PARAMETERS = Text(
    "算法中标准未公开的参数：部分符合按{partly}计；界限{lower}、{upper}；技术占比{share}；"
    "条款重要程度为样例",
    "Parameters that no public text gives: partly met counts {partly}; limits {lower}, {upper}; "
    "technical share {share}; importance of items is a sample",
)
_HAZARD = Text("  {word}{case}“{title}”：{by}", "  {word} {case} “{title}”: {by}")
_STATES = {
    "triggered": Text("高风险情形（须人工确认）", "high-risk case (a person confirms)"),
    "to_judge": Text("待判断的高风险情形", "high-risk case to be judged"),
    "relieved": Text("已缓解的高风险情形", "high-risk case, relieved"),
}
_MORE = Text("另有{n}个定级对象、警告或情形：见 --format json", "{n} more lines: see --format json")
_DRIFT = Text(
    "自快照{snapshot}：新问题{new}，已修复{fixed}，复发{back}，结论不变而证据改变{changed}，"
    "其他变化{other}",
    "Since {snapshot}: {new} new, {fixed} fixed, {back} came back, {changed} with other evidence "
    "under the same verdict, {other} other changes",
)


def lines_of(information: Mapping[str, Any]) -> Iterator[Text]:
    """Yield a sentence for each object, its high-risk cases, and every warning; then parameters."""
    lines = [*_objects(information), *(_text(w["message"]) for w in information["warnings"])]
    yield from lines[:_SHOWN]
    if len(lines) > _SHOWN:
        yield _fill(_MORE, n=len(lines) - _SHOWN)
    if information["conclusions"]:
        given = information["conclusions"][0]["parameters"]
        yield _fill(
            _PARAMETERS,
            partly=given["partly_counts"],
            lower=given["lower"],
            upper=given["upper"],
            share=given["technical_share"],
        )
    drift = information.get("drift")
    if drift is not None:
        yield _drift(drift)


def _objects(information: Mapping[str, Any]) -> Iterator[Text]:
    for told in information["conclusions"]:
        head = _fill(_HEAD, name=told["name"] or told["object"], mark=told["mark"])
        yield _joined(head, _conclusion(told))
        for hazard in told["hazards"]:
            yield _hazard(hazard)


def _conclusion(told: Mapping[str, Any]) -> Text:
    made = told["conclusion"]
    if made is None:
        why = _text(told["not_drawn"])
        return Text(_NOT_DRAWN.zh.format(why=why.zh), _NOT_DRAWN.en.format(why=why.en))
    name, form = _FIGURES[made["figure"]]
    figures = {"low": form.format(made["low"]), "high": form.format(made["high"])}
    if made["grade"] is not None:
        grade = _text(made["grade"])
        values = {"form": made["form"], "low": figures["low"], "n": made["applicable"]}
        return Text(
            _DONE.zh.format(grade=grade.zh, figure=name.zh, **values),
            _DONE.en.format(grade=grade.en, figure=name.en, **values),
        )
    if not made["open_items"]:
        cases = ", ".join(h["case"] for h in told["hazards"] if h["state"] == "to_judge")
        values = {"cases": cases or "–", "low": figures["low"]}
        return Text(
            _HELD.zh.format(figure=name.zh, **values), _HELD.en.format(figure=name.en, **values)
        )
    return _open(told, name, figures)


def _open(told: Mapping[str, Any], name: Text, figures: Mapping[str, str]) -> Text:
    still = told["open"]
    person = sum(one["decided_by"] == "person" for one in still)
    clauses = ", ".join(one["clause"] for one in still[:_NAMED])
    values = {
        "n": len(still),
        "person": person,
        "evidence": len(still) - person,
        "clauses": clauses + (" …" if len(still) > _NAMED else ""),
        **figures,
    }
    return Text(
        _NOT_YET.zh.format(figure=name.zh, **values), _NOT_YET.en.format(figure=name.en, **values)
    )


def _hazard(told: Mapping[str, Any]) -> Text:
    word, title = _STATES[told["state"]], _text(told["title"])
    named = [f"{one['asset']} {one['check']}" for one in told["by"]] or told["clauses"]
    by = ", ".join(named[:_NAMED]) + (" …" if len(named) > _NAMED else "")
    if told["relief"] is not None:
        by = f"{by} ({told['relief']['number']}: {told['relief']['relief']})"
    return Text(
        _HAZARD.zh.format(word=word.zh, case=told["case"], title=title.zh, by=by),
        _HAZARD.en.format(word=word.en, case=told["case"], title=title.en, by=by),
    )


def _drift(told: Mapping[str, Any]) -> Text:
    return _fill(
        _DRIFT,
        snapshot=told["snapshot"],
        new=len(told["new"]),
        fixed=len(told["fixed"]),
        back=len(told["came_back"]),
        changed=len(told["evidence_changed"]),
        other=len(told["changed"]),
    )


def _text(given: Mapping[str, str]) -> Text:
    return Text(given["zh"], given["en"])


def _joined(first: Text, second: Text) -> Text:
    return Text(first.zh + second.zh, first.en + second.en)


def _fill(text: Text, **values: object) -> Text:
    return Text(text.zh.format(**values), text.en.format(**values))
