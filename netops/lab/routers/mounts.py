"""The laboratory's own view of the machine: empty /run and /etc/frr, an account of its own.

Runs inside the private mount namespace; nothing that it does is seen outside. Knows the files
that sshd, vtysh and FRR look for. Refuses to know nodes.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from pathlib import Path

from netops.lab.inventory_rows import USERNAME
from netops.lab.routers.machine import SYSTEM_PATH
from netops.lab.routers.own_nodes import ROOM

SHELL = f"{ROOM}/shell"
_EMPTY = ("/run", "/var/tmp")  # noqa: S108 - covered by file systems of our own

_SHELL_TEXT = f"""\
#!/bin/sh
# The login shell of every node: vtysh on a router, a plain shell on a Linux machine.
name=$(hostname); node=${{name#HN-}}; room={ROOM}/$node
read -r kind < $room/kind; read -r right < $room/right
case "$kind-$right" in
  frr-full) exec vtysh -N "$node" "$@" ;;
  frr-low) exec vtysh -u -N "$node" "$@" ;;
esac
export PS1='\\u@\\h:\\w\\$ ' HOME={ROOM} PATH={SYSTEM_PATH}
[ "$kind-$right" = host-full ] && exec /bin/bash --norc --noprofile "$@"
exec setpriv --reuid 65534 --regid 65534 --clear-groups /bin/bash --norc --noprofile "$@"
"""


def cover(password: str) -> None:
    """Cover what belongs to the machine, and add the laboratory's account beside its others."""
    for place in _EMPTY:
        mode = "1777" if place.endswith("tmp") else "755"
        _mount("-t", "tmpfs", "-o", f"mode={mode}", "lab", place)
    for place in ("/run/netns", "/run/frr", "/run/sshd", ROOM):
        Path(place).mkdir(mode=0o755)
    _mount("-t", "devpts", "-o", "newinstance,ptmxmode=0666,mode=620", "devpts", "/dev/pts")
    _mount("--bind", "/dev/pts/ptmx", "/dev/ptmx")
    shell = Path(SHELL)
    shell.write_text(_SHELL_TEXT, encoding="utf-8")
    shell.chmod(0o755)
    _copy_etc()
    _accounts(password)


def _copy_etc() -> None:
    """Put a copy in the place of /etc, as a whole.

    A single file covered by another would show again as soon as the machine replaces it, as
    every change of its users does. What may not be read is not needed.
    """
    copy = Path(ROOM) / "etc"
    copy.mkdir(mode=0o755)
    subprocess.run(["cp", "-a", "/etc/.", str(copy)], check=False, capture_output=True)  # noqa: S607 - the path is set
    _mount("--bind", str(copy), "/etc")
    shutil.rmtree("/etc/frr", ignore_errors=True)
    Path("/etc/frr").mkdir(mode=0o755)


def _accounts(password: str) -> None:
    with Path("/etc/passwd").open("a", encoding="utf-8") as users:
        users.write(f"{USERNAME}:x:0:0::{ROOM}:{SHELL}\n")
    _write("/etc/shadow", f"root:*:19000::::::\n{USERNAME}:{_hashed(password)}:19000::::::\n")
    _write("/etc/shells", f"/bin/sh\n/bin/bash\n{SHELL}\n")
    # A host's own resolver answers there; at a router nobody does, and says so at once: a
    # traceroute must not wait for names.
    _write("/etc/resolv.conf", "nameserver 127.0.0.1\n")
    if Path("/etc/pam.d/frr").exists():
        _write(
            "/etc/pam.d/frr", "auth sufficient pam_permit.so\naccount sufficient pam_permit.so\n"
        )


def _write(path: str, text: str) -> None:
    place = Path(path)
    place.unlink(missing_ok=True)
    place.write_text(text, encoding="utf-8")
    place.chmod(0o600 if path.endswith("shadow") else 0o644)


def _hashed(password: str) -> str:
    crypt = ctypes.CDLL("libcrypt.so.1").crypt
    crypt.restype = ctypes.c_char_p
    made: bytes = crypt(password.encode(), b"$6$laboratory$")
    return made.decode()


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True, text=True)  # noqa: S607 - our own words
