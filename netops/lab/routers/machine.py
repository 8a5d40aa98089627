"""What a machine must have to run real routers: programs, and where Debian has them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping

from netops.errors import LaboratoryError, Sentence

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/frr"

_PACKAGES: Mapping[str, tuple[str, ...]] = {
    "frr": ("zebra", "staticd", "ospfd", "bgpd", "pbrd", "vtysh"),
    "snmpd": ("snmpd",),
    "openssh-server": ("sshd",),
    "nftables": ("nft",),
    "iproute2": ("ip",),
    "fping": ("fping",),
    "util-linux": ("unshare", "nsenter", "setpriv"),
}
_FOR_OTHERS: Mapping[str, tuple[str, ...]] = {"uidmap": ("newuidmap", "newgidmap")}


def missing_packages() -> tuple[str, ...]:
    """Return the Debian packages of which a program is not there."""
    asked = dict(_PACKAGES) if os.geteuid() == 0 else {**_PACKAGES, **_FOR_OTHERS}
    return tuple(
        package
        for package, programs in asked.items()
        if not all(shutil.which(program, path=SYSTEM_PATH) for program in programs)
    )


def check_machine() -> None:
    """Raise LaboratoryError where something is missing."""
    missing = missing_packages()
    if missing:
        raise LaboratoryError(
            Sentence("Real routers need programs that are not here: {names}.",
                     names=", ".join(missing)),
            remedy=Sentence("Install them: apt-get install {names}.", names=" ".join(missing)),
        )  # fmt: skip
