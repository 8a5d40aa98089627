"""Which assets there are, by which profile each is judged, and what is shown of it.

An asset is a device, or a component of one (a database, a web server). Its profile follows from
the graded objects that it serves, unless one was named. Refuses to know how a check is judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from netops.baseline.conclusions import Form, Parameters
from netops.baseline.leaves import Shown
from netops.facts.answers import AnswerState
from netops.facts.device import Contact
from netops.facts.settings import AssetFacts, ComponentFacts, Setting
from netops.inventory.graded import GradedObject
from netops.inventory.model import Device, Inventory
from netops.policy.baseline.grades import Grade
from netops.policy.baseline.rules import RuleSet
from netops.policy.baseline.values import Profile

BASE = {"linux_host": "linux"}
"""The component that a device of a platform is itself, where the two names differ."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose: a profile for all, which devices, which form and its parameters."""

    profile: str | None = None
    devices: frozenset[str] | None = None
    form: Form = Form.REPORT_2025
    parameters: Parameters = field(default_factory=Parameters)

    def holds(self, device: str) -> bool:
        """Whether a device is to be judged."""
        return self.devices is None or device in self.devices


@dataclass(frozen=True, slots=True)
class Asset:
    """One thing that is judged by itself. ``profile`` None: nobody knows by which."""

    id: str
    device: Device
    component: str
    instance: str
    family: str
    version: str
    contact: Contact
    shown: Shown
    profile: Profile | None
    objects: tuple[GradedObject, ...] = ()

    is_named: bool = False
    """Whether a person named the profile; then its level counts for every item."""

    @property
    def level(self) -> int:
        """The level that it is judged at; 0 where no profile is known."""
        return 0 if self.profile is None else self.profile.level

    @property
    def grade(self) -> Grade:
        """The highest sub-levels of the objects that it serves."""
        if self.is_named or not self.objects:
            return Grade(self.level, self.level)
        return Grade(max(o.s for o in self.objects), max(o.a for o in self.objects))


def grade_of(graded: GradedObject) -> Grade:
    """Return the sub-levels of an object."""
    return Grade(graded.s, graded.a)


def find_assets(
    inventory: Inventory, facts: Mapping[str, AssetFacts], rules: RuleSet, choice: Choice
) -> tuple[Asset, ...]:
    """Return every asset of the devices chosen, in the order of the inventory."""
    found: list[Asset] = []
    for device in inventory.devices.values():
        if choice.holds(device.id):
            objects = inventory.graded_of.get(device.id, ())
            profile = _profile(objects, rules, choice)
            made = assets_of(device, facts.get(device.id), profile, objects)
            found += (replace(one, is_named=choice.profile is not None) for one in made)
    return tuple(found)


def base_component(platform: str) -> str:
    """Return the component that a device of a platform is itself."""
    return BASE.get(platform, platform)


def assets_of(
    device: Device,
    facts: AssetFacts | None,
    profile: Profile | None = None,
    objects: tuple[GradedObject, ...] = (),
) -> Iterator[Asset]:
    """Yield the device itself and every component that was recognised on it."""
    known = facts or AssetFacts(device.id, device.platform)
    base = base_component(device.platform)
    components = known.components
    states = {answer.command: (answer.state, answer.detail) for answer in known.answers}
    if not any(one.component == base for one in components):
        # What was not read stands in the list too: silence must not shorten it.
        components = (ComponentFacts(base), *components)
    for one in components:
        is_read = one in known.components
        yield Asset(
            id=_name(device.id, one, base),
            device=device,
            component=one.component,
            instance=one.instance,
            family=one.family,
            version=one.version,
            contact=known.contact,
            shown=Shown(by_name(one.settings), states) if is_read else _unread(known),
            profile=profile,
            objects=objects,
        )


def _unread(known: AssetFacts) -> Shown:
    """Say of every command why a component was not read: nobody asked, or nobody understood."""
    if any(answer.state is AnswerState.UNDERSTOOD for answer in known.answers):
        states = {
            a.command: (a.state, a.detail)
            for a in known.answers
            if a.state is not AnswerState.UNDERSTOOD
        }
        return Shown({}, states, (AnswerState.NOT_UNDERSTOOD, "component not recognised"))
    if known.contact is Contact.ANSWERED:
        return Shown({}, {a.command: (a.state, a.detail) for a in known.answers})
    why = known.contact.value + (f": {known.detail}" if known.detail else "")
    return Shown({}, {}, (AnswerState.NOT_ASKED, why))


def _name(device: str, one: ComponentFacts, base: str) -> str:
    own = "" if one.component == base and not one.instance else f"/{one.component}"
    return f"{device}{own}" + (f":{one.instance}" if one.instance else "")


def by_name(settings: tuple[Setting, ...]) -> Mapping[str, list[Setting]]:
    """Index settings once, so that a hundred checks look nothing up twice."""
    found: dict[str, list[Setting]] = {}
    for setting in settings:
        found.setdefault(setting.name, []).append(setting)
    return found


def _profile(objects: tuple[GradedObject, ...], rules: RuleSet, choice: Choice) -> Profile | None:
    if choice.profile is not None:
        return rules.profiles[choice.profile]
    if not objects:
        return None
    return rules.profiles[default_profile(max(item.level for item in objects))]


def default_profile(level: int) -> str:
    """Return the name of the profile of a level."""
    return f"mlps-l{level}"


@dataclass(frozen=True, slots=True)
class Wholeness:
    """Whether a profile asks everything at its level: only then can a whole object be concluded."""

    rules: RuleSet
    known: dict[str, bool] = field(default_factory=dict)

    def of(self, profile: Profile) -> bool:
        """Return whether no check of the level is left out without an exemption."""
        if profile.name not in self.known:
            asked = {*profile.checks, *(one.check for one in profile.excluded)}
            needed = {c.id for c in self.rules.checks.values() if c.covers_level(profile.level)}
            self.known[profile.name] = needed <= asked
        return self.known[profile.name]
