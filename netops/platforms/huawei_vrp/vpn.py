"""VPN instances: ``display ip vpn-instance`` in its three forms, and the VPNv4 table."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network

from netops.facts.routes import VpnInstance, VpnRoute
from netops.platforms.addresses import read_network
from netops.platforms.answer import Answer, Parsed
from netops.platforms.huawei_vrp.names import full_interface, is_interface
from netops.platforms.huawei_vrp.scan import Scan, read_rows, to_address

SYSTEM_INSTANCES = frozenset({"_management_vpn_", "__dcn_vpn__", "__LOCAL_OAM_VPN__"})
"""Instances that the system makes for itself."""

_HEADINGS = re.compile(r"\s*(?:Total |VPN-Instance Name\s+RD\b)", re.IGNORECASE)
RD = re.compile(r"\d{1,10}(?:\.\d{1,5}){0,3}:\d{1,10}")


def parse_vpn_instances(answer: Answer) -> Parsed:
    """Read the list: one row a family; the distinguisher may be blank, the family too."""

    def row(scan: Scan, number: int, line: str) -> bool:
        words = line.split()
        rest = words[1:]
        rd = rest.pop(0) if rest and RD.fullmatch(rest[0]) else None
        if len(rest) > 1 or (rest and rest[0].lower() not in {"ipv4", "ipv6"}):
            return False
        if not line.startswith(" "):
            return False
        family = 6 if rest and rest[0].lower() == "ipv6" else 4
        scan.facts.append(VpnInstance(words[0], family, rd, source=answer.at(number)))
        return True

    return read_rows(answer, _HEADINGS, row)


_NAME = re.compile(r"\s*VPN-Instance Name and ID\s*:\s*([^\s,]+)\s*,\s*\S+")
_FAMILY = re.compile(r"\s*Address family\s*:?\s*(ipv[46])", re.IGNORECASE)
_LISTS = {
    "interfaces": re.compile(r"\s*Interfaces?(?: list)?\s*:(.*)$", re.IGNORECASE),
    "exported": re.compile(r"\s*Export VPN Targets\s*:(.*)$", re.IGNORECASE),
    "imported": re.compile(r"\s*Import VPN Targets\s*:(.*)$", re.IGNORECASE),
}
_RD_LINE = re.compile(r"\s*Route Distinguisher\s*:\s*(\S*)", re.IGNORECASE)
_VERBOSE_KNOWN = re.compile(
    r"\s*(?:Total |Create date|Up time|Vrf Status|VPN-Instance|Label [Pp]olicy|The |Log Interval"
    r"|Import Route Policy|Export Route Policy|Description|Tunnel Policy|Per-|Maximum|Interface "
    r"Number|Service ID|Prefix|Traffic|Diffserv|Threshold|Transit|Install|Route[ -]|Ipv[46]"
    r"|Apply-label|Sham-link|Explicit|Color|Frr|Bgp|Local Cross|Tnl|Mpls|Vpn |Tunnel)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Family:
    family: int
    first: int
    rd: str | None = None
    exported: list[str] = field(default_factory=list)
    imported: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Instance:
    name: str
    first: int
    interfaces: list[str] = field(default_factory=list)
    families: list[_Family] = field(default_factory=list)
    last: int = 0

    @property
    def family(self) -> _Family:
        """The family at hand; text before any family line belongs to IPv4."""
        if not self.families:
            self.families.append(_Family(4, self.first))
        return self.families[-1]


class _Verbose:
    """Reads the verbose form; lists go on over lines that end in a comma."""

    def __init__(self, answer: Answer) -> None:
        self.scan = Scan(answer)
        self.instances: list[_Instance] = []
        self._open: list[str] | None = None

    def take(self, number: int, line: str) -> None:
        name = _NAME.match(line)
        if name:
            self.instances.append(_Instance(name[1], number))
            self._open = None
        elif not self.instances or not self._detail(self.instances[-1], number, line):
            if not _VERBOSE_KNOWN.match(line):
                self.scan.skip(number, line)
            self._open = None
            return
        self.instances[-1].last = number

    def _detail(self, instance: _Instance, number: int, line: str) -> bool:
        family, rd = _FAMILY.match(line), _RD_LINE.match(line)
        if family:
            instance.families.append(_Family(int(family[1][-1]), number))
        elif rd:
            instance.family.rd = rd[1] or None
        else:
            return self._list(instance, line)
        self._open = None
        return True

    def _list(self, instance: _Instance, line: str) -> bool:
        for kind, pattern in _LISTS.items():
            found = pattern.match(line)
            if found:
                targets = instance if kind == "interfaces" else instance.family
                self._open = getattr(targets, kind)
                return self._more(found[1])
        return self._open is not None and self._more(line)

    def _more(self, text: str) -> bool:
        words = text.replace(",", " ").split()
        if self._open is None or not all(RD.fullmatch(w) or is_interface(w) for w in words):
            return False
        self._open.extend(words)
        return True


def parse_vpn_instances_verbose(answer: Answer) -> Parsed:
    """Read ``… verbose`` and ``… interface``: targets and bound interfaces."""
    reader = _Verbose(answer)
    for number, line in reader.scan.lines():
        reader.take(number, line)
    for instance in reader.instances:
        interfaces = tuple(full_interface(name) for name in instance.interfaces)
        for family in instance.families or [instance.family]:
            reader.scan.facts.append(
                VpnInstance(
                    instance.name,
                    family.family,
                    family.rd,
                    tuple(family.imported),
                    tuple(family.exported),
                    interfaces,
                    answer.at(instance.first, instance.last),
                )
            )
    return reader.scan.done()


_RD_TITLE = re.compile(r"\s*Route Distinguisher\s*:\s*(\S+)\s*$", re.IGNORECASE)
_VPN_TITLE = re.compile(r"\s*VPN-Instance\s+(\S+),\s*Router ID", re.IGNORECASE)
_BGP_HEADINGS = re.compile(
    r"\s*(?:BGP Local router ID|Local AS number|Status codes\s*:|[hidsSaxVIN] ?- \w|h - history"
    r"|Origin\s*:|RPKI|Total [Nn]umber of|Network\s+Next ?Hop|Prefix\s+Next ?Hop|\*\s*-\s)",
    re.IGNORECASE,
)
_BGP_ROW = re.compile(
    r"\s?(?P<status>[*>a-zA-Z ]{1,5}?) *(?:(?P<net>\d[\d.]*(?:/\d{1,2})?"
    r"|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]*"
    r"(?:/\d{1,3})?) +)?(?P<hop>\d[\d.]+|[0-9A-Fa-f]*:[0-9A-Fa-f:]+)(?P<rest>(?: .*)?)$"
)
_LABELS = re.compile(r"\s*(\d+|NULL|-+)/(\d+|NULL|-+)\s*$", re.IGNORECASE)


def _natural(text: str) -> IPv4Network | IPv6Network | None:
    """Read a network; without a length the old classes hold, and ``0.0.0.0`` is the default."""
    if text == "0.0.0.0":  # noqa: S104 - a prefix
        text = "0.0.0.0/0"
    elif "/" not in text and ":" not in text:
        head = int(text.partition(".")[0][:4] or 0)
        found = read_network(f"{text}/{8 if head < 128 else 16 if head < 192 else 24}")  # noqa: PLR2004 - classes
        # A table that leaves lengths out altogether does not tell this one.
        return found if found is None or str(found.network_address) == text else None
    return read_network(text)


def parse_vpnv4_routes(answer: Answer) -> Parsed:
    """Read ``display bgp vpnv4 all routing-table [label]``.

    First by distinguisher; then a part per VPN instance, which names none and tells what that
    instance imported.
    """
    scan = Scan(answer)
    rd, vpn, section = "", None, False
    network: IPv4Network | IPv6Network | None = None
    for number, line in scan.lines():
        title, part, row = _RD_TITLE.match(line), _VPN_TITLE.match(line), _BGP_ROW.match(line)
        if title or part:
            rd, vpn = title[1] if title else "", part[1] if part else None
            section, network = True, None
        elif row and section and not _BGP_HEADINGS.match(line):
            network = _natural(row["net"]) if row["net"] else network
            hop = to_address(row["hop"])
            if network is None or hop is None:
                scan.skip(number, line)
            else:
                given = _LABELS.match(row["rest"])
                scan.facts.append(
                    VpnRoute(
                        rd,
                        network,
                        hop,
                        _label(given and given[2]),
                        ">" in row["status"],
                        answer.at(number),
                        vpn,
                        _label(given and given[1]),
                    )
                )
        elif not _BGP_HEADINGS.match(line):
            scan.skip(number, line)
    return scan.done()


def _label(text: str | None) -> str | None:
    """Return a label; ``NULL`` and dashes are none."""
    return text if text and text.isdecimal() else None
