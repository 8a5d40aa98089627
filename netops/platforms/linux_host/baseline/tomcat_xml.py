"""Tomcat's XML as elements with their lines. Hostile: no declarations, no entities, bounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from netops.facts.source import Source
from netops.platforms.linux_host.baseline.sheet import Piece

_MOST = 5_000
_DEEPEST = 40


class NotXmlError(Exception):
    """The text is no XML that Tomcat would take, or more than anybody configures."""


@dataclass(slots=True)
class Element:
    """One element; ``outer`` is the one around it."""

    name: str
    attributes: Mapping[str, str]
    source: Source
    outer: Element | None = None
    inner: list[Element] = field(default_factory=list)
    text: str = ""

    def walk(self, name: str) -> Iterator[Element]:
        """Yield all elements of that name, in the order of the file."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            if element.name == name:
                yield element
            waiting.extend(reversed(element.inner))

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute."""
        return self.attributes.get(name, default)

    def outside(self) -> Iterator[Element]:
        """Yield the elements around it, the nearest first."""
        element = self.outer
        while element is not None:
            yield element
            element = element.outer


def parse(piece: Piece) -> Element:
    """Read a file; its root has the elements inside."""
    parser = expat.ParserCreate()
    root = Element("", {}, piece.at())
    opened, count = [root], 0
    numbers = [number for number, _ in piece.lines]

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > _MOST or len(opened) > _DEEPEST:
            raise NotXmlError
        at = min(max(parser.CurrentLineNumber - 1, 0), len(numbers) - 1)
        element = Element(name, attributes, piece.at(numbers[at]), opened[-1])
        opened[-1].inner.append(element)
        opened.append(element)

    def end(_name: str) -> None:
        opened.pop()

    def text(data: str) -> None:
        if len(opened[-1].text) < _MOST:
            opened[-1].text += data

    def refuse(*_said: object) -> None:
        raise NotXmlError

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse("\n".join(line for _, line in piece.lines), True)
    except expat.ExpatError as error:
        raise NotXmlError from error
    return root
