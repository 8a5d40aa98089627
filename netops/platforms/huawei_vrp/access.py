"""What is up towards the outside or in pairs: PPPoE sessions, DHCP leases, VRRP, clock."""

from __future__ import annotations

import re

from netops.facts.access import DhcpLease, PppoeSession
from netops.facts.redundancy import VrrpGroup, VrrpState
from netops.facts.system import NtpStatus
from netops.platforms.answer import Answer, Parsed
from netops.platforms.huawei_vrp.names import full_interface, is_interface
from netops.platforms.huawei_vrp.scan import Scan, read_rows, to_address, to_int

_PPPOE_HEADINGS = re.compile(
    r"\s*(?:PPPoE Client Session\s*:|ID\s+Bundle\b|Total\b)", re.IGNORECASE
)


def parse_pppoe(answer: Answer) -> Parsed:
    """Read ``display pppoe-client session summary``."""

    def row(scan: Scan, number: int, line: str) -> bool:
        words = line.split()
        if len(words) != 7 or not words[2].isdecimal() or not is_interface(words[3]):  # noqa: PLR2004
            return False
        state = words[6].lower()
        scan.facts.append(
            PppoeSession(
                interface=full_interface(words[3]),
                dialer=f"Dialer{words[2]}",
                is_up=state in {"up", "pppup"},
                state=state,
                source=scan.answer.at(number),
            )
        )
        return True

    return read_rows(answer, _PPPOE_HEADINGS, row)


_LEASE = re.compile(r"\s*DHCP client lease information on interface\s+(\S+?)\s*:?$", re.IGNORECASE)
_LEASE_PAIR = re.compile(
    r"\s*(Current machine state|Internet address assigned via|Physical address|IP address"
    r"|Subnet mask|Gateway ip address|DHCP server|Lease (?:obtained|renews|rebinds|expires) at"
    r"|DNS|Domain name|Classless static route|Request hostname|Vendor|NTP|Option\s?\d*)"
    r"\s*:\s*(.*)$",
    re.IGNORECASE,
)
_VALUE_ONLY = re.compile(r"\s{4,}[\w.:/ -]+")


def parse_dhcp(answer: Answer) -> Parsed:
    """Read ``display dhcp client``: a block an interface."""
    scan = Scan(answer)
    blocks: list[tuple[str, int, dict[str, str]]] = []
    for number, line in scan.lines():
        lease, pair = _LEASE.match(line), _LEASE_PAIR.match(line)
        if lease:
            blocks.append((full_interface(lease[1]), number, {"last": str(number)}))
        elif pair and blocks:
            blocks[-1][2][pair[1].lower()] = pair[2].strip()
            blocks[-1][2]["last"] = str(number)
        elif not (blocks and _VALUE_ONLY.fullmatch(line)):
            scan.skip(number, line)
    for interface, first, values in blocks:
        scan.facts.append(
            DhcpLease(
                interface=interface,
                state=values.get("current machine state", "").lower(),
                address=to_address(values.get("ip address", "")),
                gateway=to_address(values.get("gateway ip address", "")),
                source=answer.at(first, int(values["last"])),
            )
        )
    return scan.done()


_VRRP_HEADINGS = re.compile(
    r"\s*(?:Total\s*:|VRID\s+State\b|Type\s*:\s*$|(?:N|A|M|L|LM)\s*:\s*[A-Z]|Info: The VRRP)"
)
_STATES = {
    "master": VrrpState.MASTER,
    "backup": VrrpState.BACKUP,
    "initialize": VrrpState.INITIALIZE,
    "non-active": VrrpState.INITIALIZE,
}


