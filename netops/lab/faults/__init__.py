"""Faults of a laboratory: what was asked, what it does to the net, what is drawn."""
