"""Asks the crafting process: starts it, puts one order after the other, ends it.

Knows no scapy: what is crafted and decoded stays in that process.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from typing import Any, Self

from netops.errors import ProbeError, Sentence

_COMMAND = (sys.executable, "-m", "netops.probing.crafting")
_MOST_ANSWER = 64 << 20
_SPARE_S = 30.0


class Crafter:
    """A running crafting process. A context manager."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def ask(self, do: str, seconds: float = 30.0, **order: object) -> Any:  # noqa: ANN401 - as the order's kind
        """Put one order and return its result, or raise ``ProbeError``."""
        line = json.dumps({"do": do, "seconds": seconds, **order}) + "\n"
        ends = threading.Timer(seconds + _SPARE_S, self._process.kill)
        ends.daemon = True
        ends.start()
        try:
            answer = self._exchange(line)
        finally:
            ends.cancel()
        if "result" in answer:
            return answer["result"]
        if answer.get("permission"):
            raise ProbeError(
                "Crafting packets needs the capability CAP_NET_RAW.",
                remedy="Run as root, or give the capability to an interpreter of its own.",
            )
        raise ProbeError(
            Sentence("The crafting process answered: {said}.", said=answer.get("error", "nothing")),
            remedy="Install netops-extranet[crafting]; `netops doctor` says what is there.",
        )

    def _exchange(self, line: str) -> dict[str, Any]:
        given, taken = self._process.stdin, self._process.stdout
        if given is None or taken is None:
            return {}
        with contextlib.suppress(OSError, ValueError):
            given.write(line.encode())
            given.flush()
        with contextlib.suppress(OSError, ValueError):
            found = json.loads(taken.readline(_MOST_ANSWER))
            return found if isinstance(found, dict) else {}
        return {}

    def close(self) -> None:
        """End the process."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        try:
            self._process.wait(_SPARE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()
