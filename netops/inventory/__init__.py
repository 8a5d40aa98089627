"""Governments, nodes, departments, devices, links, exits, applications, exemptions."""

from netops.inventory.loader import check, examine, load
from netops.inventory.model import Inventory

__all__ = ["Inventory", "check", "examine", "load"]
