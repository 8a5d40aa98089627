"""Loads and validates the rules of tiered protection: catalogue, evidence, checks, profiles."""
