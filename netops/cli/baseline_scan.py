"""The first half of ``netops baseline scan``: ask the devices, and nothing that judges."""

from __future__ import annotations

from dataclasses import dataclass

import typer

from netops.cli.baseline_case import Asked, choose, rules_of
from netops.cli.progress import watcher
from netops.cli.snapshot import tell_outcome
from netops.collection.contact import Limits
from netops.collection.run import Options, run_snapshot
from netops.errors import UsageError
from netops.evidence import Workspace
from netops.i18n import _
from netops.inventory import load


@dataclass(frozen=True, slots=True)
class Taking:
    """How devices are asked."""

    jobs: int
    timeout: float
    walk: bool


def take_evidence(asked: Asked, taking: Taking, *, quiet: bool) -> str:
    """Take the snapshot and return its id; what was asked wrongly is told before any device is."""
    if asked.inventory is None:
        raise UsageError(_("No inventory is named."), remedy=_("Name its folder: --inventory."))
    registered = load(asked.inventory)
    rules = rules_of(asked)
    choice = choose(asked, registered)
    if asked.profile is not None and asked.profile not in rules.profiles:
        raise UsageError(
            _("There is no baseline profile “{name}”.").format(name=asked.profile),
            remedy=_("Use one of: {values}.").format(values=", ".join(sorted(rules.profiles))),
        )
    devices = None
    if choice.devices is not None:
        devices = tuple(name for name in registered.devices if name in choice.devices)
    silence = taking.timeout
    given = Options(
        devices=devices,
        jobs=taking.jobs,
        snmp=False,
        limits=Limits(silence_s=silence, login_s=silence, connect_s=min(silence, 5.0)),
        baseline=True,
        walk=taking.walk,
    )
    with watcher(quiet=quiet) as watching:
        outcome = run_snapshot(
            registered, asked.inventory, Workspace(asked.workspace), given, watching
        )
    tell_outcome(outcome, quiet=quiet)
    typer.echo(outcome.id, err=True)
    return outcome.id
