"""Fills a document template (DOCX): it runs in a sandbox, and values are escaped."""

from __future__ import annotations

import io

from docxtpl import DocxTemplate
from jinja2 import Undefined
from jinja2.sandbox import SandboxedEnvironment

from netops.errors import Sentence, UsageError
from netops.reports.forms.content import Forms
from netops.reports.forms.settled import settled

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
    document = DocxTemplate(io.BytesIO(template))
    environment = SandboxedEnvironment(undefined=_Said, autoescape=True)
    made = io.BytesIO()
    try:
        document.render({**forms.head, **forms.tables}, environment, autoescape=True)
        document.save(made)
    except Exception as error:  # a template is somebody's program: whatever it raises is its fault
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise UsageError(
            Sentence("The template cannot be used: {reason}.", reason=reason),
            remedy="Begin with the one that `netops baseline form template` writes.",
        ) from error
    return settled(made.getvalue(), moment)
