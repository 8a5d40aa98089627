"""``display current-configuration`` as settings: each statement goes to the reader of its word."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from netops.facts.settings import Setting, Value
from netops.platforms.answer import Answer
from netops.platforms.huawei_vrp.defaults import default_for
from netops.platforms.huawei_vrp.settings import filtering, redundancy
from netops.platforms.huawei_vrp.settings.access import Access
from netops.platforms.huawei_vrp.settings.defence import Defence
from netops.platforms.huawei_vrp.settings.lines import write_terminals
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

_OPENERS = word_set(
    "aaa acl ad-server arp bfd bgp capwap clear clock cpu-defend cpu-defend-policy dcn detect- "
    "group dhcp diffserv dns dot1x drop-profile engine error-down ethernet evpn file firewall ftp "
    "header hrp http hwtacacs-server icmp igmp ike info-center interface ip ipsec ipv6 isis "
    "keychain l2tp l2tp-group ldap-server license lldp local-user loopback-detect mac-address "
    "mpls nat nat-policy netconf nqa ntp ntp-service observe-port ospf ospfv3 pim pki pm poe "
    "policy policy-based-route port-group qos radius-server return rip route route-policy router "
    "rsa sa security-policy set slot snmp-agent ssh static-bfd stelnet stp super sysname tcp "
    "telnet time-range traffic traffic-filter traffic-limit traffic-policy traffic-secure tunnel "
    "undo user-group user-interface vlan vrrp vrrp6 vsm web-manager wlan xpl"
)
NOTATION = Notation(openers=_OPENERS)
_BRACKET = re.compile(r"\[(V\d{3}R\d{3}[^\]\s]{0,30})\]")
_SOFTWARE = re.compile(r"!\s*Software Version\s+(V\d{3}R\d{3}\S{0,30})")
_OTHERS_VERSION = re.compile(r"version \d+\.\d+\S*, .{1,60}")
_SERVERS: Mapping[str, str] = {
    "telnet": "mgmt.telnet", "stelnet": "mgmt.ssh", "ftp": "mgmt.ftp", "http": "mgmt.http",
    "tftp": "mgmt.tftp",
}  # fmt: skip
_SWITCHED = frozenset({"enable", "disable", "server", "secure-server"})
_SERVER_DEFAULTS: Mapping[str, str] = {
    "mgmt.telnet": "telnet_server", "mgmt.telnet6": "telnet6_server", "mgmt.ssh": "stelnet_server",
    "mgmt.ssh_v1": "ssh_version_1", "mgmt.ftp": "ftp_server", "mgmt.http": "http_server",
    "ssh.timeout_s": "ssh_timeout_s", "ssh.retries": "ssh_retries",
}  # fmt: skip
_ALGORITHMS = {"cipher": "ssh.ciphers", "hmac": "ssh.macs", "key-exchange": "ssh.kex"}


@dataclass(slots=True)
class Reading(Statements):
    """What the statements said, before defaults are laid under it."""

    filters: Filters = field(default_factory=lambda: Filters(step=5, first=5, fold=False))
    policies: Policies = field(
        default_factory=lambda: Policies(denies=True, operator="", word=filtering.POLICY)
    )
    access: Access = field(default_factory=Access)
    defence: Defence = field(default_factory=Defence)
    most_lines: tuple[int, int] | None = None
    acls: dict[str, tuple[str, int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Read:
    """The settings of a configuration, or why there are none; release and whether it is an AR."""

    settings: tuple[Setting, ...] = ()
    version: str = ""
    router: bool = False
    fault: str = ""


def release_of(layout: Layout) -> tuple[str, bool]:
    """Return release and whether the text is written as an AR writes it."""
    for root in layout.roots[:1]:
        if found := _BRACKET.fullmatch(root.text):
            return found[1], True
    for _, comment in layout.comments[:4]:
        if found := _SOFTWARE.match(comment):
            return found[1], False
    return "", False


def lay_out(answer: Answer) -> tuple[Layout, str]:
    """Lay the text out and say what is wrong with it, if anything."""
    layout = build(answer, NOTATION)
    if any(_OTHERS_VERSION.fullmatch(root.text) for root in layout.roots[:3]):
        return layout, "a configuration of Comware, not of VRP"
    if not layout.separators or not layout.roots:
        return layout, "no configuration"
    if not layout.complete:
        return layout, "no return at the end: the capture is cut"
    release, is_router = release_of(layout)
    return layout, fault_of(layout, release, heads_parts=is_router)


def read_configuration(answer: Answer, layout: Layout, family: str, version: str) -> Draft:
    """Read every statement, then write settings with the defaults of family and release."""
    reading = Reading()
    for root in joined(layout.roots):
        words = root.words
        reader = _READERS.get(words[0])
        if reader is not None:
            reader(reading, root, words)
    draft = Draft(answer)
    _write(reading, draft, layout, family, version)
    return draft


def _undo(reading: Reading, root: Statement, words: list[str]) -> None:
    rest = words[1:]
    topic = rest[0] if rest else ""
    if topic == "snmp-agent":
        reading.snmp.read(rest[1:], root.line, reading.filters, undone=True)
    elif topic in {"ntp-service", "ntp"}:
        reading.ntp.read(rest[1:], root.line, reading.filters, undone=True)
    elif topic == "info-center":
        reading.log.read(rest[1:], root.line, undone=True)
    elif topic == "lldp":
        reading.ports.lldp = False
    elif topic in SWITCHES:
        reading.ports.switch(words)
    elif topic == "acl":
        reading.filters.undefine(rest)
    elif rest[:2] == ["ip", "route-static"]:
        reading.discards.route(rest[2:], root.line, undone=True)
    elif topic.lower() in _SERVERS or topic == "ssh":
        _server(reading, root, rest, on=False)
    elif topic == "web-manager":
        _web(reading, root, rest, on=False)


def _service(reading: Reading, root: Statement, words: list[str]) -> None:
    _server(reading, root, words, on=True)


def _server(reading: Reading, root: Statement, words: list[str], *, on: bool) -> None:
    """Read ``X [ipv4|ipv6] server enable|disable``, ``undo X server [enable]`` and details."""
    topic = words[0].lower()  # older releases print FTP
    if topic == "ssh":
        _ssh(reading, root, words, on=on)
        return
    name = _SERVERS[topic] + ("6" if "ipv6" in words else "")
    if "acl" in words:
        _server_acl(reading, root, words, topic, on=on)
    elif "secure-server" in words and topic == "http" and words[-1] in _SWITCHED:
        reading.values["mgmt.https"] = (on != ("disable" in words), root.line)
    elif words[-1] in _SWITCHED and "server" in words:
        reading.values[name] = (_switched(words, on=on), root.line)


def _switched(words: list[str], *, on: bool) -> bool:
    """``X enable`` switches on, and so does ``undo X disable`` of newer releases."""
    if words[-1] == "disable":
        return not on
    return on and words[-1] == "enable"


def _server_acl(
    reading: Reading, root: Statement, words: list[str], topic: str, *, on: bool
) -> None:
    rest = [word for word in words[words.index("acl") + 1 :] if word not in {"ipv6", "name"}]
    name = f"{topic}.acl6_state" if "ipv6" in words else f"{topic}.acl_state"
    if not on:
        reading.acls.pop(name, None)
    elif rest:
        family = 6 if "ipv6" in words else 4
        reading.filters.bind(f"{topic} server", rest[0], family, Use.MANAGEMENT, root.line)
        reading.acls[name] = (rest[0], family, root.line)


def _ssh(reading: Reading, root: Statement, words: list[str], *, on: bool) -> None:
    if words[1:2] == ["user"] or words[1:2] == ["client"]:
        return
    for word, name in _ALGORITHMS.items():
        if word in words:
            rest = words[words.index(word) + 1 :]
            if on:
                reading.values[name] = (tuple(w.replace("_", "-") for w in rest), root.line)
            else:
                reading.values.pop(name, None)
            return
    if "compatible-ssh1x" in words:
        reading.values["mgmt.ssh_v1"] = (on != ("disable" in words), root.line)
    elif "acl" in words:
        _server_acl(reading, root, words, "ssh", on=on)
    elif words[-2:-1] == ["timeout"]:
        _number(reading, "ssh.timeout_s", words[-1], root.line)
    elif words[-2:-1] == ["authentication-retries"]:
        _number(reading, "ssh.retries", words[-1], root.line)


def _number(reading: Reading, name: str, word: str, line: int) -> None:
    number = number_of(word, 100_000)
    if number is not None:
        reading.values[name] = (number, line)


def _terminal(reading: Reading, root: Statement, words: list[str]) -> None:
    if words[1:2] == ["maximum-vty"] and len(words) > 2:  # noqa: PLR2004 - keyword and number
        count = number_of(words[2], 64)
        reading.most_lines = None if count is None else (count, root.line)
    elif words[1:] != _RESERVED or root.below:
        reading.terminals.append((root, words))


_RESERVED = ["vty", "16", "20"]
"""Lines that a device keeps for its network management, and prints; nobody else gets them."""


def _interface(reading: Reading, root: Statement, words: list[str]) -> None:
    reading.zones.interface(root, words)
    reading.ports.read(root, "".join(words[1:]), reading.filters)
    filtering.policies_below(reading, root, "".join(words[1:]))
    translating = 0
    for child in root.below:
        if child.text.startswith("nat "):
            parts = child.words
            translating = translating or child.line
            if parts[1:2] == ["outbound"] and len(parts) > 2:  # noqa: PLR2004 - list
                reading.filters.bind(
                    f"{words[-1]} nat outbound", parts[2], 4, Use.OTHER, child.line
                )
    if translating:
        reading.discards.translates(root, translating)


def _ip(reading: Reading, root: Statement, words: list[str]) -> None:
    reading.zones.instance(root, words)
    if words[1:2] == ["urpf"]:
        reading.ports.urpf = urpf_of(words)
    elif words[1:2] == ["http"]:
        reading.values["mgmt.http"] = ("disable" not in words, root.line)
    elif words[1:2] == ["address-set"] and len(words) > 2:  # noqa: PLR2004 - the name
        reading.policy.addresses(root, words[2])
    elif words[1:2] == ["route-static"]:
        reading.discards.route(words[2:], root.line)


def _firewall(reading: Reading, root: Statement, words: list[str]) -> None:
    reading.zones.zone(root, words)
    filtering.between_zones(reading, root, words)
    reading.policy.pass_all(words, root.line)


def _lldp(reading: Reading, _root: Statement, words: list[str]) -> None:
    if words[1:] == ["enable"]:
        reading.ports.lldp = True


def _dhcp(reading: Reading, _root: Statement, words: list[str]) -> None:
    if words[1:3] == ["snooping", "enable"]:
        reading.ports.snooping = True
        reading.ports.guard(words[3:])


def _vlan(reading: Reading, root: Statement, words: list[str]) -> None:
    if any(child.text.startswith(_ADDRESS_CHECKS) for child in root.below):
        reading.ports.guard(words)
    filtering.below(reading, root, root.text)


_ADDRESS_CHECKS = ("dhcp snooping enable", "arp anti-attack check", "ip source check",
                   "ipv4 source check")  # fmt: skip


def _web(reading: Reading, root: Statement, words: list[str], *, on: bool = True) -> None:
    """Read ``web-manager [security] enable [port N]``; other switches are of its own pages.

    Newer switches speak HTTPS alone, and say so by its port.
    """
    has_word = words[1:2] == ["security"]
    if words[1 + has_word : 2 + has_word] == ["enable"]:
        is_safe = has_word or words[-2:] == ["port", "443"]
        reading.values["mgmt.https" if is_safe else "mgmt.http"] = (on, root.line)


def _sysname(reading: Reading, _root: Statement, words: list[str]) -> None:
    reading.hostname = words[-1]


_Reader = Callable[[Reading, Statement, list[str]], None]
_READERS: Mapping[str, _Reader] = {
    "aaa": lambda r, s, _w: r.access.aaa(s),
    "acl": lambda r, s, w: r.filters.define(s, w),
    "ad-server": lambda r, s, w: r.access.template(s, w),
    "authentication-profile": lambda r, s, w: r.ports.profile(s, w),
    "bgp": lambda r, s, _w: r.routing.bgp(s),
    "cpu-defend": lambda r, s, w: r.defence.define(s, w),
    "cpu-defend-policy": lambda r, _s, w: r.defence.apply(w),
    "css": redundancy.note,
    "dhcp": _dhcp,
    "domain": lambda r, _s, w: r.access.chosen(w),
    "dot1x": lambda r, _s, w: r.ports.switch(w),
    "firewall": _firewall,
    "FTP": _service,
    "ftp": _service,
    "hrp": redundancy.note,
    "http": _service,
    "hwtacacs": lambda r, s, w: r.access.template(s, w),
    "hwtacacs-server": lambda r, s, w: r.access.template(s, w),
    "info-center": lambda r, s, w: r.log.read(w[1:], s.line),
    "interface": _interface,
    "ip": _ip,
    "isis": lambda r, s, w: r.routing.isis(s, w),
    "ldap-server": lambda r, s, w: r.access.template(s, w),
    "lldp": _lldp,
    "local-aaa-user": lambda r, s, w: r.access.rule(s, w),
    "manager-user": lambda r, s, w: r.access.account(s, w),
    "mac-authen": lambda r, _s, w: r.ports.switch(w),
    "mpls": lambda r, s, w: r.routing.mpls(s, w),
    "nat-policy": lambda r, s, _w: r.discards.nat_policy(s),
    "ntp": lambda r, s, w: r.ntp.read(w[1:], s.line, r.filters),
    "ntp-service": lambda r, s, w: r.ntp.read(w[1:], s.line, r.filters),
    "ospf": lambda r, s, w: r.routing.ospf(s, w),
    "ospfv3": lambda r, s, w: r.routing.ospf3(s, w),
    "policy": lambda r, s, w: r.policy.between(s, w),
    "radius": lambda r, s, w: r.access.template(s, w),
    "radius-server": lambda r, s, w: r.access.template(s, w),
    "rip": lambda r, s, _w: r.routing.rip(s),
    "role": lambda r, s, _w: r.access.roles(s),
    "security-policy": lambda r, s, _w: r.policy.read(s),
    "set": lambda r, s, w: r.access.system_wide(w, s.line),
    "snmp-agent": lambda r, s, w: r.snmp.read(w[1:], s.line, r.filters),
    "ssh": _service,
    "stack": redundancy.note,
    "stelnet": _service,
    "super": lambda r, s, w: r.access.super_password(w, s.line),
    "slot": lambda r, s, _w: r.defence.slot(s),
    "sysname": _sysname,
    "telnet": _service,
    "tftp": _service,
    "traffic": filtering.traffic,
    "traffic-filter": filtering.filter_applied,
    "traffic-policy": filtering.policy_applied,
    "traffic-secure": filtering.filter_applied,
    "undo": _undo,
    "user-interface": _terminal,
    "vlan": _vlan,
    "vrrp": lambda r, _s, w: r.routing.vrrp(w),
    "web-manager": _web,
}


def _write(reading: Reading, draft: Draft, layout: Layout, family: str, version: str) -> None:
    def default(name: str) -> Value | None:
        found: Value | None = default_for(name, family, version)
        return found

    for name, (value, line) in reading.values.items():
        draft.put(name, value, line)
    for name, (wanted, family_of_list, line) in reading.acls.items():
        draft.put(name, reading.filters.state(wanted, family_of_list), line)
    for name, key in _SERVER_DEFAULTS.items():
        if name not in reading.values:
            draft.put(name, default(key))
    reading.access.write(draft, family, version)
    write_terminals(reading, reading.most_lines, draft, default)
    versions, agent = default("snmp_versions"), default("snmp_agent")
    reading.snmp.write(
        draft, reading.filters, agent=agent if isinstance(agent, bool) else None,
        versions=versions if isinstance(versions, tuple) else None,
    )  # fmt: skip
    reading.ntp.write(draft, needs_enable=False)
    logs = default("info_center")
    reading.log.write(
        draft,
        (p.name for p in reading.ports.ports),
        enabled=logs if isinstance(logs, bool) else None,
    )
    services.write_banners(draft, layout.banners, reading.hostname)
    lldp = default("lldp")
    reading.ports.write(
        draft,
        lldp=lldp if isinstance(lldp, bool) else None,
        up_unless_shut=family not in {"", "ne"},
    )
    reading.defence.write(draft)
    reading.routing.write(draft, reading.ports.speakers, vrrp=2)
    keychains.settle(draft, layout, needs_algorithm=True)
    reading.policy.write(draft, firewall=family == "usg")
    reading.zones.write(draft)
    reading.discards.write(draft)
    reading.filters.write(draft, layout, reading.policies.write(draft, reading.filters))
    redundancy.write(reading, draft, family)
