"""LLDP neighbours: the list (two orders of columns) and the verbose form."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from netops.facts.neighbours import LldpNeighbour
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware.names import full_interface, is_interface
from netops.platforms.h3c_comware.sheet import Sheet, value_of

_LEGEND = re.compile(r"\s*(?:Chassis ID *: *)?(?:\*|#|Default) -- -- .*", re.IGNORECASE)
_COLUMNS = re.compile(r"System Name|Local Interface|Chassis ID|Port ID", re.IGNORECASE)
_PORT = re.compile(
    r"(?:LLDP|CDP) neighbor-information of port \d+ *\[([^\]:]+):?\]:?(?:.*)", re.IGNORECASE
)
_PAIR = re.compile(r" {1,4}([A-Z][^:]{1,60}?) *: ?(.*)")
_AGENT = re.compile(r"\s*LLDP agent [\w-]+:?\s*|\s*LLDP neighbor index *:.*", re.IGNORECASE)
_DEEPER = re.compile(r"\s+[A-Z][\w ()/-]{2,50}(?: *:.*)?")
"""A key that stands deeper, or the title of a group of keys (``MED information``)."""
_MAX_CONTINUED = 12


def _cells(columns: list[tuple[int, str]], line: str) -> dict[str, str] | None:
    """Cut a row at the columns of its heading; None where a word runs over a border."""
    found = {}
    for at, (start, name) in enumerate(columns):
        end = columns[at + 1][0] if at + 1 < len(columns) else len(line)
        if start and start < len(line) and not line[start - 1].isspace():
            return None
        found[name] = line[start:end].strip()
    return found


def _split(columns: list[tuple[int, str]], line: str) -> dict[str, str] | None:
    names = [name for _, name in columns]
    words = line.split(None, len(names) - 1)
    return dict(zip(names, words, strict=True)) if len(words) == len(names) else None


class _List:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.columns: list[tuple[int, str]] = []
        self.open: tuple[int, int, dict[str, str]] | None = None

    def flush(self) -> None:
        if self.open is None:
            return
        first, last, cells = self.open
        self.open = None
        self.sheet.facts.append(
            LldpNeighbour(
                interface=full_interface(cells["local interface"]),
                system=value_of(cells.get("system name", "")),
                port=value_of(cells.get("port id", "")),
                chassis=value_of(cells.get("chassis id", "").rstrip("*#")),
                source=self.sheet.at(first, last),
            )
        )

    def row(self, number: int, line: str) -> bool:
        cells = _cells(self.columns, line)
        if cells is None or not is_interface(cells.get("local interface", "")):
            cells = _split(self.columns, line)
        if cells is not None and is_interface(cells.get("local interface", "")):
            self.flush()
            self.open = (number, number, cells)
            return True
        return self.wrapped(number, line)

    def wrapped(self, number: int, line: str) -> bool:
        """Join the rest of a system name that was wrapped to a line of its own."""
        if self.open is None or len(line.split()) != 1:
            return False
        first, last, cells = self.open
        start = next(s for s, name in self.columns if name == "system name")
        indent = len(line) - len(line.lstrip())
        if last - first >= _MAX_CONTINUED or abs(indent - start) > 1:
            return False
        cells["system name"] = cells.get("system name", "") + line.strip()
        self.open = (first, number, cells)
        return True


def parse_lldp_list(answer: Answer) -> Parsed:
    """Parse ``display lldp neighbor-information list`` by the columns of its heading."""
    sheet = Sheet(answer)
    rows = _List(sheet)
    heading = False
    for number, line in sheet.rows():
        found = [(m.start(), m[0].lower()) for m in _COLUMNS.finditer(line)]
        if len(found) == 4:  # noqa: PLR2004 - all columns
            rows.flush()
            rows.columns, heading = found, True
        elif _LEGEND.fullmatch(line):
            continue
        elif not heading or not rows.row(number, line):
            sheet.miss(number, line)
    rows.flush()
    return sheet.done(silent=True, cut="" if heading else "no heading was seen")


@dataclass(slots=True)
class _Block:
    interface: str
    first: int
    last: int
    told: dict[str, str] = field(default_factory=dict)
    key: str = ""
    continued: int = 0


_KEYS = {
    "chassis id": "chassis",
    "chassisid/subtype": "chassis",
    "port id": "port",
    "portid/subtype": "port",
    "device id": "system",
    "system name": "system",
    "port description": "port description",
    "system description": "system description",
    "software version": "system description",
}
_MANY_LINES = frozenset({"system description", "port description", "system name",
                         "software version"})  # fmt: skip
_SUBTYPE = re.compile(r"(.+)/(?:MAC address|Interface name|Interface alias|Locally assigned"
                      r"|Network address.*|(?:Port|Chassis) component)", re.IGNORECASE)  # fmt: skip


def parse_lldp_verbose(answer: Answer) -> Parsed:
    """Parse the verbose and the plain form: a block per neighbour."""
    sheet = Sheet(answer)
    block: _Block | None = None
    for number, line in sheet.rows():
        if match := _PORT.fullmatch(line.strip()):
            _yield(sheet, block)
            block = _Block(match[1], number, number)
        elif block is None:
            sheet.miss(number, line)
        elif _AGENT.fullmatch(line):
            if "chassis" in block.told:
                _yield(sheet, block)
                block = _Block(block.interface, number, number)
        elif not _take(block, line):
            sheet.miss(number, line)
        if block is not None:
            block.last = number
    _yield(sheet, block)
    return sheet.done(silent=True)


def _take(block: _Block, line: str) -> bool:
    match = _PAIR.fullmatch(line)
    if match:
        block.key, block.continued = match[1].lower().strip(), 0
        name = _KEYS.get(block.key)
        if name:
            value = match[2].strip()
            subtype = _SUBTYPE.fullmatch(value) if "/subtype" in block.key else None
            block.told.setdefault(name, subtype[1] if subtype else value)
        return True
    if block.key not in _MANY_LINES:
        return _DEEPER.fullmatch(line) is not None
    if block.continued >= _MAX_CONTINUED:
        return False
    block.continued += 1
    name = _KEYS[block.key]
    indented = line.startswith("     ")
    joint = "\n" if name == "system description" and indented else ""
    block.told[name] = block.told.get(name, "") + joint + line.strip()
    return True


def _yield(sheet: Sheet, block: _Block | None) -> None:
    if block is None or not block.told:
        return
    told = block.told
    sheet.facts.append(
        LldpNeighbour(
            interface=full_interface(block.interface),
            system=value_of(told.get("system", "")),
            port=value_of(told.get("port", "")),
            chassis=value_of(told.get("chassis", "")),
            port_description=value_of(told.get("port description", "")),
            system_description=value_of(told.get("system description", "")),
            source=sheet.at(block.first, block.last),
        )
    )
