"""A process of its own that crafts and decodes what plain sockets cannot.

It alone imports scapy (GPL-2.0-only). Nothing else of netops is imported by its modules, and
they are imported by nobody: orders come on standard input, results leave on standard output.
"""
