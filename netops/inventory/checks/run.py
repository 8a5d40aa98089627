"""All checks, in the order of the files."""

from __future__ import annotations

from netops.inventory.checks.departments import check_departments, check_exits, check_subnets
from netops.inventory.checks.devices import check_devices, check_known_hosts, check_links
from netops.inventory.checks.divisions import check_governments, check_nodes
from netops.inventory.checks.graded import check_confirmations, check_graded
from netops.inventory.checks.others import (
    check_applications,
    check_classified,
    check_exemptions,
    check_plan,
    check_secrets,
)
from netops.inventory.checks.probing import check_probing
from netops.inventory.checks.records import Records
from netops.inventory.model import Inventory

CHECKS = (
    check_governments,
    check_nodes,
    check_devices,
    check_known_hosts,
    check_links,
    check_departments,
    check_subnets,
    check_exits,
    check_plan,
    check_exemptions,
    check_applications,
    check_secrets,
    check_probing,
    check_graded,
    check_confirmations,
    check_classified,
)


def run_checks(inventory: Inventory, records: Records) -> None:
    """Run every check; each notes all it finds."""
    for check in CHECKS:
        check(inventory, records)
