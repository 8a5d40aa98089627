"""The laboratory's own view of the machine: empty /run and /etc/frr, an account of its own.

Runs inside the private mount namespace; nothing that it does is seen outside. Knows the files
that sshd, vtysh and FRR look for. Refuses to know nodes.
"""

from __future__ import annotations

import ctypes
import subprocess
from pathlib import Path

from netops.lab.build.reflectors import ADDRESSES
from netops.lab.inventory_rows import USERNAME
from netops.lab.routers.machine import SYSTEM_PATH
from netops.lab.routers.own_nodes import ROOM

SHELL = f"{ROOM}/shell"
_ETC = Path(ROOM) / "etc"
_EMPTY = ("/run", "/etc/frr", "/var/tmp")  # noqa: S108 - covered by file systems of our own

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
    _accounts(password)


def _accounts(password: str) -> None:
    _ETC.mkdir()
    users = Path("/etc/passwd").read_text(encoding="utf-8", errors="replace")
    _cover_file("/etc/passwd", users.rstrip("\n") + f"\n{USERNAME}:x:0:0::{ROOM}:{SHELL}\n")
    _cover_file("/etc/shadow", f"root:*:19000::::::\n{USERNAME}:{_hashed(password)}:19000::::::\n")
    _cover_file("/etc/shells", f"/bin/sh\n/bin/bash\n{SHELL}\n")
    _cover_file("/etc/resolv.conf", f"nameserver {ADDRESSES[0]}\n")
    pam = Path("/etc/pam.d/frr")
    if pam.exists():
        _cover_file(str(pam), "auth sufficient pam_permit.so\naccount sufficient pam_permit.so\n")


def _cover_file(path: str, text: str) -> None:
    place = Path(path).resolve()
    if place.is_relative_to("/run"):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    copy = _ETC / path.strip("/").replace("/", "-")
    copy.write_text(text, encoding="utf-8")
    copy.chmod(0o600 if path.endswith("shadow") else 0o644)
    _mount("--bind", str(copy), str(place))


def _hashed(password: str) -> str:
    crypt = ctypes.CDLL("libcrypt.so.1").crypt
    crypt.restype = ctypes.c_char_p
    made: bytes = crypt(password.encode(), b"$6$laboratory$")
    return made.decode()


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True, text=True)  # noqa: S607 - our own words
