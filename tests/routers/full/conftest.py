"""One laboratory for the files that ask the same one, up until the last of them is done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from other_lab import planned
from real_lab import Person


@pytest.fixture(scope="session")
def me(tmp_path_factory: pytest.TempPathFactory) -> Person:
    return Person(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def lab(me: Person) -> Iterator[Path]:
    """The laboratory, up."""
    folder = planned(me, "routers")
    try:
        up = me.run("lab", "up", folder, "--deadline", "180", within=220)
        assert up.returncode == 0, up.stderr
        yield folder
    finally:
        me.run("lab", "down", folder)