def parse_vrrp_brief(answer: Answer) -> Parsed:
    """Read ``display vrrp brief`` and the table that newer releases print for ``display vrrp``."""

    def row(scan: Scan, number: int, line: str) -> bool:
        words = line.split()
        if len(words) < 4 or words[1].lower() not in _STATES:  # noqa: PLR2004 - the columns
            return _more_addresses(scan, number, words)
        vrid, address = to_int(words[0]), to_address(words[-1])
        if vrid is None or address is None or not is_interface(words[2]):
            return False
        scan.facts.append(
            VrrpGroup(
                full_interface(words[2]), vrid, _STATES[words[1].lower()], (address,),
                source=scan.answer.at(number),
            )
        )  # fmt: skip
        return True

    return read_rows(answer, _VRRP_HEADINGS, row)


def _more_addresses(scan: Scan, number: int, words: list[str]) -> bool:
    """Add a further virtual address, alone on a line below its group."""
    address = to_address(words[0]) if len(words) == 1 else None
    if address is None or not scan.facts:
        return False
    group: VrrpGroup = scan.facts.pop()
    scan.facts.append(
        VrrpGroup(
            group.interface, group.vrid, group.state, (*group.addresses, address), group.priority,
            scan.answer.at(group.source.first, number),
        )
    )  # fmt: skip
    return True


_VRRP_BLOCK = re.compile(r"\s*(\S+) \| Virtual Router (\d{1,3})\s*$", re.IGNORECASE)
_VRRP_PAIR = re.compile(r"\s*([A-Za-z][\w /-]{0,40}?)\s*:\s*(.*)$")


def parse_vrrp(answer: Answer) -> Parsed:
    """Read ``display vrrp [verbose]``: blocks; the brief table where a release prints that."""
    if not any(_VRRP_BLOCK.match(line) for _, line in answer.lines):
        return parse_vrrp_brief(answer)
    scan = Scan(answer)
    blocks: list[tuple[str, int, int, dict[str, str]]] = []
    for number, line in scan.lines():
        block, pair = _VRRP_BLOCK.match(line), _VRRP_PAIR.match(line)
        if block:
            blocks.append((full_interface(block[1]), int(block[2]), number, {"last": str(number)}))
        elif pair and blocks:
            values = blocks[-1][3]
            key = pair[1].lower()
            values[key] = f"{values[key]} {pair[2]}" if key in values else pair[2].strip()
            values["last"] = str(number)
        else:
            scan.skip(number, line)
    for interface, vrid, first, values in blocks:
        found = (to_address(word) for word in values.get("virtual ip", "").split())
        scan.facts.append(
            VrrpGroup(
                interface=interface,
                vrid=vrid,
                state=_STATES.get(values.get("state", "").lower(), VrrpState.UNKNOWN),
                addresses=tuple(address for address in found if address is not None),
                priority=to_int(values.get("priorityrun", values.get("priority run", ""))),
                source=answer.at(first, int(values["last"])),
            )
        )
    return scan.done()


_NTP_PAIR = re.compile(
    r"\s*(clock status|clock stratum|reference clock ID|nominal frequency|actual frequency"
    r"|clock precision|clock offset|root delay|root dispersion|peer dispersion|reference time"
    r"|synchronization state)\s*:\s*(.*)$",
    re.IGNORECASE,
)
_OWN_CLOCK = re.compile(r"LOCAL\(\d+\)|127\.127\.\d+\.\d+|none|-*", re.IGNORECASE)


def parse_ntp(answer: Answer) -> Parsed:
    """Read ``display ntp-service status``. Whoever follows ``LOCAL(0)`` follows nobody."""
    scan = Scan(answer)
    values: dict[str, str] = {}
    first = last = 0
    for number, line in scan.lines():
        pair = _NTP_PAIR.match(line)
        if pair is None:
            scan.skip(number, line)
            continue
        values[pair[1].lower()] = pair[2].strip()
        first, last = first or number, number
    if "clock status" not in values:
        return scan.done("no clock status", understood=False)
    reference = values.get("reference clock id", "")
    own = _OWN_CLOCK.fullmatch(reference) is not None
    synchronized = values["clock status"].lower() == "synchronized" and not own
    stratum = to_int(values.get("clock stratum", ""))
    scan.facts.append(NtpStatus(synchronized, stratum, reference or None, answer.at(first, last)))
    return scan.done()
