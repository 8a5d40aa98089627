"""Displays that tell the state itself: password control, servers, load, clock."""

from __future__ import annotations

import re
from collections.abc import Mapping

from netops.facts.settings import Setting, Value
from netops.platforms.answer import Answer
from netops.platforms.kin.live import Pattern, integer, read_lines, switch


def _line(text: str) -> re.Pattern[str]:
    return re.compile(rf"\s*{text}", re.IGNORECASE)


def _where(name: str) -> Pattern:
    """Make a pattern of ``Password X: Enabled (12 characters)``; disabled is none at all."""
    word = {"password.max_age_days": r"aging", "password.min_length": "length",
            "password.min_kinds": "composition", "password.history": "history"}[name]  # fmt: skip
    pattern = _line(rf"Password {word}\s*:\s*(Enabled|Disabled)(?:\D{{0,60}}(\d+))?")

    def make(match: re.Match[str]) -> tuple[str, Value | None]:
        if match[1].lower() == "disabled":
            return name, 0
        return name, int(match[2][:6]) if match[2] else None

    return pattern, make


def _action(match: re.Match[str]) -> tuple[str, Value | None]:
    return "lockout.duration_s", int(match[1][:6]) * 60


_CONTROL: tuple[Pattern, ...] = (
    (_line(r"Password control\s*:\s*(\w+)"), switch("password.policy")),
    *(
        _where(name)
        for name in (
            "password.max_age_days",
            "password.min_length",
            "password.min_kinds",
            "password.history",
        )
    ),
    (_line(r"Maximum login attempts\s*:\s*(\d+)"), integer("lockout.tries")),
    (_line(r"Action for exceeding login attempts\s*:\s*Lock user for (\d+) minute"), _action),
    (
        _line(r"Action for exceeding login attempts\s*:\s*(?:Do not lock|Unlock)"),
        lambda _m: ("lockout.duration_s", 0),
    ),
)
_SSH: tuple[Pattern, ...] = (
    (_line(r"Stelnet server\s*:\s*(\w+)"), switch("mgmt.ssh")),
    (_line(r"SSH version\s*:\s*(\d\.\d+)"), lambda m: ("mgmt.ssh_v1", m[1] in {"1.99", "1.5"})),
    (_line(r"SSH authentication-timeout\s*:\s*(\d+)"), integer("ssh.timeout_s")),
    (_line(r"SSH authentication retries\s*:\s*(\d+)"), integer("ssh.retries")),
)
_FTP: tuple[Pattern, ...] = (
    (_line(r"FTP server is (not )?running"), lambda m: ("mgmt.ftp", m[1] is None)),
)
_HTTP: tuple[Pattern, ...] = ((_line(r"HTTP status\s*:\s*(\w+)"), switch("mgmt.http")),)
_CPU: tuple[Pattern, ...] = (
    (_line(r"(\d{1,3})% in last 5 minutes"), integer("load.cpu_percent")),
    (_line(r"Slot \d{1,3} CPU \d{1,3}\s*:\s*(\d{1,3})%"), integer("load.cpu_percent")),
)
_MEMORY: tuple[Pattern, ...] = (
    (
        _line(r"Mem:.{0,120}?\s(\d{1,3}(?:\.\d{1,3})?)%\s*$"),
        lambda m: ("load.memory_percent", max(0, int(100 - float(m[1])))),
    ),
    (_line(r"Used Rate\s*:\s*(\d{1,3})%"), integer("load.memory_percent")),
)
_CLOCK: tuple[Pattern, ...] = (
    (
        _line(r"clock status\s*:\s*((?:un)?synchroni[sz]ed)"),
        lambda m: ("ntp.synchronised", not m[1].lower().startswith("un")),
    ),
)
LIVE: Mapping[str, tuple[Pattern, ...]] = {
    "display password-control": _CONTROL,
    "display ssh server status": _SSH,
    "display ftp-server": _FTP,
    "display ip http": _HTTP,
    "display cpu-usage": _CPU,
    "display memory": _MEMORY,
    "display ntp-service status": _CLOCK,
}
"""Lines of each display that make a setting."""
_CONTROLLED = frozenset(
    {"password.max_age_days", "password.min_length", "password.min_kinds", "password.history",
     "lockout.tries", "lockout.duration_s"}
)  # fmt: skip


def read_live(command: str, answer: Answer) -> tuple[list[Setting], str]:
    """Return the settings of a display, and a fault where none of its lines is known."""
    found = read_lines(answer, LIVE[command])
    if command == "display password-control":
        found = _enforced(found)
    return found, "" if found else "none of its lines was understood"


def _enforced(found: list[Setting]) -> list[Setting]:
    """With the first line disabled nothing below it is enforced, whatever it says."""
    control = next((setting for setting in found if setting.name == "password.policy"), None)
    if control is None:
        return []
    lock = Setting("lockout.enabled", control.value, "", control.source)
    kept = [s for s in found if control.value or s.name not in _CONTROLLED]
    return [*kept, lock]
