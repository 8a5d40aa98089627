"""From the answers of a VRP device to its settings; live displays outrank the configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping

from netops.facts.answers import AnswerState
from netops.facts.settings import ComponentFacts, Setting, SettingsRead
from netops.platforms.base import Answer
from netops.platforms.huawei_vrp.defaults import family_of
from netops.platforms.huawei_vrp.interfaces import parse_interface_brief
from netops.platforms.huawei_vrp.settings.configuration import (
    lay_out,
    read_configuration,
    release_of,
)
from netops.platforms.huawei_vrp.settings.live import LIVE, read_live
from netops.platforms.kin.live import down_and_open, overlaid
from netops.platforms.settings import Baseline

CONFIGURATION = "display current-configuration"
_VERSION = "display version"
_BRIEF = "display interface brief"
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


def read(answers: Mapping[str, Answer]) -> SettingsRead:
    """Read what there is; a cut configuration gives no setting and says so."""
    family, version = _identity(answers.get(_VERSION))
    settings: list[Setting] = []
    states: dict[str, tuple[AnswerState, str]] = {}
    configuration = answers.get(CONFIGURATION)
    if configuration is not None:
        layout, fault = lay_out(configuration)
        if fault:
            states[CONFIGURATION] = (AnswerState.NOT_UNDERSTOOD, fault)
        else:
            written, is_router = release_of(layout)
            family = family or ("ar" if is_router else "")
            version = _agreed(version, written)
            settings = read_configuration(configuration, layout, family, version).settings
    for command in LIVE:
        if command in answers:
            found, fault = read_live(command, answers[command])
            settings = overlaid(settings, found)
            if fault:
                states[command] = (AnswerState.NOT_UNDERSTOOD, fault)
    if _BRIEF in answers:
        settings = settings + down_and_open(answers[_BRIEF], parse_interface_brief)
    component = ComponentFacts("huawei_vrp", "", family, version, tuple(settings))
    return SettingsRead((component,), states=states)


BASELINE = Baseline(read, (_VERSION, CONFIGURATION, _BRIEF, *LIVE))
