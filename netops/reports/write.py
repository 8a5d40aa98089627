"""Writes a result in the form asked for, to standard output or a file."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from netops.errors import Place, Sentence, UsageError
from netops.findings import AuditResult, Finding, SubjectRow
from netops.i18n import Lang
from netops.reports.forms import Kind, to_forms
from netops.reports.junit import to_junit
from netops.reports.oscal import to_oscal
from netops.reports.rows import to_csv
from netops.reports.sarif import to_sarif
from netops.reports.terminal import print_result


def write_result(
    result: AuditResult, form: str, output: Path | None, *, lang: Lang, quiet: bool
) -> None:
    """Write ``result`` as a table, or in one of the forms for programs and browsers."""
    if form == "table" and output is None:
        print_result(result, lang=lang, quiet=quiet)
        return
    refuse_table_file(form)
    pieces = json_pieces(result) if form == "json" else (_TEXTS[form](result, lang),)
    made = map(encoded, pieces)
    if output is None:
        # Programs get UTF-8 whatever the locale of the terminal is.
        sys.stdout.buffer.writelines(made)
        sys.stdout.flush()
    else:
        replace_file(output, made)


def write_forms(
    result: AuditResult, kind: Kind, lang: Lang, manner: tuple[Path, Path | None]
) -> None:
    """Write the forms of an assessment to a file, by a template of an office or by ours."""
    output, template = manner
    try:
        given = None if template is None else _template(template)
    except OSError as error:
        raise UsageError(
            Sentence("The template cannot be read: {reason}.", reason=error.strerror),
            remedy="Name an existing template; `netops baseline form template` writes one.",
            place=Place(str(template)),
        ) from error
    replace_file(output, to_forms(result, kind, lang, given))


def _template(path: Path) -> bytes:
    """Return the octets of a template; what has no end is none."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise UsageError(
            "The template is no regular file.",
            remedy="Name an existing template; `netops baseline form template` writes one.",
            place=Place(str(path)),
        )
    with path.open("rb") as stream:
        octets = stream.read(_MOST_TEMPLATE + 1)
    if len(octets) > _MOST_TEMPLATE:
        raise UsageError(
            "The template is larger than 64 MiB.",
            remedy="Name an existing template; `netops baseline form template` writes one.",
            place=Place(str(path)),
        )
    return octets


_MOST_TEMPLATE = 64 << 20


def refuse_table_file(form: str) -> None:
    """Raise where a table is to go to a file."""
    if form == "table":
        raise UsageError(
            "A table is for a terminal, not for a file.",
            remedy="Use --format json, csv or junit with --output.",
        )


def to_json(result: AuditResult, _lang: Lang) -> str:
    """Return the document of schema ``netops/audit/1``; it holds both languages."""
    return "".join(json_pieces(result))


def json_pieces(result: AuditResult) -> Iterator[str]:
    """Yield the document piece by piece: of thousands of rows one at a time becomes text."""
    rows: dict[str, Sequence[SubjectRow] | Sequence[Finding]]
    rows = {"subjects": result.subjects, "findings": result.findings}
    document = replace(result, subjects=(), findings=()).to_json()
    opening = "{"
    for name, value in document.items():
        yield f"{opening}\n {json.dumps(name)}: "
        opening = ","
        if rows.get(name):
            yield from _list_pieces(rows[name])
        else:
            yield _indented(value, 1)
    yield "\n}\n"


def _list_pieces(rows: Sequence[SubjectRow] | Sequence[Finding]) -> Iterator[str]:
    # A line a row: to lay out what is inside takes ten times as long, and nobody reads thousands.
    before = "[\n  "
    for row in rows:
        yield before + json.dumps(row.to_json(), ensure_ascii=False)
        before = ",\n  "
    yield "\n ]"


def _indented(value: object, depth: int) -> str:
    """Return a value as it stands within a document; texts hold no line feed of their own."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return text.replace("\n", "\n" + " " * depth)


def _to_html(result: AuditResult, lang: Lang) -> str:
    from netops.reports.forms.html import to_html  # noqa: PLC0415 - the template engine is heavy

    return to_html(result, lang)


_TEXTS: Mapping[str, Callable[[AuditResult, Lang], str]] = {
    "json": to_json,
    "csv": to_csv,
    "junit": to_junit,
    "sarif": to_sarif,
    "oscal": to_oscal,
    "html": _to_html,
}


def encoded(text: str) -> bytes:
    r"""Return UTF-8; half a character that a device put into its JSON becomes ``\udXXX``.

    In a JSON string that is the escape it came from.
    """
    return text.encode("utf-8", "backslashreplace")


def replace_file(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write ``data`` to ``path`` so that at any moment the old or the new file is whole."""
    if path.exists() and not path.is_file():
        # Replacing a device node or a pipe would destroy it for everybody else.
        raise UsageError(
            "The output is not a regular file.",
            remedy="Leave out --output to write to standard output.",
            place=Place(str(path)),
        )
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        _make_folder(path.parent)
        with temporary.open("wb") as stream:
            stream.writelines((data,) if isinstance(data, bytes) else data)
        temporary.replace(path)
    except OSError as error:
        raise UsageError(
            Sentence("The file cannot be written: {reason}.", reason=error.strerror),
            remedy="Name a place that you may write to with --output.",
            place=Place(str(path)),
        ) from error
    finally:
        # Half a file that nobody named would fill a disk that is full already.
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _make_folder(folder: Path) -> None:
    """Make the folder of a file; what stands in its place and is none is called so."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from error
