"""The parser of ``display current-configuration``: the tree, its masked lines, its facts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netops.facts.answers import AnswerState, UnreadLine
from netops.facts.system import ConfigLine, Configuration
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware.config.acls import read_acls
from netops.platforms.h3c_comware.config.bgp import read_bgp
from netops.platforms.h3c_comware.config.instances import read_instances
from netops.platforms.h3c_comware.config.interfaces import read_interfaces
from netops.platforms.h3c_comware.config.nat import read_nat
from netops.platforms.h3c_comware.config.policy import read_policies
from netops.platforms.h3c_comware.config.redirects import read_redirects
from netops.platforms.h3c_comware.config.secrets import mask
from netops.platforms.h3c_comware.config.services import read_services
from netops.platforms.h3c_comware.config.statics import read_statics
from netops.platforms.h3c_comware.config.tree import Node, Tree, build
from netops.platforms.h3c_comware.config.words import Context, Reader

_READERS: tuple[Reader, ...] = (
    read_services,
    read_interfaces,
    read_instances,
    read_statics,
    read_policies,
    read_acls,
    read_redirects,
    read_nat,
    read_bgp,
)
_VRP = re.compile(r"!Software Version |\[V\d{3}R\d{3}")
"""The first line of the other vendor's configuration, which is much like ours."""
_MARKS = ("version ", "sysname ", "interface ", "undo ", "ip ", "acl ", "local-user ")


def _lines(nodes: list[Node], parents: tuple[str, ...]) -> Iterator[ConfigLine]:
    for node in nodes:
        text = mask(node.text)
        yield ConfigLine(text, parents, node.line)
        if node.children:
            yield from _lines(node.children, (*parents, text))


def _is_configuration(tree: Tree) -> bool:
    """Whether the text is one at all: separators or the end, and a line every device has."""
    known = any(node.text.startswith(_MARKS) for node in tree.nodes)
    return known and (tree.separators > 0 or tree.complete)


def parse_configuration(answer: Answer) -> Parsed:
    """Parse a whole configuration; without ``return`` at its end it counts as cut."""
    tree = build(answer)
    strange = [UnreadLine(mask(line), answer.at(number)) for number, line in tree.strange]
    if not _is_configuration(tree):
        unread = tuple(
            UnreadLine(mask(line), answer.at(number))
            for number, line in answer.lines
            if line.strip()
        )
        return Parsed((), unread, AnswerState.NOT_UNDERSTOOD, "this is no configuration")
    if any(_VRP.match(node.text) for node in tree.nodes[:3]):
        detail = "a configuration of VRP, not of Comware"
        return Parsed((), tuple(strange), AnswerState.NOT_UNDERSTOOD, detail)
    context = Context(answer, tree)
    numbers = [number for number, line in answer.lines if line.strip()]
    source = answer.at(numbers[0], numbers[-1])
    lines = tuple(_lines(tree.nodes, ()))
    context.facts.append(Configuration(lines, tree.complete, source))
    for read in _READERS:
        read(context)
    unread = (*strange, *(UnreadLine(mask(n.text), answer.at(n.line)) for n in context.unread))
    if len(unread) * 2 > len(numbers):
        return Parsed((), unread, AnswerState.NOT_UNDERSTOOD, "most lines are not readable")
    state = AnswerState.UNDERSTOOD if tree.complete else AnswerState.NOT_UNDERSTOOD
    detail = "" if tree.complete else "cut: the closing 'return' is missing"
    return Parsed(tuple(context.facts), unread, state, detail)
