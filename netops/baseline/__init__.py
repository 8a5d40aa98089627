"""Tiered protection: judges settings against the rules of ``policies/``, clause by clause."""

from netops.baseline.assets import Choice, base_component
from netops.baseline.conclusions import Form, Parameters
from netops.baseline.judge import judge_baseline
from netops.baseline.rows import counted

__all__ = ["Choice", "Form", "Parameters", "base_component", "counted", "judge_baseline"]
