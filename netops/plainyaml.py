"""Reads the YAML that people write by hand, with the line of every key.

Knows plain values, lists and mappings. Refuses what a hostile or careless file can do: keys
given twice, bombs of aliases, nesting without end, numbers that people and YAML read differently.
Nothing here knows what the keys mean.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml
from yaml.reader import ReaderError

from netops.errors import Sentence

MAX_DEPTH = 20
"""No file of ours nests deeper than six; the parser's own recursion ends the process."""
MAX_COPIES = 100_000
"""Values that aliases may stand for in all: more is a bomb."""

_MAX_BITS = 4096

_PLAIN_TAGS = (None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")


class PlainYamlError(Exception):
    """What is wrong with a text, where, and how to mend it; the reader adds the file.

    ``kind`` tells a list of faults what to call it.
    """

    def __init__(self, line: int | None, cause: str, remedy: str, kind: str = "bad_yaml") -> None:
        super().__init__(cause)
        self.kind = kind
        self.line = line
        self.cause = cause
        self.remedy = remedy


class Table(dict[str, Any]):
    """A mapping that remembers its line and those of its keys."""

    def __init__(self, line: int, values: dict[str, Any], lines: dict[str, int]) -> None:
        super().__init__(values)
        self.line = line
        self.lines = lines


Make = Callable[[int, dict[str, Any], dict[str, int]], Any]
"""Makes what stands for a mapping: from its line, its values, and the lines of its keys."""


def parse_yaml(text: str, make: Make = Table, *, words: bool = False) -> Any:  # noqa: ANN401 - what YAML holds
    """Return the value of the only document in ``text``, None for an empty one.

    With ``words``, for files of names and numbers given by others, what is written is kept:
    ``1.10`` and ``yes`` stay texts, and only ``true`` and ``false`` are not.
    """
    loader = yaml.CSafeLoader(text)
    try:
        return _Composer(loader, make, words=words).document()
    except yaml.YAMLError as error:
        raise PlainYamlError(*_wrong(text, _line(error, text))) from error
    finally:
        loader.dispose()


def _line(error: yaml.YAMLError, text: str) -> int | None:
    if isinstance(error, ReaderError):
        return text.encode().count(b"\n", 0, error.position) + 1
    mark = getattr(error, "problem_mark", None)
    return None if mark is None else mark.line + 1


_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\ufeff]")
_FULL_WIDTH_COLON = re.compile(r"^\s*(?:- )?[A-Za-z_]\w*\s*：")


def _wrong(text: str, line: int | None) -> tuple[int | None, str, str]:
    """Return line, cause and remedy; what hands and word processors do is called by its name.

    The parser may notice only at the line after.
    """
    lines = text.split("\n")
    for number in () if line is None else (line, line - 1):
        shown = lines[number - 1] if 0 < number <= len(lines) else ""
        if unseen := _UNSEEN.search(shown):
            code = f"U+{ord(unseen[0]):04X}"
            cause = Sentence("The file is not YAML: an invisible character {code} stands here.",
                             code=code)  # fmt: skip
            return number, cause, Sentence("Remove it.")
        if "\t" in shown[: len(shown) - len(shown.lstrip())]:
            cause = Sentence("The file is not YAML: the line begins with a tab.")
            return number, cause, Sentence("Write blanks instead.")
        if _FULL_WIDTH_COLON.match(shown):
            cause = Sentence("The file is not YAML: the colon is a full-width one, “：”.")
            return number, cause, Sentence("Write “: ” instead.")
    return line, Sentence("The file is not YAML."), Sentence("Mend the syntax at this line.")


