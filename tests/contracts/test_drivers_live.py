"""The drivers over a real SSH connection to simulated devices on loopback addresses.

What the devices answer is the mocked data of the drivers, so it is not our renderer's.
"""

from __future__ import annotations

import json
from pathlib import Path

import asyncssh
import napalm
import pytest
from driver_devices import MOCKED, PASSWORD, USERNAME, Serve, known_hosts, playing, recorded
from napalm.base.exceptions import (
    CommandErrorException,
    CommandTimeoutException,
    ConnectAuthError,
    ConnectionClosedException,
    ConnectionException,
)

from netops.drivers.driver import NetopsDriver
from netops.lab.model import Behaviour
from netops.lab.ssh import Door

NAMES = ("netops_vrp", "netops_comware", "netops_frr", "netops_linux")


def expected(name: str, getter: str) -> object:
    """Return the expected result of the mocked case."""
    folder = MOCKED / name.removeprefix("netops_") / "mocked_data" / f"test_{getter}" / "normal"
    return json.loads((folder / "expected_result.json").read_text("utf-8"))


def connected(name: str, serve: Serve, tmp_path: Path, *getters: str) -> NetopsDriver:
    """Return an open driver on a device that answers the commands of ``getters``."""
    found = napalm.get_network_driver(name)
    station = serve(playing(found.dialect, recorded(found.dialect, *getters)))
    options = {"port": station.ssh_port, "known_hosts": known_hosts(station, tmp_path / "keys")}
    driver = found(station.personality.address, USERNAME, PASSWORD, 5, options)
    assert isinstance(driver, NetopsDriver)
    driver.open()
    return driver


@pytest.mark.parametrize("name", NAMES)
def test_a_driver_reads_facts_and_addresses_over_ssh(
    name: str, serve: Serve, tmp_path: Path
) -> None:
    driver = connected(name, serve, tmp_path, "get_facts")
    facts = driver.get_facts()
    driver.close()
    assert facts == expected(name, "get_facts") | {"hostname": "edge-1"}  # the prompt's name

    driver = connected(name, serve, tmp_path, "get_interfaces_ip")
    assert driver.get_interfaces_ip() == expected(name, "get_interfaces_ip")
    assert driver.is_alive() == {"is_alive": True}
    driver.close()
    assert driver.is_alive() == {"is_alive": False}
    with pytest.raises(ConnectionClosedException):
        driver.get_facts()


@pytest.mark.parametrize("name", NAMES)
def test_a_command_that_the_device_does_not_know_raises(
    name: str, serve: Serve, tmp_path: Path
) -> None:
    with connected(name, serve, tmp_path) as driver, pytest.raises(CommandErrorException) as caught:
        driver.get_interfaces()
    assert "does not support it" in str(caught.value)


