"""Displays that tell the state itself: servers, rules for passwords, load, clock."""

from __future__ import annotations

import re
from collections.abc import Mapping

from netops.facts.settings import Setting
from netops.platforms.answer import Answer
from netops.platforms.kin.live import Pattern, integer, read_lines, switch


def _line(text: str) -> re.Pattern[str]:
    return re.compile(rf"\s*{text}", re.IGNORECASE)


_TELNET: tuple[Pattern, ...] = (
    (_line(r"TELNET(?: IPv4)? server\s*:\s*(\w+)"), switch("mgmt.telnet")),
    (_line(r"TELNET IPv6 server\s*:\s*(\w+)"), switch("mgmt.telnet6")),
)
_SSH: tuple[Pattern, ...] = (
    (_line(r"STELNET(?: IPv4)? server\s*:\s*(\w+)"), switch("mgmt.ssh")),
    (_line(r"STELNET IPv6 server\s*:\s*(\w+)"), switch("mgmt.ssh6")),
    (_line(r"SSH version\s*:\s*(\d\.\d+)"), lambda m: ("mgmt.ssh_v1", m[1] in {"1.99", "1.5"})),
    (_line(r"SSH (?:connection )?timeout\s*:\s*(\d+)"), integer("ssh.timeout_s")),
    (_line(r"SSH authentication retries\s*:\s*(\d+)"), integer("ssh.retries")),
)
_HTTP: tuple[Pattern, ...] = (
    (_line(r"HTTP server status\s*:\s*(\w+)"), switch("mgmt.http")),
    (_line(r"HTTP (?:IPv4 )?server\s*:\s*(\w+)"), switch("mgmt.http")),
    (_line(r"HTTP secure-server status\s*:\s*(\w+)"), switch("mgmt.https")),
)
_FTP: tuple[Pattern, ...] = (
    (
        _line(r"Info: The FTP server is already (disabled|enabled)"),
        lambda m: ("mgmt.ftp", m[1].lower() == "enabled"),
    ),
    (_line(r"FTP server is (running|stopped)"), switch("mgmt.ftp")),
)
_CPU: tuple[Pattern, ...] = (
    (_line(r"CPU Usage\s*:\s*(\d{1,3})(?:\.\d+)?\s*%"), integer("load.cpu_percent")),
    (_line(r"System CPU Using Percentage\s*:\s*(\d{1,3})\s*%"), integer("load.cpu_percent")),
    (
        _line(r"CPU utilization for (?:five|ten) seconds\s*:\s*(\d{1,3})(?:\.\d+)?\s*%"),
        integer("load.cpu_percent"),
    ),
)
_MEMORY: tuple[Pattern, ...] = (
    (
        _line(r"(?:System |Physical )?Memory Using Percentage(?: Is)?\s*:\s*(\d{1,3})\s*%"),
        integer("load.memory_percent"),
    ),
)
_CLOCK: tuple[Pattern, ...] = (
    (
        _line(r"clock status\s*:\s*((?:un)?synchroni[sz]ed)"),
        lambda m: ("ntp.synchronised", not m[1].lower().startswith("un")),
    ),
)
LIVE: Mapping[str, tuple[Pattern, ...]] = {
    "display telnet server status": _TELNET,
    "display telnet server": _TELNET,
    "display ssh server status": _SSH,
    "display http server": _HTTP,
    "display ftp-server": _FTP,
    "display cpu-usage": _CPU,
    "display memory-usage": _MEMORY,
    "display ntp-service status": _CLOCK,
    "display ntp status": _CLOCK,
}
"""Lines of each display that make a setting."""


def read_live(command: str, answer: Answer) -> tuple[list[Setting], str]:
    """Return the settings of a display, and a fault where none of its lines is known."""
    found = read_lines(answer, LIVE[command])
    return found, "" if found else "none of its lines was understood"
