"""Figures with their targets, and processes that are measured as wholes."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Figure:
    """One measured figure: all its runs, the target in words, and whether a value meets it."""

    bench: str
    name: str
    values: tuple[float, ...]
    unit: str = ""
    target: str = ""
    meets: Callable[[float], bool] = field(default=lambda _: True, compare=False)

    @property
    def median(self) -> float:
        """The median of the runs."""
        return statistics.median(self.values)

    @property
    def is_met(self) -> bool | None:
        """Whether the median meets the target; None where there is none."""
        return self.meets(self.median) if self.target else None


@dataclass(frozen=True)
class Ran:
    """What a process took, its children's included where it waited for them."""

    wall_s: float
    cpu_s: float
    rss_mb: float
    code: int


def netops(*arguments: str | Path, quiet: bool = True) -> Ran:
    """Run the command line tool as a user would."""
    return measured([sys.executable, "-m", "netops", *map(str, arguments)], quiet=quiet)


def measured(command: Sequence[str], *, quiet: bool = True) -> Ran:
    """Run a command to its end and return what it took."""
    sink = subprocess.DEVNULL if quiet else None
    begin = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, stdout=sink, stderr=sink) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - begin
    return Ran(wall, _cpu(used), used.ru_maxrss / 1024, process.returncode)


def _cpu(used: resource.struct_rusage) -> float:
    return used.ru_utime + used.ru_stime


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a table for people."""
    rows = [("bench", "figure", "median", "spread", "target", "")]
    for f in figures:
        verdict = {None: "", True: "met", False: "MISSED"}[f.is_met]
        spread = f"{_short(min(f.values))} - {_short(max(f.values))}"
        rows.append(
            (f.bench, f.name, f"{_short(f.median)} {f.unit}".strip(), spread, f.target, verdict)
        )
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _short(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
