"""Echo sweeps in closed networks: honest hosts, hostile ones, and machines that cannot send."""

from __future__ import annotations

import pytest
from closed_network import play

from netops.probing.options import SweepOptions


@pytest.mark.parametrize("access", ["datagram", "raw"])
@pytest.mark.parametrize("family", [4, 6])
def test_thousands_of_targets_answer_each_probe_once_and_in_order(access: str, family: int) -> None:
    found = play("echo_scenes", "thousands", access, family)

    assert found == {"in order": True, "received": 6000, "sent": 6000, "times fit": True}


@pytest.mark.parametrize("access", ["datagram", "raw"])
def test_only_authentic_answers_of_the_address_asked_count_and_each_once(access: str) -> None:
    found = play("echo_scenes", "neighbourhood", access)

    refused = "host unreachable, says 198.18.0.254"
    assert found == [
        ["198.18.0.1", 1, 1, "works", ""],
        ["198.18.0.2", 1, 1, "works", "1 duplicate answers"],
        ["198.18.0.3", 2, 0, "fails", ""],
        ["198.18.0.4", 2, 0, "fails", "2 answered from 198.18.0.99"],
        ["198.18.0.5", 2, 1, "flaps", ""],
        ["198.18.0.6", 2, 2, "works", ""],
        ["198.18.0.7", 1, 0, "fails", refused],
        ["198.18.0.8", 1, 0, "fails", refused],
        ["198.18.0.9", 2, 0, "fails", ""],
        ["198.18.0.10", 2, 0, "fails", ""],
    ]


def test_what_this_machine_cannot_send_is_not_measured_and_says_why() -> None:
    no_route, prohibited, no_zone, wide, here = play("echo_scenes", "cannot_send")

    said = "this machine could not send: "
    assert no_route == ["192.0.2.1", 0, 0, "not_measured", f"{said}Network is unreachable"]
    assert prohibited == ["203.0.113.1", 0, 0, "not_measured", f"{said}Permission denied"]
    assert no_zone[:4] == ["fe80::1%nowhere", 0, 0, "not_measured"]
    assert no_zone[4].startswith(said)
    assert wide == ["::1", 2, 2, "works", ""]
    assert here == ["198.18.0.1", 2, 2, "works", ""]


def test_a_link_local_address_is_asked_on_the_link_of_its_zone() -> None:
    there, nobody = play("echo_scenes", "link_local")

    assert there == ["fe80::1%left", 1, 1, "works", ""]
    assert nobody[:4] == ["fe80::7%left", 1, 0, "fails"]


def test_a_source_is_used_and_one_that_is_not_ours_is_refused() -> None:
    found = play("echo_scenes", "sources")

    assert found["found"][0] == ["198.18.0.1", 1, 1, "works", ""]
    assert found["source"] == "198.18.7.7"
    assert found["found"][1] == [
        "::1", 0, 0, "not_measured",
        "this machine could not send: the source is of the other family",
    ]  # fmt: skip
    assert found["refused"] == "Cannot probe from 192.0.2.9: Cannot assign requested address."


def test_a_wall_clock_that_steps_back_disorders_nothing() -> None:
    assert play("echo_scenes", "stepping_clock") == ["2026-01-01 00"]


def test_ctrl_c_ends_a_sweep_at_once_and_leaves_no_socket() -> None:
    before, after = play("echo_scenes", "interrupted")

    assert before == after


def test_without_any_privilege_the_error_names_the_remedies() -> None:
    said = play("echo_scenes", "no_privilege")

    assert said.startswith("This user may not open ICMP sockets for IPv4.")
    assert "net.ipv4.ping_group_range" in said
    assert said.endswith("[E800]")


@pytest.mark.parametrize(
    "wrong", [{"rounds": 0}, {"retries": -1}, {"payload": 8}, {"timeout_s": 0}, {"open_sockets": 0}]
)
def test_options_that_mean_nothing_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"are|is"):
        SweepOptions(**wrong)  # type: ignore[arg-type]
