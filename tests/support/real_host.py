"""A real sshd on loopback whose host is this machine with an ``/etc`` of its own.

The daemon runs in a mount namespace that ends with it: nothing of the machine is changed.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

DEADLINE_S = 20.0
PASSWORD = "made-up-word"
_INSIDE = """
mount --bind "$0/etc" /etc && mount --bind "$0/root" /root && mount -t tmpfs tmpfs /run &&
mkdir -p /run/sshd && chmod 755 /run/sshd && exec /usr/sbin/sshd -D -e -f "$0/daemon_config"
"""


@dataclass
class RealHost:
    """One host below ``folder``; write into ``etc`` before ``start``."""

    folder: Path
    address: str = "127.77.31.1"
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def etc(self) -> Path:
        """The host's own ``/etc``."""
        return self.folder / "etc"

    @property
    def home(self) -> Path:
        """Root's home."""
        return self.folder / "root"

    def prepare(self) -> None:
        """Copy this machine's ``/etc``, with accounts of a known password."""
        shutil.copytree("/etc", self.etc, symlinks=True, ignore_dangling_symlinks=True)
        self.home.mkdir(mode=0o700)
        today = int(time.time() // 86_400)
        made = subprocess.run(
            ["/usr/bin/openssl", "passwd", "-6", "-salt", "saltsalt", PASSWORD],
            capture_output=True, text=True, check=True, timeout=DEADLINE_S,
        ).stdout.strip()  # fmt: skip
        self.write("passwd", "root:x:0:0:root:/root:/bin/bash\n"
                             "sshd:x:107:65534::/run/sshd:/usr/sbin/nologin\n"
                             "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
                             "look:x:1500:1500::/tmp:/bin/sh\n")  # fmt: skip
        self.write("shadow", f"root:{made}:20000:0:99999:7:::\nlook:{made}:{today}:1:90:7:::\n")
        (self.etc / "shadow").chmod(0o640)
        self.write("group", "root:x:0:\nlook:x:1500:\n")
        subprocess.run(
            ["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / "key"],
            check=True, timeout=DEADLINE_S,
        )  # fmt: skip
        self.daemon("")

    def write(self, name: str, text: str) -> None:
        """Write a file below ``/etc``."""
        path = self.etc / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text(text, encoding="utf-8")

    def daemon(self, more: str) -> None:
        """Write the configuration that the daemon itself runs with."""
        if not self.port:
            with socket.socket() as probe:
                probe.bind((self.address, 0))
                self.port = probe.getsockname()[1]
        (self.folder / "daemon_config").write_text(
            f"ListenAddress {self.address}:{self.port}\nHostKey {self.folder}/key\nPidFile none\n"
            f"PermitRootLogin yes\nUsePAM yes\nPasswordAuthentication yes\n{more}\n"
        )

    def start(self) -> None:
        """Start the daemon and wait until it listens."""
        with (self.folder / "daemon.log").open("wb") as log:
            self.process = subprocess.Popen(
                ["/usr/bin/unshare", "--mount", "--propagation", "private",
                 "/bin/sh", "-c", _INSIDE, self.folder],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log,
            )  # fmt: skip
        deadline = time.monotonic() + DEADLINE_S
        while True:
            with socket.socket() as probe:
                probe.settimeout(1.0)
                if probe.connect_ex((self.address, self.port)) == 0:
                    return
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "daemon.log").read_text(errors="replace"))
            time.sleep(0.05)

    def stop(self) -> None:
        """End the daemon that was started here."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(DEADLINE_S)

    def inventory(self, folder: Path, source: Path, account: str = "root") -> Path:
        """Write the inventory ``source`` with this host added as H1."""
        shutil.copytree(source, folder)
        row = (
            f"H1,host,N-430000,host,linux_host,10.255.0.9,{self.address},{self.port}"
            ",ssh,modern,,audit,,,,\n"
        )
        with (folder / "devices.csv").open("a", encoding="utf-8") as devices:
            devices.write(row)
        credentials = folder / "credentials.yaml"
        text = credentials.read_text().replace(
            'username: audit, secret: "env:NETOPS_AUDIT"',
            f'username: {account}, secret: "env:NETOPS_AUDIT"',
        )
        credentials.write_text(text)
        key = (self.folder / "key.pub").read_text().split()
        (folder / "known_hosts").write_text(f"[{self.address}]:{self.port} {key[0]} {key[1]}\n")
        return folder


def may_start() -> None:
    """Skip, with the reason, where a mount namespace or sshd is not to be had."""
    missing = [tool for tool in ("unshare", "openssl", "ssh-keygen") if shutil.which(tool) is None]
    if not Path("/usr/sbin/sshd").exists():
        missing.append("sshd")
    if missing or os.geteuid() != 0:
        pytest.skip(f"a real host needs root and the programs: {' '.join(missing) or 'all there'}")
