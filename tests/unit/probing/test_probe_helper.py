"""The probe helper: one capability, one kind of request, sockets for a parent without privilege."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from closed_network import play

from netops.errors import ProbeError
from netops.probing.helper import asked_family
from netops.probing.helper_client import ProbeHelper, helper_command

ONLY_NET_RAW = "0000000000002000"


def test_a_parent_without_any_capability_sweeps_through_the_helper() -> None:
    found = play("helper_scenes", "sweep_without_privilege")

    assert found["helper"][:2] == [ONLY_NET_RAW, ONLY_NET_RAW]
    assert found["helper"][3] == "1"
    assert found["mine"] == []
    assert found["ways"] == [0, 0]
    assert found["received"] == [2, 2]
    assert found["gone"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_a_parent_of_another_user_sweeps_through_the_helper() -> None:
    assert play("helper_scenes", "as_another_user", root=True) == [65534, True, 1]


def test_the_helper_refuses_everything_but_a_request_for_an_icmp_socket() -> None:
    *refused, served = play("helper_scenes", "bad_requests")

    assert refused == [[False, 0]] * 8
    assert served == ["SOCK_RAW", 1]


@pytest.mark.parametrize(
    ("request_", "family"),
    [
        (b'{"ask": "icmp", "family": 4}', 4),
        (b'{"family": 6, "ask": "icmp"}', 6),
        (b'{"ask": "icmp", "family": 4.0}', None),
        (b'{"ask": "icmp"}', None),
        (b'"icmp"', None),
        (b"", None),
    ],
)
def test_a_request_names_icmp_and_a_family_and_nothing_else(
    request_: bytes, family: int | None
) -> None:
    assert asked_family(request_) == family


def test_the_helper_serves_nobody_whose_input_is_no_socket() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "netops.probing.helper"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 2
    assert "started by netops" in done.stderr


@pytest.mark.parametrize("command", [("/nowhere/helper",), (sys.executable, "-c", "")])
def test_a_helper_that_does_not_start_is_an_error_with_a_remedy(command: tuple[str, ...]) -> None:
    with pytest.raises(ProbeError, match="The probe helper cannot be used") as caught:
        ProbeHelper.start(command)

    assert "NETOPS_PROBE_HELPER" in caught.value.remedy


def test_the_command_of_the_helper_is_what_the_site_set_and_nothing_by_default() -> None:
    assert helper_command({}) == ()
    set_by_site = {"NETOPS_PROBE_HELPER": "sudo -n '/opt/net ops/helper'"}
    assert helper_command(set_by_site) == ("sudo", "-n", "/opt/net ops/helper")
    with pytest.raises(ProbeError, match="is no command"):
        helper_command({"NETOPS_PROBE_HELPER": "sudo '"})
