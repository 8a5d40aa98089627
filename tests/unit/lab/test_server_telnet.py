"""Devices that are reached by telnet alone: netmiko, which we did not write, reads them."""

from __future__ import annotations

import socket

import pytest
from lab_serving import CONFIG_TEXT, VERSION_TEXT, misbehaving, personality, serving
from lab_worlds import make_world
from netmiko import ConnectHandler

from netops.lab import inventory_rows
from netops.lab.inventory_writer import _known_hosts
from netops.lab.model import Behaviour, Personality

TELNET = Behaviour(quirks=("telnet",))


def _of(platform: str) -> Personality:
    return personality(platform=platform, behaviour=TELNET)


@pytest.mark.parametrize(
    ("device_type", "platform"),
    [("huawei_telnet", "huawei_vrp"), ("hp_comware_telnet", "h3c_comware")],
)
def test_netmiko_reads_whole_answers_by_telnet(device_type: str, platform: str) -> None:
    with serving(_of(platform)) as lab:
        host, port = lab.at()
        with ConnectHandler(
            device_type=device_type, host=host, port=port,
            username="audit", password="lab-password",
        ) as connection:  # fmt: skip
            version = connection.send_command("display version")
            configuration = connection.send_command("display current-configuration")
        assert lab.logins == ["r1"]
    assert version.split() == VERSION_TEXT.split()
    assert configuration.split() == CONFIG_TEXT.split()


def test_a_wrong_password_is_refused_three_times_by_telnet() -> None:
    with serving(_of("huawei_vrp")) as lab:
        with socket.create_connection(lab.at(), 10) as sock:
            for _ in range(3):
                _until(sock, b"Username:")
                sock.sendall(b"audit\r\nwrong\r\n")
            with sock.makefile("rb") as rest:
                assert rest.read().endswith(b"Error: Login failed.\r\n")
        assert lab.logins == []


def test_the_password_is_not_echoed_and_split_line_ends_are_one() -> None:
    with serving(misbehaving(quirks=("telnet",))) as lab:
        with socket.create_connection(lab.at(), 10) as sock:
            seen = _until(sock, b"Username:")
            for piece in (b"aud", b"it\r", b"\n"):
                sock.sendall(piece)
            seen += _until(sock, b"Password:")
            sock.sendall(b"\xff\xfd\x01lab-pass\xff")
            sock.sendall(b"\xfd\x03word\r\0")
            seen += _until(sock, b"<CITY07-R1>")
        assert lab.logins == ["r1"]

    assert b"audit" in seen
    assert b"lab-password" not in seen


def _until(sock: socket.socket, end: bytes) -> bytes:
    seen = b""
    while not seen.endswith(end):
        piece = sock.recv(4096)
        assert piece, seen
        seen += piece
    return seen


def test_the_inventory_says_telnet_and_holds_no_key_for_it() -> None:
    world = make_world("quirks: {telnet: 1.0}")

    reached = {row[0]: row[8] for row in inventory_rows.devices(world)}
    hosts = {r.id for r in world.net.routers.values() if r.platform == "linux_host"}

    assert {device for device, way in reached.items() if way == "ssh"} == hosts
    assert len(_known_hosts(world).splitlines()) == len(hosts)


def test_a_device_whose_key_changed_has_ssh() -> None:
    fault = "{kind: device, behaviour: changed_host_key, at: '430181'}"
    world = make_world(f"quirks: {{telnet: 1.0}}\nfaults: [{fault}]")
    changed = [d for d, word in world.planted.behaviours.items() if word == "changed_host_key"]

    assert changed
    assert not [device for device in changed if "telnet" in world.quirks(device)]
