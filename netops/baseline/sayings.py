"""How expectations and settings are said in sentences, both languages; values cut to a length.

Settings are called by the titles of their facts; their names stand in the data beside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from netops.baseline.leaves import LeafOutcome
from netops.facts.settings import Setting
from netops.findings import Text, UnknownReason
from netops.policy.baseline.values import FactKind, Literals
from netops.text import one_line

MOST_SHOWN = 5
"""Settings that a sentence quotes; the finding's data holds more."""
MOST_KEPT = 50
_LONGEST = 120
_MOST_WORDS = 20

OPERATORS: Mapping[str, Text] = {
    "eq": Text("为{0}", "equal to {0}"),
    "ne": Text("不为{0}", "not equal to {0}"),
    "lt": Text("小于{0}", "less than {0}"),
    "le": Text("不大于{0}", "at most {0}"),
    "gt": Text("大于{0}", "more than {0}"),
    "ge": Text("不小于{0}", "at least {0}"),
    "between": Text("介于{0}", "between {0}"),
    "one_of": Text("为{0}之一", "one of {0}"),
    "none_of": Text("不为{0}中任何一个", "none of {0}"),
    "matches": Text("匹配{0}", "matching {0}"),
    "not_matches": Text("不匹配{0}", "not matching {0}"),
    "contains": Text("含{0}", "containing {0}"),
    "contains_all": Text("全部含有{0}", "containing all of {0}"),
    "contains_any": Text("至少含{0}之一", "containing any of {0}"),
    "contains_none": Text("不含{0}", "containing none of {0}"),
    "subset_of": Text("不超出{0}", "nothing outside {0}"),
    "present": Text("存在", "present"),
    "absent": Text("不存在", "absent"),
    "count_le": Text("最多有{0}项", "at most {0} of them"),
    "count_ge": Text("至少有{0}项", "at least {0} of them"),
    "unique": Text("互不相同", "all different"),
}
EACH: Mapping[str, Text] = {
    "all": Text("", ""),
    "any": Text("至少一项", "one of them "),
    "none": Text("没有一项", "none of them "),
}
REASONS: Mapping[UnknownReason, Text] = {
    UnknownReason.NOT_COLLECTED: Text("未采集", "not collected"),
    UnknownReason.NOT_UNDERSTOOD: Text("未读懂", "not understood"),
    UnknownReason.REFUSED: Text("被拒绝", "refused"),
    UnknownReason.ERROR: Text("出错", "failed"),
}


def shown(value: object) -> str:
    """Return a value as one visible line of a length that people read."""
    if type(value) is str and len(value) <= _LONGEST and value.isprintable():
        return value  # nearly every value there is
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        more = ", …" if len(value) > _MOST_WORDS else ""
        return "[" + ", ".join(shown(part) for part in value[:_MOST_WORDS]) + more + "]"
    text = str(value)[: _LONGEST + 1]
    if not text.isprintable():
        text = one_line(text)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


_YES, _NO = Text("是", "yes"), Text("否", "no")
_NONE, _EMPTY = Text("无", "none"), Text("（空）", "(empty)")
_UNITS: Mapping[str, Text] = {
    "s": Text("秒", "s"),
    "ms": Text("毫秒", "ms"),
    "min": Text("分钟", "min"),
    "days": Text("天", "days"),
    "characters": Text("个字符", "characters"),
    "tries": Text("次", "tries"),
}


def _in_words(value: object) -> Text:
    """Return a value as people say it in either language."""
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, tuple | list):
        if not value:
            return _NONE
        text = shown(value)[1:-1]
    else:
        text = shown(value)
    return Text(text, text) if text else _EMPTY


def plain(value: object) -> Any:  # noqa: ANN401 - plain JSON values
    """Return a value for JSON: numbers as they are, texts cut to a length, lists too."""
    if isinstance(value, bool | int) or value is None:
        return value
    if isinstance(value, tuple):
        return [plain(part) for part in value[:MOST_KEPT]]
    return shown(value)


