"""``netops probe spoofed`` and ``netops probe reflector watch``: the check with a borrowed source.

Off unless it is asked for and the owner of the target allows it; packets are crafted in a
process of its own.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from netops.cli.addresses import read_address
from netops.cli.options import Form, FormOption
from netops.errors import UsageError
from netops.i18n import _

app = typer.Typer()
watch_app = typer.Typer()
DEFAULT_INVENTORY = Path("inventory")
NOTHING_CAME = 3


@app.command()
def spoofed(
    target: Annotated[str, typer.Argument(help=_("Address inside a permit of probing.yaml."))],
    source: Annotated[
        str | None,
        typer.Option("--spoofed-source", help=_("Reflector's address to borrow; needed.")),
    ] = None,
    inventory: Annotated[
        Path, typer.Option("--inventory", help=_("Inventory folder."))
    ] = DEFAULT_INVENTORY,
    token: Annotated[
        str | None, typer.Option("--token", help=_("Hexadecimal token to be known by."))
    ] = None,
    count: Annotated[int, typer.Option("--count", min=1, max=10, help=_("Questions."))] = 3,
) -> None:
    """Ask a target with a reflector's address as source, to see where its answer comes out.

    Start `netops probe reflector watch` at the reflector with the same token first.
    """
    import secrets  # noqa: PLC0415 - keeps --help fast
    from datetime import datetime  # noqa: PLC0415 - with its command
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - with its command

    from netops.inventory import load  # noqa: PLC0415 - heavy
    from netops.probing.crafted import Crafter  # noqa: PLC0415 - with its command
    from netops.probing.spoofed import permit_for  # noqa: PLC0415 - heavy

    if token is not None:
        check_token(token)
    records = load(inventory)
    borrowed = None if source is None else read_address(source)
    day = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    permit = permit_for(records, read_address(target), borrowed, day)
    token = token or secrets.token_hex(8)
    with Crafter() as crafter:
        result = crafter.ask("borrow", target=target, source=source, token=token, count=count)
    typer.echo(
        _("{n} questions sent to {target}, allowed by {owner} ({approval}); token {token}.").format(
            n=result["sent"],
            target=target,
            owner=permit.owner,
            approval=permit.approval,
            token=token,
        )
    )


def check_token(token: str) -> None:
    """Refuse what would be known by nothing, or is no token."""
    if not re.fullmatch(r"(?:[0-9a-fA-F]{2}){8,32}", token):
        raise UsageError(
            _("“{text}” is not a token.").format(text=token),
            remedy=_("Write 16 to 64 hexadecimal digits, as: openssl rand -hex 8"),
        )


@watch_app.command()
def watch(
    token: Annotated[str, typer.Option("--token", help=_("Token of the question."))],
    seconds: Annotated[float, typer.Option("--seconds", min=1, max=300, help=_("How long."))] = 30,
    form: FormOption = Form.TABLE,
) -> None:
    """Say from which addresses answers to a question with a borrowed source come."""
    import json  # noqa: PLC0415 - with its command

    from netops.probing.crafted import Crafter  # noqa: PLC0415 - with its command

    check_token(token)
    with Crafter() as crafter:
        found = crafter.ask("watch", seconds=seconds, token=token)
    if form is Form.JSON:
        document = {"schema": "netops/probe-watch/1", "answers": found}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        for one in found:
            typer.echo(f"{one['from']} → {one['to']} {one['interface'] or ''}".rstrip())
    raise typer.Exit(0 if found else NOTHING_CAME)
