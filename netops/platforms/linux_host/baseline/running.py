"""What runs and listens on a host: units, processes, sockets, packages that matter.

Without systemd's answer (a chroot, a container) the links of enabled units and ``/proc`` tell.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from ipaddress import ip_address

from netops.facts.settings import Setting
from netops.facts.source import Source
from netops.platforms.linux_host.baseline.plain import number, words
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet
from netops.platforms.settings import Section

_PACKAGES = (
    "telnetd inetutils-telnetd telnet-server telnetd-ssl rsh-server rsh-redone-server rsh-client "
    "rsh ypserv ypbind nis yp-tools talk talkd talk-server ntalk tftp-server tftpd tftpd-hpa "
    "atftpd vsftpd proftpd-basic proftpd pure-ftpd ftpd xinetd openbsd-inetd inetutils-inetd "
    "avahi-daemon avahi cups cups-daemon rpcbind nfs-kernel-server nfs-utils samba snmpd net-snmp "
    "xserver-xorg xserver-xorg-core xorg-x11-server-Xorg gcc gdb tcpdump nmap netcat nmap-ncat "
    "auditd audit rsyslog syslog-ng chrony ntp ntpsec openssh-server sudo libpam-pwquality "
    "libpwquality aide tripwire clamav clamav-daemon clamd clamav-server clamav-freshclam rkhunter "
    "fail2ban apparmor selinux-policy-targeted unattended-upgrades dnf-automatic yum-cron "
    "ossec-hids-agent wazuh-agent osquery bareos-filedaemon bacula-fd borgbackup restic rsync"
)

SECTIONS = (
    Section(
        "units",
        r"""
if [ -d /run/systemd/system ]; then
  {
    tell systemctl list-unit-files --no-legend --no-pager --state=enabled
    tell systemctl list-units --no-legend --no-pager --plain --all --type=service,socket,timer
  } | bounded
