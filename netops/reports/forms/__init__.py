"""The forms of an assessment, filled: records, problems, hazards, assets; as XLSX and DOCX."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime
from typing import Literal

from netops.errors import UsageError
from netops.findings import AuditResult
from netops.i18n import Lang
from netops.reports.forms.content import forms_of

Kind = Literal["docx", "xlsx"]


def to_forms(result: AuditResult, kind: Kind, lang: Lang, template: bytes | None = None) -> bytes:
    """Return the forms filled with ``result``; ``template`` None: our own.

    The same result and template give the same octets: the time in the file is the snapshot's.
    """
    used = default_template(kind, lang) if template is None else template
    writer = importlib.import_module(f"netops.reports.forms.{kind}")
    made: bytes = getattr(writer, f"to_{kind}")(forms_of(result, lang), used, _moment(result))
    return made


def default_template(kind: Kind, lang: Lang) -> bytes:
    """Return our own template, for an office to change."""
    try:
        templates = importlib.import_module("netops.reports.forms.defaults")
    except ModuleNotFoundError as error:
        raise UsageError(
            "The library for documents is not installed.",
            remedy="Install netops-extranet[reports].",
        ) from error
    made: bytes = templates.default_template(kind, lang)
    return made


def _moment(result: AuditResult) -> str:
    end = result.provenance.end or result.provenance.begin
    return datetime.fromisoformat(end).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


__all__ = ["Kind", "default_template", "forms_of", "to_forms"]
