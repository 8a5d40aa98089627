"""What a Linux host shows to a baseline: one read-only program, and readers of its answers."""

from functools import cache

from netops.platforms.linux_host.baseline.program import render
from netops.platforms.linux_host.baseline.read import read_host
from netops.platforms.linux_host.baseline.sections import SECTIONS
from netops.platforms.settings import Baseline


@cache
def collector() -> bytes:
    """Return the program: what SSH sends to a host, and what a colleague runs on one."""
    return render(SECTIONS)


BASELINE = Baseline(read=read_host, sections=SECTIONS, program=collector)

__all__ = ["BASELINE", "SECTIONS", "collector", "read_host"]