fi
note 'run links'
for link in /etc/systemd/system/*.wants/* /etc/systemd/system/*.requires/*; do
  # A masked unit is a link to /dev/null, and the link that enabled it may still stand.
  [ -L "$link" ] && [ ! -c "/etc/systemd/system/${link##*/}" ] && printf '%s\n' "${link##*/}"
done
for link in /etc/rc3.d/S* /etc/rc.d/rc3.d/S*; do
  unit=${link##*/S[0-9][0-9]}
  [ -e "$link" ] && [ ! -c "/etc/systemd/system/$unit.service" ] && printf '%s\n' "${link##*/}"
done
note 'say links ended'
""",
        60_000,
    ),
    Section(
        "processes",
        r"""
note 'run processes'
for process in /proc/[0-9]*/comm; do
  { IFS= read -r name <"$process"; } 2>/dev/null && printf '%s\n' "$name"
done | sort -u
note 'rc 0'
""",
        20_000,
    ),
    Section(
        "listeners",
        r"""
if command -v ss >/dev/null 2>&1; then run ss -tulnp
else show /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6
fi
""",
        40_000,
    ),
    Section(
        "packages",
        rf"""
if command -v dpkg-query >/dev/null 2>&1; then
  note 'run packages'
  $limit dpkg-query -W -f='${{db:Status-Abbrev}} ${{Package}} ${{Version}}\n' \
    {_PACKAGES} 2>/dev/null
  note 'rc 0'
elif command -v rpm >/dev/null 2>&1; then
  note 'run packages'
  $limit rpm -q --qf 'ii %{{NAME}} %{{VERSION}}-%{{RELEASE}}\n' {_PACKAGES} 2>/dev/null |
    grep '^ii '
  note 'rc 0'
fi
set -- /var/lib/dpkg/info/*.list
[ -e "$1" ] && note "say installed $#"
""",
        20_000,
    ),
)

_UNIT = re.compile(r"([\w@.:\\-]{1,200})\.(service|socket|timer)", re.ASCII)
_PACKAGE = re.compile(r"[hi]i[ R]? +(\S{1,100}) (\S{1,100})")
_USERS = re.compile(r'users:\(\("([^"]{1,60})"')
_LISTEN, _UDP_OPEN = "0A", "07"
_PORT_BITS = 4
_AUDIT = frozenset({"auditd"})
_SYSLOG = frozenset({"rsyslogd", "rsyslog", "syslog-ng", "syslogd"})
_JOURNAL = frozenset({"systemd-journal", "systemd-journald"})
"""The first as the kernel cuts it: fifteen letters."""
_SS_FIELDS = 5
_MOST = 2_000


def read(sheets: Mapping[str, Sheet]) -> Iterator[Setting]:
    """Yield units, processes, listeners and packages."""
    sheet = sheets.get("units")
    if sheet is not None:
        yield from _units(sheet)
    sheet = sheets.get("processes")
    piece = sheet.run("processes") if sheet is not None else None
    if piece is not None and len(piece.lines) > 1:
        names = tuple(sorted({text[:60] for _, text in piece.lines[:_MOST]}))
        yield Setting("process.names", names, source=piece.at())
        yield from _daemons(set(names), sheets.get("units"), piece)
    sheet = sheets.get("listeners")
    if sheet is not None:
        yield from _listeners(sheet)
    sheet = sheets.get("packages")
    piece = sheet.run("packages") if sheet is not None else None
    if sheet is not None and piece is not None:
        yield Setting("package.installed", packages_of(piece), source=piece.at())
        count = number(sheet.said("installed"))
        if count is not None:
            yield Setting("package.count", count, source=piece.at())


def _daemons(names: set[str], units: Sheet | None, piece: Piece) -> Iterator[Setting]:
    """Yield whether the daemons of audit and log run, by their processes or by their units."""
    active = units.run("systemctl list-units") if units is not None else None
    if active is not None:
        names |= {_stem(words(t)[0]) for _, t in active.lines if words(t)[2:3] == ["active"]}
    for topic, wanted in (("audit", _AUDIT), ("log", _SYSLOG), ("journal", _JOURNAL)):
        yield Setting(f"{topic}.running", not wanted.isdisjoint(names), source=piece.at())


def packages_of(piece: Piece) -> tuple[str, ...]:
    """Return the packages of interest that are installed, not those merely known."""
    return tuple(m[1] for _, text in piece.lines if (m := _PACKAGE.match(text)) is not None)


def release_of(sheet: Sheet, names: Collection[str]) -> str:
    """Return the release of the first installed package of these; empty: none, or not asked."""
    piece = sheet.run("packages")
    found = (_PACKAGE.match(text) for _, text in piece.lines) if piece is not None else ()
    return next((match[2] for match in found if match is not None and match[1] in names), "")


def _units(sheet: Sheet) -> Iterator[Setting]:
    names = enabled_of(sheet)
    if names is not None:
        told = sheet.run("systemctl list-unit-files") or sheet.piece("run", "links")
        yield Setting("service.enabled", names, source=(told or sheet.pieces[0]).at())
    active = sheet.run("systemctl list-units")
    if active is not None:
        up = [words(t)[0] for _, t in active.lines if words(t)[2:3] == ["active"]]
        yield Setting("service.active", tuple(_stem(n) for n in up), source=active.at())
        failed = [words(t)[0] for _, t in active.lines if words(t)[2:3] == ["failed"]]
        yield Setting("service.failed", tuple(_stem(n) for n in failed), source=active.at())


def enabled_of(sheet: Sheet) -> tuple[str, ...] | None:
    """Return the units that are enabled: as systemd says, or by their links; None: not known."""
    enabled = sheet.run("systemctl list-unit-files")
    if enabled is not None:
        return tuple(dict.fromkeys(_named(enabled)))
    piece = sheet.piece("run", "links")
    lines = piece.lines if piece is not None else []
    found = dict.fromkeys(_plain(text) for _, text in lines)
    return tuple(found) if sheet.said("links") == "ended" else None


def _named(piece: Piece) -> Iterator[str]:
    for _, text in piece.lines[:_MOST]:
        parts = words(text)
        if len(parts) > 1 and parts[1] == "enabled" and _UNIT.fullmatch(parts[0]):
            yield _stem(parts[0])


def _stem(name: str) -> str:
    return name.removesuffix(".service")


def _plain(text: str) -> str:
    return re.sub(r"^S[0-9]{2}", "", _stem(text))[:100]


def _listeners(sheet: Sheet) -> Iterator[Setting]:
    rows = list(_from_ss(sheet)) + list(_from_proc(sheet))
    if sheet.run("ss") is None and not any(sheet.files("/proc/net/")):
        return
    place = (sheet.run("ss") or sheet.pieces[0]).at()
    open_ports: dict[str, Source] = {}
    seen: set[str] = set()
    for proto, address, port, program, source in rows[:_MOST]:
        key = f"{proto}/{address}:{port}"
        if key in seen:
            continue
        seen.add(key)
        yield Setting("listener.port", port, key, source)
        if program:
            yield Setting("listener.program", program, key, source)
        if not _is_loopback(address):
            open_ports.setdefault(f"{proto}/{port}", source)
    yield Setting("listener.open", tuple(sorted(open_ports)), source=place)


def _is_loopback(address: str) -> bool:
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return found.is_loopback or (mapped is not None and mapped.is_loopback)


def _from_ss(sheet: Sheet) -> Iterator[tuple[str, str, int, str, Source]]:
    piece = sheet.run("ss")
    for at, text in piece.lines if piece is not None else ():
        parts = words(text)
        if len(parts) < _SS_FIELDS or parts[0] not in {"tcp", "udp"} or piece is None:
            continue
        address, _, port = parts[4].rpartition(":")
        value = number(port)
        program = _USERS.search(text)
        if value is not None:
            yield (parts[0], address.strip("[]"), value, program[1] if program else "",
                   piece.at(at))  # fmt: skip


def _from_proc(sheet: Sheet) -> Iterator[tuple[str, str, int, str, Source]]:
    for piece in sheet.files("/proc/net/"):
        proto = piece.name.rpartition("/")[2].rstrip("6")
        for at, text in piece.lines[1:]:
            parts = words(text)
            wanted = _LISTEN if proto == "tcp" else _UDP_OPEN
            if len(parts) < _PORT_BITS or parts[3].upper() != wanted:
                continue
            address, _, port = parts[1].partition(":")
            shown = _hex_address(address)
            if shown and re.fullmatch("[0-9A-Fa-f]{4}", port):
                yield proto, shown, int(port, 16), "", piece.at(at)


def _hex_address(text: str) -> str:
    """Turn the kernel's form (words of four octets, little end first) into an address."""
    if not re.fullmatch("[0-9A-Fa-f]{8}|[0-9A-Fa-f]{32}", text):
        return ""
    groups = [bytes.fromhex(text[i : i + 8])[::-1] for i in range(0, len(text), 8)]
    return str(ip_address(b"".join(groups)))
