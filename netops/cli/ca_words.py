"""The words of the tables that ``netops ca`` prints, in the language of the command line.

JSON keeps the names of fields and states as they are; only people read these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from unicodedata import east_asian_width

from netops.errors import Sentence
from netops.i18n import _

_WORDS = frozenset({
    Sentence("authority"), Sentence("serial"), Sentence("subject"), Sentence("profile"),
    Sentence("state"), Sentence("not_before"), Sentence("not_after"), Sentence("actor"),
    Sentence("revoked_at"), Sentence("reason"), Sentence("issued"), Sentence("held"),
    Sentence("revoked"), Sentence("intended"), Sentence("certificate"), Sentence("list"),
    Sentence("request"), Sentence("status answer"), Sentence("public key"),
    Sentence("private key"), Sentence("valid"), Sentence("invalid"), Sentence("unknown"),
    Sentence("issuer"), Sentence("path"), Sentence("number"), Sentence("base"),
    Sentence("entries"), Sentence("this_update"), Sentence("next_update"), Sentence("nonce"),
    Sentence("answers"), Sentence("asks_for"), Sentence("protected"), Sentence("point"),
    Sentence("status"), Sentence("good"), Sentence("warning"), Sentence("bad"), Sentence("key"),
    Sentence("record"), Sentence("clock"), Sentence("journal"), Sentence("disk"),
    Sentence("not_judged"),
})  # fmt: skip


def word(text: str) -> str:
    """Return a word of ours in the language of the command line, else ``text`` itself."""
    return _(text) if text in _WORDS else text


def part(text: str) -> str:
    """Return what was examined, its first word translated: ``list sub.crl``."""
    first, blank, rest = text.partition(" ")
    return f"{word(first)}{blank}{rest}"


def shown(value: Any) -> str:  # noqa: ANN401 - any plain JSON
    """Return a value of a table as people read it."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        told = (f"{word(name)} {shown(each)}" for name, each in value.items() if each is not None)
        return ", ".join(told)
    if isinstance(value, list):
        return " < ".join(map(shown, value)) or "-"
    return word(str(value))


def columns(text: str, width: int) -> str:
    """Return ``text`` filled up to ``width`` columns of a terminal."""
    taken = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * (width - taken)
