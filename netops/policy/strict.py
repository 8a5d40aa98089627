"""Reads a YAML file into a strict model: unknown fields, wrong values and bombs are refused.

One reader for policies, rules and profiles; the caller names the error that its files raise,
or takes every fault of a file and goes on to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from netops.errors import (
    AuthorityError,
    Fault,
    InputError,
    NetopsError,
    Place,
    PolicyError,
    ProfileError,
    Sentence,
)
from netops.plainyaml import PlainYamlError, parse_yaml
from netops.policy.wording import every_fault

_Model = TypeVar("_Model", bound=BaseModel)
_MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Manner:
    """How files of one kind are spoken of: the error, what the file is, where fields stand."""

    error: type[NetopsError]
    unreadable: Sentence
    remedy: Sentence
    field_remedy: Sentence


POLICY = Manner(
    PolicyError,
    Sentence("The policy file cannot be read: {reason}."),
    Sentence("Name an existing policy file with --policy."),
    Sentence("Correct the field; docs/policies.md lists what each may hold."),
)
PROFILE = Manner(
    ProfileError,
    Sentence("The profile cannot be read: {reason}."),
    Sentence("Name a folder of profiles; ours is certs/profiles."),
    Sentence("Correct the field; docs/certificates.md lists what each may hold."),
)

RULES = Manner(
    PolicyError,
    Sentence("The rule file cannot be read: {reason}."),
    Sentence("Mend its permissions, or remove it."),
    Sentence("Correct the field; docs/baseline-rules.md lists what each may hold."),
)
AUTHORITY = Manner(
    AuthorityError,
    Sentence("The settings of the authority cannot be read: {reason}."),
    Sentence("Restore ca.yaml from a backup."),
    Sentence("Correct the field; docs/certificates.md lists what each may hold."),
)
PLAYBOOK = Manner(
    InputError,
    Sentence("The playbook cannot be read: {reason}."),
    Sentence("Name an existing playbook."),
    Sentence("Correct the field; docs/playbooks.md shows the form."),
)


@dataclass(frozen=True, slots=True)
class Examined(Generic[_Model]):
    """What became of one file: its value, or every fault; ``document`` knows the lines."""

    value: _Model | None
    raw: bytes
    document: object
    faults: tuple[Fault, ...] = ()


def read_strict(path: Path, model: type[_Model], manner: Manner = POLICY) -> tuple[_Model, bytes]:
    """Return the value of ``path`` as ``model`` and the octets it was read from."""
    found = examine(path, model, manner)
    if found.value is None:
        first = found.faults[0]
        raise manner.error(first.cause, remedy=first.remedy, place=first.place)
    return found.value, found.raw


def examine(path: Path, model: type[_Model], manner: Manner = POLICY) -> Examined[_Model]:
    """Read ``path`` as ``model``, noting every field at fault instead of raising."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(_MEBIBYTE + 1)
    except OSError as error:
        cause = Sentence(manner.unreadable, reason=error.strerror)
        return _refused(b"", Fault("file_unreadable", Place(str(path)), cause, manner.remedy))
    if len(raw) > _MEBIBYTE:
        return _refused(raw, Fault(
            "file_too_large", Place(str(path)), "The file is larger than 1 MiB.",
            "It should be a short text; check that this is the right file."))  # fmt: skip
    return _parse(path, raw, model, manner)


def _refused(raw: bytes, fault: Fault) -> Examined[_Model]:
    return Examined(None, raw, None, (fault,))


def _parse(path: Path, raw: bytes, model: type[_Model], manner: Manner) -> Examined[_Model]:
    try:
        document = parse_yaml(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        place = Place(str(path), raw.count(b"\n", 0, error.start) + 1)
        return _refused(
            raw, Fault("bad_encoding", place, "The file is not UTF-8 text.", "Save it as UTF-8.")
        )
    except PlainYamlError as error:
        place = Place(str(path), error.line)
        return _refused(raw, Fault(error.kind, place, error.cause, error.remedy))
    try:
        return Examined(model.model_validate(document), raw, document)
    except ValidationError as error:
        faults = tuple(
            Fault("bad_field", place, cause, manner.field_remedy)
            for cause, place in every_fault(error, document, path)
        )
        return Examined(None, raw, document, faults)
