"""Real hosts need root, debootstrap and namespaces: without them a visible skip, in CI a failure."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from real_targets import Running, Target, missing, running, write_inventory

HOSTS = (
    Target("plain", "plain", "192.0.2.11"),
    Target("hard", "hard", "192.0.2.12"),
    Target("weak", "weak", "192.0.2.13"),
    Target("other", "other", "192.0.2.14"),
)
ORDINARY = Target("ordinary", "plain", "192.0.2.111", "audit")
"""The host ``plain`` again, by its second address and an account without rights."""


@pytest.fixture(scope="session")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run the hosts once for all tests."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        pytest.skip("hosts are brought up once: run tests/targets by themselves, without -n")
    lacking = missing()
    if lacking:
        reason = f"real hosts need: {' '.join(lacking)}"
        if os.environ.get("NETOPS_CI") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with running(HOSTS, tmp_path_factory.mktemp("hosts")) as found:
        yield found


@pytest.fixture(scope="session")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the inventory that names them all."""
    folder = tmp_path_factory.mktemp("site") / "inventory"
    write_inventory(folder, (*HOSTS, ORDINARY))
    return folder
