"""What must hold between the records of an inventory. Each check notes all that is wrong."""

from netops.inventory.checks.records import Records
from netops.inventory.checks.run import run_checks

__all__ = ["Records", "run_checks"]
