"""An authority made once, copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from authorities import make_authority

from netops.trust.home import Home


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_authority(tmp_path_factory.mktemp("ca") / "home")


@pytest.fixture
def home(made_home: Home, tmp_path: Path) -> Home:
    shutil.copytree(made_home.path, tmp_path / "home")
    return Home(tmp_path / "home")
