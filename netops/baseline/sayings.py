"""How expectations and settings are said in sentences, both languages; values cut to a length."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    "eq": Text("等于{0}", "equal to {0}"),
    "ne": Text("不等于{0}", "not equal to {0}"),
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
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        more = ", …" if len(value) > _MOST_WORDS else ""
        return "[" + ", ".join(shown(part) for part in value[:_MOST_WORDS]) + more + "]"
    text = str(value)[: _LONGEST + 1]
    if not text.isprintable():
        text = one_line(text)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def plain(value: object) -> Any:  # noqa: ANN401 - plain JSON values
    """Return a value for JSON: numbers as they are, texts cut to a length, lists too."""
    if isinstance(value, bool | int) or value is None:
        return value
    if isinstance(value, tuple):
        return [plain(part) for part in value[:MOST_KEPT]]
    return shown(value)


def say_setting(setting: Setting) -> str:
    """Return ``name[key] = value``."""
    key = f"[{shown(setting.key)}]" if setting.key else ""
    return f"{setting.name}{key} = {shown(setting.value)}"


def say_settings(settings: Sequence[Setting]) -> str:
    """Return the first settings, and how many more there are."""
    told = ", ".join(say_setting(setting) for setting in settings[:MOST_SHOWN])
    more = len(settings) - MOST_SHOWN
    return told + (f" … (+{more})" if more > 0 else "")


def say_expected(outcome: LeafOutcome, kinds: Mapping[str, FactKind]) -> Text:
    """Return what a leaf asks for, in words."""
    leaf = outcome.leaf
    kind = kinds.get(leaf.fact)
    unit = f" {kind.unit}" if kind is not None and kind.unit else ""
    value = _value(outcome.expected) + (unit if outcome.expected is not None else "")
    said, each = OPERATORS[leaf.op], EACH[leaf.each]
    return Text(
        f"{leaf.fact}应{each.zh}{said.zh.format(value)}",
        f"{leaf.fact}: {each.en}{said.en.format(value)}",
    )


def _value(expected: Literals | None) -> str:
    return "" if expected is None else shown(expected)


def settings_of(outcomes: Iterable[LeafOutcome]) -> tuple[Setting, ...]:
    """Return every setting that decided, each once."""
    return tuple(dict.fromkeys(s for outcome in outcomes for s in outcome.settings))
