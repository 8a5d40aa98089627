"""Real routers need FRR and more: without them a visible skip, in CI a failure."""

from __future__ import annotations

import os

import pytest

from netops.lab.routers.machine import missing_packages


@pytest.fixture(scope="session", autouse=True)
def machine() -> None:
    """Refuse to pass where nothing can be tried."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        pytest.skip("a laboratory is brought up once: run tests/routers by themselves, without -n")
    missing = missing_packages()
    if not missing:
        return
    reason = f"real routers need the packages: {' '.join(missing)}"
    if os.environ.get("NETOPS_CI") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
