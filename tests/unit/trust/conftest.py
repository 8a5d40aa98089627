"""An authority made once, copied for each test."""

from __future__ import annotations

from pathlib import Path

import pytest
from authorities import make_authority
from authority_stores import Stores

from netops.trust.home import Home


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory, lasting_stores: Stores) -> Home:
    return make_authority(tmp_path_factory.mktemp("ca") / "home", lasting_stores.fresh())


@pytest.fixture
def home(made_home: Home, tmp_path: Path, stores: Stores) -> Home:
    return stores.copied(made_home, tmp_path / "home")
