"""Asks every device of a laboratory whether it greets: TCP connect and version line.

No log-in, so that readiness leaves no trace in the counts of sessions.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterable

from netops.lab.state import Endpoint

_AT_ONCE = 64
_GREETING = b"SSH-2.0-"
_GREETING_S = 15.0
_AGAIN_S = 0.1


async def silent(endpoints: Iterable[Endpoint], deadline_s: float) -> tuple[Endpoint, ...]:
    """Return the endpoints that did not greet until the deadline; none is best."""
    end = time.monotonic() + deadline_s
    waiting = [one for one in endpoints if one.greets]
    while waiting:
        gate = asyncio.Semaphore(_AT_ONCE)
        answers = await asyncio.gather(*(_greets(one, gate, end) for one in waiting))
        waiting = [one for one, greeted in zip(waiting, answers, strict=True) if not greeted]
        if time.monotonic() > end:
            break
        if waiting:
            await asyncio.sleep(_AGAIN_S)
    return tuple(waiting)


async def _greets(endpoint: Endpoint, gate: asyncio.Semaphore, end: float) -> bool:
    async with gate:
        left = min(_GREETING_S, end - time.monotonic())
        if left <= 0 or endpoint.ssh_port is None:
            return False
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            async with asyncio.timeout(left):
                return await _greeting(endpoint.address, endpoint.ssh_port) == _GREETING
        return False


async def _greeting(address: str, port: int) -> bytes:
    reader, writer = await asyncio.open_connection(address, port)
    try:
        return await reader.readexactly(len(_GREETING))
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
