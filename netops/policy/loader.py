"""Reads a policy file and the targets that it names."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from netops.errors import Place, PolicyError, Sentence
from netops.gm import sm3_hex
from netops.plainyaml import PlainYamlError, parse_yaml
from netops.policy.model import Policy, PolicyFile, TargetFile
from netops.policy.wording import first_fault

_Model = TypeVar("_Model", bound=BaseModel)
_MEBIBYTE = 1 << 20


def load_policy(path: Path) -> Policy:
    """Read ``path`` and its targets; raise PolicyError with the field at fault."""
    site, raw = _read(path, PolicyFile)
    targets_path = path.parent / "targets" / f"{site.targets}.yaml"
    plan, raw_targets = _read(targets_path, TargetFile)
    samples = [f"policy.{name}" for name in _SOURCED if getattr(site, name).status == "sample"]
    samples += [f"target.{t.rate}.{t.scope}" for t in plan.targets if t.status == "sample"]
    return Policy(
        title=site.title,
        targets=plan.targets,
        closure=site.closure.value,
        minimum_strength=site.minimum_strength.value,
        tolerated_unknown=site.tolerated_unknown.value,
        anchors=site.anchors.value,
        allowed_exits=site.allowed_exits.value,
        samples=tuple(samples),
        digest="sm3:" + sm3_hex(raw + b"\x00" + raw_targets),
    )


_SOURCED = (
    "closure",
    "minimum_strength",
    "tolerated_unknown",
    "anchors",
    "allowed_exits",
)


def _read(path: Path, model: type[_Model]) -> tuple[_Model, bytes]:
    try:
        with path.open("rb") as stream:
            raw = stream.read(_MEBIBYTE + 1)
    except OSError as error:
        raise PolicyError(
            Sentence("The policy file cannot be read: {reason}.", reason=error.strerror),
            remedy="Name an existing policy file with --policy.",
            place=Place(str(path)),
        ) from error
    if len(raw) > _MEBIBYTE:
        raise PolicyError(
            "The policy file is larger than 1 MiB.",
            remedy="A policy is a short text; check that this is the right file.",
            place=Place(str(path)),
        )
    return _parse(path, raw, model), raw


def _parse(path: Path, raw: bytes, model: type[_Model]) -> _Model:
    try:
        document = parse_yaml(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise PolicyError(
            "The policy file is not UTF-8 text.",
            remedy="Save it as UTF-8.",
            place=Place(str(path), raw.count(b"\n", 0, error.start) + 1),
        ) from error
    except PlainYamlError as error:
        place = Place(str(path), error.line)
        raise PolicyError(error.cause, remedy=error.remedy, place=place) from error
    try:
        return model.model_validate(document)
    except ValidationError as error:
        cause, place = first_fault(error, document, path)
        raise PolicyError(
            cause,
            remedy="Correct the field; docs/policies.md lists what each may hold.",
            place=place,
        ) from error
