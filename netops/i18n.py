"""User-facing text in Chinese and English, through gettext catalogues.

The language is settled once, at the start of the process: ``NETOPS_LANG``, else the locale.
Reports and judging commands take ``--lang`` beside it.
"""

from __future__ import annotations

import gettext
import os
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

from netops.errors import Fault, NetopsError, Sentence, UsageError

Lang = Literal["zh", "en"]

T = TypeVar("T")
_LOCALE = Path(__file__).parent / "locale"


def language() -> Lang:
    """Return the language of the command line: ``zh`` or ``en``."""
    named = os.environ.get("NETOPS_LANG", "")
    if named in ("zh", "en"):
        return "zh" if named == "zh" else "en"
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


@cache
def _catalogue(lang: Lang) -> gettext.NullTranslations:
    return gettext.translation("netops", _LOCALE, [lang], fallback=True)


def _(message: str) -> str:
    """Translate an English message of ours into the language of the command line."""
    return _catalogue(language()).gettext(message)


def spoken(text: str) -> str:
    """Translate a text of an inner room: a ``Sentence`` by its template, else as it stands.

    What no catalogue holds stays English. The reasons that a system gives are translated too.
    """
    if not isinstance(text, Sentence):
        return _(text) if text else text
    if not text.values:
        return _(text.template)
    values = {
        name: spoken(value) if isinstance(value, Sentence) else refusal(value)
        for name, value in text.values.items()
    }
    return _(text.template).format(**values)


_REFUSALS = frozenset({
    Sentence("Address already in use"), Sentence("Cannot assign requested address"),
    Sentence("Connection refused"), Sentence("Connection timed out"),
    Sentence("Disk quota exceeded"), Sentence("File exists"), Sentence("File name too long"),
    Sentence("File too large"), Sentence("Input/output error"), Sentence("Is a directory"),
    Sentence("Name or service not known"), Sentence("Network is unreachable"),
    Sentence("No route to host"), Sentence("No space left on device"),
    Sentence("No such device or address"), Sentence("No such file or directory"),
    Sentence("Not a directory"), Sentence("Operation not permitted"),
    Sentence("Permission denied"), Sentence("Read-only file system"),
    Sentence("Too many levels of symbolic links"), Sentence("Too many open files"),
    Sentence("attempt to write a readonly database"), Sentence("database disk image is malformed"),
    Sentence("database is locked"), Sentence("database or disk is full"),
    Sentence("disk I/O error"), Sentence("file is not a database"),
    Sentence("unable to open database file"),
})  # fmt: skip
"""What a system answers about paths, space and addresses (``os.strerror``), SQLite of its file."""


def refusal(reason: T) -> T | str:
    """Translate a reason that the system gave; anything else is returned as it is."""
    return _(reason) if isinstance(reason, str) and reason in _REFUSALS else reason


def told(found: NetopsError | Fault) -> str:
    """Return an error or a fault as one line for people, as ``str`` does in English."""
    where = "" if found.place is None else f"{found.place}: "
    code = found.kind if isinstance(found, Fault) else found.code
    cause = spoken(found.cause)
    blank = "" if cause.endswith("。") else " "
    return f"{where}{cause}{blank}{spoken(found.remedy)} [{code}]"


def bind() -> None:
    """Let libraries that use gettext's own domain (Typer) speak the same language.

    They look the language up in the environment when they are imported, so this must run
    before they are.
    """
    gettext.bindtextdomain("netops", str(_LOCALE))
    gettext.textdomain("netops")
    os.environ["LANGUAGE"] = language()


def chosen(lang: str | None) -> Lang:
    """Return the language named by ``--lang``; None: that of the command line."""
    if lang is None:
        return language()
    if lang in ("zh", "en"):
        return "zh" if lang == "zh" else "en"
    raise UsageError(
        _("“{text}” is not a language here.").format(text=lang), remedy=_("Use zh or en.")
    )
