"""``netops ca``: a certification authority: made, given new keys, brought to a newer form.

Issuing stands in ``ca_issue``, revoking and publishing in ``ca_revoke``, what only reads in
``ca_read``. Everything that signs takes a passphrase file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netops.cli import ca_issue, ca_read, ca_revoke
from netops.cli.ca_options import (
    As,
    HomeFolder,
    Passphrase,
    RootPassphrase,
    Which,
    WhichOption,
    actor_of,
    open_authority,
)
from netops.cli.ca_out import agree_to_file
from netops.cli.options import Yes, agree, shortened
from netops.errors import UsageError
from netops.i18n import _

app = typer.Typer(no_args_is_help=True)
ca_issue.add_to(app)
ca_revoke.add_to(app)
ca_read.add_to(app)


@app.command(help=_("Make an authority: keys, root, subordinate. Only once in a folder."))
def init(
    home: HomeFolder,
    name: Annotated[str, typer.Option("--name", help=_("The organisation that it is of."))],
    passphrase_file: Passphrase,
    root_passphrase_file: RootPassphrase = None,
    profiles: Annotated[
        Path | None, typer.Option("--profiles", help=_("Folder of profiles (default: ours)."))
    ] = None,
    crl_url: Annotated[str, typer.Option("--crl-url", help=_("Where lists will stand."))] = "",
    delta_url: Annotated[
        str, typer.Option("--delta-url", help=_("Where delta lists will stand."))
    ] = "",
    ocsp_url: Annotated[
        str, typer.Option("--ocsp-url", help=_("Where status will be answered."))
    ] = "",
    issuer_url: Annotated[
        str, typer.Option("--issuer-url", help=_("Where the issuer's certificate will stand."))
    ] = "",
    csr: Annotated[
        Path | None, typer.Option("--csr", help=_("With --external-root: write the request here."))
    ] = None,
    store: Annotated[
        str, typer.Option("--store", help=_("PostgreSQL to keep the record in (default: a file)."))
    ] = "",
    as_name: As = None,
    *,
    root_only: Annotated[bool, typer.Option("--root-only", help=_("A root alone."))] = False,
    external_root: Annotated[
        bool, typer.Option("--external-root", help=_("A subordinate under another's root."))
    ] = False,
    yes: Yes = False,
) -> None:
    """Make an authority: keys, root, subordinate. Only once in a folder."""
    from netops.gm.memory import forbid_core_dumps  # noqa: PLC0415 - heavy
    from netops.trust.ceremony import Plan, hold_ceremony  # noqa: PLC0415 - heavy
    from netops.trust.home import Addresses, Home, write_durably  # noqa: PLC0415 - heavy
    from netops.trust.keys import read_passphrase  # noqa: PLC0415 - heavy

    if root_only and external_root:
        raise UsageError(
            _("A root alone has no other root above it."),
            remedy=_("Give --root-only or --external-root, not both."),
        )
    if csr is not None and not external_root:
        raise UsageError(
            _("Only a subordinate under another's root asks for its certificate."),
            remedy=_("Give --csr together with --external-root."),
        )
    if csr is not None:
        agree_to_file(csr, yes=yes)
    passphrase = read_passphrase(passphrase_file)
    root_passphrase = passphrase
    if root_passphrase_file is not None:
        root_passphrase = read_passphrase(root_passphrase_file)
    elif not (root_only or external_root):
        typer.echo(_("Warning: root and subordinate have the same passphrase."), err=True)
    where = Home(home)
    forbid_core_dumps()
    hold_ceremony(
        where,
        Plan(
            name=name,
            kind="root_only" if root_only else "external_root" if external_root else "both",
            profiles=profiles or _own_profiles(),
            passphrase=passphrase,
            root_passphrase=root_passphrase,
            actor=actor_of(as_name),
            addresses=Addresses(crl=crl_url, delta=delta_url, ocsp=ocsp_url, issuer=issuer_url),
            store=store,
        ),
    )
    if external_root and csr is not None:
        write_durably(csr, (where.public / "sub.csr").read_bytes())
    typer.echo(_("The authority is made in {path}.").format(path=shortened(str(home))), err=True)


def _own_profiles() -> Path:
    here = Path("certs/profiles")
    sample = Path(__file__).parents[1] / "samples" / "profiles"
    return here if here.is_dir() else sample


@app.command(help=_("Install the certificate that an external root gave."))
def install(
    home: HomeFolder,
    cert: Annotated[Path, typer.Option("--cert", help=_("Our certificate."))],
    chain: Annotated[Path, typer.Option("--chain", help=_("The root, and what is between."))],
    passphrase_file: Passphrase,
    as_name: As = None,
) -> None:
    """Install the certificate that an external root gave."""
    from netops.trust.ceremony import install as take_in  # noqa: PLC0415 - heavy
    from netops.trust.home import Home  # noqa: PLC0415 - heavy
    from netops.trust.inspecting import read_file  # noqa: PLC0415 - heavy
    from netops.trust.keys import read_passphrase  # noqa: PLC0415 - heavy

    passphrase = read_passphrase(passphrase_file)
    take_in(Home(home), read_file(cert), read_file(chain), passphrase, actor_of(as_name))
    typer.echo(_("The certificate is installed."), err=True)


@app.command(help=_("Give an authority a new key, with certificates from the old to the new."))
def rollover(
    home: HomeFolder,
    passphrase_file: Passphrase,
    root_passphrase_file: RootPassphrase = None,
    authority: WhichOption = None,
    as_name: As = None,
    *,
    yes: Yes = False,
) -> None:
    """Give an authority a new key; it is in force when this ends."""
    from netops.trust.home import Home  # noqa: PLC0415 - heavy
    from netops.trust.keys import read_passphrase  # noqa: PLC0415 - heavy
    from netops.trust.rollover import roll_over  # noqa: PLC0415 - heavy

    kind = Home(home).settings().kind
    which = authority or (Which.ROOT if kind == "root_only" else Which.SUB)
    roots = read_passphrase(root_passphrase_file or passphrase_file)
    mine = roots
    if which is not Which.ROOT and root_passphrase_file is not None:
        mine = read_passphrase(passphrase_file)
    agree(_("Give the authority “{name}” a new key?").format(name=which.value), yes=yes)
    with open_authority(home, roots, as_name, Which.ROOT) as opened:
        roll_over(opened, which.value, mine)
    with open_authority(home, mine, as_name, which):
        pass  # opening it puts the new key in force
    typer.echo(_("The new key is in force. Publish the folder public anew."), err=True)


@app.command(help=_("Bring the record of an older version to today's form."))
def migrate(home: HomeFolder, passphrase_file: Passphrase, as_name: As = None) -> None:
    """Bring the record of an older version to today's form."""
    from netops.trust.home import Home  # noqa: PLC0415 - heavy
    from netops.trust.keys import read_passphrase  # noqa: PLC0415 - heavy
    from netops.trust.migrating import migrate as bring  # noqa: PLC0415 - heavy
    from netops.trust.migrations import HEAD  # noqa: PLC0415 - beside the others

    where = Home(home)
    name = "root" if where.settings().kind == "root_only" else "sub"
    form = bring(where, name, read_passphrase(passphrase_file), actor_of(as_name))
    text = _("The record is migrated from form {form}.")
    if form == HEAD:
        text = _("The record is of today's form ({form}).")
    typer.echo(text.format(form=form), err=True)
