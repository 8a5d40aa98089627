"""A browser for the tests of this folder, or a visible reason why there is none."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import hostile_report
from chromium import Page, browser, find_chromium


@pytest.fixture(scope="session")
def program() -> str:
    """Return the browser; where CI asks for one, its absence is a failure."""
    found = find_chromium()
    if found is None and os.environ.get("NETOPS_BROWSER") == "required":
        pytest.fail("Chromium is missing; .ci/browser installs it")
    if found is None:
        pytest.skip("Chromium is not installed (apt-get install chromium fonts-noto-cjk)")
    return found


@pytest.fixture(scope="session")
def page(program: str) -> Iterator[Page]:
    """Return the one tab of a browser."""
    with browser(program) as opened:
        yield opened


@pytest.fixture(scope="session")
def report(program: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the hostile report in both languages."""
    del program  # no browser: do not build what nobody looks at
    folder = tmp_path_factory.mktemp("report")
    hostile_report.write(hostile_report.build(), folder)
    return folder
