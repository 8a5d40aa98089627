"""One document from the results of several audits (``netops audit all``)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from netops.findings import AuditResult
from netops.i18n import Lang
from netops.reports.junit import to_junit
from netops.reports.rows import to_csv


def joined(results: Sequence[AuditResult], form: str, lang: Lang) -> str:
    """Return the results as one document of ``form``: json, csv or junit."""
    return _FORMS[form](results, lang)


def _json(results: Sequence[AuditResult], _lang: Lang) -> str:
    audits = [result.to_json() for result in results]
    document = {"schema": "netops/audits/1", "audits": audits}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _csv(results: Sequence[AuditResult], lang: Lang) -> str:
    """Put the rows under one header; the column ``rule`` tells the audits apart."""
    first, *others = (to_csv(result, lang) for result in results)
    return first + "".join(text.partition("\n")[2] for text in others)


def _junit(results: Sequence[AuditResult], lang: Lang) -> str:
    suites = [to_junit(result, lang).partition("\n") for result in results]
    body = "".join(suite for _declaration, _break, suite in suites)
    return f"{suites[0][0]}\n<testsuites>\n{body}</testsuites>\n"


_FORMS: Mapping[str, Callable[[Sequence[AuditResult], Lang], str]] = {
    "json": _json,
    "csv": _csv,
    "junit": _junit,
}
