"""The laboratory: a simulated province that answers real SSH and SNMP, and its answer key."""
