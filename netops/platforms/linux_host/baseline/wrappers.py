"""The lists of libwrap, ``hosts.allow`` and ``hosts.deny``: is SSH let in from some places alone?

Knows hosts_access(5): the first list that fits decides, allow goes before deny, who is in neither
is let in. Refuses to resolve names: a name is some place.
"""

from __future__ import annotations

import re

from netops.platforms.linux_host.baseline.plain import BLANKS, joined
from netops.platforms.linux_host.baseline.sheet import Piece

_BREAKS = re.compile(r"[ \t,]+")
_OUTSIDE = re.compile(r":(?![^\[]{0,60}\])")
"""A colon that is no part of an address in brackets."""
_EVERYBODY = frozenset({
    "ALL", "*", "?*", "*?", "*.*", "0.0.0.0/0", "0.0.0.0/0.0.0.0", "[::]/0", "[::/0]",
})  # fmt: skip
_BOTH_HALVES = frozenset({"LOCAL", "KNOWN"})
_DAEMON = "SSHD"


def limit_ssh(allow: Piece | None, deny: Piece | None) -> bool:
    """Return whether somebody is let in by name or address and everybody else is kept out."""
    named = False
    for clients, option in _rules(allow):
        if _is_everybody(clients):
            return named and option == "DENY"
        named = named or option != "DENY"
    kept_out = [clients for clients, _ in _rules(deny) if _is_everybody(clients)]
    return bool(kept_out) and (named or all("EXCEPT" in clients for clients in kept_out))


def _rules(piece: Piece | None) -> list[tuple[list[str], str]]:
    """Return the clients of each line that is for the SSH server, and its last word."""
    found = []
    for _, text in joined(piece) if piece is not None else ():
        bare = text.strip(BLANKS).upper()  # it compares without regard to case
        parts = [part.strip(BLANKS) for part in _OUTSIDE.split(bare)]
        if bare and not bare.startswith("#") and len(parts) > 1 and _is_ours(parts[0]):
            found.append((_BREAKS.split(parts[1]), parts[-1]))
    return found


def _is_ours(daemons: str) -> bool:
    named, _, excepted = daemons.partition(" EXCEPT ")
    words = {word.partition("@")[0] for word in _BREAKS.split(named)}
    return bool(words & {_DAEMON, "ALL"}) and _DAEMON not in _BREAKS.split(excepted)


def _is_everybody(clients: list[str]) -> bool:
    """Whether a list fits everybody, but perhaps for those whom it excepts by name."""
    named = clients[: clients.index("EXCEPT")] if "EXCEPT" in clients else clients
    return not _EVERYBODY.isdisjoint(named) or set(named) >= _BOTH_HALVES
