"""What the commands of ``netops ca`` share: their options, who acts, an authority that is open."""

from __future__ import annotations

import gc
import os
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netops.i18n import _

if TYPE_CHECKING:
    from netops.trust.authority import Actor, Authority

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

    try:
        return Actor(name or getpass.getuser())
    except (KeyError, OSError):  # a container may run as a user without a name
        return Actor(f"uid {os.getuid()}")


def open_authority(
    home: Path, passphrase_file: Path, as_name: str | None, which: Which | None = None
) -> AbstractContextManager[Authority]:
    """Open an authority for acting, in a process that leaves no core dump."""
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
    return opened(where, name, read_passphrase(passphrase_file), actor_of(as_name))
