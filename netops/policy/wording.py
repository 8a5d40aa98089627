"""Says what pydantic found in a hand-written file in one sentence of ours, with line and field."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from netops.errors import Place, Sentence
from netops.plainyaml import Table, line_of


def first_fault(error: ValidationError, document: object, path: Path) -> tuple[str, Place]:
    """Return the cause and the place of the first thing wrong in ``document``."""
    if not isinstance(document, Table):
        return "The top of the file is not a mapping.", Place(str(path), 1)
    found = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(str(part) for part in found["loc"])
    place = Place(str(path), line_of(document, found["loc"]), field)
    name = str(found["loc"][-1]) if found["loc"] else ""
    if found["type"] == "missing":
        return Sentence("The field “{name}” is missing.", name=name), place
    if found["type"] == "extra_forbidden":
        return Sentence("The key “{name}” is not known.", name=name), place
    return Sentence("The value cannot be used here: {reason}.", reason=found["msg"]), place
