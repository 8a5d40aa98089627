"""The part of ``netops ca`` that takes certificates back and tells everybody: lists and status."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netops.cli.ca_options import As, HomeFolder, Passphrase, WhichOption, open_authority
from netops.cli.options import shortened
from netops.errors import UsageError
from netops.i18n import _

ocsp = typer.Typer(no_args_is_help=True)
_LAST_PORT = 65535


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
    typer.echo(_("Revoked {count}. Publish it: netops ca crl.").format(count=changed), err=True)


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
) -> None:
    """Sign and publish a new revocation list."""
    from netops.trust.home import write_durably  # noqa: PLC0415 - heavy
    from netops.trust.lists import make_deltas, make_lists  # noqa: PLC0415 - heavy

    with open_authority(home, passphrase_file, as_name, authority) as opened:
        made = make_deltas(opened) if delta else make_lists(opened)
    for one in made:
        text = _("List {number}: {entries} entries, until {moment}.")
        until = one.kept.next_update.isoformat()
        typer.echo(text.format(number=one.kept.number, entries=one.entries, moment=until), err=True)
    if out is not None:
        if len(made) > 1:
            raise UsageError(
                _("There are several lists, one a partition."),
                remedy=_("Take them from the folder public of the authority."),
            )
        write_durably(out, made[0].der)


@ocsp.command("serve", help=_("Answer over HTTP until interrupted."))
def serve_status(
    home: HomeFolder,
    passphrase_file: Passphrase,
    listen: Annotated[str, typer.Option("--listen", help=_("ADDRESS:PORT."))] = "127.0.0.1:2560",
    authority: WhichOption = None,
    as_name: As = None,
) -> None:
    """Answer over HTTP until interrupted."""
    from netops.trust.desk import counter_of  # noqa: PLC0415 - heavy
    from netops.trust.http_status import run  # noqa: PLC0415 - heavy
    from netops.trust.keys import read_passphrase  # noqa: PLC0415 - heavy

    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > _LAST_PORT:
        raise UsageError(
            _("“{text}” is no address to listen at.").format(text=shortened(listen)),
            remedy=_("Write ADDRESS:PORT, like 127.0.0.1:2560."),
        )
    with open_authority(home, passphrase_file, as_name, authority) as opened:
        counter, silent = counter_of(opened, read_passphrase(passphrase_file))
    for name in silent:
        text = _("Not answered for what {name} certified: its key is not here.")
        typer.echo(text.format(name=name), err=True)

    def tell(port: int) -> None:
        typer.echo(_("Answering at {host}:{port}.").format(host=host, port=port), err=True)

    run(counter, (host.strip("[]"), int(port)), tell)
