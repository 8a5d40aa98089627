"""``display ip vpn-instance``: the list of instances, and one instance in detail."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from netops.facts.routes import VpnInstance
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware.names import full_interface, is_interface
from netops.platforms.h3c_comware.sheet import Sheet, value_of

_TOTAL = re.compile(r"\s*Total VPN-Instances configured *: *(\d+)\s*", re.IGNORECASE)
_HEADING = re.compile(r"\s*VPN-Instance Name\s+RD\b.*", re.IGNORECASE)
_ROW = re.compile(
    r"\s*(\S+)(?:\s+(\d[\d.]*:\d+))?(?:\s+(?:IPv[46]\S*(?:[ ,/]+IPv[46]\S*)*|N/A|-+))?"
    r"(?:\s+(\d{4}/\d\d/\d\d \d[\d:]+))?(?:\s+(?:IPv[46]\S*(?:[ ,/]+IPv[46]\S*)*|N/A|-+))?\s*"
)
_DETAIL = re.compile(
    r"\s*(?P<v6>IPv6 )?(?P<key>VPN-Instance Name and (?:Index|ID)|Create time|Up time"
    r"|Route Distinguisher|VPN ID|Description|Interfaces|Address-family IPv[46]|Export VPN Targets"
    r"|Import VPN Targets|(?:Import|Export) Route[- ]Policy|Tunnel Policy|Maximum Routes? Limit"
    r"|Address-family \w+|Label policy.*?|Service ID|Ip Binding.*?|SNMP context.*?"
    r"|Diffserv.*?|Log Interval|Threshold Value.*?)\s*:\s*(?P<value>.*)",
    re.IGNORECASE,
)
_TARGETS = re.compile(r"\s*\d[\d.]*:\d+(?:,?\s+\d[\d.]*:\d+)*\s*")


def parse_vpn_instances(answer: Answer) -> Parsed:
    """Parse the list. The row's distinguisher may be empty; its time then stands alone."""
    sheet = Sheet(answer)
    expected: int | None = None
    heading = False
    for number, line in sheet.rows():
        if match := _TOTAL.fullmatch(line):
            expected = int(match[1])
        elif _HEADING.fullmatch(line):
            heading = True
        elif heading and (row := _ROW.fullmatch(line)) and (row[2] or row[3] or len(line) <= 34):  # noqa: PLR2004 - width of the column of names
            sheet.facts.append(VpnInstance(row[1], rd=row[2], source=sheet.at(number)))
        else:
            sheet.miss(number, line)
    cut = ""
    if expected is not None and expected > len(sheet.facts):
        cut = "instances are missing"
    elif expected is None and not heading:
        cut = "no heading was seen"
    return sheet.done(silent=True, cut=cut)


@dataclass(slots=True)
class _Family:
    rd: str | None = None
    imports: list[str] = field(default_factory=list)
    exports: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Detail:
    first: int
    name: str = ""
    family: int = 4
    last_key: str = ""
    families: dict[int, _Family] = field(default_factory=lambda: {4: _Family()})
    interfaces: list[str] = field(default_factory=list)

    def of(self, family: int) -> _Family:
        """Return what is known of a family."""
        return self.families.setdefault(family, _Family())

    def take(self, key: str, value: str, *, v6: bool) -> bool:
        """Keep what a line says under its key."""
        self.last_key = key
        family = self.of(6 if v6 else self.family)
        if key.startswith("vpn-instance name"):
            self.name = value.rpartition(",")[0].strip()
        elif key == "route distinguisher":
            family.rd = value_of(value)
        elif key in {"address-family ipv4", "address-family ipv6"}:
            self.family = int(key[-1])
            self.of(self.family)
        elif key in {"export vpn targets", "import vpn targets", "interfaces"} and value:
            return self.more(value, v6=v6)
        return True

    def more(self, text: str, *, v6: bool = False) -> bool:
        """Keep values that stand on the line of a key or below it."""
        family = self.of(6 if v6 else self.family)
        if self.last_key == "interfaces":
            names = [name.strip() for name in text.split(",") if name.strip()]
            if not all(is_interface(name) for name in names):
                return value_of(text) is None
            self.interfaces.extend(full_interface(name) for name in names)
            return True
        if not _TARGETS.fullmatch(text):
            return self.last_key.endswith("targets") and value_of(text) is None
        if self.last_key == "export vpn targets":
            family.exports.extend(text.replace(",", " ").split())
        elif self.last_key == "import vpn targets":
            family.imports.extend(text.replace(",", " ").split())
        else:
            return False
        return True


def parse_vpn_instance(answer: Answer) -> Parsed:
    """Parse one or several instances in detail, in both shapes."""
    sheet = Sheet(answer)
    details: list[_Detail] = []
    v6 = False
    last = 0
    for number, line in sheet.rows():
        match = _DETAIL.fullmatch(line)
        if match and match["key"].lower().startswith("vpn-instance name"):
            _yield(sheet, details, last)
            details = [_Detail(number)]
        last = number
        if not details:
            sheet.miss(number, line)
        elif match:
            v6 = bool(match["v6"])
            if not details[-1].take(" ".join(match["key"].lower().split()), match["value"], v6=v6):
                sheet.miss(number, line)
        elif not details[-1].more(line, v6=v6):
            sheet.miss(number, line)
    _yield(sheet, details, last)
    return sheet.done(cut="" if details else "no instance was named")


def _yield(sheet: Sheet, details: list[_Detail], last: int) -> None:
    for detail in details:
        shared = detail.of(4).rd
        for family, told in detail.families.items():
            sheet.facts.append(
                VpnInstance(
                    name=detail.name,
                    family=family,
                    rd=told.rd or shared,
                    import_targets=tuple(told.imports),
                    export_targets=tuple(told.exports),
                    interfaces=tuple(detail.interfaces),
                    source=sheet.at(detail.first, last),
                )
            )
