"""The store that tests keep the record of an authority in: a file, or a database in PostgreSQL.

``NETOPS_TEST_STORE=postgresql`` gives every authority of a test a database of its own, in one
server for all tests of a process. A test that is about the file itself is marked ``sqlite_file``
with its reason, and is skipped there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml
from postgresql_server import IS_INSTALLED, Server, running_server

from netops.trust.home import Home

_SETTING = "NETOPS_TEST_STORE"
ON_POSTGRESQL = os.environ.get(_SETTING) == "postgresql"


def pytest_configure(config: pytest.Config) -> None:
    """Tell the marker; refuse a store that nobody knows."""
    config.addinivalue_line(
        "markers", "sqlite_file(reason): is about the file of the record, not about the record"
    )
    if os.environ.get(_SETTING, "sqlite") not in {"sqlite", "postgresql"}:
        raise pytest.UsageError(f"{_SETTING} is sqlite or postgresql")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what is about the file where there is none."""
    marker = item.get_closest_marker("sqlite_file")
    if ON_POSTGRESQL and marker is not None:
        pytest.skip(f"about the file of SQLite: {marker.kwargs['reason']}")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """Yield a server that runs, one for all tests of this process."""
    pytest.importorskip("psycopg", reason="pip install psycopg")
    if not IS_INSTALLED and not ON_POSTGRESQL and os.environ.get("NETOPS_CI") != "1":
        pytest.skip("apt-get install postgresql")
    with running_server() as server:
        yield server


@dataclass(frozen=True, slots=True)
class Stores:
    """Gives authorities of tests their stores. Without a server: files in their folders."""

    server: Server | None
    _made: list[str] = field(default_factory=list)

    def fresh(self) -> str:
        """Return the address of an empty store, "" for a file in the authority's folder."""
        return "" if self.server is None else self._address(self.server, "template1")

    def copied(self, home: Home, target: Path) -> Home:
        """Copy an authority that nobody uses, its record with it."""
        shutil.copytree(home.path, target)
        copy = Home(target)
        if self.server is not None:
            settings = yaml.safe_load(copy.settings_file.read_text())
            kept = settings["store"].partition("@/")[2].partition("?")[0]
            settings["store"] = self._address(self.server, kept)
            copy.settings_file.write_text(yaml.safe_dump(settings, allow_unicode=True))
        return copy

    def _address(self, server: Server, template: str) -> str:
        name = server.make(template)
        self._made.append(name)
        return server.url(name)

    def drop(self) -> None:
        """Drop every store that was given out."""
        for name in self._made:
            assert self.server is not None
            self.server.drop(name)
        self._made.clear()


def _server(request: pytest.FixtureRequest) -> Server | None:
    return request.getfixturevalue("postgresql") if ON_POSTGRESQL else None


@pytest.fixture(scope="session")
def lasting_stores(request: pytest.FixtureRequest) -> Stores:
    """Give stores to authorities that many tests share; they end with the server."""
    return Stores(_server(request))


@pytest.fixture
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    """Give stores to the authorities of one test."""
    made = Stores(_server(request))
    yield made
    made.drop()
