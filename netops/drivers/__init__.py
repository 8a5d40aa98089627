"""NAPALM drivers over the platforms: what NAPALM asks, answered from our facts.

They send nothing themselves: every command goes through the guarded session of collection.
"""
