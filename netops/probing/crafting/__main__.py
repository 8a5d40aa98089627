"""``python -m netops.probing.crafting``: one JSON order a line in, one JSON result a line out."""

from __future__ import annotations

import json
import sys
from typing import Any

_MOST_LINE = 1 << 20


def main() -> int:
    """Serve until standard input ends; 3 where scapy is not installed."""
    try:
        from netops.probing.crafting import packets  # noqa: PLC0415 - says so in its own words
    except ImportError as error:
        _say({"error": f"scapy is not installed: {error}"})
        return 3
    while line := sys.stdin.readline(_MOST_LINE):
        _say(_answer(packets.DOERS, line))
    return 0


def _answer(doers: dict[str, Any], line: str) -> dict[str, Any]:
    try:
        order = json.loads(line)
        return {"result": doers[order["do"]](order)}
    except PermissionError:
        return {"error": "it needs CAP_NET_RAW", "permission": True}
    except Exception as error:  # noqa: BLE001 - a fault is an answer; the next order is served
        return {"error": f"{type(error).__name__}: {error}"[:300]}


def _say(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
