"""A client that we did not write, netmiko, logs in to simulated devices and reads them.

Its host key checking is off here, and only here: it is the server that is judged, on loopback.
"""

from __future__ import annotations

import pytest
from lab_serving import CONFIG_TEXT, VERSION_TEXT, misbehaving, personality, serving
from netmiko import ConnectHandler

from netops.lab.model import Personality


@pytest.mark.parametrize(
    ("device_type", "device"),
    [
        ("huawei", personality()),
        ("huawei", misbehaving(quirks=("password_expiry", "wrapped_prompt"))),
        ("hp_comware", personality(platform="h3c_comware")),
    ],
    ids=["huawei", "huawei-quirks", "hp_comware"],
)
def test_netmiko_reads_whole_answers(device_type: str, device: Personality) -> None:
    with serving(device) as lab:
        host, port = lab.at()
        with ConnectHandler(
            device_type=device_type,
            host=host,
            port=port,
            username="audit",
            password="lab-password",
            ssh_strict=False,
        ) as connection:
            assert connection.find_prompt() == "<CITY07-R1>"
            version = connection.send_command("display version")
            configuration = connection.send_command("display current-configuration")
    assert version.split() == VERSION_TEXT.split()
    assert configuration.split() == CONFIG_TEXT.split()


def test_netmiko_reads_an_frr_router_as_an_ios_one() -> None:
    text = "Codes: K - kernel route\nC>* 192.0.2.0/24 is directly connected, eth0, 1d01h\n"
    device = personality(platform="frr", answers={"show ip route": text})
    with serving(device) as lab:
        host, port = lab.at()
        with ConnectHandler(
            device_type="cisco_ios",
            host=host,
            port=port,
            username="audit",
            password="lab-password",
            ssh_strict=False,
        ) as connection:
            assert connection.send_command("show ip route").split() == text.split()
