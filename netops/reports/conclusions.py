"""What a baseline concludes of graded objects, as sentences beside the verdicts.

The sentences come with the result. Computes no verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from netops.findings import Text

_SHOWN = 20
_NAMED = 6
_HEAD = Text("{0}（{1}）：{2}", "{0} ({1}): {2}")
_HAZARD = Text("  {0}{1}“{2}”：{3}", "  {0} {1} “{2}”: {3}")
_STATES = {
    "triggered": Text("高风险情形（须人工确认）", "high-risk case (a person confirms)"),
    "possible": Text("待判断的高风险情形", "high-risk case to be judged"),
    "relieved": Text("已缓解的高风险情形", "high-risk case, relieved"),
}
_MORE = Text("另有{0}行（对象、情形、警告）：见 --format json", "{0} more lines: see --format json")
_PARAMETERS = Text("未公开而自定的参数：{0}", "Parameters that no public text gives: {0}")
_NAMED_PROFILE = Text(
    "基线由人指定：{0}（未按定级对象的等级选择）",
    "Profile named by a person: {0} (not chosen by the level of the graded objects)",
)
_DRIFT = Text(
    "自快照{snapshot}：新问题{new}，已修复{fixed}，复发{back}，结论不变而证据改变{changed}，"
    "其他变化{other}",
    "Since {snapshot}: {new} new, {fixed} fixed, {back} came back, {changed} with other evidence "
    "under the same verdict, {other} other changes",
)


def lines_of(information: Mapping[str, Any]) -> Iterator[Text]:
    """Yield a sentence for each object, its high-risk cases, and every warning; then parameters."""
    if information["profile"] is not None:
        yield _fill(_NAMED_PROFILE, information["profile"])
    lines = [*_objects(information), *(_text(one["message"]) for one in information["warnings"])]
    yield from lines[:_SHOWN]
    if len(lines) > _SHOWN:
        yield _fill(_MORE, len(lines) - _SHOWN)
    if information["conclusions"]:
        given = information["conclusions"][0]["parameters"]
        zh, en = (", ".join(f"{one['title'][lang]} = {one['value']}" for one in given)
                  for lang in ("zh", "en"))  # fmt: skip
        yield Text(_PARAMETERS.zh.format(zh), _PARAMETERS.en.format(en))
    if information.get("drift") is not None:
        yield _drift(information["drift"])


def remarks_of(information: Mapping[str, Any]) -> tuple[Text, ...]:
    """Return what is said of the whole result: a profile that was named, what changed since."""
    found = []
    if information.get("profile") is not None:
        found.append(_fill(_NAMED_PROFILE, information["profile"]))
    if information.get("drift") is not None:
        found.append(_drift(information["drift"]))
    return tuple(found)


def _objects(information: Mapping[str, Any]) -> Iterator[Text]:
    for told in information["conclusions"]:
        said, name = _text(told["text"]), told["name"] or told["object"]
        yield Text(
            _HEAD.zh.format(name, told["mark"], said.zh),
            _HEAD.en.format(name, told["mark"], said.en),
        )
        if told.get("marks") is not None:
            yield _indented(_text(told["marks"]))
        for hazard in information["hazards"]:
            if hazard["object"] == told["object"]:
                yield _hazard(hazard)


def _indented(text: Text) -> Text:
    return Text(f"  {text.zh}", f"  {text.en}")


def _hazard(told: Mapping[str, Any]) -> Text:
    word, title = _STATES[told["state"]], _text(told["title"])
    named = [*told["assets"], *told["checks"]] or [told["clause"]]
    by = ", ".join(named[:_NAMED]) + (" …" if len(named) > _NAMED else "")
    if told["relief"] is not None:
        by = f"{by} ({told['relief']['en']})"
    return Text(
        _HAZARD.zh.format(word.zh, told["case"], title.zh, by),
        _HAZARD.en.format(word.en, told["case"], title.en, by),
    )


def _drift(told: Mapping[str, Any]) -> Text:
    values = {
        "snapshot": told["snapshot"],
        "new": len(told["new"]),
        "fixed": len(told["fixed"]),
        "back": len(told["came_back"]),
        "changed": len(told["evidence_changed"]),
        "other": len(told["changed"]),
    }
    return Text(_DRIFT.zh.format(**values), _DRIFT.en.format(**values))


def _text(given: Mapping[str, str]) -> Text:
    return Text(given["zh"], given["en"])


def _fill(text: Text, value: object) -> Text:
    return Text(text.zh.format(value), text.en.format(value))
