"""Lays profiles over one another: a child or a site may tighten, never loosen unasked.

A looser threshold or a check left out names the number of its exemption. Whether that exemption
exists and is in force is the judgement's to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from netops.errors import Sentence
from netops.policy.baseline.files import ProfileFile, SetForm
from netops.policy.baseline.joining import outside
from netops.policy.baseline.noting import Notes, Path, Sheet
from netops.policy.baseline.values import Check, Excluded, Literals, Parameter, Profile, Tighter


@dataclass(frozen=True, slots=True)
class Layered:
    """A profile as one file has it; ``beneath`` is the file of the same name under a site's."""

    form: ProfileFile
    sheet: Sheet
    beneath: Layered | None = None


@dataclass(slots=True)
class _Draft:
    """A profile while its files are laid over one another."""

    level: int = 0
    include: list[str] = field(default_factory=list)
    items: set[str] = field(default_factory=set)
    excluded: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, dict[str, Parameter]] = field(default_factory=dict)


class Profiles:
    """Resolves every profile of the layers against the checks that exist."""

    def __init__(
        self,
        files: Mapping[str, Layered],
        checks: Mapping[str, Check],
        has_item: Callable[[str], bool],
        notes: Notes,
        *,
        whole: bool,
    ) -> None:
        self._files = files
        self._checks = checks
        self._has_item = has_item
        self._notes = notes
        self._whole = whole
        """Whether all checks were loaded: only then is one that is not there a fault."""

    def resolved(self) -> dict[str, Profile]:
        """Return every profile by name."""
        return {name: self._profile(layered) for name, layered in sorted(self._files.items())}

    def _profile(self, layered: Layered) -> Profile:
        draft = self._draft(layered, ())
        chosen = {
            name
            for name, check in self._checks.items()
            if check.covers_level(draft.level) and _is_chosen(check, draft)
        }
        excluded = (
            Excluded(check, why, check in chosen) for check, why in sorted(draft.excluded.items())
        )
        return Profile(
            layered.form.name,
            layered.form.title.text(),
            draft.level,
            tuple(sorted(chosen - draft.excluded.keys())),
            tuple(excluded),
            draft.parameters,
        )

    def _draft(self, layered: Layered, above: tuple[str, ...]) -> _Draft:
        """Return what lies under a file, with the file laid over it."""
        form = layered.form
        if layered.beneath is not None:
            draft = self._draft(layered.beneath, above)
        elif form.extends is not None:
            draft = self._parent(layered, form.extends, above)
        else:
            draft = _Draft()
        if form.level < draft.level:
            cause = Sentence("The level is lower than that of the profile beneath ({level}).",
                             level=draft.level)  # fmt: skip
            self._note(
                "looser", layered.sheet, ("level",), cause, Sentence("Raise it, or extend another.")
            )
        draft.level = max(draft.level, form.level)
        self._choose(layered, draft)
        for check, given in form.parameters.items():
            self._set(layered, draft, check, given)
        return draft

    def _parent(self, layered: Layered, name: str, above: tuple[str, ...]) -> _Draft:
        path = (*above, layered.form.name)
        if name in path:
            cause = Sentence("The profiles extend one another in a circle: {names}.",
                             names=" → ".join((*path, name)))  # fmt: skip
            self._note(
                "bad_profile", layered.sheet, ("extends",), cause, Sentence("Break the circle.")
            )
            return _Draft()
        if name not in self._files:
            cause = Sentence("There is no baseline profile “{name}”.", name=name)
            self._note(
                "bad_profile", layered.sheet, ("extends",), cause, Sentence("Correct the name.")
            )
            return _Draft()
        return self._draft(self._files[name], path)

    def _choose(self, layered: Layered, draft: _Draft) -> None:
        for number, pattern in enumerate(layered.form.checks.include):
            fits = pattern == "*" or any(fnmatchcase(name, pattern) for name in self._checks)
            if self._whole and not fits:
                cause = Sentence("No check is named “{pattern}”.", pattern=pattern)
                path = ("checks", "include", number)
                self._note(
                    "unknown_check", layered.sheet, path, cause, Sentence("Correct the name.")
                )
            draft.include.append(pattern)
        for number, left_out in enumerate(layered.form.checks.exclude):
            self._known(left_out.id, layered, ("checks", "exclude", number))
            draft.excluded[left_out.id] = left_out.exemption
        for number, item in enumerate(layered.form.checks.items):
            if not self._has_item(item):
                cause = Sentence("The item “{name}” is in no catalogue.", name=item)
                path = ("checks", "items", number)
                self._note("unknown_item", layered.sheet, path, cause, Sentence("Correct the id."))
            draft.items.add(item)
        if not draft.include and not draft.items:
            self._note(
                "bad_profile", layered.sheet, ("checks",), Sentence("The profile asks nothing."),
                Sentence("Name checks below `include:` or `items:`, or extend another profile."),
            )  # fmt: skip

    def _known(self, check: str, layered: Layered, path: Path) -> bool:
        if check in self._checks:
            return True
        if self._whole:
            cause = Sentence("No check is named “{pattern}”.", pattern=check)
            self._note("unknown_check", layered.sheet, path, cause, Sentence("Correct the name."))
        return False

    def _set(
        self, layered: Layered, draft: _Draft, check: str, given: Mapping[str, SetForm]
    ) -> None:
        if not self._known(check, layered, ("parameters", check)):
            return
        own = self._checks[check].parameters
        for name, form in given.items():
            path = ("parameters", check, name)
            if name not in own:
                cause = Sentence("The check has no parameter “{name}”.", name=name)
                self._note(
                    "parameter_undefined", layered.sheet, path, cause, Sentence("Correct the name.")
                )
                continue
            before = draft.parameters.get(check, {}).get(name, own[name])
            self._replace(layered, draft, path, (before, form))

    def _replace(
        self, layered: Layered, draft: _Draft, path: Path, change: tuple[Parameter, SetForm]
    ) -> None:
        before, form = change
        if _kind(form.value) != _kind(before.value):
            cause = Sentence("“{value}” is of another type than the check's own value “{own}”.",
                             value=_shown(form.value), own=_shown(before.value))  # fmt: skip
            self._note(
                "wrong_type", layered.sheet, (*path, "value"), cause, Sentence("Correct the value.")
            )
            return
        if not before.holds(form.value):
            # Neither the wish to be strict nor an exemption makes sense of it.
            self._note(
                "out_of_bounds", layered.sheet, (*path, "value"), outside(form.value, before),
                Sentence("Write a value within them; mind the unit."),
            )  # fmt: skip
            return
        if not form.exemption and not is_as_tight(before.value, form.value, before.tighter):
            cause = Sentence(
                "“{value}” is looser than “{own}”, or cannot be told to be tighter.",
                value=_shown(form.value),
                own=_shown(before.value),
            )
            remedy = Sentence(
                "Tighten it, or name the exemption that allows it: `exemption: NUMBER`."
            )
            self._note("looser", layered.sheet, (*path, "value"), cause, remedy)
        strict = before.value if before.strict is None else before.strict
        is_loose = not is_as_tight(strict, form.value, before.tighter)
        exemption = (form.exemption or before.exemption) if is_loose else ""
        check, name = str(path[1]), str(path[2])
        draft.parameters.setdefault(check, {})[name] = Parameter(
            form.value, before.tighter, form.source, form.status, before.unit,
            exemption, strict if is_loose else None, before.bounds,
        )  # fmt: skip

    def _note(self, kind: str, sheet: Sheet, path: Path, cause: str, remedy: str) -> None:
        place = sheet.place(path)
        # Files beneath others are laid out once for each that extends them.
        if not any((f.kind, f.place) == (kind, place) for f in self._notes.found):
            self._notes.add(kind, place, cause, remedy)


def _is_chosen(check: Check, draft: _Draft) -> bool:
    if any(cover.item in draft.items for cover in check.covers):
        return True
    return any(fnmatchcase(check.id, pattern) for pattern in draft.include)


def is_as_tight(before: Literals, after: Literals, tighter: Tighter) -> bool:
    """Whether a new value asks at least as much as the old one."""
    if before == after:
        return True
    if isinstance(before, tuple) and isinstance(after, tuple):
        old, new = set(before), set(after)
        return (tighter == "fewer" and new <= old) or (tighter == "more" and new >= old)
    if isinstance(before, int) and isinstance(after, int):
        return (tighter == "higher" and after > before) or (tighter == "lower" and after < before)
    return False


def _kind(value: Literals) -> tuple[type, ...]:
    inner = {type(one) for one in value} if isinstance(value, tuple) else set[type]()
    return (type(value), *(sorted(inner, key=str)))


def _shown(value: Literals) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return text[:80]
