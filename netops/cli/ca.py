"""``netops ca``: a certification authority: made, issuing, revoking, publishing.

Everything that signs takes a passphrase file. Commands that only read stand in ``ca_read``.
"""

from __future__ import annotations

import json
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netops.cli import ca_read
from netops.cli.options import Yes, agree, shortened
from netops.errors import NetopsError, UsageError
from netops.i18n import _, spoken

if TYPE_CHECKING:
    from netops.trust.authority import Actor
    from netops.trust.issuing import Job, Outcome

app = typer.Typer(no_args_is_help=True)
ocsp = typer.Typer(no_args_is_help=True)
app.add_typer(ocsp, name="ocsp", help=_("Answer for the status of certificates."))
ca_read.add_to(app)

SOME_WERE_REFUSED = 1
_LAST_PORT = 65535

HomeFolder = Annotated[Path, typer.Option("--home", help=_("Folder of the authority."))]
Passphrase = Annotated[
    Path, typer.Option("--passphrase-file", help=_("File with the passphrase, mode 0600."))
]
As = Annotated[
    str | None, typer.Option("--as", help=_("Who acts (default: the user of this system)."))
]


class Which(StrEnum):
    """Which of the two authorities of a home acts."""

    ROOT = "root"
    SUB = "sub"


WhichOption = Annotated[
    Which | None, typer.Option("--authority", help=_("root or sub (default: the one that issues)."))
]


