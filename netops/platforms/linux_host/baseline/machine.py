"""The machine itself: which system, its kernel's parameters, its clock, its updates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from netops.facts.settings import Setting
from netops.platforms.linux_host.baseline import kernel_six, sysctl_files
from netops.platforms.linux_host.baseline.plain import number, sections, statements, words
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet, UnreliableError
from netops.platforms.settings import Section

_KERNEL = {
    "net/ipv4/tcp_syncookies": "tcp_syncookies",
    "net/ipv4/ip_forward": "ip_forward",
    "net/ipv4/conf/all/rp_filter": "rp_filter",
    "net/ipv4/conf/all/accept_redirects": "accept_redirects",
    "net/ipv4/conf/all/secure_redirects": "secure_redirects",
    "net/ipv4/conf/all/send_redirects": "send_redirects",
    "net/ipv4/conf/all/accept_source_route": "accept_source_route",
    "net/ipv4/conf/all/log_martians": "log_martians",
    "net/ipv4/icmp_echo_ignore_broadcasts": "ignore_broadcasts",
    "net/ipv4/icmp_ignore_bogus_error_responses": "ignore_bogus_errors",
    "kernel/randomize_va_space": "randomize_va_space",
    "kernel/dmesg_restrict": "dmesg_restrict",
    "kernel/kptr_restrict": "kptr_restrict",
    "kernel/sysrq": "sysrq",
    "kernel/yama/ptrace_scope": "ptrace_scope",
    "crypto/fips_enabled": "fips",
}
_LINKS = {
    "fs/protected_hardlinks": "protected_hardlinks",
    "fs/protected_symlinks": "protected_symlinks",
}
"""Apart, because the kernel shows them to root alone."""

SECTIONS = (
    Section(
        "system",
        r"""
show /etc/os-release /etc/kylin-release /etc/.kyinfo /etc/uos-release
note "say uid $uid"
[ -r /proc/uptime ] && note "say uptime $began"
clock
value /proc/sys/kernel/hostname
limit= # it ends by itself
tell uname -srm
""",
        20_000,
    ),
    Section(
        "kernel",
        f"""
value {" ".join(f"/proc/sys/{name}" for name in _KERNEL)} \\
  /proc/sys/net/ipv4/conf/*/accept_redirects /proc/sys/net/ipv4/conf/*/send_redirects
show /proc/cmdline
{kernel_six.SCRIPT.strip()}
{sysctl_files.SCRIPT.strip()}
""",
        60_000,
    ),
    Section(
        "kernel_links",
        f"""
value {" ".join(f"/proc/sys/{name}" for name in _LINKS)}
""",
        1_000,
    ),
    Section(
        "clock",
        r"""
