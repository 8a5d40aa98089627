"""Reads a policy file and the targets that it names."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from netops.gm import sm3_hex
from netops.policy.model import Policy, PolicyFile, SourcedHours, TargetFile
from netops.policy.strict import read_strict


def load_policy(path: Path) -> Policy:
    """Read ``path`` and its targets; raise PolicyError with the field at fault."""
    site, raw = read_strict(path, PolicyFile)
    targets_path = path.parent / "targets" / f"{site.targets}.yaml"
    plan, raw_targets = read_strict(targets_path, TargetFile)
    given = {name: getattr(site, name) for name in (*_SOURCED, *_OPTIONAL)}
    samples = [f"policy.{n}" for n, v in given.items() if v is not None and v.status == "sample"]
    samples += [f"target.{t.rate}.{t.scope}" for t in plan.targets if t.status == "sample"]
    return Policy(
        title=site.title,
        targets=plan.targets,
        closure=site.closure.value,
        minimum_strength=site.minimum_strength.value,
        tolerated_unknown=site.tolerated_unknown.value,
        anchors=site.anchors.value,
        allowed_exits=site.allowed_exits.value,
        evidence_valid_for=_hours(site.evidence_valid_for),
        quality=() if site.quality is None else site.quality.value,
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
_OPTIONAL = ("evidence_valid_for", "quality")


def _hours(given: SourcedHours | None) -> timedelta | None:
    return None if given is None else timedelta(hours=given.value)