def test_a_wrong_password_is_an_authentication_error(serve: Serve, tmp_path: Path) -> None:
    found = napalm.get_network_driver("netops_vrp")
    station = serve(playing(found.dialect, {}))
    options = {"port": station.ssh_port, "known_hosts": known_hosts(station, tmp_path / "keys")}
    driver = found(station.personality.address, USERNAME, "not-this-one", 5, options)
    with pytest.raises(ConnectAuthError) as caught:
        driver.open()
    assert "not-this-one" not in str(caught.value)


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the users that were named to a device: what comes before any password."""
    users: list[str] = []

    def begin_auth(_door: Door, username: str) -> bool:
        users.append(username)
        return True

    monkeypatch.setattr(Door, "begin_auth", begin_auth)
    return users


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("place", "contact"), [("", "host_key_changed"), ("x", "host_key_unknown")]
)
def test_a_wrong_host_key_stops_before_any_password(
    name: str, place: str, contact: str, serve: Serve, named: list[str], tmp_path: Path
) -> None:
    found = napalm.get_network_driver(name)
    station = serve(playing(found.dialect, {}))
    keys = tmp_path / "keys"
    known_hosts(station, keys, asyncssh.generate_private_key("ssh-ed25519"))
    keys.write_text(place + keys.read_text("utf-8"), "utf-8")
    options = {"port": station.ssh_port, "known_hosts": str(keys)}
    driver = found(station.personality.address, USERNAME, PASSWORD, 5, options)
    with pytest.raises(ConnectionException, match=contact) as caught:
        driver.open()
    assert "No password was sent" in str(caught.value)
    assert named == []


def test_without_known_hosts_nothing_is_logged_in_to(serve: Serve, named: list[str]) -> None:
    found = napalm.get_network_driver("netops_vrp")
    station = serve(playing(found.dialect, {}))
    options = {"port": station.ssh_port}
    driver = found(station.personality.address, USERNAME, PASSWORD, 5, options)
    with pytest.raises(ConnectionException, match="no key is pinned"):
        driver.open()
    assert named == []


def test_strictness_waived_on_loopback_lets_any_key_pass(serve: Serve, named: list[str]) -> None:
    found = napalm.get_network_driver("netops_vrp")
    station = serve(playing(found.dialect, {}))
    options = {"port": station.ssh_port, "ssh_strict": False}
    with found(station.personality.address, USERNAME, PASSWORD, 5, options) as driver:
        assert driver.is_alive() == {"is_alive": True}
    assert named == [USERNAME]


def test_a_device_that_hangs_is_not_alive(serve: Serve, tmp_path: Path) -> None:
    found = napalm.get_network_driver("netops_linux")
    station = serve(playing(found.dialect, {}, Behaviour(ssh="hang")))
    options = {"port": station.ssh_port, "known_hosts": known_hosts(station, tmp_path / "keys")}
    with found(station.personality.address, USERNAME, PASSWORD, 1, options) as driver:
        with pytest.raises(CommandTimeoutException, match="hostname"):
            driver.get_facts()
        assert driver.is_alive() == {"is_alive": False}


def test_a_question_at_log_in_is_not_answered(serve: Serve, tmp_path: Path) -> None:
    found = napalm.get_network_driver("netops_vrp")
    station = serve(playing(found.dialect, {}, Behaviour(quirks=("password_expiry",))))
    options = {"port": station.ssh_port, "known_hosts": known_hosts(station, tmp_path / "keys")}
    driver = found(station.personality.address, USERNAME, PASSWORD, 5, options)
    with pytest.raises(ConnectAuthError, match="password_expired"):
        driver.open()


def test_a_name_that_the_guard_refuses_is_not_sent(serve: Serve, tmp_path: Path) -> None:
    found = napalm.get_network_driver("netops_comware")
    answers = {
        "display ip interface brief": (
            "Interface           Physical Protocol IP address/Mask    VPN instance Description\n"
            "GE0/0               up       up       198.51.100.2/30    --           --\n"
        ),
        "display ip vpn-instance": (
            "  Total VPN-Instances configured : 1\n"
            "  VPN-Instance Name               RD                     Create time\n"
            "  gov;reboot                      65000:100              2024/03/05 09:10:11\n"
        ),
    }
    station = serve(playing(found.dialect, answers))
    options = {"port": station.ssh_port, "known_hosts": known_hosts(station, tmp_path / "keys")}
    with found(station.personality.address, USERNAME, PASSWORD, 5, options) as driver:
        with pytest.raises(CommandErrorException, match="gov;reboot” was not sent"):
            driver.get_network_instances()
        assert driver.is_alive() == {"is_alive": True}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [(None, "cannot be read"), ("|1|aaaa|bbbb ssh-ed25519 AAAA\n", "hashed names")],
)
def test_a_file_of_keys_that_cannot_be_used_is_named(
    text: str | None, sentence: str, tmp_path: Path
) -> None:
    path = tmp_path / "keys"
    if text is not None:
        path.write_text(text, "utf-8")
    found = napalm.get_network_driver("netops_vrp")
    driver = found("127.0.0.1", "u", "p", 5, {"known_hosts": str(path)})
    with pytest.raises(ConnectionException, match=sentence) as caught:
        driver.open()
    assert str(path) in str(caught.value)
