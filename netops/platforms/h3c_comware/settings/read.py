"""From the answers of a Comware device to its settings; live displays outrank the text."""

from __future__ import annotations

import re
from functools import partial

from netops.platforms.answer import Answer
from netops.platforms.h3c_comware.interface_tables import parse_interface_brief
from netops.platforms.h3c_comware.settings.configuration import (
    lay_out,
    read_configuration,
    version_of,
)
from netops.platforms.h3c_comware.settings.live import LIVE, read_live
from netops.platforms.kin.layout import Layout
from netops.platforms.kin.read import BRIEF, CONFIGURATION, VERSION, Kin, Settings, read_kin
from netops.platforms.settings import Baseline

_SOFTWARE = re.compile(r".{0,60}?Software, Version (\d{1,2}\.\d+[\d.]{0,20}),? ?(.{0,60})")
_UPTIME = re.compile(r"(?:H3C|HPE|HP)\s+(\S{1,20}).{0,60} uptime is ")
_SERIES = re.compile(r"(SecPath|MSR|SR\d\d|S\d{2}|WX|CR\d\d|M9000|F\d{3,4})", re.IGNORECASE)
_FIRST_LINES = 40


def _identity(answer: Answer | None) -> tuple[str, str]:
    """Return series and version of ``display version``; empty where it was not shown."""
    family = version = ""
    for line in answer.texts[:_FIRST_LINES] if answer is not None else ():
        if (found := _SOFTWARE.match(line[:300])) and not version:
            version = found[1]
        elif (found := _UPTIME.match(line[:300])) and not family:
            series = _SERIES.match(found[1])
            family = series[1].lower() if series else found[1].lower()
    return family, version


def _agreed(shown: str, written: str) -> str:
    """Return the version that both tell; empty where they contradict each other."""
    if not shown or not written:
        return shown or written
    return shown if shown == written else ""


def _configured(
    answer: Answer, layout: Layout, family: str, shown: str
) -> tuple[str, str, Settings]:
    version = _agreed(shown, version_of(layout)[0])
    return family, version, read_configuration(answer, layout, _major(version)).settings


def _major(version: str) -> int:
    """The number before the first point; 0 where no version is known."""
    number = version.partition(".")[0]
    return int(number) if number.isascii() and number.isdigit() else 0


_KIN = Kin(
    "h3c_comware", _identity, lay_out, _configured, tuple(LIVE), read_live, parse_interface_brief
)
BASELINE = Baseline(partial(read_kin, _KIN), (VERSION, CONFIGURATION, BRIEF, *LIVE))
