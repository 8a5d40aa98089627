"""Runs the whole line as a person would: every step is a process of its own, with a deadline."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEADLINE_S = 120
DATA = Path(__file__).parents[1] / "data"
POLICY = Path(__file__).parents[2] / "policies" / "province.yaml"


@dataclass(frozen=True)
class Line:
    """A folder with a specification, a laboratory and a workspace."""

    folder: Path

    @property
    def lab(self) -> Path:
        """Where the laboratory lies."""
        return self.folder / "lab"

    @property
    def truth(self) -> dict[str, Any]:
        """The answer key."""
        return self.read(self.lab / "truth.json")

    @staticmethod
    def read(path: Path) -> dict[str, Any]:
        """Read a JSON document."""
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run ``netops`` with its workspace beside the laboratory."""
        return subprocess.run(
            [sys.executable, "-m", "netops", *(str(word) for word in words)],
            cwd=self.folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.folder),
                "PYTHONPATH": str(Path(__file__).parents[2]),
                "NETOPS_LANG": "en",
                "NETOPS_WORKSPACE": str(self.folder / "workspace"),
            },
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=DEADLINE_S,
            check=False,
        )

    def plan(self, specification: str) -> None:
        """Write and plan a specification."""
        (self.folder / "spec.yaml").write_text(specification, encoding="utf-8")
        done = self.run("lab", "plan", "spec.yaml", "--out", self.lab)
        assert done.returncode == 0, done.stderr

    def up(self) -> None:
        """Bring the laboratory up."""
        done = self.run("lab", "up", self.lab, "--deadline", "90")
        assert done.returncode == 0, done.stderr

    def down(self) -> None:
        """Take the laboratory down; may be said twice."""
        assert self.run("lab", "down", self.lab).returncode == 0

    def snapshot(self) -> int:
        """Take a snapshot of every device; return the exit code."""
        return self.run(
            "snapshot", "take", "--inventory", self.lab / "inventory", "--timeout", "3", "--quiet"
        ).returncode

    def audit(self, name: str) -> tuple[int, dict[str, Any]]:
        """Return exit code and document of an audit of the latest snapshot."""
        done = self.run(
            "audit", name, "--snapshot", "latest", "--policy", POLICY, "--format", "json"
        )
        assert done.stdout, done.stderr
        document: dict[str, Any] = json.loads(done.stdout)
        return done.returncode, document


def divisions(name: str) -> str:
    """Return the path of one of the short lists of divisions."""
    return str(DATA / name)
