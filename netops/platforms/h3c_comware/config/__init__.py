"""``display current-configuration``: one tree of lines, then a reader per subject."""
