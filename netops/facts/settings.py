"""What a baseline asks of an asset: settings by name, and of which component they are.

A setting that is not here is absent only where the commands that show it were understood;
``AssetFacts.answers`` tells. Secrets are never values: parsers keep their form, not their text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from netops.facts.answers import AnswerState, CommandAnswer, UnreadLine
from netops.facts.device import Contact
from netops.facts.source import NOWHERE, Source

Value = bool | int | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """One effective value. ``name`` is dotted lower case and stands in ``policies/evidence``.

    ``key`` says whose it is where a component has several: an account, a range of lines, an
    interface, a listener; empty for the component as a whole.
    """

    name: str
    value: Value
    key: str = ""
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class ComponentFacts:
    """A thing that baselines judge by itself: an operating system, a database, a web server.

    ``component`` is the folder of its checks; ``instance`` tells two of a kind apart (a database
    cluster, say). ``family`` and ``version`` decide which checks apply; empty: not known.
    """

    component: str
    instance: str = ""
    family: str = ""
    version: str = ""
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class SettingsRead:
    """What a platform made of the evidence of one device.

    ``states`` names commands whose text was accepted and yet shows nothing reliable (cut,
    refused for lack of rights, not understood), with why.
    """

    components: tuple[ComponentFacts, ...] = ()
    unread: tuple[UnreadLine, ...] = ()
    states: Mapping[str, tuple[AnswerState, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AssetFacts:
    """All that a baseline knows of one device; ``answers`` has a row for every command."""

    device: str
    platform: str
    contact: Contact = Contact.NOT_ASKED
    detail: str = ""
    components: tuple[ComponentFacts, ...] = ()
    answers: tuple[CommandAnswer, ...] = ()
    unread: tuple[UnreadLine, ...] = ()

    def state_of(self, command: str) -> AnswerState:
        """Return how a command was answered; NOT_ASKED where nobody asked."""
        return next((a.state for a in self.answers if a.command == command), AnswerState.NOT_ASKED)

    def named(self, name: str) -> Iterator[tuple[ComponentFacts, Setting]]:
        """Yield every setting of that name with its component."""
        for component in self.components:
            for setting in component.settings:
                if setting.name == name:
                    yield component, setting
