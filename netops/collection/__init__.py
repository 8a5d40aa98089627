"""Asks devices and keeps what they say: SSH, telnet, SNMP, or files collected by hand.

The only package that talks to what is audited over a command line. Every command passes
``guard``; every SSH host is held against its pinned key before a password is sent.
"""
