"""Runs the command line in processes of its own, and looks for what a laboratory left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
_AGAIN_S = 0.1


@dataclass(frozen=True, slots=True)
class Person:
    """Who runs commands: words before them, the interpreter, a home."""

    home: Path
    words: tuple[str, ...] = ()
    python: str = sys.executable
    libraries: str = ""

    def environ(self) -> dict[str, str]:
        """Return the variables of a plain shell."""
        path = os.pathsep.join(filter(None, (str(REPOSITORY), self.libraries)))
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "PYTHONPATH": path,
            "PYTHONDONTWRITEBYTECODE": "1",
            "NETOPS_LANG": "en",
            "NO_COLOR": "1",
            "LANG": "C.UTF-8",
        }

    def netops(self, *arguments: str | Path) -> list[str]:
        """Return the words of one command of ours."""
        return [*self.words, self.python, "-m", "netops", *(str(one) for one in arguments)]

    def run(
        self, *arguments: str | Path, within: float = 120.0, typed: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run one command of ours in the person's home."""
        return subprocess.run(
            self.netops(*arguments), cwd=self.home, env=self.environ(), input=typed,
            capture_output=True, text=True, timeout=within, check=False,
        )  # fmt: skip

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start one command of ours and leave it running."""
        return subprocess.Popen(
            self.netops(*arguments), cwd=self.home, env=self.environ(),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip


def comes_true(ask: Callable[[], object], within: float) -> bool:
    """Ask again until the answer is true, at most until the deadline."""
    end = time.monotonic() + within
    while not ask():
        if time.monotonic() > end:
            return False
        time.sleep(_AGAIN_S)
    return True


def spaces_of(pid: int) -> frozenset[str]:
    """Return the network, mount and process namespaces that a process has for itself."""
    own = {_space(os.getpid(), kind) for kind in ("net", "mnt", "pid")}
    return frozenset({_space(pid, kind) for kind in ("net", "mnt", "pid")} - own - {""})


def living_in(spaces: Sequence[str] | frozenset[str]) -> list[int]:
    """Return the processes that live in one of some namespaces."""
    return [
        int(place.name)
        for place in Path("/proc").iterdir()
        if place.name.isdecimal()
        and any(_space(int(place.name), kind) in spaces for kind in ("net", "mnt", "pid"))
    ]


def _space(pid: int, kind: str) -> str:
    try:
        return str(Path(f"/proc/{pid}/ns/{kind}").readlink())
    except OSError:
        return ""
