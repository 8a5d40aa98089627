"""Programs that nobody here wrote, which judge what we make.

Where one is missing, a test is skipped with its name on a user's machine, and fails in CI, which
installs it (`.ci/run`): no test passes because its judge stayed away.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil

import pytest


def judge(program: str) -> str:
    """Return where ``program`` is, or end the test."""
    found = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is not None:
        return found
    reason = f"the program {program} is not installed"
    if os.environ.get("NETOPS_CI") == "1":
        pytest.fail(f"{reason}; .ci/run installs it")
    pytest.skip(reason)


def optional_package(module: str) -> None:
    """End the test where an optional package is missing; in CI it is there where wheels are."""
    if importlib.util.find_spec(module) is not None:
        return
    reason = f"the package of {module} is not installed"
    if os.environ.get("NETOPS_CI") == "1" and platform.machine() == "x86_64":
        pytest.fail(f"{reason}; .ci/run installs it")
    pytest.skip(reason)
