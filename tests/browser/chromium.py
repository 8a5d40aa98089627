"""A small client of Chromium's DevTools protocol over a pair of pipes: no port, no network.

Knows how to start a browser of its own with a new profile, open a file, and ask it things.
Refuses to know what is asked.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from select import select
from time import monotonic
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
)
_PATIENCE = 60.0
"""Seconds for one answer; a page of the report needs well under one."""


def find_chromium() -> str | None:
    """Return the browser of this machine, or None."""
    named = os.environ.get("NETOPS_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


@dataclass
class Page:
    """One open tab. ``to`` and ``back`` are this side's ends of the pipes."""

    to: int
    back: int
    session: str = ""
    _number: int = 0
    _rest: bytes = b""

    def open(self, path: Path, width: int, height: int = 900) -> None:
        """Show a file at a window size and wait until it is loaded."""
        self.call("Emulation.setDeviceMetricsOverride",
                  {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})  # fmt: skip
        self.call("Page.enable", {})
        self.call("Page.navigate", {"url": path.resolve().as_uri()})
        self._wait(lambda m: m.get("method") == "Page.loadEventFired")

    def evaluate(self, script: str) -> Any:  # noqa: ANN401 - whatever the page returns
        """Run a function body in the page and return its JSON value."""
        told = self.call(
            "Runtime.evaluate",
            {"expression": f"(() => {{ {script} }})()", "returnByValue": True},
        )
        if "exceptionDetails" in told:
            raise AssertionError(told["exceptionDetails"])
        return told["result"].get("value")

    def call(self, method: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Send one command and return its result."""
        self._number += 1
        number = self._number
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        told = self._wait(lambda m: m.get("id") == number)
        if "error" in told:
            raise AssertionError((method, told["error"]))
        result: dict[str, Any] = told["result"]
        return result

    def _wait(self, is_wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        deadline = monotonic() + _PATIENCE
        while True:
            head, found, tail = self._rest.partition(b"\0")
            if found:
                self._rest = tail
                message: dict[str, Any] = json.loads(head)
                if is_wanted(message):
                    return message
                continue
            if not select([self.back], [], [], max(0.0, deadline - monotonic()))[0]:
                raise AssertionError("Chromium did not answer in time")
            data = os.read(self.back, 1 << 20)
            if not data:
                raise AssertionError("Chromium went away")
            self._rest += data


@contextmanager
def browser(program: str, environment: Mapping[str, str] | None = None) -> Iterator[Page]:
    """Start a browser with an empty profile, yield its one tab, end it."""
    to_read, to_write = os.pipe()
    back_read, back_write = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # The browser reads commands from descriptor 3 and answers on 4.
        script = f'exec 3<&{to_read} 4>&{back_write}; exec "$@"'
        process = subprocess.Popen(
            ["/bin/bash", "-c", script, "bash", program, *_FLAGS, f"--user-data-dir={profile}"],
            pass_fds=(to_read, back_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **(environment or {})},
        )
        os.close(to_read)
        os.close(back_write)
        page = Page(to_write, back_read)
        try:
            target = page.call("Target.createTarget", {"url": "about:blank"})["targetId"]
            attached = page.call("Target.attachToTarget", {"targetId": target, "flatten": True})
            page.session = attached["sessionId"]
            yield page
        finally:
            os.close(to_write)
            process.terminate()
            process.wait(timeout=20)
            os.close(back_read)
