"""The part of ``netops ca`` that only reads: show, list, search, verify, health, log, copies."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netops.cli.ca_options import HomeFolder
from netops.cli.ca_out import agree_to_file, refuse_no_place
from netops.cli.ca_words import columns, part, shown, word
from netops.cli.options import DryRun, Form, FormOption, Yes, shortened
from netops.errors import UsageError
from netops.i18n import _, spoken, told

if TYPE_CHECKING:
    from netops.trust.home import Home
    from netops.trust.inspecting import Inspected
    from netops.trust.tables import Kept

NOT_VALID, NOT_KNOWN = 1, 3

_MOST = 1000
_OID = re.compile(r"[0-2](\.[0-9]{1,40}){1,40}")

log = typer.Typer(no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands to ``netops ca``."""
    app.add_typer(log, name="log", help=_("The journal of all acts."))
    app.command(help=_("Show one certificate on record."))(show)
    app.command("list", help=_("List certificates on record, newest first."))(list_all)
    app.command(help=_("Search certificates by name or serial number."))(search)
    app.command(help=_("Say what a certificate, list, request, answer or key is worth, and why."))(
        verify
    )
    app.command(help=_("Say whether the authority is well."))(health)
    app.command(help=_("Copy the authority into one file."))(backup)
    app.command(help=_("Make the authority anew from a copy."))(restore)


def _home(path: Path) -> Home:
    from netops.trust.home import Home  # noqa: PLC0415 - heavy

    home = Home(path)
    home.settings()
    return home


def _print_json(document: dict[str, Any]) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1))


def _row(kept: Kept) -> dict[str, Any]:
    return {
        "authority": kept.authority,
        "serial": f"{kept.serial:x}",
        "subject": kept.subject_text,
        "profile": kept.profile,
        "state": kept.state.value,
        "not_before": kept.not_before.isoformat(),
        "not_after": kept.not_after.isoformat(),
        "actor": kept.actor,
        "revoked_at": None if kept.revoked_at is None else kept.revoked_at.isoformat(),
        "reason": None if kept.reason is None else kept.reason.name,
    }


def show(
    home: HomeFolder,
    serial: Annotated[str, typer.Argument(help=_("Serial number, hexadecimal."))],
    form: FormOption = Form.TABLE,
) -> None:
    """Show one certificate on record, and the certificate itself."""
    from netops.trust.keys import CERTIFICATE, to_pem  # noqa: PLC0415 - heavy
    from netops.trust.record import read_record  # noqa: PLC0415 - heavy
    from netops.trust.revoking import parse_serial  # noqa: PLC0415 - heavy

    number = parse_serial(serial)
    with read_record(_home(home)) as store:
        found = next((k for n in ("sub", "root") if (k := store.find(n, number))), None)
    if found is None:
        raise UsageError(
            _("The serial number {serial} is not on record.").format(serial=shortened(serial)),
            remedy=_("See `netops ca list`."),
        )
    pem = "" if found.der is None else to_pem(found.der, CERTIFICATE).decode()
    if form is Form.JSON:
        _print_json({"schema": "netops/ca-certificate/1", **_row(found), "pem": pem})
        return
    for name, value in _row(found).items():
        if value is not None:
            typer.echo(f"{word(name)}: {shown(value)}")
    typer.echo(pem, nl=False)


def list_all(home: HomeFolder, form: FormOption = Form.TABLE) -> None:
    """List certificates on record, newest first."""
    _list(home, "", form)


def search(
    home: HomeFolder,
    text: Annotated[str, typer.Argument(help=_("Part of a name or of a serial number."))],
    form: FormOption = Form.TABLE,
) -> None:
    """Search certificates by name or serial number."""
    _list(home, os.fsencode(text).decode("utf-8", "replace"), form)


def _list(path: Path, text: str, form: Form) -> None:
    from netops.trust.record import read_record  # noqa: PLC0415 - heavy

    with read_record(_home(path)) as store:
        rows = [_row(kept) for kept in store.search(text, most=_MOST)]
    if form is Form.JSON:
        _print_json({"schema": "netops/ca-certificates/1", "certificates": rows})
        return
    for row in rows:
        typer.echo(
            f"{row['serial']}  {columns(word(row['state']), 8)}  {row['not_after'][:10]}  "
            f"{row['profile']:10}  {row['subject']}"
        )
    if len(rows) == _MOST:
        typer.echo(_("Only the newest {count} are shown.").format(count=_MOST), err=True)