def flow(value: Any) -> str:  # noqa: ANN401 - any plain value
    """Write a value in one line; texts quoted as JSON does, which YAML reads as they are."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {flow(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(part) for part in value) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def line_of(value: object, path: Sequence[str | int]) -> int | None:
    """Return the line of the deepest key of ``path`` that ``value`` (of ``Table``) holds."""
    found: int | None = value.line if isinstance(value, Table) else None
    for step in path:
        if isinstance(value, Table) and step in value:
            found = value.lines[str(step)]
            value = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
            found = value.line if isinstance(value, Table) else found
        else:
            break
    return found


@dataclass(frozen=True, slots=True)
class _Anchored:
    value: Any
    size: int


class _Composer:
    """Turns events into values; recursion is ours, and bounded."""

    def __init__(self, loader: Any, make: Make, *, words: bool) -> None:  # noqa: ANN401 - untyped in the library
        self._loader = loader
        self._make = make
        self._words = words
        self._anchors: dict[str, _Anchored] = {}
        self._known: dict[str, Any] = {}
        self._made = 0
        self._copies = 0

    def document(self) -> Any:  # noqa: ANN401 - what YAML holds
        events = self._loader
        events.get_event()
        if events.check_event(yaml.StreamEndEvent):
            return None
        events.get_event()
        value = self._value(0)
        events.get_event()
        if not events.check_event(yaml.StreamEndEvent):
            line = events.peek_event().start_mark.line + 1
            raise PlainYamlError(
                line, "A second document begins here.", "Keep one document a file."
            )
        return value

    def _value(self, depth: int) -> Any:  # noqa: ANN401 - what YAML holds
        event = self._loader.get_event()
        line = event.start_mark.line + 1
        if depth > MAX_DEPTH:
            raise PlainYamlError(
                line, "The file is nested too deeply.", "Write plain lists and mappings."
            )
        if isinstance(event, yaml.AliasEvent):
            return self._copy(str(event.anchor), line)
        if event.tag not in _PLAIN_TAGS and not isinstance(event, yaml.ScalarEvent):
            raise PlainYamlError(
                line,
                Sentence("The tag “{tag}” has no meaning here.", tag=event.tag),
                "Remove it: write plain lists and mappings.",
            )
        before = self._made
        self._made += 1
        if isinstance(event, yaml.MappingStartEvent):
            value = self._mapping(line, depth)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = list(self._until(yaml.SequenceEndEvent, lambda: self._value(depth + 1)))
        else:
            value = self._scalar(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, self._made - before)
        return value

    def _until(self, end: type[yaml.Event], take: Callable[[], Any]) -> Iterator[Any]:
        while not self._loader.check_event(end):
            yield take()
        self._loader.get_event()

    def _mapping(self, line: int, depth: int) -> Any:  # noqa: ANN401 - what the caller makes
        values: dict[str, Any] = {}
        lines: dict[str, int] = {}

        def pair() -> None:
            event = self._loader.peek_event()
            at = event.start_mark.line + 1
            key = self._value(depth + 1)
            if not isinstance(key, str | int | float):
                raise PlainYamlError(at, "A key is not a plain word.", "Write keys like `name:`.")
            # `on:` and `yes:` are words to whoever writes them, whatever YAML makes of them.
            name = str(event.value) if isinstance(key, bool) else str(key)
            if name in values:
                raise PlainYamlError(
                    at,
                    Sentence("The key “{name}” stands already at line {line}.",
                             name=name, line=lines[name]),
                    "Keep one of the two.", "duplicate_key",
                )  # fmt: skip
            values[name] = self._value(depth + 1)
            lines[name] = at

        for _pair in self._until(yaml.MappingEndEvent, pair):
            pass
        return self._make(line, values, lines)

    def _copy(self, anchor: str, line: int) -> Any:  # noqa: ANN401 - what YAML holds
        known = self._anchors.get(anchor)
        if known is None:
            raise PlainYamlError(
                line,
                Sentence("The alias “*{name}” stands for nothing above it.", name=anchor),
                "Write the value out.",
            )
        self._copies += known.size
        self._made += known.size
        if self._copies > MAX_COPIES:
            raise PlainYamlError(
                line, "The aliases stand for far too many values.", "Write the values out."
            )
        return known.value

    def _scalar(self, event: Any) -> Any:  # noqa: ANN401 - as the loader
        text = event.value
        if event.tag is not None:
            return self._constructed(event)
        # Most values are words: only what begins like a number, a day or `yes` may be another.
        if not event.implicit[0] or (text and text[0] not in self._loader.yaml_implicit_resolvers):
            return text
        if text not in self._known:
            self._known[text] = self._constructed(event)
        return self._known[text]

    def _constructed(self, event: Any) -> Any:  # noqa: ANN401 - as the loader
        tag = event.tag
        if tag is None or tag == "!":
            tag = self._loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        if tag == _MERGE:
            raise PlainYamlError(
                event.start_mark.line + 1,
                Sentence("Merging with “<<” has no meaning here."),
                Sentence("Write the values out."),
            )
        if tag == _VALUE:
            return event.value
        node = yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark)
        try:
            value = self._loader.construct_object(node)
        except (ValueError, OverflowError, LookupError, AttributeError):
            # Looks like a day or a number and is none (2026-02-30): whoever reads it says so.
            return event.value
        if isinstance(value, int) and value.bit_length() > _MAX_BITS:
            # Python refuses to write such a number out, even in the sentence that refuses it.
            return event.value
        if isinstance(value, int | float) and event.tag is None:
            return self._number(event, value)
        return value

    def _number(self, event: Any, value: float) -> int | float | str:  # noqa: ANN401 - as the loader
        """Return what stands there without quotes: a number that all read alike, or true."""
        text = str(event.value)
        if isinstance(value, bool):
            return text if self._words and text.lower() not in ("true", "false") else value
        if _ODD.search(text) or (isinstance(value, int) and not _WHOLE.fullmatch(text)):
            raise PlainYamlError(
                event.start_mark.line + 1,
                Sentence("“{text}” means {value} to YAML.", text=text[:40], value=str(value)[:40]),
                Sentence("Write the plain number; or quotes around it, if it is a text."),
                "odd_number",
            )
        return text if self._words and isinstance(value, float) else value


_MERGE = "tag:yaml.org,2002:merge"
_VALUE = "tag:yaml.org,2002:value"
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_ODD = re.compile("[_:]")
"""Separators within a number, and numbers to the base of 60: 1_000, 12:30."""
