"""Evidence made of what machines of other families printed; nothing of its text is written here.

A section is a list of (mark, recording): ``=file /etc/os-release`` with ``rhel/os-release-7.6``
shows that recording as that file; a mark with an empty recording stands alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from host_texts import values

from netops.plainyaml import parse_yaml

RECORDED = Path(__file__).parents[1] / "replay" / "linux_host" / "recorded"
Section = Sequence[tuple[str, str]]
Host = Mapping[str, Section]


def recording(name: str) -> str:
    """Return a recording's text."""
    return (RECORDED / f"{name}.raw").read_text("utf-8")


def of_package(name: str, path: str) -> str:
    """Return the lines that openEuler's security-tool writes into a file.

    Its own file tells how: ``id@m@file@key[@value]`` writes key and value behind each other, and
    ``@@`` stands for one ``@``.
    """
    lines = []
    for text in recording(name).splitlines():
        _, sign, rest = text.partition("@m@" + path + "@")
        if sign:
            key, _, value = rest.replace("@@", "\0").partition("@")
            lines.append((key + value).replace("\0", "@"))
    return "\n".join(lines)


def section(parts: Section) -> str:
    """Return a section as the collector prints it."""
    lines: list[str] = []
    for mark, name in parts:
        lines.append(mark)
        if name:
            lines += [f"|{line}" for line in _text(name, mark).splitlines()]
        if mark.startswith("=run"):
            lines.append("=rc 0")
    return "".join(f"{line}\n" for line in lines)


def _text(name: str, mark: str) -> str:
    path = mark.partition(" ")[2]
    return of_package(name, path) if name.endswith("security-tool.conf") else recording(name)


def facts(host: Host) -> dict[str, Any]:
    """Return the settings that are read of a host's sections."""
    return values(**{name: section(parts) for name, parts in host.items()})


def case_text(host: Host) -> str:
    """Return a host as the text of a check's case."""
    return "".join(f"@@ baseline/{name}\n{section(parts)}" for name, parts in host.items())


def sources() -> list[dict[str, Any]]:
    """Return what is known of each recording."""
    known = parse_yaml((RECORDED / "SOURCES.yaml").read_text("utf-8"))
    return list(known["recordings"])
