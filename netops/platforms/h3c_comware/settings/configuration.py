"""``display current-configuration`` as settings: each statement goes to the reader of its word."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from netops.facts.settings import Value
from netops.platforms.answer import Answer
from netops.platforms.h3c_comware.settings import filtering
from netops.platforms.h3c_comware.settings.access import Access
from netops.platforms.kin import keychains, services
from netops.platforms.kin.draft import Draft
from netops.platforms.kin.filters import Filters, Use
from netops.platforms.kin.layout import (
    Layout,
    Notation,
    Statement,
    build,
    fault_of,
    joined,
    number_of,
    word_set,
)
from netops.platforms.kin.policies import Policies
from netops.platforms.kin.ports import SWITCHES, urpf_of
from netops.platforms.kin.reading import Statements
from netops.platforms.kin.terminals import Terminals

_VERSION = re.compile(
    r"version (\d{1,2})\.(\d+\S{0,30}), (?:Release|Feature|ESS|Ess|Demo|Test|\w+) ?(\S{0,40})"
)
_VRP = re.compile(r"!\s*Software Version |\[V\d{3}R\d{3}")
_ALGORITHMS = {"cipher": "ssh.ciphers", "mac": "ssh.macs", "key-exchange": "ssh.kex"}
_HIGHEST_LINE = {7: 64}
_VRRP = {5: 2, 7: 3}
_MINUTES_IDLE = 10


@dataclass(slots=True)
class Reading(Statements):
    """What the statements said, before defaults are laid under it."""

    filters: Filters = field(default_factory=lambda: Filters(step=5, first=0, fold=True))
    policies: Policies = field(
        default_factory=lambda: Policies(denies=False, operator="and", word="qos policy")
    )
    access: Access = field(default_factory=Access)
    acls: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    major: int = 0
    deny_unmatched: int = 0
    stacked: dict[str, int] = field(default_factory=dict)
    firewall: filtering.Firewall = field(default_factory=filtering.Firewall)


def version_of(layout: Layout) -> tuple[str, str]:
    """Return version and release of the first line; empty where it is not there."""
    for root in layout.roots[:3]:
        if found := _VERSION.match(root.text):
            return f"{found[1]}.{found[2]}", found[3]
    return "", ""


def lay_out(answer: Answer) -> tuple[Layout, str]:
    """Lay the text out and say what is wrong with it, if anything."""
    layout = build(answer, Notation(openers=_OPENERS))
    is_vrp = any(_VRP.match(text) for _, text in layout.comments[:3])
    if is_vrp or any(_VRP.match(root.text) for root in layout.roots[:3]):
        return layout, "a configuration of VRP, not of Comware"
    if not layout.separators or not layout.roots:
        return layout, "this is no configuration"
    if not layout.complete:
        return layout, "cut: the closing 'return' is missing"
    return layout, fault_of(layout, version_of(layout)[0])


_OPENERS = word_set(
    "acl arp bgp clock control-plane dhcp dialer-group dldp dns domain dot1x firewall ftp header "
    "hwtacacs ike info-center interface ip ipsec ipv6 irf irf-port isis keychain ldap license line "
    "lldp local-user loopback-detection mac-authentication mirroring-group mpls nat netconf nqa "
    "ntp-service object-group object-policy ospf ospfv3 packet-filter password-control "
    "performance-management pki policy-based-route port-security qos radius return rip role "
    "route-policy router scheduler security-policy security-zone snmp-agent sntp ssh ssh2 ssl stp "
    "super sysname system telnet tftp time-range traffic tunnel undo user-group user-interface "
    "version vlan vpn-instance wlan xbar zone-pair"
)


def read_configuration(answer: Answer, layout: Layout, major: int) -> Draft:
    """Read every statement, then write settings with the defaults of the major version."""
    reading = Reading(major=major)
    for root in joined(layout.roots):
        words = root.words
        reader = _READERS.get(words[0])
        if reader is not None:
            reader(reading, root, words)
    draft = Draft(answer)
    _write(reading, draft, layout)
    return draft


def _undo(reading: Reading, root: Statement, words: list[str]) -> None:
    rest = words[1:]
    topic = rest[0] if rest else ""
    if topic == "snmp-agent":
        reading.snmp.read(rest[1:], root.line, reading.filters, undone=True)
    elif topic == "ntp-service":
        reading.ntp.read(rest[1:], root.line, reading.filters, undone=True)
    elif topic == "info-center":
        reading.log.read(rest[1:], root.line, undone=True)
    elif topic == "lldp":
        reading.ports.lldp = False
    elif topic in SWITCHES:
        reading.ports.switch(words)
    elif topic == "acl":
        reading.filters.undefine(rest)
    elif topic == "password-control":
        reading.access.password_control(rest[1:], root.line, undone=True)
    elif topic == "ssh2":
        reading.values.pop(_ALGORITHMS.get(rest[-1], ""), None)
    elif topic in _SERVICES:
        _server(reading, root, rest, on=False)


_SERVICES = frozenset({"telnet", "ssh", "ftp", "tftp", "ip", "sftp"})


def _service(reading: Reading, root: Statement, words: list[str]) -> None:
    _server(reading, root, words, on=True)


def _server(reading: Reading, root: Statement, words: list[str], *, on: bool) -> None:
    """Read ``telnet|ssh|ftp server …`` and ``ip http|https …``."""
    topic, rest = words[0], words[1:]
    if topic == "ip":
        reading.zones.instance(root, words)
        _ip(reading, root, rest, on=on)
    elif rest[:1] == ["server"] and "acl" in rest and not on:
        reading.acls.pop(f"{topic}.acl6_state" if "ipv6" in rest else f"{topic}.acl_state", None)
    elif rest[:1] == ["server"] and "acl" in rest:
        _server_acl(reading, root, topic, rest[rest.index("acl") + 1 :], ipv6="ipv6" in rest)
    elif topic == "ssh" and "compatible-ssh1x" in rest:
        reading.values["mgmt.ssh_v1"] = (on != ("disable" in rest), root.line)
    elif topic == "ssh" and rest[:2] == ["server", "authentication-retries"]:
        _number(reading, "ssh.retries", rest[-1], root.line)
    elif topic == "ssh" and rest[:2] == ["server", "authentication-timeout"]:
        _number(reading, "ssh.timeout_s", rest[-1], root.line)
    elif rest in (["server", "enable"], ["server"]) or rest == ["server", "ipv6", "enable"]:
        name = {"telnet": "mgmt.telnet", "ssh": "mgmt.ssh", "ftp": "mgmt.ftp",
                "tftp": "mgmt.tftp"}.get(topic)  # fmt: skip
        if name is not None:
            reading.values[name] = (on, root.line)


def _server_acl(
    reading: Reading, root: Statement, topic: str, rest: list[str], *, ipv6: bool
) -> None:
    ipv6 = ipv6 or rest[:1] == ["ipv6"]
    names = [word for word in rest if word not in {"ipv6", "name", "mac"}]
    if names:
        family = 6 if ipv6 else 4
        place = f"{topic} server ipv6" if ipv6 else f"{topic} server"
        reading.filters.bind(place, names[0], family, Use.MANAGEMENT, root.line)
        reading.acls[f"{topic}.acl6_state" if ipv6 else f"{topic}.acl_state"] = (
            names[0], family, root.line,
        )  # fmt: skip


def _number(reading: Reading, name: str, word: str, line: int) -> None:
    number = number_of(word, 100_000)
    if number is not None:
        reading.values[name] = (number, line)


def _ip(reading: Reading, root: Statement, rest: list[str], *, on: bool) -> None:
    topic = rest[0] if rest else ""
    if topic in {"http", "https"}:
        if rest[1:] == ["enable"]:
            reading.values[f"mgmt.{topic}"] = (on, root.line)
        elif rest[1:2] == ["acl"] and len(rest) > 2:  # noqa: PLR2004 - the list
            family = 6 if "ipv6" in rest else 4
            reading.filters.bind(f"ip {topic}", rest[-1], family, Use.MANAGEMENT, root.line)
    elif topic == "urpf" and on:
        reading.ports.urpf = urpf_of(rest)
    elif topic == "route-static":
        reading.discards.route(rest[1:], root.line, undone=not on)


def _ssh2(reading: Reading, root: Statement, words: list[str]) -> None:
    if words[1:2] == ["algorithm"] and len(words) > 3 and words[2] in _ALGORITHMS:  # noqa: PLR2004
        reading.values[_ALGORITHMS[words[2]]] = (tuple(words[3:]), root.line)


def _interface(reading: Reading, root: Statement, words: list[str]) -> None:
    reading.zones.interface(root, words)
    name = "".join(words[1:])
    reading.ports.read(root, name, reading.filters)
    filtering.policies_below(reading, root, name)
    reading.firewall.below(root, name)
    translating = 0
    for child in root.below:
        if child.text.startswith("nat "):
            parts = child.words
            translating = translating or child.line
            if parts[1] == "outbound" and len(parts) > 2 and number_of(parts[2]) is not None:  # noqa: PLR2004
                reading.filters.bind(f"{name} nat outbound", parts[2], 4, Use.OTHER, child.line)
    if translating:
        reading.discards.translates(root, translating)


_FILTER_WORDS = frozenset(
    ("packet-filter", "ipv6", "name", "global", "inbound", "outbound", "hardware-count",
     "vlan-interface")
)  # fmt: skip


def _packet_filter(reading: Reading, root: Statement, words: list[str]) -> None:
    if words[1:] == ["default", "deny"]:
        reading.deny_unmatched, reading.filters.denies_unmatched = root.line, True
        return
    wanted = next((word for word in words if word not in _FILTER_WORDS), "")
    if wanted and wanted != "filter":
        family = 6 if "ipv6" in words else 4
        reading.filters.bind("global", wanted, family, Use.TRAFFIC, root.line)


def _lldp(reading: Reading, _root: Statement, words: list[str]) -> None:
    if words[1:] in (["global", "enable"], ["enable"]):
        reading.ports.lldp = True


def _dhcp(reading: Reading, _root: Statement, words: list[str]) -> None:
    if words in (["dhcp", "snooping", "enable"], ["dhcp-snooping"]):
        reading.ports.snooping = reading.ports.snooped = True
    elif words[:3] == ["dhcp", "snooping", "enable"]:
        reading.ports.guard(words[3:])


def _vlan(reading: Reading, root: Statement, words: list[str]) -> None:
    if any(
        child.text.startswith(("arp detection enable", "dhcp snooping enable"))
        for child in root.below
    ):
        reading.ports.guard(words)


def _stack(reading: Reading, root: Statement, words: list[str]) -> None:
    """Note the members whose ports join a stack; lines of ``irf`` alone stand on every switch."""
    if len(words) > 1 and any(child.text.startswith("port group") for child in root.below):
        reading.stacked[words[1].partition("/")[0]] = root.line


def _guard(reading: Reading, root: Statement, words: list[str]) -> None:
    if words[:2] in (["qos", "apply"], ["anti-attack", "enable"]) or words[0] == "control-plane":
        reading.guards["cpu"] = root.line


def _sysname(reading: Reading, _root: Statement, words: list[str]) -> None:
    reading.hostname = words[-1]


_Reader = Callable[[Reading, Statement, list[str]], None]
_READERS: Mapping[str, _Reader] = {
    "acl": lambda r, s, w: r.filters.define(s, w),
    "anti-attack": _guard,
    "bgp": lambda r, s, _w: r.routing.bgp(s),
    "control-plane": _guard,
    "dhcp": _dhcp,
    "dhcp-snooping": _dhcp,
    "dot1x": lambda r, _s, w: r.ports.switch(w),
    "domain": lambda r, s, w: r.access.domain(s, w),
    "firewall": lambda r, s, w: r.firewall.read(s, w),
    "ftp": _service,
    "hwtacacs": lambda r, s, w: r.access.scheme(s, w),
    "info-center": lambda r, s, w: r.log.read(w[1:], s.line),
    "interface": _interface,
    "ip": _service,
    "irf-port": _stack,
    "isis": lambda r, s, w: r.routing.isis(s, w),
    "ldap": lambda r, s, w: r.access.scheme(s, w),
    "line": lambda r, s, w: r.terminals.append((s, w)),
    "lldp": _lldp,
    "local-user": lambda r, s, w: r.access.account(s, w),
    "mac-authentication": lambda r, _s, w: r.ports.switch(w),
    "mpls": lambda r, s, w: r.routing.mpls(s, w),
    "ntp-service": lambda r, s, w: r.ntp.read(w[1:], s.line, r.filters),
    "ospf": lambda r, s, w: r.routing.ospf(s, w),
    "ospfv3": lambda r, s, w: r.routing.ospf3(s, w),
    "object-group": lambda r, s, w: r.policy.addresses(s, w[-1]),
    "object-policy": lambda r, s, w: r.policy.objects(s, w),
    "packet-filter": _packet_filter,
    "password-control": lambda r, s, w: r.access.password_control(w[1:], s.line, undone=False),
    "policy-based-route": filtering.policy_routes,
    "port-security": lambda r, _s, w: r.ports.switch(w),
    "qos": filtering.qos,
    "radius": lambda r, s, w: r.access.scheme(s, w),
    "rip": lambda r, s, _w: r.routing.rip(s),
    "security-zone": lambda r, s, w: r.zones.zone(s, w),
    "security-policy": lambda r, s, _w: r.policy.read(s),
    "snmp-agent": lambda r, s, w: r.snmp.read(w[1:], s.line, r.filters),
    "sntp": lambda r, s, w: r.ntp.read(w[1:], s.line, r.filters),
    "ssh": _service,
    "ssh2": _ssh2,
    "super": lambda r, s, w: r.access.super_password(w, s.line),
    "sysname": _sysname,
    "telnet": _service,
    "tftp": _service,
    "traffic": filtering.traffic,
    "undo": _undo,
    "user-group": lambda r, s, w: r.access.group(s, w),
    "user-interface": lambda r, s, w: r.terminals.append((s, w)),
    "vlan": _vlan,
    "zone-pair": filtering.zone_pair,
}
_OFF = {
    7: ("mgmt.telnet", "mgmt.ssh", "mgmt.ftp", "mgmt.http", "mgmt.https"),
    9: ("mgmt.telnet", "mgmt.ssh"),
    5: ("mgmt.ssh", "mgmt.ftp"),
}
"""Servers that are off where no line switches them on, by major version."""


def _write(reading: Reading, draft: Draft, layout: Layout) -> None:
    major = reading.major
    for name, (value, line) in reading.values.items():
        draft.put(name, value, line)
    for name in _OFF.get(major, ()):
        if name not in reading.values:
            draft.put(name, value=False)
    for topic in ("telnet", "ssh"):
        _write_acl(reading, draft, topic)
    reading.access.write(draft, major)
    _write_terminals(reading, draft)
    agent = False if major in (5, 7, 9) else None
    reading.snmp.write(draft, reading.filters, agent=agent, versions=None)
    reading.ntp.write(draft, needs_enable=True if major in (7, 9) else None)
    reading.log.write(
        draft, (p.name for p in reading.ports.ports), enabled=True if major in (5, 7) else None
    )
    services.write_banners(draft, layout.banners, reading.hostname)
    reading.ports.write(draft, lldp=None, up_unless_shut=True)
    draft.put("protect.control_plane", "cpu" in reading.guards, reading.guards.get("cpu", 0))
    reading.routing.write(draft, reading.ports.speakers, vrrp=_VRRP.get(major))
    keychains.settle(draft, layout, needs_algorithm=True)
    reading.policy.write(draft, firewall=False, drops=True if major == 7 else None)  # noqa: PLR2004
    reading.deny_unmatched = reading.firewall.bind(reading.filters) or reading.deny_unmatched
    if reading.deny_unmatched:
        draft.put("acl.default_deny", value=True, first=reading.deny_unmatched)
    elif major in (5, 7):
        draft.put("acl.default_deny", value=False)
    reading.zones.write(draft)
    reading.discards.write(draft)
    closed = reading.policies.write(draft, reading.filters)
    reading.filters.write(draft, layout, closed)
    _write_redundancy(reading, draft)


def _write_acl(reading: Reading, draft: Draft, topic: str) -> None:
    """Who may use a server: everybody until a list is bound that exists and restricts."""
    for suffix in ("acl_state", "acl6_state"):
        name = f"{topic}.{suffix}"
        if name in reading.acls:
            wanted, family, line = reading.acls[name]
            draft.put(name, reading.filters.state(wanted, family), line)
        elif suffix == "acl_state" or reading.ports.has_ipv6:
            draft.put(name, "none")


def _write_redundancy(reading: Reading, draft: Draft) -> None:
    means = set(reading.means)
    if any(speaker.stands_in for speaker in reading.ports.speakers):
        means.add("vrrp")
    if reading.ports.aggregates:
        means.add("aggregation")
    if len(reading.stacked) > 1:
        means.add("irf")
    draft.put("redundancy.means", tuple(sorted(means)))


def _write_terminals(reading: Reading, draft: Draft) -> None:
    known = reading.major in (5, 7)
    idle = _MINUTES_IDLE * 60
    vty: dict[str, Value] = {"command_accounting": False} if reading.major else {}
    console: dict[str, Value] = {}
    if known:
        vty |= {"inbound": ("pad", "ssh", "telnet"), "authentication": "unset",
               "idle_timeout_s": idle}  # fmt: skip
        console = {"authentication": "none", "idle_timeout_s": idle}
    aux = {"idle_timeout_s": idle} if known else {}
    terminals = Terminals({"vty": vty, "console": console, "aux": aux})
    for statement, words in reading.terminals:
        terminals.read(statement, words, reading.filters)
    first = reading.terminals[0][0].line if reading.terminals else 0
    if known:
        terminals.fill_console(first)
    terminals.fill(_HIGHEST_LINE.get(reading.major, 0), first)
    terminals.write(draft, reading.filters, has_ipv6=reading.ports.has_ipv6)
