"""Flow records that somebody exported to a file, as facts.

Knows which parser reads which file, by its first bytes. Refuses packet captures and NetFlow
packets: they are named as what they are and not read.
"""

from __future__ import annotations

from collections.abc import Callable

from netops.facts.answers import AnswerState
from netops.platforms.answer import Parsed
from netops.reading.flows.context import Context, exporter_of
from netops.reading.flows.ipfix import parse_ipfix
from netops.reading.flows.nat_log import is_nat_log, parse_nat_log
from netops.reading.flows.nfdump import is_nfdump, parse_nfdump

_IPFIX = b"\x00\x0a"
_LOOKED_AT = 65_536
_NOT_READ = (
    (b"\x00\x05", "NetFlow version 5"),
    (b"\x00\x09", "NetFlow version 9"),
    (b"\xd4\xc3\xb2\xa1", "a packet capture"),
    (b"\xa1\xb2\xc3\xd4", "a packet capture"),
    (b"\x0a\x0d\x0d\x0a", "a packet capture"),
)
_TEXTS: tuple[tuple[Callable[[str], bool], Callable[[bytes, Context], Parsed]], ...] = (
    (is_nfdump, parse_nfdump),
    (is_nat_log, parse_nat_log),
)


def parse_flows(name: str, raw: bytes, observation: str = "") -> Parsed:
    """Return the flow records of a file; never raises, whatever the file holds.

    ``name`` is the file's name: without its ending it names the exporter, where the records
    themselves do not. ``observation`` is put into the records' evidence.
    """
    context = Context(exporter_of(name), observation)
    if raw.startswith(_IPFIX):
        return parse_ipfix(raw, context)
    for magic, what in _NOT_READ:
        if raw.startswith(magic):
            return Parsed(state=AnswerState.NOT_UNDERSTOOD, detail=f"{what}: not read")
    head = raw[:_LOOKED_AT].decode("utf-8", "replace")
    for fits, parse in _TEXTS:
        if fits(head):
            return parse(raw, context)
    return Parsed(state=AnswerState.NOT_UNDERSTOOD, detail="no known form of flow records")


__all__ = ["parse_flows"]
