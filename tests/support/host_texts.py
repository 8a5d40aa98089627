"""Sections of a host's evidence, written by hand in tests, and what they are read as."""

from __future__ import annotations

from typing import Any

from netops.facts.settings import SettingsRead
from netops.platforms.answer import Answer
from netops.platforms.linux_host.baseline import read_host


def shown(**sections: str) -> SettingsRead:
    """Read sections as the collector prints them."""
    answers = {
        f"baseline/{name}": Answer(
            f"baseline/{name}", f"h#{name}", tuple(enumerate(text.split("\n")[:-1], start=1))
        )
        for name, text in sections.items()
    }
    return read_host(answers)


def values(**sections: str) -> dict[str, Any]:
    """Return the settings of the operating system by name, or ``name[key]``."""
    component = shown(**sections).components[0]
    return {f"{s.name}[{s.key}]" if s.key else s.name: s.value for s in component.settings}


def file(path: str, text: str) -> str:
    """Return a file as the collector shows it."""
    return f"=file {path}\n" + "".join(f"|{line}\n" for line in text.split("\n"))
