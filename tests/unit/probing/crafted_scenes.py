"""Scenes of crafted packets between real routers, played inside closed namespaces."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from closed_network import chain
from command_line import SMALL

from netops.probing.crafted import Crafter

TOKEN = "00112233445566778899"
PROBING = """\
reflectors:
  - {id: R-1, addresses: [198.18.0.80], port: 7007, key: "env:NONE"}
spoof_permits:
  - {prefix: 192.0.2.4/30, owner: o, approval: a-1, end: 2999-12-31}
"""


def borrowed() -> dict[str, Any]:
    """Ask a router from here as if the reflector did; watch at the reflector what comes out."""
    chain()
    inside = ["ip", "netns", "exec", "end"]
    netops = [sys.executable, "-m", "netops", "probe"]
    watch = [*inside, *netops, "reflector", "watch", "--token", TOKEN, "--seconds", "20",
             "--format", "json"]  # fmt: skip
    with TemporaryDirectory() as name:
        site = Path(shutil.copytree(SMALL, Path(name) / "site"))
        (site / "probing.yaml").write_text(PROBING, encoding="utf-8")
        send = [*netops, "spoofed", "192.0.2.6", "--spoofed-source", "198.18.0.80", "--token",
                TOKEN, "--count", "10", "--inventory", str(site)]  # fmt: skip
        with subprocess.Popen(watch, stdout=subprocess.PIPE, text=True) as watching:
            said, codes = "", []
            while watching.poll() is None:
                done = subprocess.run(send, capture_output=True, text=True, check=False)
                codes.append(done.returncode)
                said = done.stdout + done.stderr
            assert watching.stdout is not None
            seen = json.loads(watching.stdout.read())
    return {
        "said": said,
        "codes": sorted(set(codes)),
        "seen": sorted({(one["from"], one["to"]) for one in seen["answers"]}),
        "code": watching.returncode,
    }


def odd() -> list[dict[str, Any]]:
    """Ask a router by protocols that it does not speak."""
    chain()
    with Crafter() as crafter:
        found = crafter.ask("odd_protocols", target="192.0.2.6", protocols=[99, 253], wait_s=2.0)
    return list(found)
