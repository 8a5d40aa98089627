"""The forms that the tables of an authority's record had, and the way from each to the next."""

HEAD = "0003"
"""The form of today's tables (``tables``)."""
FIRST = "0001"
"""The form of stores that were made before forms were numbered."""