def title_of(fact: str, kinds: Mapping[str, FactKind]) -> Text:
    """Return what a setting is called; its name where nobody says more."""
    kind = kinds.get(fact)
    return Text(fact, fact) if kind is None else kind.title


def _say_values(settings: Sequence[Setting]) -> Text:
    """Return the values of one fact's settings, with their keys, and how many more there are."""
    zh, en = _said(settings[0])
    if len(settings) == 1:
        return Text(zh, en)
    told = [(zh, en), *map(_said, settings[1:MOST_SHOWN])]
    more = len(settings) - MOST_SHOWN
    rest = f" … (+{more})" if more > 0 else ""
    return Text("，".join([z for z, _ in told]) + rest, ", ".join([e for _, e in told]) + rest)


def _said(setting: Setting) -> tuple[str, str]:
    """Return a setting's key and value in Chinese and English."""
    key, value = setting.key, setting.value
    if type(value) is str and value:
        zh = en = shown(value)
    else:
        words = _in_words(value)
        zh, en = words.zh, words.en
    if not key:
        return zh, en
    key = shown(key)
    return f"{key} = {zh}", f"{key} = {en}"


def say_seen(outcomes: Iterable[LeafOutcome], kinds: Mapping[str, FactKind]) -> Text:
    """Return what was seen of each fact that decided; empty where nothing was."""
    settings_ = settings_of(outcomes)
    if len(settings_) == 1:
        title, said = title_of(settings_[0].name, kinds), _say_values(settings_)
        return Text(f"{title.zh}：{said.zh}", f"{title.en}: {said.en}")
    by_fact: dict[str, list[Setting]] = {}
    for setting in settings_:
        by_fact.setdefault(setting.name, []).append(setting)
    zh, en = [], []
    for fact, settings in by_fact.items():
        title, said = title_of(fact, kinds), _say_values(settings)
        zh.append(f"{title.zh}：{said.zh}")
        en.append(f"{title.en}: {said.en}")
    return Text("；".join(zh), "; ".join(en))


def say_outcome(outcome: LeafOutcome, kinds: Mapping[str, FactKind]) -> Text:
    """Return what a leaf looks at, what was seen of it, and what is expected."""
    title, asked = title_of(outcome.leaf.fact, kinds), say_expected(outcome, kinds)
    seen = _say_values(outcome.settings) if outcome.settings else _NOT_SET
    return Text(f"{title.zh}：{seen.zh}（{asked.zh}）", f"{title.en}: {seen.en} ({asked.en})")


_NOT_SET = Text("未设置", "not set")
_SINGLE = {"one_of": "eq", "none_of": "ne"}


def say_expected(outcome: LeafOutcome, kinds: Mapping[str, FactKind]) -> Text:
    """Return what a leaf asks for, in words."""
    leaf, kind = outcome.leaf, kinds.get(outcome.leaf.fact)
    return _say_asked(leaf.op, leaf.each, outcome.expected, "" if kind is None else kind.unit)


@lru_cache(maxsize=4096, typed=True)
def _say_asked(op: str, each_of: str, value: Literals | None, unit_of: str) -> Text:
    """Return the same; rules ask all assets the same things."""
    if isinstance(value, tuple) and len(value) == 1 and op in _SINGLE:
        op, value = _SINGLE[op], value[0]
    unit = _unit("" if value is None else unit_of)
    words = Text("", "") if value is None else _in_words(value)
    said, each = OPERATORS[op], EACH[each_of]
    return Text(
        f"应{each.zh}{said.zh.format(words.zh + unit.zh)}",
        f"expected: {each.en}{said.en.format(words.en + unit.en)}",
    )


def _unit(unit: str) -> Text:
    known = _UNITS.get(unit, Text(unit, unit))
    return Text(known.zh, f" {known.en}" if unit else "")


def settings_of(outcomes: Iterable[LeafOutcome]) -> tuple[Setting, ...]:
    """Return every setting that decided, each once."""
    found = [outcome.settings for outcome in outcomes if outcome.settings]
    if len(found) == 1 and len(found[0]) == 1:
        return found[0]
    return tuple(dict.fromkeys(s for settings in found for s in settings))
