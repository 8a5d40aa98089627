"""Tiered protection: judges settings against the rules of ``policies/``, clause by clause."""
