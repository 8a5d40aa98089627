"""Measures the network itself with packets: sweeps, traceroutes, egress, from vantage points.

Knows sockets, clocks and the reflector; reaches hosts and devices through the guarded session of
collection. Refuses to know laboratories and what a measurement means.
"""
