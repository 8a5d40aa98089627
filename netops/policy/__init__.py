"""Loads and validates ``policies/``."""

from netops.policy.loader import load_policy
from netops.policy.model import Policy, Target

__all__ = ["Policy", "Target", "load_policy"]
