"""Writes a specification back to YAML in one normal form, every default spelled out."""

from __future__ import annotations

from typing import Any

import yaml

from netops.lab.spec import SCHEMA, FaultSpec, Spec

DIVISIONS = "divisions.csv"
"""Where the list of divisions lies beside a normalised specification."""


def spec_text(spec: Spec, *, divisions: str | None) -> str:
    """Return the normal form; ``divisions`` names the list where it is not the packaged one."""
    made: dict[str, Any] = {
        "schema": SCHEMA,
        "seed": spec.seed,
        "province": spec.province,
        "scope": {"cities": list(spec.scope.cities)} if spec.scope.cities else "all",
        "townships_per_county": spec.townships_per_county,
        "departments": {level.value: count for level, count in spec.departments.items()},
        "platforms": {level.value: dict(shares) for level, shares in spec.platforms.items()},
        "uplinks": {level.value: count for level, count in spec.uplinks.items()},
        "routes_per_device": spec.routes_per_device,
        "answers": {
            "delay": spec.answers.delay,
            "slow_share": spec.answers.slow_share,
            "slow_delay": spec.answers.slow_delay,
        },
        "quirks": dict(spec.quirks),
        "faults": [_fault(fault) for fault in spec.faults],
        "random_faults": {
            "exits": spec.random_faults.exits,
            "nodes": spec.random_faults.nodes,
            "devices": spec.random_faults.devices,
        },
        "innocents": list(spec.innocents),
        "backend": spec.backend,
        "probes": spec.has_probes,
        "bare_townships": spec.bare_townships,
    }
    if divisions is not None:
        made["divisions"] = divisions
    return yaml.safe_dump(made, allow_unicode=True, sort_keys=False, default_flow_style=None)


def _fault(fault: FaultSpec) -> dict[str, Any]:
    made: dict[str, Any] = {"kind": fault.kind, "at": fault.at}
    for name in ("mechanism", "family", "latent", "department", "application", "behaviour", "by"):
        value = getattr(fault, name)
        if value not in ("", None) and not (fault.mechanism == "policy_route" and name == "latent"):
            made[name] = value
    if fault.kind == "uplink_down":
        made["all"] = fault.all
    return made
