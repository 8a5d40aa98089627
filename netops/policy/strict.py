"""Reads a YAML file into a strict model: unknown fields, wrong values and bombs are refused.

One reader for policies and profiles; the caller names the error that its files raise.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from netops.errors import AuthorityError, NetopsError, Place, PolicyError, ProfileError, Sentence
from netops.plainyaml import PlainYamlError, parse_yaml
from netops.policy.wording import first_fault

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

AUTHORITY = Manner(
    AuthorityError,
    Sentence("The settings of the authority cannot be read: {reason}."),
    Sentence("Restore ca.yaml from a backup."),
    Sentence("Correct the field; docs/certificates.md lists what each may hold."),
)


def read_strict(path: Path, model: type[_Model], manner: Manner = POLICY) -> tuple[_Model, bytes]:
    """Return the value of ``path`` as ``model`` and the octets it was read from."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(_MEBIBYTE + 1)
    except OSError as error:
        raise manner.error(
            Sentence(manner.unreadable, reason=error.strerror),
            remedy=manner.remedy,
            place=Place(str(path)),
        ) from error
    if len(raw) > _MEBIBYTE:
        raise manner.error(
            "The file is larger than 1 MiB.",
            remedy="It should be a short text; check that this is the right file.",
            place=Place(str(path)),
        )
    return _parse(path, raw, model, manner), raw


def _parse(path: Path, raw: bytes, model: type[_Model], manner: Manner) -> _Model:
    try:
        document = parse_yaml(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise manner.error(
            "The file is not UTF-8 text.",
            remedy="Save it as UTF-8.",
            place=Place(str(path), raw.count(b"\n", 0, error.start) + 1),
        ) from error
    except PlainYamlError as error:
        place = Place(str(path), error.line)
        raise manner.error(error.cause, remedy=error.remedy, place=place) from error
    try:
        return model.model_validate(document)
    except ValidationError as error:
        cause, place = first_fault(error, document, path)
        raise manner.error(cause, remedy=manner.field_remedy, place=place) from error
