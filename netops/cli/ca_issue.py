"""The part of ``netops ca`` that issues: on one request, on a folder of them, and again."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netops.cli.ca_options import As, HomeFolder, Passphrase, open_authority
from netops.cli.ca_out import REPORT, agree_to_certificate, agree_to_file, agree_to_folder
from netops.cli.options import Yes, shortened
from netops.errors import NetopsError, Place, UsageError
from netops.i18n import _, spoken

if TYPE_CHECKING:
    from netops.trust.authority import Authority
    from netops.trust.issuing import Job, Outcome

SOME_WERE_REFUSED = 1
_AT_ONCE = 256
_ENDINGS = frozenset({".csr", ".pem", ".der", ".req", ".p10"})


def add_to(app: typer.Typer) -> None:
    """Add these commands to ``netops ca``."""
    app.command(help=_("Issue a certificate on a request, or many on a folder of requests."))(issue)
    app.command(help=_("Certify the key and names of certificates once more."))(renew)


def issue(
    home: HomeFolder,
    profile: Annotated[str, typer.Option("--profile", help=_("What kind of certificate."))],
    out: Annotated[Path, typer.Option("--out", help=_("File, or folder for a batch."))],
    passphrase_file: Passphrase,
    csr: Annotated[Path | None, typer.Option("--csr", help=_("A request (PKCS#10)."))] = None,
    batch: Annotated[Path | None, typer.Option("--batch", help=_("A folder of requests."))] = None,
    as_name: As = None,
    *,
    yes: Yes = False,
) -> None:
    """Issue a certificate on a request, or many on a folder of requests."""
    from netops.trust.issuing import issue as issue_one  # noqa: PLC0415 - heavy
    from netops.trust.issuing import issue_batch  # noqa: PLC0415 - heavy

    if (csr is None) == (batch is None):
        raise UsageError(_("Nothing to issue on."), remedy=_("Give --csr or --batch, one of them."))
    job = None if csr is None else _job(csr)
    requests = [] if batch is None else _requests(batch)
    if job is not None:
        agree_to_certificate(home, out, job, profile, yes=yes)
    else:
        agree_to_folder(home, out, (path.stem for path in requests), yes=yes)
    with open_authority(home, passphrase_file, as_name) as authority:
        kind = authority.profile(profile)
        if job is not None:
            made = issue_one(authority, kind, job)
            _write_pem(out, made.certificate)
            _tell(made)
            _warn_of_namesakes(authority, made)
            return
        jobs, refused = _jobs(requests)
        outcomes = [*refused, *_copied(out, issue_batch(authority, kind, jobs))]
    raise typer.Exit(_report(out, outcomes))


def _requests(folder: Path) -> list[Path]:
    listed = list(folder.glob("*"))
    found = [path for path in listed if path.suffix.lower() in _ENDINGS]
    if not found:
        raise UsageError(
            _("There are no requests in {path}.").format(path=folder),
            remedy=_("Put them there as NAME.csr, NAME.req, NAME.p10, NAME.pem or NAME.der."),
        )
    if passed := len(listed) - len(found):
        text = _("Passed over {count} files that are named otherwise than requests.")
        typer.echo(text.format(count=passed), err=True)
    stems = Counter(path.stem for path in found)
    twice = sorted(stem for stem, count in stems.items() if count > 1)
    if twice:
        raise UsageError(
            _("Two requests would give the same certificate file: {names}.").format(
                names=", ".join(twice)
            ),
            remedy=_("Give each request a name of its own."),
        )
    return sorted(found, key=lambda path: path.name)


def _jobs(paths: list[Path]) -> tuple[list[Job], list[Outcome]]:
    """Read a batch; a file that cannot be read is refused and stops no other."""
    from netops.errors import InputError  # noqa: PLC0415 - beside the others
    from netops.trust.issuing import Job, Outcome  # noqa: PLC0415 - heavy

    jobs: list[Job] = []
    refused: list[Outcome] = []
    for path in paths:
        try:
            if path.is_fifo() or path.is_char_device():
                raise InputError(
                    "The file is none that ends.", remedy="Put requests there as plain files."
                )
            jobs.append(_job(path))
        except NetopsError as error:
            refused.append(Outcome(Job(path.stem, b""), refusal=error))
    return jobs, refused


def _job(path: Path) -> Job:
    from netops.errors import InputError  # noqa: PLC0415 - beside the others
    from netops.gm.request import LONGEST  # noqa: PLC0415 - heavy
    from netops.trust.inspecting import read_file  # noqa: PLC0415 - heavy
    from netops.trust.issuing import Job  # noqa: PLC0415 - heavy
    from netops.trust.keys import REQUEST, all_from_pem  # noqa: PLC0415 - heavy

    found = all_from_pem(read_file(path, most=2 * LONGEST), REQUEST)
    if len(found) != 1:
        raise InputError(
            _("The file holds no certificate request.")
            if not found
            else _("The file holds {count} requests.").format(count=len(found)),
            remedy=_("Give each request a file of its own, in PEM or DER."),
            place=Place(str(path)),
        )
    return Job(path.stem, found[0])


def renew(
    home: HomeFolder,
    out: Annotated[Path, typer.Option("--out", help=_("File, or folder with --from."))],
    passphrase_file: Passphrase,
    serial: Annotated[str | None, typer.Argument(help=_("Serial number, hexadecimal."))] = None,
    source: Annotated[
        Path | None, typer.Option("--from", help=_("A file of serial numbers, one a line."))
    ] = None,
    revoke: Annotated[
        str | None,
        typer.Option("--revoke", help=_("With --from: then revoke the old ones for this reason.")),
    ] = None,
    as_name: As = None,
    *,
    yes: Yes = False,
) -> None:
    """Certify the key and names of certificates once more."""
    from netops.gm.revocation import Reason  # noqa: PLC0415 - heavy
    from netops.trust import issuing, revoking  # noqa: PLC0415 - heavy

    if (serial is None) == (source is None) or (revoke is not None and source is None):
        raise UsageError(
            _("It is not said what to renew."),
            remedy=_("Give a serial number, or --from FILE; --revoke goes with --from."),
        )
    why = Reason.superseded if revoke is None else revoking.parse_reason(revoke)
    asked = () if source is None else revoking.read_revocations(source, why)
    if source is None:
        agree_to_file(out, yes=yes)
    else:
        agree_to_folder(home, out, (f"{one.serial:x}" for one in asked), yes=yes)
    with open_authority(home, passphrase_file, as_name) as authority:
        if serial is not None:
            made = issuing.renew(authority, revoking.parse_serial(serial))
            _write_pem(out, made.certificate)
            _tell(made)
            return
        outcomes = _copied(out, issuing.renew_batch(authority, [one.serial for one in asked]))
        if revoke is not None:
            replaced = {int(one.job.name, 16) for one in outcomes if one.refusal is None}
            revoking.revoke(authority, [one for one in asked if one.serial in replaced])
    raise typer.Exit(_report(out, outcomes))


def _write_pem(path: Path, der: bytes) -> None:
    from netops.trust.home import write_durably  # noqa: PLC0415 - heavy
    from netops.trust.keys import CERTIFICATE, to_pem  # noqa: PLC0415 - heavy

    write_durably(path, to_pem(der, CERTIFICATE))


def _copied(out: Path, outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Write each certificate of many beside the cycle of issue; return what became of all.

    They are copies: the store keeps them, and the same request gives them again.
    """
    from netops.trust.home import write_whole  # noqa: PLC0415 - heavy
    from netops.trust.keys import CERTIFICATE, to_pem  # noqa: PLC0415 - heavy

    def copy(some: list[Outcome]) -> None:
        for one in some:
            write_whole(out / f"{one.job.name}.pem", to_pem(one.certificate, CERTIFICATE))

    out.mkdir(parents=True, exist_ok=True)
    done: list[Outcome] = []
    running = []
    with ThreadPoolExecutor(max_workers=1) as beside:
        try:
            for some in _by_many(outcomes):
                done += some
                running.append(beside.submit(copy, [one for one in some if one.refusal is None]))
        except NetopsError:
            if done:
                text = _("Ended early, {count} done. The same command again goes on from there.")
                typer.echo(text.format(count=len(done)), err=True)
            raise
    for each in running:
        each.result()
    return done


