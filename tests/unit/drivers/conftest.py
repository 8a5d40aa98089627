"""NAPALM's own suite over mocked data: the device it talks to, and the cases it runs."""

from __future__ import annotations

import pytest
from napalm.base.test import conftest as napalm_conftest


@pytest.fixture(scope="class")
def set_device_parameters(request: pytest.FixtureRequest) -> None:
    """Give the class a driver whose line is a double; nothing is connected."""
    driver = request.cls.patched_driver  # type: ignore[union-attr]
    request.cls.device = driver("127.0.0.1", "reader", "made-up")  # type: ignore[union-attr]
    request.cls.device.open()  # type: ignore[union-attr]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a case of every folder under ``mocked_data/<name of the test>``."""
    napalm_conftest.pytest_generate_tests(metafunc, metafunc.module.__file__)
