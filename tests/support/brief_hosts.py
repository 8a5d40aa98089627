"""Hosts of a moment: a Debian root with something done to it, asked by the collector on the spot.

No sshd and no waiting: what is tried is how a host's own files are read, not the way there.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from netops.platforms.linux_host.baseline import collector
from netops.platforms.stream import split

_HOSTS = Path(__file__).parents[1] / "targets" / "hosts"
_DEADLINE_S = 900


@dataclass(frozen=True, slots=True)
class Shown:
    """What a host showed: its evidence as a case file, and what was run after it left behind."""

    case: Path
    out: Path


def show(root: Path, folder: Path, settle: str, after: str = "") -> Shown:
    """Make a host over ``root``, do ``settle`` to it, collect; then run ``after`` on it."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(_HOSTS / "brief.sh", folder / "brief.sh")
    (folder / "collect.sh").write_bytes(collector())
    (folder / "settle.sh").write_text(settle, encoding="utf-8")
    if after:
        (folder / "after.sh").write_text(after, encoding="utf-8")
    unshare = shutil.which("unshare") or "unshare"
    with (folder / "log").open("wb") as log:
        ended = subprocess.run(
            [unshare, "--net", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child", "sh",
             str(folder / "brief.sh"), str(root), str(folder)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, timeout=_DEADLINE_S,
            check=False,
        )  # fmt: skip
    if ended.returncode != 0:
        raise RuntimeError((folder / "log").read_text(errors="replace")[-2_000:])
    stream = split((folder / "evidence.txt").read_bytes())
    if not stream.whole:
        raise RuntimeError("the evidence breaks off")
    case = folder / "case.txt"
    parts = (b"@@ baseline/" + n.encode() + b"\n" + text for n, text in stream.sections.items())
    case.write_bytes(b"# recorded\n" + b"".join(parts))
    return Shown(case, folder / "out")
