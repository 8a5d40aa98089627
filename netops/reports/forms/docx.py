"""Fills a document template (DOCX): it runs in a sandbox, and values are escaped."""

from __future__ import annotations

import io

from docx import Document
from docxtpl import DocxTemplate
from jinja2 import Undefined
from jinja2.sandbox import SandboxedEnvironment

from netops.errors import Sentence, UsageError
from netops.reports.forms.content import Forms
from netops.reports.forms.settled import settled

_REMEDY = "Begin with the one that `netops baseline form template` writes."
_MOST_ROWS = 20_000
"""A document of more rows is nothing that anybody prints; a workbook holds them."""


class _Said(Undefined):
    """A name that the forms do not have is a fault of the template, never an empty cell."""

    def __str__(self) -> str:
        return self._fail_with_undefined_error()


def to_docx(forms: Forms, template: bytes, moment: str) -> bytes:
    """Return the filled document; raise UsageError where the template cannot be used."""
    rows = sum(len(table) for table in forms.tables.values())
    if rows > _MOST_ROWS:
        raise UsageError(
            Sentence("{rows} rows are too many for a document.", rows=rows),
            remedy="Use --format xlsx, or choose fewer assets with --filter.",
        )
    document = _opened(template)
    environment = SandboxedEnvironment(undefined=_Said, autoescape=True)
    made = io.BytesIO()
    try:
        document.render({**forms.head, **forms.tables}, environment, autoescape=True)
        document.save(made)
    except Exception as error:  # a template is somebody's program: whatever it raises is its fault
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise UsageError(
            Sentence("The template cannot be used: {reason}.", reason=reason),
            remedy=_REMEDY,
        ) from error
    return settled(made.getvalue(), moment)


def _opened(template: bytes) -> DocxTemplate:
    """Open a template now: the library reads it only when it is needed."""
    try:
        Document(io.BytesIO(template))
    except Exception as error:  # a damaged or foreign file makes the library raise nearly anything
        raise UsageError("The template is no document (DOCX).", remedy=_REMEDY) from error
    return DocxTemplate(io.BytesIO(template))
