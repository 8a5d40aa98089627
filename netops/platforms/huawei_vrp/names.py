"""Interface names: the short forms of tables and the full ones of the configuration."""

from __future__ import annotations

import re
from functools import lru_cache

_FULL = {
    "ge": "GigabitEthernet",
    "gi": "GigabitEthernet",
    "gigabitethernet": "GigabitEthernet",
    "xge": "XGigabitEthernet",
    "xgigabitethernet": "XGigabitEthernet",
    "eth": "Ethernet",
    "ethernet": "Ethernet",
    "fe": "FastEthernet",
    "fastethernet": "FastEthernet",
    "multige": "MultiGE",
    "meth": "MEth",
    "eth-trunk": "Eth-Trunk",
    "ip-trunk": "Ip-Trunk",
    "vlanif": "Vlanif",
    "vbdif": "Vbdif",
    "loop": "LoopBack",
    "loopback": "LoopBack",
    "inloop": "InLoopBack",
    "inloopback": "InLoopBack",
    "null": "NULL",
    "tun": "Tunnel",
    "tunnel": "Tunnel",
    "dialer": "Dialer",
    "cell": "Cellular",
    "cellular": "Cellular",
    "vt": "Virtual-Template",
    "virtual-template": "Virtual-Template",
    "virtual-if": "Virtual-if",
    "virtual-ethernet": "Virtual-Ethernet",
    "ve": "Virtual-Ethernet",
    "serial": "Serial",
    "s": "Serial",
    "pos": "Pos",
    "atm": "Atm",
    "wlan-bss": "Wlan-Bss",
    "wlan-radio": "Wlan-Radio",
    "bdif": "BDIF",
    "bridge-if": "Bridge-if",
    "mp-group": "Mp-group",
    "nve": "Nve",
    "stack-port": "stack-port",
}
"""Lower-case word before the number → the word of the configuration.

Speeds that stand in the name (``10GE1/0/1``, ``100GE1/0/1:1``) are full names already.
"""

_MARK = r"(?:\((?:\d+G|[A-Za-z]{1,2})\))?"
_NAME = re.compile(r"([A-Za-z][A-Za-z-]*?)(\d[\d/.:]*)" + _MARK)
_SPEED = re.compile(r"(\d{2,3}GE\d[\d/.:]*)" + _MARK, re.IGNORECASE)
NAME = re.compile(r"(?:[A-Za-z][A-Za-z-]{0,30}|\d{2,3}GE)\d[\d/.:]{0,30}" + _MARK)
"""What may stand in a column of interface names; a speed or the mark of a virtual port may
follow: ``GigabitEthernet0/0/5(v)``."""


@lru_cache(maxsize=8192)
def full_interface(name: str) -> str:
    """Return the full name; a name of unknown shape comes back as it is.

    >>> full_interface("XGE0/0/1"), full_interface("InLoop0"), full_interface("100GE1/0/1:1")
    ('XGigabitEthernet0/0/1', 'InLoopBack0', '100GE1/0/1:1')
    """
    text = name.strip()
    found = _NAME.fullmatch(text)
    if found:
        return _FULL.get(found[1].lower(), found[1]) + found[2]
    speed = _SPEED.fullmatch(text)
    return speed[1].upper() if speed else text


def is_interface(name: str) -> bool:
    """Whether ``name`` has the shape of an interface of this platform."""
    return NAME.fullmatch(name) is not None


def joined(words: list[str]) -> tuple[str, int] | None:
    """Take an interface name from the front of a statement: (full name, words used).

    The command line takes ``LoopBack 0`` for ``LoopBack0``.
    """
    if words and is_interface(words[0]):
        return full_interface(words[0]), 1
    if len(words) > 1 and words[0].lower() in _FULL and is_interface(words[0] + words[1]):
        return full_interface(words[0] + words[1]), 2
    return None
