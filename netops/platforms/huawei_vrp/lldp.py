"""LLDP neighbours: the detailed display and the brief one in its two column orders."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from netops.facts.neighbours import LldpNeighbour
from netops.platforms.answer import Answer, Parsed
from netops.platforms.huawei_vrp.names import full_interface, is_interface
from netops.platforms.huawei_vrp.scan import Scan

_PORT = re.compile(r"(\S+) has (\d+) neighbou?rs?(?:\(s\))?\s*:?$")
_PAIR = re.compile(r"\s*([A-Za-z][\w ()/-]{1,40}?)\s*:(.*)$")
_KEPT = {
    "neighbor index": "index",
    "chassis id": "chassis",
    "port id": "port",
    "port description": "port_description",
    "system name": "system",
    "system description": "system_description",
}
_KNOWN = re.compile(
    r"\s*(?:(?:chassis|port id|system cap|management|expired|port vlan|port and|protocol|vlan|oid"
    r"|auto-?neg|opermau|power|pse|poe|pd |pairs?|port power|link agg|aggreg|maximum|device"
    r"|hardware"
    r"|firmware|software|serial|manufact|model|asset|media|unknown|location|ca |port pse|port avail"
    r"|discovered|eee|energy|transmit|receive|echo|fallback|dual|autoclass|remote|tlv|mac/phy"
    r"|inventory|med |capab|neighbor|macphy|dcbx|ets|pfc|application|organ|802|count|wlan|support"
    r"|type\b|class\b|unrecog|network|index"
    r"|policy|l2 prio|dscp|civic|ecs|extended|operational|max |ptopo|physical)"
    r"[^:]*(?::|$))",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"\s*(?:MED Device information|Ca type Ca value|Port and Protocol VLAN.*)$")


@dataclass(slots=True)
class _Entry:
    interface: str
    first: int
    last: int
    values: dict[str, str] = field(default_factory=dict)


class _Detail:
    """Reads the blocks; only the system description runs over several lines."""

    def __init__(self, answer: Answer) -> None:
        self.scan = Scan(answer)
        self.entries: list[_Entry] = []
        self._port = ""
        self._describing = False

    def take(self, number: int, line: str) -> None:
        port = _PORT.match(line)
        if port:
            self._port, self._describing = full_interface(port[1]), False
            return
        pair = _PAIR.match(line)
        key = _KEPT.get(pair[1].strip().lower(), "") if pair else ""
        if key and pair and self._keep(key, pair[2].strip(), number):
            return
        if self._describing and not re.match(
            r"\s*(?:System cap|Management |Expired |Port VLAN|Auto-neg|OID\b)", line
        ):
            self._describe(line, number)
        elif self.entries and (_KNOWN.match(line) or _PLAIN.match(line)):
            self._describing = False
            self.entries[-1].last = number
        else:
            self.scan.skip(number, line)

    def _keep(self, key: str, value: str, number: int) -> bool:
        new = key == "index" or (key == "chassis" and self._needs_entry())
        if new and self._port:
            self.entries.append(_Entry(self._port, number, number))
        if not self.entries or not self._port:
            return False
        entry = self.entries[-1]
        if self._describing and key in entry.values:
            return False
        self._describing = key == "system_description"
        entry.values[key], entry.last = value, number
        return True

    def _needs_entry(self) -> bool:
        return not self.entries or self.entries[-1].interface != self._port

    def _describe(self, line: str, number: int) -> None:
        entry = self.entries[-1]
        entry.values["system_description"] += "\n" + line.strip()
        entry.last = number


def _word(text: str | None) -> str | None:
    return None if text is None or text.strip("-") == "" else text


def parse_lldp(answer: Answer) -> Parsed:
    """Read ``display lldp neighbor [interface …]``."""
    detail = _Detail(answer)
    for number, line in detail.scan.lines():
        if not line.startswith("Info: "):
            detail.take(number, line)
    for entry in detail.entries:
        values = entry.values
        detail.scan.facts.append(
            LldpNeighbour(
                interface=entry.interface,
                system=_word(values.get("system")),
                port=_word(values.get("port")),
                chassis=_word(values.get("chassis")),
                port_description=_word(values.get("port_description")),
                system_description=_word(values.get("system_description")),
                source=answer.at(entry.first, entry.last),
            )
        )
    return detail.scan.done()


_HEADER = re.compile(r"\s*Local Int(?:f|erface)\s+(Neighbor|Exptime)", re.IGNORECASE)


def _device_first(words: list[str]) -> tuple[str, str]:
    return " ".join(words[:-2]), words[-2]


def _device_last(words: list[str]) -> tuple[str, str]:
    return " ".join(words[2:]), words[1]


def parse_lldp_brief(answer: Answer) -> Parsed:
    """Read ``display lldp neighbor brief``; the second word of the header tells the order."""
    scan = Scan(answer)
    order: Callable[[list[str]], tuple[str, str]] | None = None
    for number, line in scan.lines():
        header = _HEADER.match(line)
        words = line.split()
        if header:
            order = _device_first if header[1].lower() == "neighbor" else _device_last
        elif order and len(words) >= 4 and is_interface(words[0]):  # noqa: PLR2004 - columns
            system, port = order(words[1:])
            scan.facts.append(
                LldpNeighbour(
                    full_interface(words[0]), _word(system), _word(port), source=answer.at(number)
                )
            )
        elif not line.startswith("Info: "):
            scan.skip(number, line)
    return scan.done()
