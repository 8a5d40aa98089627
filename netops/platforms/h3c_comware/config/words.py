"""Takes a line of a configuration apart, word by word; shared by the readers of subjects."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Any

from netops.facts.source import Source
from netops.platforms.answer import Answer
from netops.platforms.h3c_comware.config.tree import Node, Tree
from netops.platforms.h3c_comware.sheet import address_of


@dataclass(slots=True)
class Context:
    """What every reader of a subject is given; ``unread`` takes lines that nobody knew."""

    answer: Answer
    tree: Tree
    facts: list[Any] = field(default_factory=list)
    unread: list[Node] = field(default_factory=list)

    def at(self, node: Node, *, whole: bool = False) -> Source:
        """Name a line, or with ``whole`` the lines below it as well, as a source."""
        return self.answer.at(node.line, node.last if whole else node.line)


Reader = Callable[[Context], None]


class Words:
    """The words of a line, taken from the left."""

    __slots__ = ("_at", "_words")

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(words)
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._words)

    def peek(self) -> str:
        """Return the next word in lower case, "" at the end."""
        return self._words[self._at].lower() if self else ""

    def take(self) -> str:
        """Take the next word, "" at the end."""
        word = self._words[self._at] if self else ""
        self._at += 1
        return word

    def skip(self, *words: str) -> bool:
        """Take the next word when it is one of ``words``."""
        if self and self.peek() in words:
            self._at += 1
            return True
        return False

    def after(self, word: str, filler: str = "") -> str | None:
        """Return the word after ``word`` (and ``filler``) in the rest; None without it."""
        rest = self._words[self._at :]
        lower = [text.lower() for text in rest]
        if word not in lower[:-1]:
            return None
        at = lower.index(word) + 1
        at += bool(filler) and lower[at] == filler
        return rest[at] if at < len(rest) else None

    def has(self, word: str) -> bool:
        """Whether ``word`` stands in the rest."""
        return word in (text.lower() for text in self._words[self._at :])

    def address(self) -> IPv4Address | IPv6Address | None:
        """Take the next word when it is an address."""
        found = address_of(self._words[self._at]) if self else None
        self._at += found is not None
        return found


def network_of(address: str, mask: str) -> IPv4Network | IPv6Network | None:
    """Make a prefix of an address and a mask or length; None where they make none."""
    text = f"{address}/{mask}" if mask else address
    if "/" not in text:
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
