"""Who may reach a host's management: its packet filter, libwrap's files, PAM's access list.

Knows nftables and iptables as they print themselves. Refuses to prove that a rule set is tight:
it says what the policy is and whether SSH is limited by source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from netops.facts.settings import Setting
from netops.platforms.linux_host.baseline import access_list, wrappers
from netops.platforms.linux_host.baseline.packet_filter import (
    NONE,
    OPEN,
    SHUT,
    UNKNOWN,
    Filter,
    has_iptables,
    of_iptables,
    of_nft,
)
from netops.platforms.linux_host.baseline.plain import statements
from netops.platforms.linux_host.baseline.sheet import Sheet
from netops.platforms.linux_host.baseline.sshd import ports_of
from netops.platforms.settings import Section

SECTIONS = (
    Section(
        "filter",
        """
value /proc/sys/net/ipv6/conf/all/disable_ipv6
[ -d /proc/sys/net/ipv6 ] || note 'say ipv6 absent'
{ tell nft list ruleset; tell iptables -S INPUT; tell ip6tables -S INPUT; } | bounded
""",
        40_000,
    ),
    Section(
        "reach",
        r"""
show /etc/hosts.allow /etc/hosts.deny /etc/security/access.conf
pick 'service|source|rule|target|port' /etc/firewalld/zones/*.xml
pick 'pam_access' /etc/pam.d/sshd /etc/pam.d/password-auth /etc/pam.d/common-account
# ldd would start a shell and the loader on sshd; the name stands in the file that links it. Not
# every grep looks behind a zero octet.
linked=none
for file in /usr/sbin/sshd /usr/lib/openssh/sshd-session /usr/libexec/openssh/sshd-session; do
  [ -r "$file" ] || continue
  if grep -qaF libwrap.so "$file" || tr '\000' '\n' <"$file" | grep -qF libwrap.so; then
    linked=yes
  fi
done
[ -r /usr/sbin/sshd ] && note "say libwrap $linked"
""",
        30_000,
    ),
)


_STACKS = ("/etc/pam.d/sshd", "/etc/pam.d/password-auth", "/etc/pam.d/common-account")
"""What the SSH server asks, on its own or by an include; the console's stack limits nobody."""


def read(sheets: Mapping[str, Sheet]) -> Iterator[Setting]:
    """Yield the policy of the filter and what limits SSH."""
    sheet = sheets.get("filter")
    if sheet is not None:
        yield from _filter(sheet, sheets.get("sshd"))
    sheet = sheets.get("reach")
    if sheet is not None:
        yield from _reach(sheet)


def _filter(sheet: Sheet, sshd: Sheet | None) -> Iterator[Setting]:
    nft, ipt, ipt6 = sheet.run("nft"), sheet.run("iptables"), sheet.run("ip6tables")
    place = (nft or ipt or sheet.pieces[0]).at()
    if nft is None and ipt is None and not _is_without_filter(sheet):
        return
    ports = ports_of(sshd)
    found = [of_nft(nft, ports)] if nft is not None else []
    if nft is None or not has_iptables(nft):
        found += [of_iptables(p, n, ports) for p, n in ((ipt, 4), (ipt6, 6)) if p is not None]
    policies = {version: _together(found, version) for version in (4, 6)}
    if _is_off(sheet):
        policies[6] = "off"
    for version, name in ((4, "filter.input_policy"), (6, "filter.input_policy_v6")):
        if policies[version] != UNKNOWN:
            yield Setting(name, policies[version], source=place)
    shut = all(policy in {SHUT, "off"} for policy in policies.values())
    some = any(one.ssh_from_some for one in found)
    limited = shut and some and not any(one.ssh_from_all for one in found)
    yield Setting("filter.ssh_limited", limited, source=place)


def _is_without_filter(sheet: Sheet) -> bool:
    """Whether the host has none of the programs that could have set a rule."""
    commands = [piece for piece in sheet.pieces if piece.kind != "say"]
    return bool(commands) and all(piece.kind == "missing" for piece in commands)


def _together(found: list[Filter], version: int) -> str:
    """Return what several filters come to: a packet has to pass every one of them."""
    said = {one.policies[version] for one in found if version in one.policies}
    order = (SHUT, UNKNOWN, OPEN, NONE)
    return next((word for word in order if word in said), NONE)


def _is_off(sheet: Sheet) -> bool:
    """Whether the host has no addresses of version six."""
    disabled = sheet.said("/proc/sys/net/ipv6/conf/all/disable_ipv6")
    return disabled == "1" or sheet.said("ipv6") == "absent"


def _reach(sheet: Sheet) -> Iterator[Setting]:
    place = sheet.pieces[0].at()
    said = next((p for p in sheet.says() if p.name.startswith("libwrap ")), None)
    linked = said or sheet.run("ldd")  # collectors before asked ldd
    wraps = linked is not None and (
        linked.name == "libwrap yes" or any("libwrap" in text for _, text in linked.lines)
    )
    if linked is not None:
        yield Setting("reach.sshd_uses_wrappers", wraps, source=linked.at())
    limits = wrappers.limit_ssh(sheet.file("/etc/hosts.allow"), sheet.file("/etc/hosts.deny"))
    yield Setting("reach.wrappers_limit_ssh", wraps and limits, source=place)
    access = sheet.file("/etc/security/access.conf")
    stacks = [piece for name in _STACKS if (piece := sheet.file(name)) is not None]
    used = any("pam_access" in bare for piece in stacks for _, bare in statements(piece))
    rules = list(statements(access)) if access is not None else []
    closes = access_list.limits_everybody(bare for _, bare in rules)
    yield Setting("reach.pam_access", used and closes, source=place)
