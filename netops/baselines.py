"""Joins settings that reading yields with the judgement of baselines: one snapshot, one result."""
