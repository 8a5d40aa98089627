"""Makes the record of a person's verdict: finds the row it speaks of, and that row's evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from netops.baseline.items import AGAINST_PROOF, FAILING
from netops.baselines import run_baseline
from netops.cli.baseline_case import Asked, open_asked
from netops.errors import Place, Sentence, UsageError
from netops.findings import AuditResult, SubjectRow, Verdict
from netops.gm import sm3_hex
from netops.i18n import _
from netops.inventory.graded import Confirmation
from netops.inventory.model import Inventory


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


@dataclass(frozen=True, slots=True)
class Seen:
    """What the machine says of a row: its evidence, and whether a failure is proven."""

    id: str
    evidence: str
    is_failing: bool

    def forbids(self, verdict: str) -> bool:
        """Whether a person cannot say so: it takes an exemption, or a repair."""
        return self.is_failing and Verdict(verdict) in AGAINST_PROOF


class Machine:
    """What a snapshot shows of the items of graded objects; it is judged when first asked for."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._result: AuditResult | None = None

    def of(self, graded: str, clause: str) -> Seen | None:
        """Return what is said of a clause of an object; None where it has no such row."""
        if self._result is None:
            self._result = run_baseline(*open_asked(self._asked))
        return _seen(self._result, ("object_item", graded), clause)


def confirmation_for(asked: Asked, given: Given) -> Confirmation:
    """Return the record, for the evidence of the row that it speaks of."""
    only = frozenset({given.asset.partition("/")[0]}) if given.asset else None
    clause = ".".join(given.clause.replace(".", " ").split())
    kind, subject = ("item", given.asset) if given.asset else ("object_item", given.object)
    case, choice = open_asked(asked, only=only)
    _refuse_unknown(case.inventory, given)
    seen = _seen(run_baseline(case, choice), (kind, subject), clause)
    if seen is None:
        raise UsageError(
            _("There is no row {clause} of {subject} to be confirmed.").format(
                clause=clause, subject=subject
            ),
            remedy=_("`netops baseline judge --format json` lists the rows; mind the level."),
        )
    _refuse_contradiction(seen, given)
    return Confirmation(
        clause=clause,
        verdict=given.verdict,
        by=given.by,
        on=given.on,
        asset=given.asset,
        object=given.object,
        evidence=_evidence(seen.evidence, given.document),
        note=given.note,
    )


def _refuse_unknown(registered: Inventory, given: Given) -> None:
    """Tell a name that nobody registered from a clause that is not asked of it."""
    if given.object and given.object not in registered.graded:
        raise UsageError(
            _("There is no graded object “{name}”.").format(name=given.object),
            remedy=_("It must stand in graded.yaml of the inventory."),
        )
    if not given.object and given.asset.partition("/")[0] not in registered.devices:
        raise UsageError(
            _("There is no asset “{name}”.").format(name=given.asset),
            remedy=_("An asset is a device, or device/component; `baseline judge` lists them."),
        )


def _seen(result: AuditResult, of: tuple[str, str], clause: str) -> Seen | None:
    kind, subject = of
    name = f"{subject}/{clause}"
    row = next((r for r in result.subjects if r.kind == kind and r.id == name), None)
    if row is None:
        return None
    below = [row] if kind == "item" else _below(result, subject, row)
    failing = any(
        Verdict(one.extra["machine"]) in FAILING or (one is not row and one.verdict in FAILING)
        for one in below
    )
    return Seen(name, str(row.extra["evidence_digest"]), failing)


def _below(result: AuditResult, graded: str, row: SubjectRow) -> list[SubjectRow]:
    """Return the rows of an item on the assets that serve an object."""
    own = {r.id for r in result.subjects if r.kind == "asset" and graded in r.extra["objects"]}
    return [
        r
        for r in result.subjects
        if r.kind == "item" and r.extra["asset"] in own and r.extra["item"] == row.extra["item"]
    ]


def _refuse_contradiction(seen: Seen, given: Given) -> None:
    """A failure that is proven is not confirmed away: it takes an exemption, or a repair."""
    if given.verdict == "not_applicable" and not given.note:
        raise UsageError(
            _("Why the clause is not applicable is not given."), remedy=_("Give it with --note.")
        )
    if seen.forbids(given.verdict):
        raise UsageError(
            Sentence(PROVEN, row=seen.id),
            remedy=_("Mend it and scan again, or record an exemption: `netops exemption add`."),
        )


PROVEN = Sentence("A failure of {row} is proven; it cannot be confirmed as met or not applicable.")


def _evidence(machine: str, document: Path | None) -> str:
    """Return the digest of the machine's evidence; where there is none, that of a document."""
    if document is None:
        return machine
    if machine:
        raise UsageError(
            _("The machine has evidence on this clause; a document cannot stand for it."),
            remedy=_("Leave out --document; name the document in --note."),
        )
    try:
        octets = _octets(document)
    except OSError as error:
        raise UsageError(
            Sentence("The document cannot be read: {reason}.", reason=error.strerror),
            remedy="Name an existing file.",
            place=Place(str(document)),
        ) from error
    return "sm3:" + sm3_hex(octets)


_MOST_MEBIBYTES = 256


def _octets(document: Path) -> bytes:
    """Return what a document holds; what is no file, or has no end, is no document."""
    if document.exists() and not document.is_file() and not document.is_dir():
        raise UsageError(
            _("The document is no regular file."), remedy=_("Name an existing file."),
            place=Place(str(document)),
        )  # fmt: skip
    with document.open("rb") as stream:
        octets = stream.read((_MOST_MEBIBYTES << 20) + 1)
    if len(octets) > _MOST_MEBIBYTES << 20:
        raise UsageError(
            Sentence("The document is larger than {bound} MiB.", bound=_MOST_MEBIBYTES),
            remedy="Name it in --note, or keep the part that was looked at.",
            place=Place(str(document)),
        )
    return octets
