"""``docs/drivers.md`` names each line of ping and traceroute as it is sent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from netops.platforms.registry import NAMES, platform

DOCUMENT = Path(__file__).parents[2] / "docs" / "drivers.md"
WORDS = {"TARGET": "{target}", "SOURCE": "{source}", "COUNT": "{count}", " V]": " {vpn}]"}


@pytest.mark.parametrize("name", NAMES)
def test_the_document_names_the_lines_that_are_sent(name: str) -> None:
    section = DOCUMENT.read_text("utf-8").split("### ping and traceroute\n")[1].split("\n### ")[0]
    (row,) = (line for line in section.splitlines() if line.startswith(f"| `{name}` |"))
    _, ping, trace = row.strip("| ").split(" | ")
    active = platform(name).active
    assert active is not None
    assert _forms(ping) == [f.text for f in dict.fromkeys(active.ping.values())]
    assert _forms(trace) == [f.text for f in dict.fromkeys(active.trace.values())]


def _forms(cell: str) -> list[str]:
    found = re.findall(r"`([^`]+)`", cell)
    for word, slot in WORDS.items():
        found = [text.replace(word, slot) for text in found]
    return found
