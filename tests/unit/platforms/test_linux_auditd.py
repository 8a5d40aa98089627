"""Which lines auditd starts with: the answers are those that auditd 3.0.9 gave for such files."""

from __future__ import annotations

import pytest
from host_texts import file, values

GOOD = "log_format = ENRICHED\nspace_left_action = SYSLOG\n"


@pytest.mark.parametrize(
    "line",
    [
        "num_logs = 5",
        "   num_logs = 5   ",
        "NUM_LOGS = 5",
        " # num_logs 5",
        "num_logs = 5\nnum_logs = 9",
        "admin_space_left_action = exec /bin/true",
        "admin_space_left_action = SYSLOG #note",
        "admin_space_left_action = SYSLOG # note",
        "max_log_file_action = keep_logs",
        "name_format = NONE",
        "",
    ],
)
def test_a_line_that_auditd_takes_spoils_nothing(line: str) -> None:
    found = values(auditd=file("/etc/audit/auditd.conf", GOOD + line))

    assert found["auditd.taken"] is True
    assert found["auditd.log_format"] == "enriched"


@pytest.mark.parametrize(
    "line",
    [
        "num_logs = 5   ## Log rotation",
        "num_logs = 5 #rotation",
        "num_logs = 5 five",
        "num_logs 5",
        "num_logs=5",
        "num_logs\t=\t5",
        "num_logs = 5\t",
        "num_logs = 5\r",
        "num_logs =",
        "num_logs = five",
        "max_log_file_action = keep",
        "max_log_file_action = ROTATE #x",
        "write_logs = yes #x",
        "flush = none #x",
        "log_file = /var/log/audit/audit.log #x",
    ],
)
def test_a_line_that_auditd_refuses_leaves_nothing_of_its_file(line: str) -> None:
    found = values(auditd=file("/etc/audit/auditd.conf", GOOD + line))

    told = {name: value for name, value in found.items() if name.startswith("auditd.")}
    assert told == {"auditd.present": True, "auditd.taken": False}


def test_the_last_of_two_values_counts() -> None:
    text = "num_logs = 5\nnum_logs = 9\n"

    assert values(auditd=file("/etc/audit/auditd.conf", text))["auditd.num_logs"] == 9
