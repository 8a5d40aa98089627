"""Starts the simulated devices of a test, and takes them down after it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from simulated_net import Net, Start, write_secrets

from netops.lab.model import Personality
from netops.lab.server import LabServer


@pytest.fixture
def start_net(tmp_path: Path) -> Iterator[Start]:
    """Return a function that starts simulated devices and returns their ``Net``."""
    running: list[tuple[asyncio.AbstractEventLoop, threading.Thread, LabServer]] = []

    def start(*personalities: Personality) -> Net:
        folder = tmp_path / f"inventory{len(running)}"
        write_secrets(folder)
        (folder / "devices.csv").write_text("id\n")
        names = [one.device for one in personalities]
        net = Net(LabServer.of(personalities), folder)
        net.server.count = lambda n: net.logins.update({names[n]: net.logins.get(names[n], 0) + 1})
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()

        async def begin() -> None:
            net.server.start()

        asyncio.run_coroutine_threadsafe(begin(), loop).result()
        running.append((loop, thread, net.server))
        return net

    yield start
    for loop, thread, server in running:
        asyncio.run_coroutine_threadsafe(_close(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _close(server: LabServer) -> None:
    server.close()
    tasks = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
