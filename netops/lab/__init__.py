"""The laboratory: an invented network on real divisions, and its answer key.

Played by simulated devices that answer real SSH and SNMP, or by real routers in namespaces.
"""
