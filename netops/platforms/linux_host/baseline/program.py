"""The one program that a Linux host runs for a baseline, rendered from the sections.

Knows how sections become POSIX sh. Refuses to know what any of them means; the guard admits the
rendered text by its digest alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from netops.platforms.settings import Section


@cache
def frame() -> str:
    """Return the helpers and the filter that every section relies on."""
    name = "netops.platforms.linux_host.baseline"
    return files(name).joinpath("collector.sh").read_text(encoding="utf-8")


def render(sections: Iterable[Section]) -> bytes:
    """Return the program of ``sections``: the same text for a host and for a colleague's run.

    What sections share stands there once and is run before the first of them, by the shell that
    they all come of.
    """
    functions, calls, shared = [], [], dict[str, str]()
    for section in sections:
        for text in section.shared:
            if text not in shared:
                shared[text] = f"shared_{len(shared)}"
                functions.append(f"{shared[text]}() {{\n{text.strip()}\n}}\n")
                calls.append(f"  {shared[text]}")
        functions.append(f"s_{section.name}() {{\n{section.script.strip()}\n}}\n")
        condition = "[ $walk = no ] || " if section.optional else ""
        seconds = " 45" if section.optional else ""
        calls.append(f"  {condition}section {section.name} {section.octets}{seconds}")
    text = frame().replace("#SECTIONS#\n", "\n".join(functions))
    return text.replace("#CALLS#", "\n".join(calls)).encode()
