"""The part of ``netops ca`` that takes certificates back and tells everybody: lists and status."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netops.cli.ca_options import (
    As,
    HomeFolder,
    Passphrase,
    Which,
    WhichOption,
    open_authority,
)
from netops.cli.ca_out import agree_to_list
from netops.cli.options import Yes, shortened
from netops.errors import NetopsError, UsageError
from netops.i18n import _, told

ocsp = typer.Typer(no_args_is_help=True)
_LAST_PORT = 65535
_MOST_NAMED = 10


def add_to(app: typer.Typer) -> None:
    """Add these commands to ``netops ca``."""
    app.add_typer(ocsp, name="ocsp", help=_("Answer for the status of certificates."))
    app.command(help=_("Revoke certificates, put them on hold, or take a hold back."))(revoke)
    app.command(help=_("Sign and publish a new revocation list."))(crl)


def revoke(
    home: HomeFolder,
    passphrase_file: Passphrase,
    serial: Annotated[str | None, typer.Argument(help=_("Serial number, hexadecimal."))] = None,
    reason: Annotated[str, typer.Option("--reason", help=_("A reason of RFC 5280."))] = (
        "unspecified"
    ),
    source: Annotated[
        Path | None, typer.Option("--from", help=_("A file of serial numbers, one a line."))
    ] = None,
    authority: WhichOption = None,
    as_name: As = None,
    *,
    release: Annotated[bool, typer.Option("--release", help=_("Take a hold back."))] = False,
) -> None:
    """Revoke certificates, put them on hold, or take a hold back."""
    from netops.gm.revocation import Reason  # noqa: PLC0415 - heavy
    from netops.trust import revoking  # noqa: PLC0415 - heavy

    if (serial is None) == (source is None) or (release and serial is None):
        raise UsageError(
            _("It is not said what to revoke."),
            remedy=_("Give a serial number, or --from FILE; --release takes one serial number."),
        )
    why = revoking.parse_reason(reason)
    asked = () if source is None else revoking.read_revocations(source, why)
    with open_authority(home, passphrase_file, as_name, authority) as opened:
        if release:
            revoking.release(opened, revoking.parse_serial(serial or ""))
            typer.echo(_("The hold is taken back."), err=True)
            return
        if serial is not None:
            asked = (revoking.Revocation(revoking.parse_serial(serial), why),)
        changed = revoking.revoke(opened, asked)
        others = revoking.in_force_under_lost_keys(opened, asked)
    if others:
        text = _("Warning: {count} certificates in force bear a compromised key, revoke them too: ")
        typer.echo(text.format(count=len(others)) + _some(others), err=True)
    if changed:
        text = _("Revoked {count}. Publish it: netops ca crl.")
        if all(one.reason is Reason.certificateHold for one in asked):
            text = _("Put on hold: {count}. Publish it: netops ca crl.")
        typer.echo(text.format(count=changed), err=True)
    else:
        typer.echo(_("Nothing changed: all of it was revoked before."), err=True)


def _some(serials: list[int]) -> str:
    told = " ".join(f"{serial:x}" for serial in serials[:_MOST_NAMED])
    return told if len(serials) <= _MOST_NAMED else f"{told} …"


def crl(
    home: HomeFolder,
    passphrase_file: Passphrase,
    out: Annotated[Path | None, typer.Option("--out", help=_("Write a copy here, DER."))] = None,
    authority: WhichOption = None,
    as_name: As = None,
    *,
    delta: Annotated[
        bool, typer.Option("--delta", help=_("Only what changed since the last whole list."))
    ] = False,
    yes: Yes = False,
) -> None:
    """Sign and publish a new revocation list."""
    from netops.trust.home import write_durably  # noqa: PLC0415 - heavy
    from netops.trust.lists import make_deltas, make_lists  # noqa: PLC0415 - heavy

    if out is not None:
        name = _refuse_several(home, authority)
        agree_to_list(home, out, name, is_delta=delta, yes=yes)
    with open_authority(home, passphrase_file, as_name, authority) as opened:
        made = make_deltas(opened) if delta else make_lists(opened)
    for one in made:
        text = _("List {number}: {entries} entries, until {moment}.")
        until = one.kept.next_update.isoformat()
        typer.echo(text.format(number=one.kept.number, entries=one.entries, moment=until), err=True)
    if out is not None:
        write_durably(out, made[0].der)


def _refuse_several(home: Path, authority: Which | None) -> str:
    """Refuse one file for the lists of several partitions; return whose list it will be."""
    from netops.trust.home import Home  # noqa: PLC0415 - heavy

    settings = Home(home).settings()
    is_root = authority is Which.ROOT or settings.kind == "root_only"
    if settings.crl_partitions > 1 and not is_root:
        raise UsageError(
            _("There are several lists, one a partition."),
            remedy=_("Take them from the folder public of the authority."),
        )
    return Which.ROOT if is_root else Which.SUB


@ocsp.command("serve", help=_("Answer over HTTP until interrupted."))
def serve_status(
    home: HomeFolder,
    passphrase_file: Passphrase,
    listen: Annotated[str, typer.Option("--listen", help=_("ADDRESS:PORT."))] = "127.0.0.1:2560",
    authority: WhichOption = None,
    as_name: As = None,
) -> None:
    """Answer over HTTP until interrupted."""
    from netops.trust.appointing import Appointer  # noqa: PLC0415 - heavy
    from netops.trust.desk import counter_of  # noqa: PLC0415 - heavy
    from netops.trust.http_status import run  # noqa: PLC0415 - heavy
    from netops.trust.keys import read_passphrase  # noqa: PLC0415 - heavy

    where = _place(listen)

    def complain(error: Exception) -> None:
        text = told(error) if isinstance(error, NetopsError) else str(error)
        typer.echo(_("Warning: {text}").format(text=shortened(text)), err=True)

    passphrase = read_passphrase(passphrase_file)
    with open_authority(home, passphrase, as_name, authority) as opened:
        if opened.name == Which.ROOT:
            raise UsageError(
                _("A root answers for no status: its list tells what it revoked."),
                remedy=_("Publish that list: netops ca crl --authority root."),
            )
        appointer = Appointer(
            opened.home.certificate_file(opened.name),
            lambda: open_authority(home, passphrase_file, as_name, authority),
            passphrase_file,
            complain,
        )
        counter, silent = counter_of(opened, passphrase, appointer)
    for name in silent:
        text = _("Not answered for what {name} certified: its key is not here.")
        typer.echo(text.format(name=name), err=True)

    def tell(port: int) -> None:
        typer.echo(_("Answering at {host}:{port}.").format(host=where[0], port=port), err=True)

    try:
        run(counter, where, tell)
    finally:
        counter.close()


def _place(listen: str) -> tuple[str, int]:
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > _LAST_PORT:
        raise UsageError(
            _("“{text}” is no address to listen at.").format(text=shortened(listen)),
            remedy=_("Write ADDRESS:PORT, like 127.0.0.1:2560."),
        )
    return host.strip("[]"), int(port)
