"""Four-level connectivity: is every government joined, by how many ways, and what cuts it off."""

from netops.connectivity.judge import judge_connectivity

__all__ = ["judge_connectivity"]
