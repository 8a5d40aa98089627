"""The fields that the files below ``policies/`` share: words, texts, levels, values.

What a field may hold, and how it is said to an editor; nothing of what it means.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, cast, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from netops.findings import Text
from netops.policy.baseline.values import (
    Level,
    Literals,
)

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def said(text: str) -> str:
    """Return a text that says something, and holds nothing that nobody sees."""
    if not text.strip():
        raise PydanticCustomError("string_too_short", "blank", {"min_length": 1})
    if _UNSEEN.search(text):
        raise PydanticCustomError("unseen", "unseen")
    return text


Word = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")]
Line = Annotated[
    str,
    Field(min_length=1, max_length=4000),
    AfterValidator(said),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 4000, "pattern": r"\S"}),
]
"""A text that says something, and nothing that nobody sees."""
Pattern = Annotated[str, Field(pattern=r"^[a-z0-9*?._\[\]-]{1,100}$")]
"""Names several ids by wildcards."""
Component = Literal[
    "linux", "huawei_vrp", "h3c_comware", "frr", "postgresql", "mariadb", "redis", "nginx", "tomcat"
]
COMPONENTS: tuple[str, ...] = get_args(Component)
Version = Annotated[str, Field(pattern=r"^(>=|<=|>|<|=|!=)[Vv]?[0-9][A-Za-z0-9._-]{0,40}$")]
"""A bound on releases: ``>=12``, ``<V200R019``."""


def _plain(given: object) -> Literals:
    if isinstance(given, bool | int | str):
        return given
    if isinstance(given, list):
        if all(isinstance(one, str) for one in given):
            return tuple(cast("list[str]", given))
        if all(isinstance(one, int) and not isinstance(one, bool) for one in given):
            return tuple(cast("list[int]", given))
    raise PydanticCustomError("plain_value", "neither a value nor a list of one kind")


def _level(given: object) -> object:
    # Keys of a mapping come as texts.
    return int(given) if isinstance(given, str) and given.isdecimal() else given


def _whole(given: object) -> object:
    # To Python true equals 1.
    return str(given).lower() if isinstance(given, bool) else given


Given = Annotated[
    Any,
    BeforeValidator(_plain),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": ["boolean", "integer", "string"]},
                {"type": "array", "items": {"type": "string"}},
                {"type": "array", "items": {"type": "integer"}},
            ]
        }
    ),
]
"""A value, or a list of texts or of whole numbers."""

LevelKey = Annotated[Level, BeforeValidator(_level)]
WholeLevel = Annotated[Level, BeforeValidator(_whole)]
"""A level; ``true`` is no 1."""


class Form(BaseModel):
    """A mapping in a file; what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TextForm(Form):
    """A text in both languages."""

    zh: Line
    en: Line

    def text(self) -> Text:
        """Return it as the house has it."""
        return Text(self.zh, self.en)
