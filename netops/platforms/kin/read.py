"""The order in which answers of VRP and Comware become settings: identity, text, live displays.

Live displays outrank the configuration. A cut configuration gives no setting and says so. What
is told apart between the two comes in as functions of a ``Kin``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from netops.facts.answers import AnswerState
from netops.facts.settings import ComponentFacts, Setting, SettingsRead
from netops.platforms.answer import Answer, Parser
from netops.platforms.kin.layout import Layout
from netops.platforms.kin.live import down_and_open, overlaid

VERSION = "display version"
CONFIGURATION = "display current-configuration"
BRIEF = "display interface brief"

Settings = list[Setting]


@dataclass(frozen=True, slots=True)
class Kin:
    """One of the two: how it names itself, how its text is laid out and read, its live displays.

    ``configured`` gets family and version of ``display version`` and returns those that both
    tell, with the settings of the text.
    """

    component: str
    identity: Callable[[Answer | None], tuple[str, str]]
    lay_out: Callable[[Answer], tuple[Layout, str]]
    configured: Callable[[Answer, Layout, str, str], tuple[str, str, Settings]]
    live: tuple[str, ...]
    read_live: Callable[[str, Answer], tuple[Settings, str]]
    parse_brief: Parser


def read_kin(kin: Kin, answers: Mapping[str, Answer]) -> SettingsRead:
    """Read what there is of one device."""
    family, version = kin.identity(answers.get(VERSION))
    settings: Settings = []
    states: dict[str, tuple[AnswerState, str]] = {}
    configuration = answers.get(CONFIGURATION)
    if configuration is not None:
        layout, fault = kin.lay_out(configuration)
        if fault:
            states[CONFIGURATION] = (AnswerState.NOT_UNDERSTOOD, fault)
        else:
            family, version, settings = kin.configured(configuration, layout, family, version)
    for command in kin.live:
        if command in answers:
            found, fault = kin.read_live(command, answers[command])
            settings = overlaid(settings, found)
            if fault:
                states[command] = (AnswerState.NOT_UNDERSTOOD, fault)
    if BRIEF in answers:
        found, fault = down_and_open(answers[BRIEF], kin.parse_brief)
        settings = settings + found
        if fault:
            states[BRIEF] = (AnswerState.NOT_UNDERSTOOD, fault)
    component = ComponentFacts(kin.component, "", family, version, tuple(settings))
    return SettingsRead((component,), states=states)