@app.command(help=_("Make an authority: keys, root, subordinate. Only once in a folder."))
def init(
    home: HomeFolder,
    name: Annotated[str, typer.Option("--name", help=_("The organisation that it is of."))],
    passphrase_file: Passphrase,
    root_passphrase_file: Annotated[
        Path | None,
        typer.Option("--root-passphrase-file", help=_("The root's own passphrase file.")),
    ] = None,
    profiles: Annotated[
        Path | None, typer.Option("--profiles", help=_("Folder of profiles (default: ours)."))
    ] = None,
    crl_url: Annotated[str, typer.Option("--crl-url", help=_("Where lists will stand."))] = "",
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
            actor=_actor(as_name),
            addresses=Addresses(crl=crl_url, ocsp=ocsp_url, issuer=issuer_url),
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
    take_in(Home(home), read_file(cert), read_file(chain), passphrase, _actor(as_name))
    typer.echo(_("The certificate is installed."), err=True)


@app.command(help=_("Issue a certificate on a request, or many on a folder of requests."))
def issue(
    home: HomeFolder,
    profile: Annotated[str, typer.Option("--profile", help=_("What kind of certificate."))],
    out: Annotated[Path, typer.Option("--out", help=_("File, or folder for a batch."))],
    passphrase_file: Passphrase,
    csr: Annotated[Path | None, typer.Option("--csr", help=_("A request (PKCS#10)."))] = None,
    batch: Annotated[Path | None, typer.Option("--batch", help=_("A folder of requests."))] = None,
    as_name: As = None,
) -> None:
    """Issue a certificate on a request, or many on a folder of requests."""
    from netops.trust.issuing import issue as issue_one  # noqa: PLC0415 - heavy
    from netops.trust.issuing import issue_batch  # noqa: PLC0415 - heavy

    if (csr is None) == (batch is None):
        raise UsageError(_("Nothing to issue on."), remedy=_("Give --csr or --batch, one of them."))
    with _open(home, passphrase_file, as_name) as authority:
        kind = authority.profile(profile)
        if csr is not None:
            made = issue_one(authority, kind, _job(csr))
            _write_pem(out, made.certificate)
            _tell(made)
            return
        jobs, outcomes = _jobs(_requests(batch or Path()))
        out.mkdir(parents=True, exist_ok=True)
        for outcome in issue_batch(authority, kind, jobs):
            if outcome.refusal is None:
                _write_copy(out / f"{outcome.job.name}.pem", outcome.certificate)
            outcomes.append(outcome)
    refused = _report(out, outcomes)
    raise typer.Exit(SOME_WERE_REFUSED if refused else 0)


def _requests(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.glob("*") if path.suffix in {".csr", ".pem", ".der"})
    if not found:
        raise UsageError(
            _("There are no requests in {path}.").format(path=folder),
            remedy=_("Put them there as NAME.csr, NAME.pem or NAME.der."),
        )
    stems = Counter(path.stem for path in found)
    twice = sorted(stem for stem, count in stems.items() if count > 1)
    if twice:
        raise UsageError(
            _("Two requests would give the same certificate file: {names}.").format(
                names=", ".join(twice)
            ),
            remedy=_("Give each request a name of its own."),
        )
    return found


def _jobs(paths: list[Path]) -> tuple[list[Job], list[Outcome]]:
    """Read a batch; a file that cannot be read is refused and stops no other."""
    from netops.errors import InputError  # noqa: PLC0415 - beside the others
    from netops.trust.issuing import Job, Outcome  # noqa: PLC0415 - heavy

    jobs: list[Job] = []
    refused: list[Outcome] = []
    for path in paths:
        try:
            if path.is_fifo() or path.is_char_device():
                raise InputError(  # noqa: TRY301 - told as any other file that cannot be read
                    "The file is none that ends.", remedy="Put requests there as plain files."
                )
            jobs.append(_job(path))
        except InputError as error:
            refused.append(Outcome(Job(path.stem, b""), refusal=error))
    return jobs, refused


def _job(path: Path) -> Job:
    from netops.errors import CryptoError  # noqa: PLC0415 - beside the others
    from netops.gm.request import LONGEST  # noqa: PLC0415 - heavy
    from netops.trust.inspecting import read_file  # noqa: PLC0415 - heavy
    from netops.trust.issuing import Job  # noqa: PLC0415 - heavy
    from netops.trust.keys import REQUEST, from_pem  # noqa: PLC0415 - heavy

    raw = read_file(path, most=2 * LONGEST)
    try:
        return Job(path.stem, from_pem(raw, REQUEST))
    except CryptoError:
        return Job(path.stem, raw)  # refused with its own reason when it is read


def _write_pem(path: Path, der: bytes) -> None:
    from netops.trust.home import write_durably  # noqa: PLC0415 - heavy
    from netops.trust.keys import CERTIFICATE, to_pem  # noqa: PLC0415 - heavy

    write_durably(path, to_pem(der, CERTIFICATE))


def _write_copy(path: Path, der: bytes) -> None:
    """Write one of many: the store keeps it, and the same request gives it again."""
    from netops.trust.home import write_whole  # noqa: PLC0415 - heavy
    from netops.trust.keys import CERTIFICATE, to_pem  # noqa: PLC0415 - heavy

    write_whole(path, to_pem(der, CERTIFICATE))


def _tell(made: Outcome) -> None:
    text = _("Issued {serial}.") if made.is_new else _("Issued before: {serial}.")
    typer.echo(text.format(serial=f"{made.serial:x}"), err=True)


def _report(out: Path, outcomes: list[Outcome]) -> int:
    from netops.trust.home import write_durably  # noqa: PLC0415 - heavy

    rows: list[dict[str, Any]] = []
    for one in sorted(outcomes, key=lambda outcome: outcome.job.name):
        row: dict[str, Any] = {"request": one.job.name, "issued": one.refusal is None}
        if one.refusal is None:
            row |= {"serial": f"{one.serial:x}", "new": one.is_new}
        else:
            row |= {"code": one.refusal.code, "reason": str(one.refusal.cause)}
            _complain(one.job.name, one.refusal)
        rows.append(row)
    refused = sum(not row["issued"] for row in rows)
    document = {"schema": "netops/ca-batch/1", "requests": rows}
    write_durably(out / "report.json", json.dumps(document, ensure_ascii=False, indent=1).encode())
    typer.echo(
        _("Issued {issued}, refused {refused}.").format(
            issued=len(rows) - refused, refused=refused
        ),
        err=True,
    )
    return refused


def _complain(name: str, refusal: NetopsError) -> None:
    typer.echo(shortened(f"{name}: {spoken(refusal.cause)}"), err=True)


@app.command(help=_("Certify the key and names of a certificate once more."))
def renew(
    home: HomeFolder,
    serial: Annotated[str, typer.Argument(help=_("Serial number, hexadecimal."))],
    out: Annotated[Path, typer.Option("--out", help=_("File to write."))],
    passphrase_file: Passphrase,
    as_name: As = None,
) -> None:
    """Certify the key and names of a certificate once more."""
    from netops.trust.issuing import renew as issue_again  # noqa: PLC0415 - heavy
    from netops.trust.revoking import parse_serial  # noqa: PLC0415 - heavy

    with _open(home, passphrase_file, as_name) as authority:
        made = issue_again(authority, parse_serial(serial))
        _write_pem(out, made.certificate)
    _tell(made)


@app.command(help=_("Revoke certificates, put them on hold, or take a hold back."))
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
    with _open(home, passphrase_file, as_name, authority) as opened:
        if release:
            revoking.release(opened, revoking.parse_serial(serial or ""))
            typer.echo(_("The hold is taken back."), err=True)
            return
        if serial is not None:
            asked = (revoking.Revocation(revoking.parse_serial(serial), why),)
        changed = revoking.revoke(opened, asked)
    typer.echo(_("Revoked {count}. Publish it: netops ca crl.").format(count=changed), err=True)


@app.command(help=_("Sign and publish a new revocation list."))
def crl(
    home: HomeFolder,
    passphrase_file: Passphrase,
    out: Annotated[Path | None, typer.Option("--out", help=_("Write a copy here, DER."))] = None,
    authority: WhichOption = None,
    as_name: As = None,
) -> None:
    """Sign and publish a new revocation list."""
    from netops.trust.home import write_durably  # noqa: PLC0415 - heavy
    from netops.trust.lists import make_lists  # noqa: PLC0415 - heavy

    with _open(home, passphrase_file, as_name, authority) as opened:
        made = make_lists(opened)
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


@app.command(help=_("Give an authority a new key, with certificates from the old to the new."))
def rollover(
    home: HomeFolder,
    passphrase_file: Passphrase,
    root_passphrase_file: Annotated[
        Path | None,
        typer.Option("--root-passphrase-file", help=_("The root's own passphrase file.")),
    ] = None,
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
    roots = root_passphrase_file or passphrase_file
    mine = read_passphrase(roots if which is Which.ROOT else passphrase_file)
    agree(_("Give the authority “{name}” a new key?").format(name=which.value), yes=yes)
    with _open(home, roots, as_name, Which.ROOT) as opened:
        roll_over(opened, which.value, mine)
    with _open(home, roots if which is Which.ROOT else passphrase_file, as_name, which):
        pass  # opening it puts the new key in force
    typer.echo(_("The new key is in force. Publish the folder public anew."), err=True)


@ocsp.command("serve", help=_("Answer over HTTP until interrupted."))
def serve_status(
    home: HomeFolder,
    passphrase_file: Passphrase,
    listen: Annotated[str, typer.Option("--listen", help=_("ADDRESS:PORT."))] = "127.0.0.1:2560",
    authority: WhichOption = None,
    as_name: As = None,
) -> None:
    """Answer over HTTP until interrupted."""
    from netops.trust.http_status import run  # noqa: PLC0415 - heavy
    from netops.trust.responder import Responder, appoint  # noqa: PLC0415 - heavy
    from netops.trust.store import Store  # noqa: PLC0415 - heavy

    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > _LAST_PORT:
        raise UsageError(
            _("“{text}” is no address to listen at.").format(text=shortened(listen)),
            remedy=_("Write ADDRESS:PORT, like 127.0.0.1:2560."),
        )
    with _open(home, passphrase_file, as_name, authority) as opened:
        signer = appoint(opened)
        name, issuer, provider = opened.name, opened.certificate, opened.provider
    store = Store.of(opened.home)
    responder = Responder(name, issuer, signer, provider, store, store.watcher())

    def tell(port: int) -> None:
        typer.echo(_("Answering at {host}:{port}.").format(host=host, port=port), err=True)

    run(responder.give, host.strip("[]"), int(port), tell)


def _actor(name: str | None) -> Actor:
    import getpass  # noqa: PLC0415 - seldom needed

    from netops.trust.authority import Actor  # noqa: PLC0415 - heavy

    return Actor(name or getpass.getuser())


def _open(
    home: Path, passphrase_file: Path, as_name: str | None, which: Which | None = None
) -> Any:  # noqa: ANN401 - a context manager of an Authority
    from netops.gm.memory import forbid_core_dumps  # noqa: PLC0415 - heavy
    from netops.trust.authority import opened  # noqa: PLC0415 - heavy
    from netops.trust.home import Home  # noqa: PLC0415 - heavy
    from netops.trust.keys import read_passphrase  # noqa: PLC0415 - heavy

    where = Home(home)
    usual = "root" if where.settings().kind == "root_only" else "sub"
    name = usual if which is None else which.value
    forbid_core_dumps()
    return opened(where, name, read_passphrase(passphrase_file), _actor(as_name))
