"""Terminal lines of VRP: how many there are, and what they do where nobody set them.

Knows the defaults by family and release only through the function it is given.
"""

from __future__ import annotations

from collections.abc import Callable

from netops.facts.settings import Value
from netops.platforms.kin.draft import Draft
from netops.platforms.kin.reading import Statements
from netops.platforms.kin.terminals import Terminals


def write_terminals(
    reading: Statements,
    most_lines: tuple[int, int] | None,
    draft: Draft,
    default: Callable[[str], Value | None],
) -> None:
    """Write the settings of terminal lines, those that no statement names among them."""
    inbound = default("vty_protocol_inbound")
    minutes, console = default("idle_timeout_min"), default("console_idle_timeout_min")
    authentication = default("vty_authentication")
    vty: dict[str, Value] = {}
    if isinstance(inbound, str):
        vty["inbound"] = ("ssh", "telnet") if inbound == "all" else (inbound,)
    if isinstance(minutes, int):
        vty["idle_timeout_s"] = minutes * 60
    if isinstance(authentication, str):
        vty["authentication"] = authentication
    con: dict[str, Value] = {}
    if isinstance(console, int):
        con["idle_timeout_s"] = console * 60
    aux: dict[str, Value] = {"idle_timeout_s": minutes * 60} if isinstance(minutes, int) else {}
    terminals = Terminals({"vty": vty, "console": con, "aux": aux})
    for statement, words in reading.terminals:
        terminals.read(statement, words, reading.filters)
    count = default("vty_lines")
    if most_lines is not None:
        terminals.fill(*most_lines)
    elif isinstance(count, int):
        first = reading.terminals[0][0].line if reading.terminals else 0
        terminals.fill(count, first)
    terminals.write(draft, reading.filters, has_ipv6=reading.ports.has_ipv6)
