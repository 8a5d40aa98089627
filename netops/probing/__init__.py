"""Measures the network itself with packets: sweeps and traceroutes, paced and bounded.

Knows sockets and clocks; refuses to know devices, laboratories and what a measurement means.
"""
