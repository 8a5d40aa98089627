"""What the commands of ``netops ca`` share: their options, who acts, an authority that is open."""

from __future__ import annotations

import gc
import os
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netops.cli.options import shortened
from netops.errors import UsageError
from netops.i18n import _

if TYPE_CHECKING:
    from netops.trust.authority import Actor, Authority

_LONGEST_NAME = 200

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
RootPassphrase = Annotated[
    Path | None,
    typer.Option("--root-passphrase-file", help=_("The root's own passphrase file.")),
]


def actor_of(name: str | None) -> Actor:
    """Return who acts: the name that is claimed, else the user of this system."""
    import getpass  # noqa: PLC0415 - seldom needed

    from netops.trust.authority import Actor  # noqa: PLC0415 - heavy

    if name is not None and not (0 < len(name) <= _LONGEST_NAME and name.isprintable()):
        raise UsageError(
            _("“{name}” is no name of who acts.").format(name=shortened(name[:40])),
            remedy=_("Give --as a name of at most {most} characters.").format(most=_LONGEST_NAME),
        )
    try:
        return Actor(name or getpass.getuser())
    except (KeyError, OSError):  # a container may run as a user without a name
        return Actor(f"uid {os.getuid()}")


def open_authority(
    home: Path, secret: Path | bytes, as_name: str | None, which: Which | None = None
) -> AbstractContextManager[Authority]:
    """Open an authority for acting, in a process that leaves no core dump.

    ``secret`` is the passphrase or its file, which may be a pipe: that is read only once.
    """
    from netops.gm.memory import forbid_core_dumps  # noqa: PLC0415 - heavy
    from netops.trust.authority import opened  # noqa: PLC0415 - heavy
    from netops.trust.home import Home  # noqa: PLC0415 - heavy
    from netops.trust.keys import read_passphrase  # noqa: PLC0415 - heavy

    # What is loaded by now lives as long as the process: no later collection walks over it.
    gc.freeze()
    where = Home(home)
    usual = "root" if where.settings().kind == "root_only" else "sub"
    name = usual if which is None else which.value
    forbid_core_dumps()
    passphrase = read_passphrase(secret) if isinstance(secret, Path) else secret
    return opened(where, name, passphrase, actor_of(as_name))
