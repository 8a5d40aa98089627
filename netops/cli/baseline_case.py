"""What every command of ``netops baseline`` is asked with, and how its case is opened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netops.cli.filters import chosen_devices
from netops.cli.options import default_rules, parse_day
from netops.errors import UsageError
from netops.i18n import _

if TYPE_CHECKING:
    from netops.baseline import Choice
    from netops.baselines import BaselineCase
    from netops.inventory.model import Inventory
    from netops.policy.baseline import RuleSet

Rules = Annotated[
    Path | None,
    typer.Option("--policy", help=_("Folder of rules (default: policies, else the samples).")),
]
Sites = Annotated[
    list[Path] | None,
    typer.Option("--site", help=_("A site's own folder of rules, laid over.")),
]
Profile = Annotated[
    str | None,
    typer.Option("--profile", help=_("Profile for every asset (default: by graded object).")),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command was asked to judge, and how."""

    snapshot: str
    workspace: Path
    inventory: Path | None
    rules: Path | None
    sites: tuple[Path, ...] = ()
    profile: str | None = None
    filters: tuple[str, ...] = ()
    as_of: str | None = None
    form: str = "report-2025"
    partly: str = "0"

    def of(self, snapshot: str) -> Asked:
        """Return the same for another snapshot."""
        return replace(self, snapshot=snapshot)


def rules_of(asked: Asked) -> RuleSet:
    """Load the rules, or say every fault of them."""
    from netops.policy.baseline import load_rules  # noqa: PLC0415 - heavy

    return load_rules(asked.rules or default_rules(), asked.sites)


def open_asked(
    asked: Asked, rules: RuleSet | None = None, only: frozenset[str] | None = None
) -> tuple[BaselineCase, Choice]:
    """Open the case; ``only`` names the devices to read, where the filters do not."""
    from netops.baselines import BaselineSources, open_baseline  # noqa: PLC0415 - heavy
    from netops.evidence import Workspace  # noqa: PLC0415 - heavy
    from netops.inventory import load  # noqa: PLC0415 - heavy

    as_of = parse_day(asked.as_of)
    reader = Workspace(asked.workspace).resolve(asked.snapshot)
    known = rules or rules_of(asked)
    registered = load(asked.inventory or reader.inventory_path)
    choice = choose(asked, registered, only)
    sources = BaselineSources(reader, known, asked.inventory, as_of)
    return open_baseline(sources, choice.devices, registered), choice


def choose(asked: Asked, registered: Inventory, only: frozenset[str] | None = None) -> Choice:
    """Return what was chosen: profile, devices, form."""
    from netops.baseline import Choice, Form, Parameters  # noqa: PLC0415 - heavy

    devices = chosen_devices(registered, list(asked.filters))
    if devices == ():
        raise UsageError(
            _("No device of the inventory fits the filter."),
            remedy=_("See `netops inventory show` for what is registered."),
        )
    return Choice(
        profile=asked.profile,
        devices=only if devices is None else frozenset(devices),
        form=Form(asked.form),
        parameters=Parameters(partly_counts=Fraction(asked.partly)),
    )
