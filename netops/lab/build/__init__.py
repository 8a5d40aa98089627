"""Builds the invented network of a laboratory: divisions, addresses, devices, links, routes."""
