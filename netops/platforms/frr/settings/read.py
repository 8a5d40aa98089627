"""From the answers of an FRR router to its settings.

Through vtysh a router tells its running configuration and no option of its daemons: which
address they listen on, and who may open a session, is told by the host's own files.
"""

from __future__ import annotations

from collections.abc import Mapping

from netops.facts.answers import AnswerState
from netops.facts.settings import ComponentFacts, Setting, SettingsRead
from netops.platforms.answer import Answer
from netops.platforms.frr.settings.configuration import lay_out, read_configuration
from netops.platforms.settings import Baseline

CONFIGURATION = "show running-config"
_VERSION = "show version"


def _shown_version(answer: Answer | None) -> str:
    """Return the version of ``show version``; empty where it was not shown."""
    for line in answer.texts[:10] if answer is not None else ():
        words = line[:200].split(" ")
        if words[:1] == ["FRRouting"] and len(words) > 1:
            return words[1]
    return ""


def read(answers: Mapping[str, Answer]) -> SettingsRead:
    """Read what there is; a cut configuration gives no setting and says so."""
    version = _shown_version(answers.get(_VERSION))
    settings: list[Setting] = []
    states: dict[str, tuple[AnswerState, str]] = {}
    configuration = answers.get(CONFIGURATION)
    if configuration is not None:
        layout, written, fault = lay_out(configuration)
        version = version or written
        if fault:
            states[CONFIGURATION] = (AnswerState.NOT_UNDERSTOOD, fault)
        else:
            settings = read_configuration(configuration, layout).settings
    return SettingsRead((ComponentFacts("frr", "", "", version, tuple(settings)),), states=states)


BASELINE = Baseline(read, (_VERSION, CONFIGURATION))