def verify(
    file: Annotated[
        Path, typer.Argument(help=_("Certificate, list, request, status answer or key."))
    ],
    trust: Annotated[
        list[Path] | None, typer.Option("--trust", help=_("Certificates that are believed."))
    ] = None,
    untrusted: Annotated[
        list[Path] | None, typer.Option("--untrusted", help=_("Certificates between."))
    ] = None,
    crl: Annotated[list[Path] | None, typer.Option("--crl", help=_("Revocation lists."))] = None,
    at: Annotated[
        str | None, typer.Option("--at", help=_("Moment, ISO 8601 (default: now)."))
    ] = None,
    purpose: Annotated[
        str | None, typer.Option("--purpose", help=_("serverAuth, clientAuth, … or an OID."))
    ] = None,
    passphrase_file: Annotated[
        Path | None, typer.Option("--passphrase-file", help=_("For a key under a passphrase."))
    ] = None,
    form: FormOption = Form.TABLE,
) -> None:
    """Say what a certificate, list, request, status answer or key is worth, and why."""
    from netops.gm.chain import Standing, Trust  # noqa: PLC0415 - heavy
    from netops.gm.choice import default_provider, fallback  # noqa: PLC0415 - heavy
    from netops.gm.memory import forbid_core_dumps  # noqa: PLC0415 - heavy
    from netops.trust import inspecting  # noqa: PLC0415 - heavy
    from netops.trust.keys import read_passphrase  # noqa: PLC0415 - heavy

    by = Trust(
        anchors=tuple(c for path in trust or () for c in inspecting.read_certificates(path)),
        at=_moment(at),
        others=tuple(c for path in untrusted or () for c in inspecting.read_certificates(path)),
        lists=tuple(found for path in crl or () for found in inspecting.read_lists(path)),
        purpose=_purpose(purpose),
    )
    secret = None
    if passphrase_file is not None:
        forbid_core_dumps()
        secret = read_passphrase(passphrase_file)
    if (warning := fallback()) is not None:
        typer.echo(_("Warning: {text}").format(text=spoken(warning)), err=True)
    found = inspecting.inspect(default_provider(), file, by, secret)
    _tell_inspected(found, file, form)
    codes = {Standing.VALID: 0, Standing.INVALID: NOT_VALID, Standing.UNKNOWN: NOT_KNOWN}
    raise typer.Exit(codes[found.standing])


def _tell_inspected(found: Inspected, file: Path, form: Form) -> None:
    if form is Form.JSON:
        problems = [
            {"kind": kind, "depth": depth, "message": spoken(cause)}
            for kind, depth, cause in found.problems
        ]
        _print_json(
            {
                "schema": "netops/ca-verify/1",
                "file": str(file),
                "kind": found.kind,
                "standing": found.standing.value,
                **found.facts,
                "problems": problems,
            }
        )
    else:
        typer.echo(f"{word(found.kind)}: {word(found.standing.value)}")
        for name, value in found.facts.items():
            typer.echo(f"  {word(name)}: {shown(value)}")
        for kind, depth, cause in found.problems:
            typer.echo(f"  ! {kind} ({depth}): {spoken(cause)}")


def _purpose(text: str | None) -> str | None:
    from netops.trust.profile import PURPOSES  # noqa: PLC0415 - heavy

    if text is None or _OID.fullmatch(text):
        return text
    if text not in PURPOSES:
        raise UsageError(
            _("“{text}” is no purpose of a certificate.").format(text=shortened(text)),
            remedy=_("Name an OID, or one of: {names}.").format(names=", ".join(PURPOSES)),
        )
    return PURPOSES[text]


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            _("“{text}” is no moment.").format(text=shortened(text)),
            remedy=_("Write it like 2026-12-31T00:00:00+08:00."),
        ) from None
    return found if found.tzinfo is not None else found.astimezone()


def health(home: HomeFolder, form: FormOption = Form.TABLE) -> None:
    """Say whether the authority is well; 0 when it is, 1 when something is bad."""
    from netops.trust.health import Grade, examine  # noqa: PLC0415 - heavy

    checks = examine(_home(home), datetime.now(UTC))
    if form is Form.JSON:
        rows = [
            {"part": c.part, "grade": c.grade.value, "message": spoken(c.cause)} for c in checks
        ]
        _print_json({"schema": "netops/ca-health/1", "checks": rows})
    else:
        for check in checks:
            grade = columns(word(check.grade.value), 8)
            typer.echo(f"{grade} {part(check.part)}: {spoken(check.cause)}")
    raise typer.Exit(NOT_VALID if any(c.grade is Grade.BAD for c in checks) else 0)


@log.command("verify", help=_("Find any change of the journal, and name the record."))
def verify_log(home: HomeFolder, form: FormOption = Form.TABLE) -> None:
    """Find any change of the journal, and name the record."""
    from netops.trust.audit import NOT_COMPARED, verify_journal  # noqa: PLC0415 - heavy

    faults = verify_journal(_home(home))
    bad = [fault for fault in faults if not fault.warning]
    if form is Form.JSON:
        rows = [
            {"kind": f.kind, "line": f.place.line, "message": spoken(f.cause), "warning": f.warning}
            for f in faults
        ]
        _print_json({"schema": "netops/ca-log/1", "unbroken": not bad, "faults": rows})
    else:
        for fault in faults:
            typer.echo(told(fault))
        if not bad:
            typer.echo(_("The journal is unbroken."))
    is_open = any(fault.kind == NOT_COMPARED for fault in faults)
    raise typer.Exit(NOT_VALID if bad else NOT_KNOWN if is_open else 0)


def backup(
    home: HomeFolder,
    out: Annotated[Path, typer.Option("--out", help=_("File to write."))],
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Copy the authority into one file; keys in it stay under their passphrases."""
    from netops.trust.backup import back_up  # noqa: PLC0415 - heavy

    where = _home(home)
    refuse_no_place(out)
    if dry_run:
        typer.echo(_("Would write {path}.").format(path=shortened(str(out))), err=True)
        return
    agree_to_file(out, yes=yes)
    count = back_up(where, out)
    typer.echo(_("Copied {count} files.").format(count=count), err=True)


def restore(
    home: HomeFolder,
    source: Annotated[Path, typer.Option("--from", help=_("The copy."))],
) -> None:
    """Make the authority anew from a copy, in a new folder."""
    from netops.trust.backup import restore as bring_back  # noqa: PLC0415 - heavy
    from netops.trust.home import Home  # noqa: PLC0415 - heavy

    count = bring_back(source, Home(home))
    typer.echo(_("Restored {count} files.").format(count=count), err=True)
