"""What every NAPALM driver of ours promises, whatever its platform."""

from __future__ import annotations

import socket
from typing import Any

import napalm
import pytest
from napalm.base import NetworkDriver
from napalm.base.exceptions import (
    CommandErrorException,
    ConnectionClosedException,
    ConnectionException,
    NapalmException,
)

from netops.drivers.driver import NetopsDriver
from netops.facts.answers import AnswerState
from netops.platforms.registry import platform as registered

NAMES = ("netops_vrp", "netops_comware", "netops_frr", "netops_linux")
GETTERS = (
    "get_facts", "get_interfaces", "get_interfaces_ip", "get_arp_table", "get_lldp_neighbors",
    "get_lldp_neighbors_detail", "get_bgp_neighbors", "get_route_to", "get_network_instances",
    "get_config", "get_ntp_servers", "get_snmp_information", "get_users",
)  # fmt: skip
CHANGES: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("load_template", ("hostname",)),
    ("load_replace_candidate", (None, "sysname other")),
    ("load_merge_candidate", (None, "sysname other")),
    ("compare_config", ()),
    ("commit_config", ()),
    ("confirm_commit", ()),
    ("has_pending_commit", ()),
    ("discard_config", ()),
    ("rollback", ()),
)
REFUSALS = {
    "netops_vrp": ("Error: No permission to run the command.", "% Unrecognized command found"),
    "netops_comware": ("Permission denied.", " % Unrecognized command found at '^' position."),
    "netops_frr": ("% Command not allowed: show", "% Unknown command: show"),
    "netops_linux": ("bash: ip: Permission denied", "-bash: ip: command not found"),
}


class Says:
    """A line that answers everything alike; no device."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.asked: list[str] = []

    def send_command(self, command: str) -> str:
        self.asked.append(command)
        return self.text


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def driver(name: str) -> NetopsDriver:
    found = napalm.get_network_driver(name)
    made = found("127.0.0.1", "reader", "a-secret-word", timeout=2)
    assert isinstance(made, NetopsDriver)
    return made


def told(driver: NetopsDriver) -> list[str]:
    """Return the getters that the platform answers."""
    known = {key.partition(" ")[0] for key in driver.dialect.asks}
    return [getter for getter in GETTERS if getter in known or getter == "get_route_to"]


def test_napalm_finds_the_driver_by_its_name(name: str) -> None:
    found = napalm.get_network_driver(name)
    assert issubclass(found, NetworkDriver)
    assert found.__module__ == f"netops.drivers.{name.removeprefix('netops_')}"


def test_every_getter_is_there(driver: NetopsDriver) -> None:
    for getter in (*GETTERS, "is_alive"):
        assert getattr(type(driver), getter) is not getattr(NetworkDriver, getter)


def test_every_command_of_every_getter_is_one_that_the_guard_admits(driver: NetopsDriver) -> None:
    platform = registered(driver.dialect.platform)
    asks = [ask for asks in driver.dialect.asks.values() for ask in asks]
    asks += driver.dialect.routes.values()
    lines = [line for ask in asks for line in (ask.command, *ask.instead)]
    lines += [driver.dialect.alive, *driver.dialect.route.values()]
    for line in lines:
        asked = line.format(vpn="gov-ext", address="192.0.2.0", length="24")
        assert platform.admits(asked), asked


@pytest.mark.parametrize(("call", "arguments"), CHANGES)
def test_what_would_change_a_device_raises_and_asks_nothing(
    driver: NetopsDriver, call: str, arguments: tuple[Any, ...]
) -> None:
    driver.device = line = Says("")
    with pytest.raises(NapalmException, match="only read") as caught:
        getattr(driver, call)(*arguments)
    assert isinstance(caught.value, NotImplementedError)
    assert line.asked == []


def test_an_empty_answer_raises_and_names_the_command(driver: NetopsDriver) -> None:
    for getter in told(driver):
        driver.device = line = Says("")
        with pytest.raises(CommandErrorException) as caught:
            getattr(driver, getter)()
        assert line.asked, getter
        assert any(command in str(caught.value) for command in line.asked), getter


@pytest.mark.parametrize("which", [0, 1])
def test_a_refused_or_unknown_command_raises_with_its_reason(
    driver: NetopsDriver, name: str, which: int
) -> None:
    said = REFUSALS[name][which]
    for getter in told(driver):
        driver.device = Says(said + "\n")
        with pytest.raises(CommandErrorException) as caught:
            getattr(driver, getter)()
        assert said.strip() in str(caught.value), getter


def test_text_that_is_not_understood_raises(driver: NetopsDriver) -> None:
    for getter in told(driver):
        driver.device = Says("]]]] lorem 7 ipsum\n{{ dolor sit\n" * 20)
        with pytest.raises(CommandErrorException):
            getattr(driver, getter)()


def test_what_the_platform_cannot_tell_raises_with_a_reason(driver: NetopsDriver) -> None:
    driver.device = line = Says("")
    silent = set(GETTERS) - set(told(driver))
    assert silent <= set(driver.dialect.untold)
    for getter in silent:
        with pytest.raises(CommandErrorException, match="cannot be answered") as caught:
            getattr(driver, getter)()
        assert driver.dialect.untold[getter] in str(caught.value)
        assert isinstance(caught.value, NotImplementedError)
    assert line.asked == []


def test_a_getter_before_open_raises(driver: NetopsDriver) -> None:
    assert driver.is_alive() == {"is_alive": False}
    with pytest.raises(ConnectionClosedException):
        driver.get_facts()


def test_an_unreachable_host_raises_a_connection_exception(name: str) -> None:
    with socket.socket() as free:
        free.bind(("127.79.0.9", 0))
        port = free.getsockname()[1]
    options = {"port": port, "ssh_strict": False}
    driver = napalm.get_network_driver(name)("127.79.0.9", "u", "p", 2, options)
    with pytest.raises(ConnectionException, match="refused") as caught:
        driver.open()
    assert "p" not in str(caught.value).split()


def test_ssh_strict_can_be_waived_on_loopback_only(name: str) -> None:
    driver = napalm.get_network_driver(name)("192.0.2.1", "u", "p", 2, {"ssh_strict": False})
    with pytest.raises(ConnectionException, match=r"ssh_strict=False was refused for 192\.0\.2\.1"):
        driver.open()


def test_a_driver_shows_no_password(driver: NetopsDriver) -> None:
    driver.device = Says("")
    with pytest.raises(CommandErrorException) as caught:
        driver.get_facts()
    assert "a-secret-word" not in f"{driver!r} {caught.value}"


def test_refusals_of_this_test_are_what_the_platform_calls_them(name: str) -> None:
    platform = registered(napalm.get_network_driver(name).dialect.platform)
    states = [
        next(state for pattern, state in platform.refusals if pattern.search(said))
        for said in REFUSALS[name]
    ]
    assert states == [AnswerState.REFUSED, AnswerState.NOT_SUPPORTED]