show /etc/chrony.conf /etc/chrony/chrony.conf /etc/chrony/conf.d/*.conf \
  /etc/chrony/sources.d/*.sources /etc/ntp.conf /etc/ntpsec/ntp.conf \
  /etc/systemd/timesyncd.conf /etc/systemd/timesyncd.conf.d/*.conf
{ tell chronyc -n tracking; tell ntpq -pn; } | bounded
[ -e /run/systemd/timesync/synchronized ] && note 'say timesyncd synchronised'
""",
        40_000,
    ),
)

_FAMILIES = {
    "neokylin": "kylin", "uniontech": "uos", "uniontechos": "uos",
    "deepin": "debian", "openkylin": "debian",
    "anolis": "anolis", "openanolis": "anolis", "red hat enterprise linux": "rhel",
    "rocky": "rhel", "almalinux": "rhel", "ol": "rhel",
}  # fmt: skip
"""What a system calls itself, by the family whose files and commands it has."""
_OWN_NUMBERS = frozenset({"deepin", "openkylin"})
_DEBIAN_CODENAMES = frozenset({"eagle", "fou"})
"""Those of UOS that are made of Debian: the desktop, and edition D of the server."""
_KYLIN_DESKTOP = "kylin"
"""All of its name; the server calls itself "Kylin Linux Advanced Server"."""
_SEVEN = frozenset({"rhel", "centos", "anolis", "kylin"})
_OS_LINE = re.compile(r"([A-Z][A-Z0-9_]*)=[\"']?([^\"']*)[\"']?")
_TRACKED = re.compile(r"Leap status[ \t]*:[ \t]*(\S.*)")
_ITSELF = re.compile(r"Reference ID[ \t]*:[ \t]*7F7F[0-9A-F]{4}\b")
_LOCAL = ("*127.127.", "*LOCAL(")
"""A clock that follows itself (``local stratum 10``, the driver of the local clock)."""
_CHRONY = ("/etc/chrony.conf", "/etc/chrony/chrony.conf")
_SERVERS = frozenset({"server", "pool", "peer"})
_HERE = ("127.", "::1")
_BY_INTERFACE = frozenset({"accept_redirects", "send_redirects"})
_INTERFACE = re.compile(r"/proc/sys/net/ipv4/conf/([^/ ]{1,20})/(\w{1,30}) 1")
_STEPS = (1, 3, 7, 14, 30, 60, 90, 120, 180, 270, 365, 545, 730, 1095, 1460, 1825, 3650)


def family_and_version(sheet: Sheet | None) -> tuple[str, str]:
    """Return the normalised ID of os-release and its version; empty: not known."""
    piece = sheet.file("/etc/os-release") if sheet is not None else None
    values: dict[str, str] = {}
    for _, bare in statements(piece) if piece is not None else ():
        match = _OS_LINE.fullmatch(bare)
        if match is not None:
            values[match[1]] = match[2]
    name = values.get("ID", "").lower()
    family = _FAMILIES.get(name, name)
    if name in _OWN_NUMBERS or _is_made_of_debian(family, values):
        return "debian", ""  # its number is none of Debian's
    version = values.get("VERSION_ID", "").lower().replace("update", ".")  # V7Update6
    return family, re.sub(r"^v(?=[0-9])", "", version)


def _is_made_of_debian(family: str, values: Mapping[str, str]) -> bool:
    """Whether a system that bears a server's ID has Debian's files and commands."""
    if family == "kylin":
        return values.get("NAME", "").lower() == _KYLIN_DESKTOP
    return family == "uos" and values.get("VERSION_CODENAME", "").lower() in _DEBIAN_CODENAMES


def is_of_seven(sheet: Sheet | None) -> bool:
    """Whether a host is RHEL 7 or its kin: its PAM and libpwquality are of another age."""
    family, version = family_and_version(sheet)
    return family in _SEVEN and version.partition(".")[0] == "7"


def read(sheets: Mapping[str, Sheet]) -> Iterator[Setting]:
    """Yield what is true of the machine as a whole."""
    if "system" in sheets:
        yield from _system(sheets["system"])
    if "kernel" in sheets:
        yield from _kernel(sheets["kernel"])
    if "kernel_links" in sheets:
        yield from _live(sheets["kernel_links"], _LINKS)
    if "clock" in sheets:
        yield from _clock(sheets["clock"], sheets.get("processes"))


def now_of(sheet: Sheet | None) -> int | None:
    """Return what the host's own clock said, in seconds."""
    piece = sheet.run("date") if sheet is not None else None
    return number(piece.lines[0][1]) if piece is not None and piece.lines else None


def hostname_of(sheet: Sheet | None) -> str:
    """Return the name that the kernel has for the host; empty: not known."""
    said = sheet.said("/proc/sys/kernel/hostname") if sheet is not None else None
    return said or ""


def within(days: int) -> int:
    """Return within how many days of a round number something happened.

    The exact age would change each day, and with it the evidence that a person has confirmed.
    """
    return next((step for step in _STEPS if days <= step), days)


def _system(sheet: Sheet) -> Iterator[Setting]:
    place = sheet.pieces[0].at()
    uname = sheet.run("uname")
    if uname is not None and uname.lines:
        yield Setting("system.kernel", uname.lines[0][1][:200], source=uname.at())
    uid = sheet.said("uid")
    if uid:
        yield Setting("collector.root", uid == "0", source=place)
    release = sheet.file("/etc/os-release")
    for at, bare in statements(release) if release is not None else ():
        match = _OS_LINE.fullmatch(bare)
        if match is not None and match[1] == "PRETTY_NAME" and release is not None:
            yield Setting("system.name", match[2][:120], source=release.at(at))


def _kernel(sheet: Sheet) -> Iterator[Setting]:
    found = list(_live(sheet, _KERNEL))
    yield from _by_interface(sheet, found)
    line = sheet.file("/proc/cmdline")
    if line is not None:
        options = tuple(w for _, text in line.lines for w in words(text))
        yield Setting("boot.options", options[:200], source=line.at())
    yield from kernel_six.read(sheet)
    yield from sysctl_files.at_boot(sheet)


def _by_interface(sheet: Sheet, found: list[Setting]) -> Iterator[Setting]:
    """Yield parameters with what an interface says by itself: either word is enough.

    Redirects are taken where both say so only while the host forwards packets.
    """
    usual = {setting.name: setting.value for setting in found}
    forwards = usual.get("kernel.ip_forward") == 1
    for setting in found:
        topic = setting.name.removeprefix("kernel.")
        own = [p for p in sheet.says() if _is_on(p, topic)] if topic in _BY_INTERFACE else []
        if own and setting.value == 0 and not (forwards and topic == "accept_redirects"):
            yield replace(setting, value=1, source=own[0].at())
        else:
            yield setting


def _is_on(piece: Piece, topic: str) -> bool:
    match = _INTERFACE.fullmatch(piece.name)
    return match is not None and match[2] == topic and match[1] not in {"all", "default", "lo"}


def _live(sheet: Sheet, names: Mapping[str, str]) -> Iterator[Setting]:
    """Yield the values of the running kernel."""
    for piece in sheet.says():
        path, _, text = piece.name.partition(" ")
        name = names.get(path.removeprefix("/proc/sys/"))
        value = number(words(text)[0]) if words(text) else None
        if name is not None and value is not None:
            yield Setting(f"kernel.{name}", value, source=piece.at())


def _clock(sheet: Sheet, processes: Sheet | None) -> Iterator[Setting]:
    servers: dict[str, bool] = {}
    daemon, place = "none", sheet.pieces[0].at()
    ntp = [p for p in sheet.files() if p.name.startswith(("/etc/ntp.conf", "/etc/ntpsec/"))]
    chrony = _chrony(sheet)
    for name, pieces in (("chrony", chrony), ("ntp", ntp)):
        if pieces and daemon == "none":
            daemon, place = name, pieces[0].at()
            for piece in pieces:
                servers.update(_servers(piece))
    hidden = [n for p in chrony[:1] for n in _named(p, "include") if sheet.file(n) is None]
    if hidden and not servers:
        raise UnreliableError("clock", f"an include of chrony was not shown: {hidden[0][:80]}")
    if daemon == "none":
        for piece in sheet.files("/etc/systemd/timesyncd"):
            daemon = "timesyncd"
            for _, _section, key, value in sections(piece):
                if key == "NTP" and not value:
                    servers.clear()
                elif key == "NTP":
                    servers.update(dict.fromkeys(words(value), False))
    yield Setting("clock.daemon", daemon, source=place)
    yield Setting("clock.servers", tuple(servers)[:50], source=place)
    yield Setting("clock.authenticated", bool(servers) and all(servers.values()), source=place)
    yield from _synchronised(sheet, processes)


def _chrony(sheet: Sheet) -> list[Piece]:
    """Return the main file of chrony, and those of the folders and files that it names."""
    main = next((p for name in _CHRONY if (p := sheet.file(name)) is not None), None)
    if main is None:
        return []
    found = [main]
    for word, suffix in (("confdir", ".conf"), ("sourcedir", ".sources")):
        for folder in _named(main, word):
            start = folder.rstrip("/") + "/"
            found += [p for p in sheet.files(start) if p.name.endswith(suffix)]
    return found + [p for name in _named(main, "include") if (p := sheet.file(name)) is not None]


def _named(piece: Piece, directive: str) -> list[str]:
    end = len(directive)
    lines = (words(bare) for _, bare in statements(piece) if bare[:end].lower() == directive)
    named = (name for parts in lines if parts[0].lower() == directive for name in parts[1:])
    return list(dict.fromkeys(named))


def _servers(piece: Piece) -> Iterator[tuple[str, bool]]:
    for _, bare in statements(piece):
        parts = words(bare)
        if parts[0] in _SERVERS and len(parts) > 1 and not parts[1].startswith(_HERE):
            yield parts[1][:200], bool({"key", "nts", "autokey"} & set(parts[2:]))


def _synchronised(sheet: Sheet, processes: Sheet | None) -> Iterator[Setting]:
    tracking = sheet.run("chronyc")
    if tracking is not None:
        itself = any(_ITSELF.match(text) for _, text in tracking.lines)
        for at, text in tracking.lines:
            match = _TRACKED.match(text)
            if match is not None:
                follows = match[1].strip() != "Not synchronised" and not itself
                yield Setting("clock.synchronised", follows, source=tracking.at(at))
                return
    peers = sheet.run("ntpq")
    if peers is not None:
        follows = any(
            text.startswith("*") and not text.startswith(_LOCAL) for _, text in peers.lines
        )
        yield Setting("clock.synchronised", follows, source=peers.at())
    elif sheet.said("timesyncd") == "synchronised":
        yield Setting("clock.synchronised", value=True, source=sheet.pieces[0].at())
    elif processes is not None and not _daemon_runs(processes):
        yield Setting("clock.synchronised", value=False, source=sheet.pieces[0].at())


def _daemon_runs(sheet: Sheet) -> bool:
    piece = sheet.run("processes")
    names = {text for _, text in piece.lines} if piece is not None else {"unknown"}
    return bool(names & {"chronyd", "ntpd", "systemd-timesyn", "ntpsec", "openntpd", "unknown"})
