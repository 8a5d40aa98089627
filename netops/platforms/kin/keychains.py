"""Key chains: whether those that neighbours are asked for exist, hold a key, and how they sign.

Knows the words of VRP, Comware and FRR. Does not know the clock: a key whose hours are over
counts as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netops.facts.settings import Value
from netops.platforms.kin.draft import UNKNOWN_TEXT, Draft
from netops.platforms.kin.layout import Layout, Statement

_KIND = "keychain"
_WORDS = frozenset({"keychain", "key-chain"})
_ALGORITHMS = frozenset({"algorithm", "authentication-algorithm", "cryptographic-algorithm"})
_SAYS_NOTHING = frozenset({"description", "undo", "no"})
_NAMES = frozenset(
    {"routing.authentication", "isis.hello_authentication", "isis.packet_authentication"}
)


def settle(draft: Draft, layout: Layout, *, needs_algorithm: bool) -> None:
    """Replace what leans on a chain that is not there, or that signs nothing.

    A key without an algorithm acts where ``needs_algorithm`` is not set.
    """
    if not any(one.name in _NAMES and one.value == _KIND for one in draft.settings):
        return
    chains: dict[str, str] = {}
    used: set[str] = set()
    for statement in layout.walk():
        if "key" not in statement.text:
            continue
        if name := _defined(statement):
            chains[name] = _weaker(chains.get(name, ""), _kind(statement, needs=needs_algorithm))
        elif statement.words[0] not in _SAYS_NOTHING:
            used |= set(_asked_for(statement.words))
    kinds = {chains.get(name, "") for name in used}
    if kinds == {_KIND}:
        return
    said: Value = kinds.pop() or UNKNOWN_TEXT if len(kinds) == 1 else UNKNOWN_TEXT
    draft.settings[:] = [
        replace(one, value=said) if one.name in _NAMES and one.value == _KIND else one
        for one in draft.settings
    ]


def _defined(statement: Statement) -> str:
    """The name of the chain that a statement opens; empty for any other."""
    words = statement.words
    if words[:2] == ["key", "chain"]:
        words = ["keychain", *words[2:]]
    return words[1] if words[0] == "keychain" and len(words) > 1 else ""


def _kind(chain: Statement, *, needs: bool) -> str:
    """How a chain signs: by its weakest key; empty where none can sign."""
    found = ""
    for key in chain.below:
        words = [child.words for child in key.below]
        algorithms = [parts[-1] for parts in words if parts[0] in _ALGORITHMS]
        if any(parts[0] == "key-string" for parts in words) and (algorithms or not needs):
            found = _weaker(found, "simple" if algorithms[-1:] == ["simple"] else _KIND)
    return found


def _weaker(one: str, other: str) -> str:
    return "simple" if "simple" in (one, other) else one or other


def _asked_for(words: list[str]) -> Iterator[str]:
    """Names of chains in a line: behind the word, or last where a peer stands between."""
    for at, word in enumerate(words[:-1]):
        if word in _WORDS:
            yield words[-1] if words[at + 1] in {"peer", "all"} else words[at + 1]
