"""Starts simulated devices on loopback addresses."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from driver_devices import Serve

from netops.lab.model import Personality
from netops.lab.server import LabServer, Station


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return a function that starts one simulated device and returns its station."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    servers: list[LabServer] = []

    def start(personality: Personality) -> Station:
        server = LabServer.of([personality])
        servers.append(server)

        async def begin() -> None:
            server.start()

        asyncio.run_coroutine_threadsafe(begin(), loop).result(10)
        return server.stations[0]

    yield start
    asyncio.run_coroutine_threadsafe(_close(servers), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


async def _close(servers: list[LabServer]) -> None:
    for server in servers:
        server.close()
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0)
