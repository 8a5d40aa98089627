"""Makes the record of a person's verdict: finds the row it speaks of, and that row's evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from netops.baselines import run_baseline
from netops.cli.baseline_case import Asked, open_asked
from netops.errors import Place, Sentence, UsageError
from netops.findings import SubjectRow
from netops.gm import sm3_hex
from netops.i18n import _
from netops.inventory.graded import Confirmation

_FAILING = ("not_met", "partly_met")


@dataclass(frozen=True, slots=True)
class Given:
    """What a person decided, as it was typed."""

    clause: str
    verdict: str
    by: str
    on: date
    asset: str
    object: str
    note: str
    document: Path | None


def confirmation_for(asked: Asked, given: Given) -> Confirmation:
    """Return the record, for the evidence of the row that it speaks of."""
    only = frozenset({given.asset.partition("/")[0]}) if given.asset else None
    case, choice = open_asked(asked, only=only)
    clause = ".".join(given.clause.replace(".", " ").split())
    kind, subject = ("item", given.asset) if given.asset else ("object_item", given.object)
    result = run_baseline(case, choice)
    row = next(
        (r for r in result.subjects if r.kind == kind and r.id == f"{subject}/{clause}"), None
    )
    if row is None:
        raise UsageError(
            _("There is no row {clause} of {subject} to be confirmed.").format(
                clause=clause, subject=subject
            ),
            remedy=_("`netops baseline judge --format json` lists the rows; mind the level."),
        )
    _refuse_contradiction(row, given, result.subjects)
    return Confirmation(
        clause=clause,
        verdict=given.verdict,
        by=given.by,
        on=given.on,
        asset=given.asset,
        object=given.object,
        evidence=_evidence(row.extra, given.document),
        note=given.note,
    )


def _refuse_contradiction(row: SubjectRow, given: Given, rows: tuple[SubjectRow, ...]) -> None:
    """A failure that is proven is not confirmed away: it takes an exemption, or a repair."""
    if given.verdict == "not_applicable" and not given.note:
        raise UsageError(
            _("Why the clause is not applicable is not given."), remedy=_("Give it with --note.")
        )
    machine = (
        [row.extra["machine"]]
        if given.asset
        else [
            one.extra["machine"]
            for one in rows
            if one.kind == "item" and one.extra["item"] == row.extra["item"]
        ]
    )
    if given.verdict == "met" and any(word in _FAILING for word in machine):
        raise UsageError(
            _("A failure of {row} is proven; it cannot be confirmed as met.").format(row=row.id),
            remedy=_("Mend it and scan again, or record an exemption: `netops exemption add`."),
        )


def _evidence(extra: dict[str, Any], document: Path | None) -> str:
    """Return the digest of the machine's evidence; where there is none, that of a document."""
    machine = str(extra["evidence_digest"])
    if machine or document is None:
        return machine
    try:
        return "sm3:" + sm3_hex(document.read_bytes())
    except OSError as error:
        raise UsageError(
            Sentence("The document cannot be read: {reason}.", reason=error.strerror),
            remedy="Name an existing file.",
            place=Place(str(document)),
        ) from error
