"""What stands beside the verdicts, as sentences: closure, classes of evidence, changes, what-if.

Plain counts from a result's information and rows. Computes no verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from netops.findings import AuditResult, Strength, SubjectRow, Text
from netops.reports.conclusions import lines_of
from netops.reports.words import STRENGTHS

SAID = {
    "counterexample": Text("反例", "counterexample"),
    "contradiction": Text("矛盾", "contradiction"),
    "positive": Text("正面", "positive"),
    "nothing": Text("无结论", "nothing"),
}
UNSEEN = {
    "filters": Text("包过滤规则", "packet filters"),
    "packets": Text("没有任何报文证据", "no packet was seen"),
    "family": Text("未实测的地址族{0}", "{0} not measured"),
    "subnet": Text("未实测的子网{0}", "subnet {0} not measured"),
}
_CLASSES = {"T": Text("实测", "probes"), "F": Text("流记录", "flows")}
_CLOSURE = Text(
    "模型闭合：登记 {registered} 台设备，采集 {collected}，读懂 {understood}；两端已知的线路 "
    "{known}/{links}；未知去向 {unknown}；未识别的行 {lines}（可能影响选路 {touching}）；"
    "最旧的事实 {oldest}",
    "Closure: devices collected {collected} of {registered}, understood {understood}; links with "
    "both ends known {known}/{links}; unknown terminals {unknown}; lines not understood {lines} "
    "({touching} may bear on routing); oldest fact {oldest}",
)
_EVIDENCE = Text(
    "报文证据：{with_packets} 个接入单位有实测或流记录，已实证 {proven}，有反例 {counter}，"
    "有矛盾 {doubt}；最早到期 {expires}",
    "Packets: departments measured or recorded {with_packets}, proven {proven}, with a "
    "counterexample {counter}, with a contradiction {doubt}; first to expire {expires}",
)
_SINCE = Text(
    "自快照 {snapshot}：新发现 {new} 条，消失 {gone} 条，{still} 条不变；"
    "新出口点 {points}，消失的出口点 {lost}，去向改变的接入单位 {moved}",
    "Since {snapshot}: findings new {new}, vanished {gone}, unchanged {still}; "
    "exit points new {points}, vanished {lost}; departments that moved {moved}",
)
_WHAT_IF = Text(
    "假设撤除出口{exit}（仅模型）：{taken} 个接入单位改由其他出口，{cut} 个断网（其中 {may} 个"
    "可能由邻居经路由协议告知新路），{unknown} 个无法判断；接替的潜在出口：{latent}",
    "If exit {exit} went away (model only): departments taken over {taken}, cut off {cut} "
    "({may} of them may be told another way by a neighbour), not known {unknown}; "
    "latent exits that take over: {latent}",
)
_FAILURE = Text(
    "单点失效：{points} 处，影响最大者 {worst}；现已无通路到核心 {core}，到出口 {exit}",
    "One failure: single points {points}, worst {worst}; without a way already: to the core "
    "{core}, to an exit {exit}",
)
_MEASURED = Text(
    "实测：{series} 组探测（通 {works}、时通时断 {flaps}、不通 {fails}），{paths} 条路径，"
    "{stray} 条偏离路由",
    "Measured: {series} series of echoes ({works} work, {flaps} flap, {fails} fail), {paths} "
    "paths, {stray} off the routes",
)
_UNTIL = Text("有效至{0}", "valid to {0}")
_BLIND = Text("看不到：{0}", "cannot see: {0}")


def lines_beside(result: AuditResult) -> list[Text]:
    """Return a sentence for each thing that a result tells beside its verdicts."""
    information = result.information
    found: list[Text] = []
    for key, told in (
        ("closure", _closure),
        ("since", _since),
        ("what_if", _what_if),
        ("against_failure", _failure),
        ("measured", _measured),
    ):
        if key in information:
            found.append(told(information[key], result))
        if key == "closure":
            found += _evidence(result)
    if "conclusions" in information:
        found += lines_of(information)
    return found


def evidence_of(row: SubjectRow) -> Text | None:
    """Return what each class of evidence said of a row; None where no packet was seen."""
    block = row.extra.get("evidence")
    if not isinstance(block, dict) or not (block.get("T") or block.get("F")):
        return None
    modelled = STRENGTHS[Strength(block["M"]["said"])]
    parts = [Text(f"模型：{modelled.zh}", f"model: {modelled.en}")]
    parts += [_of_class(word, block[kind]) for kind, word in _CLASSES.items() if block.get(kind)]
    if block.get("expires"):
        parts.append(_fill(_UNTIL, block["expires"]))
    unseen = list(_blind(block.get("unseen", ())))
    if unseen:
        named = Text("、".join(t.zh for t in unseen), ", ".join(t.en for t in unseen))
        parts.append(Text(_BLIND.zh.format(named.zh), _BLIND.en.format(named.en)))
    return Text("；".join(p.zh for p in parts), "; ".join(p.en for p in parts))


def _of_class(word: Text, told: Mapping[str, Any]) -> Text:
    said = SAID.get(told["said"], Text(told["said"], told["said"]))
    seen = ", ".join([*told["seen"], *told["exits"]])
    shown = f" ({seen})" if seen else ""
    return Text(f"{word.zh}：{said.zh}{shown}", f"{word.en}: {said.en}{shown}")


def _blind(words: Sequence[str]) -> Iterator[Text]:
    for item in words:
        word, _, what = item.partition(":")
        yield _fill(UNSEEN.get(word, Text(word, word)), what)


def _fill(text: Text, what: str) -> Text:
    return Text(text.zh.format(what), text.en.format(what))


def _format(text: Text, **values: object) -> Text:
    return Text(text.zh.format(**values), text.en.format(**values))


def _closure(told: Mapping[str, Any], _result: AuditResult) -> Text:
    return _format(
        _CLOSURE,
        **told["devices"],
        known=told["edges"]["both_ends_known"],
        links=told["edges"]["registered"],
        unknown=told["unknown_terminals"],
        lines=told["unread_lines"]["all"],
        touching=told["unread_lines"]["touching"],
        oldest=told["oldest_fact"] or "–",
    )


def _evidence(result: AuditResult) -> Iterator[Text]:
    blocks = [row.extra.get("evidence") for row in result.subjects if row.kind == "department"]
    heard = [b for b in blocks if isinstance(b, dict) and (b["T"] or b["F"])]
    if not heard:
        return
    said = [{b[kind]["said"] for kind in ("T", "F") if b[kind]} for b in heard]
    rows = [row for row in result.subjects if row.kind == "department"]
    ends = sorted(b["expires"] for b in heard if b["expires"])
    yield _format(
        _EVIDENCE,
        with_packets=len(heard),
        proven=sum(row.strength is Strength.PROVEN for row in rows),
        counter=sum("counterexample" in words for words in said),
        doubt=sum("contradiction" in words for words in said),
        expires=ends[0] if ends else "–",
    )


def _since(told: Mapping[str, Any], result: AuditResult) -> Text:
    return _format(
        _SINCE,
        snapshot=told["snapshot"],
        new=len(result.findings),
        gone=len(told["vanished_findings"]),
        still=told["unchanged_findings"],
        points=len(told.get("new_points", ())),
        lost=len(told.get("vanished_points", ())),
        moved=len(told.get("moved", ())),
    )


def _what_if(told: Mapping[str, Any], _result: AuditResult) -> Text:
    latent = [f"{p['device']} {p['line']} ({p['mechanism']})" for p in told["latent_exits"]]
    return _format(
        _WHAT_IF,
        exit=told["withdrawn"],
        taken=len({row["department"] for row in told["taken_over"]}),
        cut=len({row["department"] for row in told["cut_off"]}),
        may=len({row["department"] for row in told.get("may_take_over", ())}),
        unknown=len({row["department"] for row in told["unknown"]}),
        latent=", ".join(latent) or "–",
    )


def _failure(told: Mapping[str, Any], _result: AuditResult) -> Text:
    points = told["points"]
    worst = "–"
    if points:
        first = points[0]
        worst = f"{first['device_or_link']} ({len(first['from_core'])}/{len(first['from_exit'])})"
    return _format(
        _FAILURE,
        points=len(points),
        worst=worst,
        core=len(told["without_core"]),
        exit=len(told["without_exit"]),
    )


def _measured(told: Mapping[str, Any], _result: AuditResult) -> Text:
    reach = [series["reach"] for series in told["echoes"]]
    return _format(
        _MEASURED,
        series=len(reach),
        works=reach.count("works"),
        flaps=reach.count("flaps"),
        fails=reach.count("fails"),
        paths=len(told["paths"]),
        stray=sum(bool(path["stray"]) for path in told["paths"]),
    )
