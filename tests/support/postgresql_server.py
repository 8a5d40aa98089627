"""A PostgreSQL server of its own, started here and ended here; its socket is a file, no port.

Knows how to run one as any user and to make, copy and drop databases in it; knows nothing of an
authority.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Literal

_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda at: float(at.parent.name))
PROGRAMS = _FOLDERS[-1] if _FOLDERS else Path(shutil.which("initdb") or "missing/initdb").parent
IS_INSTALLED = (PROGRAMS / "initdb").exists()

# Nothing here outlives a loss of power: the server need not wait for the disk.
_SETTINGS = ("listen_addresses=", "fsync=off", "full_page_writes=off", "max_connections=200")


@dataclass(slots=True)
class Server:
    """A server that runs, and the databases that were made in it."""

    folder: Path
    become: list[str]
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def url(self, database: str) -> str:
        """Return the address of ``database`` as the settings of an authority name it."""
        return f"postgresql+psycopg://ca@/{database}?host={self.folder}"

    def make(self, template: str = "template1") -> str:
        """Make a database, empty or the copy of one that nobody uses; return its name."""
        name = f"ca{next(self._numbers)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, database: str) -> None:
        """Drop a database; whoever still has it open is put out."""
        self._say(f"DROP DATABASE {database} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        from psycopg import connect  # noqa: PLC0415 - an optional package

        with connect(host=str(self.folder), user="ca", dbname="postgres", autocommit=True) as own:
            own.execute(statement.encode())


def _become_another(folder: Path) -> list[str]:
    """PostgreSQL does not run as root: give it the folder and a user without rights."""
    if os.geteuid():
        return []
    user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server in a new folder; end it and remove the folder."""
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        server = Server(Path(name), _become_another(Path(name)))
        words = ["-D", f"{name}/data", "-U", "ca", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"]
        _run(server, "initdb", *words)
        _start(server)
        try:
            yield server
        finally:
            _stop(server, "fast")


@contextmanager
def crashed(server: Server) -> Iterator[None]:
    """Let the server crash; it is started anew afterwards, and must recover."""
    _stop(server, "immediate")
    try:
        yield
    finally:
        _start(server)


def _start(server: Server) -> None:
    """Start the server and wait until it answers."""
    given = " ".join(
        f"-c {one}" for one in (*_SETTINGS, f"unix_socket_directories={server.folder}")
    )
    log = str(server.folder / "log")
    _run(server, "pg_ctl", "-D", f"{server.folder}/data", "-w", "-l", log, "-o", given, "start")


def _stop(server: Server, how: Literal["fast", "immediate"]) -> None:
    """End the server; whoever uses it is put out."""
    _run(server, "pg_ctl", "-D", f"{server.folder}/data", "-w", "-m", how, "stop")


def _run(server: Server, program: str, *words: str) -> None:
    command = [*server.become, str(PROGRAMS / program), *words]
    done = subprocess.run(
        command, check=False, timeout=120, cwd=server.folder,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    if done.returncode:
        log = server.folder / "log"
        told = log.read_text(errors="replace")[-2000:] if log.exists() else ""
        raise AssertionError(f"{program}: {done.stderr.decode(errors='replace')}{told}")
