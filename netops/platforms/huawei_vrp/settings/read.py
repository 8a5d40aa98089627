"""From the answers of a VRP device to its settings; live displays outrank the configuration."""

from __future__ import annotations

import re
from functools import partial

from netops.platforms.answer import Answer
from netops.platforms.huawei_vrp.defaults import family_of
from netops.platforms.huawei_vrp.interfaces import parse_interface_brief
from netops.platforms.huawei_vrp.settings.configuration import (
    lay_out,
    read_configuration,
    release_of,
)
from netops.platforms.huawei_vrp.settings.live import LIVE, read_live
from netops.platforms.kin.layout import Layout
from netops.platforms.kin.read import BRIEF, CONFIGURATION, VERSION, Kin, Settings, read_kin
from netops.platforms.settings import Baseline

_SOFTWARE = re.compile(
    r"\s*(?:VRP \(R\) [Ss]oftware|YunShan OS), Version \S+ "
    r"\(([^()]{1,60}?) (V\d{3}R\d{3}[^\s()]*)\)"
)
_RELEASE = re.compile(r"V\d{3}R\d{3}(?:C\d{2,3})?")


def _identity(answer: Answer | None) -> tuple[str, str]:
    """Return family and release of ``display version``; empty where it was not shown."""
    for line in answer.texts[:40] if answer is not None else ():
        if found := _SOFTWARE.match(line[:300]):
            return family_of(found[1]) or "", found[2]
    return "", ""


def _agreed(shown: str, written: str) -> str:
    """Return the release that both tell; empty where they contradict each other."""
    if not shown or not written:
        return shown or written
    one, other = _RELEASE.match(shown), _RELEASE.match(written)
    same = one and other and (one[0].startswith(other[0]) or other[0].startswith(one[0]))
    return shown if same else ""


def _configured(
    answer: Answer, layout: Layout, family: str, shown: str
) -> tuple[str, str, Settings]:
    written, is_router = release_of(layout)
    family = family or ("ar" if is_router else "")
    version = _agreed(shown, written)
    return family, version, read_configuration(answer, layout, family, version).settings


_KIN = Kin(
    "huawei_vrp", _identity, lay_out, _configured, tuple(LIVE), read_live, parse_interface_brief
)
BASELINE = Baseline(partial(read_kin, _KIN), (VERSION, CONFIGURATION, BRIEF, *LIVE))
