"""A folder per platform: read-only commands, parsers, quirks, defaults by release.

Pure text → facts; nothing here opens a socket or a file of the user's.
"""
