"""What can be known of a device: frozen values, a file per family.

A fact says where it came from (observation and lines). ``None`` in a field means that the
command did not tell it; an empty tuple or text means that it told there is none.
"""
