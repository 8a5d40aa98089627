"""The drivers on devices that we did not write: fakenos, from PyPI, on loopback.

It prints recordings of its own and refuses in words of its own, so only what it has is asked.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import napalm
import pytest
from fakenos import FakeNOS
from napalm.base.exceptions import CommandErrorException, ConnectionException

from netops.drivers.driver import NetopsDriver

pytestmark = [
    # fakenos leaves its sockets and threads to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
HOST = "<R1"
"""Its prompt is the name and ``>``; with this name it is one of Huawei's and H3C's."""
Connect = Callable[[str, str], NetopsDriver]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _open_when_it_listens(driver: NetopsDriver) -> None:
    """Open; ``FakeNOS.start`` returns before its thread listens."""
    deadline = time.monotonic() + 20
    while True:
        try:
            driver.open()
        except ConnectionException as error:
            if "connection refused" not in str(error) or time.monotonic() > deadline:
                raise
            threading.Event().wait(0.05)
        else:
            return


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Return a function that starts a platform of fakenos and opens a driver on it."""
    running: list[tuple[FakeNOS, NetopsDriver]] = []

    def start(name: str, platform: str) -> NetopsDriver:
        port = _free_port()
        account = {"username": "reader", "password": "made-up"}
        net = FakeNOS(inventory={"hosts": {HOST: {**account, "port": port, "platform": platform}}})
        net.start()
        options = {"port": port, "ssh_strict": False}
        driver = napalm.get_network_driver(name)("127.0.0.1", "reader", "made-up", 10, options)
        assert isinstance(driver, NetopsDriver)
        running.append((net, driver))
        _open_when_it_listens(driver)
        return driver

    yield start
    for net, driver in running:
        driver.close()
        net.stop()


def test_a_huawei_of_fakenos_is_read(connect: Connect) -> None:
    driver = connect("netops_vrp", "huawei_vrp")
    facts = driver.get_facts()
    assert facts["hostname"] == "R1"
    assert facts["model"] == "ATN 910C-B"
    assert facts["os_version"] == "8.180, V300R003C10SPC500"
    assert facts["serial_number"] == "21500104792SM8504636"
    assert facts["uptime"] == 358 * 86_400 + 16 * 3_600 + 59 * 60
    neighbours = driver.get_lldp_neighbors()
    assert neighbours == {
        "XGigabitEthernet0/0/1": [{"hostname": "ROUTER2", "port": "XGigabitEthernet0/0/2"}]
    }
    with pytest.raises(CommandErrorException, match="display current-configuration"):
        driver.get_config()


def test_a_comware_of_fakenos_is_read(connect: Connect) -> None:
    driver = connect("netops_comware", "hp_comware")
    assert driver.get_arp_table()[0] == {
        "interface": "M-GigabitEthernet0/0/0",
        "mac": "00:1E:C1:DC:FC:01",
        "ip": "10.20.10.1",
        "age": 960.0,
    }
    assert driver.get_lldp_neighbors()["Ten-GigabitEthernet1/0/0/2"] == [
        {"hostname": "SWITCH01", "port": "Ten-GigabitEthernet2/0/47"}
    ]
    with pytest.raises(CommandErrorException, match="display bgp peer"):
        driver.get_bgp_neighbors()
