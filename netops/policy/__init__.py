"""Loads and validates ``policies/``."""

from netops.policy.loader import load_policy
from netops.policy.model import Policy, Quality, Segment, Target

__all__ = ["Policy", "Quality", "Segment", "Target", "load_policy"]