def _by_many(outcomes: Iterable[Outcome]) -> Iterator[list[Outcome]]:
    rest = iter(outcomes)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _tell(made: Outcome) -> None:
    text = _("Issued {serial}.") if made.is_new else _("Issued before: {serial}.")
    typer.echo(text.format(serial=f"{made.serial:x}"), err=True)


def _warn_of_namesakes(authority: Authority, made: Outcome) -> None:
    """Tell of another name that the same key is certified for: no rule forbids it, few mean it."""
    issued = authority.store.find(authority.name, made.serial)
    beside = authority.store.in_force_beside(authority.name, [made.serial], authority.moment())
    others = [one for one in beside if issued is not None and one.subject != issued.subject]
    if others:
        text = _("Warning: the same key is certified for another name: {subject} ({serial}).")
        told = text.format(subject=others[0].subject_text, serial=f"{others[0].serial:x}")
        typer.echo(shortened(told), err=True)


def _report(out: Path, outcomes: list[Outcome]) -> int:
    """Write what became of each request; return the exit code."""
    from netops.trust.home import write_durably  # noqa: PLC0415 - heavy
    from netops.trust.replacing import BATCH  # noqa: PLC0415 - heavy

    rows: list[dict[str, Any]] = []
    for one in sorted(outcomes, key=lambda outcome: outcome.job.name):
        row: dict[str, Any] = {"request": _plain(one.job.name), "issued": one.refusal is None}
        if one.refusal is None:
            row |= {"serial": f"{one.serial:x}", "new": one.is_new}
        else:
            row |= {"code": one.refusal.code, "reason": spoken(one.refusal.cause)}
            _complain(one.job.name, one.refusal)
        rows.append(row)
    refused = sum(not row["issued"] for row in rows)
    document = {"schema": BATCH, "requests": rows}
    write_durably(out / REPORT, json.dumps(document, ensure_ascii=False, indent=1).encode())
    typer.echo(
        _("Issued {issued}, refused {refused}.").format(
            issued=len(rows) - refused, refused=refused
        ),
        err=True,
    )
    return SOME_WERE_REFUSED if refused else 0


def _plain(name: str) -> str:
    """Return a name as JSON may hold it: octets that are no UTF-8 (a name in GBK) are escaped."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _complain(name: str, refusal: NetopsError) -> None:
    typer.echo(shortened(f"{_plain(name)}: {spoken(refusal.cause)}"), err=True)
