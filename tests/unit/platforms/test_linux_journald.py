"""Whether log-ins get to rsyslog: the ways in that it opens, and what journald hands on."""

from __future__ import annotations

import pytest
from host_texts import file, values

RUNNING = "=say journald running\n"
SOCKET = 'module(load="imuxsock")\n'
NO_SOCKET = 'module(load="imuxsock" sysSock.use="off")\n'
JOURNAL = 'module(load="imjournal" StateFile="imjournal.state")\n'
OFF = "[Journal]\nForwardToSyslog=no"
ON = "[Journal]\nForwardToSyslog=yes"


def fed(rsyslog: str, journal: str, more: str = RUNNING) -> object:
    """Return whether rsyslog is fed; None: nobody knows."""
    text = file("/etc/rsyslog.conf", rsyslog + "*.* /var/log/all")
    return values(logging=text + file("/etc/systemd/journald.conf", journal) + more).get("log.fed")


@pytest.mark.parametrize(
    ("rsyslog", "journal", "said"),
    [
        (SOCKET, ON, True),
        (SOCKET, OFF, False),
        ("$ModLoad imuxsock.so\n", ON, True),
        ("$ModLoad /usr/lib/rsyslog/imuxsock\n", OFF, False),
        (SOCKET + "$OmitLocalLogging on\n", ON, False),
        (SOCKET + "$OmitLocalLogging off\n", ON, True),
        (NO_SOCKET, ON, False),
        (NO_SOCKET + 'input(type="imuxsock" Socket="/run/systemd/journal/syslog")\n', ON, True),
        ('module(load="imuxsock" config.enabled="off")\n', ON, False),
        (SOCKET + JOURNAL, OFF, True),
        (JOURNAL, "[Journal]\nMaxLevelStore=warning", False),
        (SOCKET, "[Journal]\nForwardToSyslog=1\nMaxLevelSyslog=info", True),
        (SOCKET, "[Journal]\nForwardToSyslog=yes\nMaxLevelSyslog=5", False),
        (SOCKET, "[Other]\nForwardToSyslog=no\n[Journal]\n#ForwardToSyslog=yes", True),
        (SOCKET, "[Journal]\n# ForwardToSyslog=yes is what we want", None),
        ("", ON, False),
    ],
)  # fmt: skip
def test_rsyslog_is_fed_by_the_ways_in_that_it_opens(
    rsyslog: str, journal: str, said: object
) -> None:
    assert fed(rsyslog, journal) is said


def test_without_journald_the_socket_is_rsyslogs_own() -> None:
    assert fed(SOCKET, OFF, "=say journald absent\n") is True
    assert fed(JOURNAL, ON, "=say journald absent\n") is False


def test_evidence_that_does_not_say_whether_journald_runs_proves_no_silence() -> None:
    assert fed(SOCKET, OFF, "") is None
    assert fed(SOCKET, ON, "") is True


def test_a_drop_in_of_the_site_hides_that_of_its_name() -> None:
    inner = file("/etc/systemd/journald.conf.d/50.conf", ON)
    outer = file("/usr/lib/systemd/journald.conf.d/50.conf", OFF)
    assert fed(SOCKET, OFF, inner + outer + RUNNING) is True
