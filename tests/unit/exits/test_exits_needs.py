"""What reading must hand over for the audit to know that a device was not read."""

from __future__ import annotations

import pytest

from netops.evidence.observation import DeviceRecord, Observation, Outcome
from netops.facts.answers import AnswerState
from netops.facts.device import Contact
from netops.reading import read_device

PLATFORMS = ("huawei_vrp", "h3c_comware", "frr", "linux_host")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_needed_command_that_was_never_asked_has_a_row(platform: str) -> None:
    facts = read_device(DeviceRecord("d", platform, Contact.ANSWERED))

    needed = [a for a in facts.answers if "exits" in a.needed_by]
    assert needed
    assert {a.state for a in needed} == {AnswerState.NOT_ASKED}


def test_a_device_that_never_answered_has_no_such_rows() -> None:
    facts = read_device(DeviceRecord("d", "frr", Contact.HUNG))

    assert facts.answers == ()


def test_an_answer_says_which_audits_need_it() -> None:
    command = "display current-configuration"
    raw = f"{command}\r\nError: You do not have permission to run the command.\r\n<d>".encode()
    asked = Observation("d#1", "d", command, "ssh", "", 0.0, Outcome.ACCEPTED, raw)

    facts = read_device(DeviceRecord("d", "huawei_vrp", Contact.ANSWERED, observations=(asked,)))

    answer = next(a for a in facts.answers if a.command == command)
    assert "exits" in answer.needed_by
    assert answer.state is not AnswerState.UNDERSTOOD
