"""Who the device is: ``display version``, ``display esn``, ``display device``."""

from __future__ import annotations

import re

from netops.facts.interfaces import StackMember
from netops.facts.system import Component, Identity
from netops.platforms.answer import Answer, Parsed
from netops.platforms.huawei_vrp.scan import Scan, read_rows, to_int

_SOFTWARE = re.compile(
    r"\s*(?:VRP \(R\) [Ss]oftware|YunShan OS), Version (\S+) \(([^()]+?) (V\d{3}R\d{3}[^\s()]*)\)"
)
_UPTIME = re.compile(
    r"\s*(?:HUAWEI|Huawei|Quidway)\s+(\S.{0,60}?)"
    r"(?: (?:Terabit )?(?:Routing )?(?:Router|Switch|Firewall))?\s+uptime is\s+(.+)$"
)
_SPAN = re.compile(r"(\d+)\s+(year|week|day|hour|minute|second)s?\b")
_SECONDS = {
    "year": 31_536_000, "week": 604_800, "day": 86_400, "hour": 3600, "minute": 60, "second": 1,
}  # fmt: skip
_KNOWN = re.compile(
    r"\s*(?:Huawei (?:Versatile Routing Platform|YunShan OS)|HUAWEI (?:Versatile|YunShan)"
    r"|Copyright \(C\)|All rights reserved|Patch Version\s*:|BootROM|Software Version\b"
    r"|(?:\d+\. )?[\w() -]{0,40}?\b(?:Version|Type|Size|Quantity|processor|VERSION)\s*:"
    r"|.{0,60}?\b[Vv]ersion information\s*:?$|.{0,60}?:\s*uptime is\s"
    r"|\d+\s*[KMG] ?bytes?\b|(?:\d+\. )?[A-Za-z][\w ()/.-]{0,40}:\s*\S"
    r"|(?:Last )?Startup ?[Tt]ime\b|Last reset\b|Reboot|Reset reason|CPLD|Switch Fabric"
    r"|(?:\[|Slot|Board|Basic|Physical)\s?[\w .:\]\[-]{0,60}$)"
)


def parse_version(answer: Answer) -> Parsed:
    """Read ``display version``: the bracket names the family, the uptime line the model."""
    scan = Scan(answer)
    release = version = model = None
    uptime: int | None = None
    first = last = 0
    for number, line in scan.lines():
        software, up = _SOFTWARE.match(line), _UPTIME.match(line)
        if software and version is None:
            version, model, release = software.groups()
            first = last = number
        elif up and uptime is None:
            model, uptime, last = up[1], _seconds(up[2]), number
        elif not software and not up and not _KNOWN.match(line):
            scan.skip(number, line)
    if version is None:
        return scan.done("no software version", understood=False)
    scan.facts.append(
        Identity(None, "Huawei", model, version, release, None, uptime, answer.at(first, last))
    )
    return scan.done()


def _seconds(text: str) -> int:
    return sum(int(count[:9]) * _SECONDS[unit] for count, unit in _SPAN.findall(text))


_ESN = re.compile(r"\s*ESN of (device|master|slave|slot\s+\S+)\s*:\s*(\S+)", re.IGNORECASE)
_EQUIPMENT = re.compile(r"\s*(?:Equipment SN\(ESN\)|SN|Serial[ -][Nn]umber)\s*:\s*(\S+)")


def parse_esn(answer: Answer) -> Parsed:
    """Read ``display esn``; the serial of the device, its master or its first slot."""
    scan = Scan(answer)
    for number, line in scan.lines():
        found = _ESN.match(line)
        other = _EQUIPMENT.match(line)
        if found and found[1].lower().startswith("slot"):
            scan.facts.append(Component(found[1].split()[1], None, found[2], None,
                                        answer.at(number)))  # fmt: skip
        if found or other:
            serial = found[2] if found else other[1] if other else None
            slave = found is not None and found[1].lower() == "slave"
            if not slave and not any(isinstance(fact, Identity) for fact in scan.facts):
                scan.facts.append(Identity(serial=serial, source=answer.at(number)))
        elif not line.lstrip().startswith(("Info:", "License ESN")):
            scan.skip(number, line)
    return scan.done(understood=bool(scan.facts))


_DEVICE_HEADINGS = re.compile(
    r"\s*(?:\*\s*:|(?:\S+'s )?Device status\s*:|Slot[\s/]|[A-Z]\w*\s*:\s*\w+ )", re.IGNORECASE
)
_PRESENCE = frozenset({"present", "absent", "offline", "online"})
_ROLES = frozenset({"master", "slave", "standby", "backup"})


def parse_device(answer: Answer) -> Parsed:
    """Read ``display device``: boards, power units and fans, and the members of a stack."""
    slot = ""

    def row(scan: Scan, number: int, line: str) -> bool:
        nonlocal slot
        words = line.split()
        online = next((at for at, word in enumerate(words) if word.lower() in _PRESENCE), 0)
        if online < 1 or len(words) < online + 2:
            return bool(words) and _is_broken_word(words) and bool(scan.facts)
        place = words[: online - 1]
        slot = place[0] if place and not line.startswith(" ") else slot
        card = place[-1] if len(place) > 1 or (place and line.startswith(" ")) else "-"
        name = slot if card in {"-", ""} or not place else f"{slot}/{card}"
        status = " ".join(words[online:])
        where = answer.at(number)
        scan.facts.append(Component(name, words[online - 1].lstrip("*"), None, status, where))
        role, member = words[-1].lower(), to_int(slot)
        if role in _ROLES and card == "-" and member is not None:
            scan.facts.append(StackMember(member, role, source=where))
        return True

    return read_rows(answer, _DEVICE_HEADINGS, row, needs_rows=True)


def _is_broken_word(words: list[str]) -> bool:
    """``Mast`` / ``er``: some releases break the last column onto a line of its own."""
    return len(words) == 1 and words[0].isalpha() and words[0].islower()
