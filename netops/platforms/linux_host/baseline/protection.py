"""What protects a host: access control of the kernel, malware and intrusion agents, crypto, backup.

Agents are told by the names of their processes, packages and files; what they do is a person's
question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from netops.facts.settings import Setting
from netops.platforms.linux_host.baseline.machine import family_and_version, now_of, within
from netops.platforms.linux_host.baseline.plain import assignments, statements
from netops.platforms.linux_host.baseline.rights import rows
from netops.platforms.linux_host.baseline.running import enabled_of, packages_of
from netops.platforms.linux_host.baseline.sheet import Sheet
from netops.platforms.settings import Section

SECTIONS = (
    Section(
        "mac",
        r"""
value /sys/fs/selinux/enforce /sys/kernel/security/lsm /sys/module/apparmor/parameters/enabled
show /etc/selinux/config
profiles=/sys/kernel/security/apparmor/profiles
if [ -e $profiles ]; then
  # Its mode says that everybody may read it; the kernel lets root alone.
  if [ "$uid" = 0 ]; then show $profiles; else note "refused $profiles"; fi
fi
""",
        30_000,
    ),
    Section(
        "agents",
        r"""
clock
modes /var/lib/clamav/*.cld /var/lib/clamav/*.cvd /etc/aide.conf /etc/aide/aide.conf \
  /var/lib/aide/aide.db* /etc/cron.daily/aide /etc/cron.daily/dailyaidecheck \
  /usr/lib/systemd/system/dailyaidecheck.timer /lib/systemd/system/dailyaidecheck.timer \
  /var/ossec /opt/sangfor /opt/qax /opt/360* /opt/apps/* /opt/rising /usr/local/qcloud \
  /usr/local/aegis /usr/local/hostguard
""",
        20_000,
    ),
    Section(
        "jobs",
        r"""
pick '(aide|clamd?scan|rkhunter|tripwire|osquery|rsync|borg|restic|bareos|bacula|mysqldump|'\
'pg_dump|tar )' /etc/crontab /etc/cron.d/* \
  /var/spool/cron/crontabs/root /var/spool/cron/root
for job in /etc/cron.daily/* /etc/cron.weekly/*; do
  [ -f "$job" ] && [ -x "$job" ] && note "say job ${job##*/}"
done
note 'say jobs ended'
""",
        30_000,
    ),
    Section(
        "crypto",
        r"""
show /etc/crypto-policies/config /etc/crypto-policies/state/current
value /proc/sys/crypto/fips_enabled
[ -e /sys/class/tpm/tpm0 ] && note 'say tpm present'
[ -d /sys/firmware/efi ] && note 'say efi present'
for variable in /sys/firmware/efi/efivars/SecureBoot-*; do
  [ -r "$variable" ] && note "say secureboot $(od -An -tu1 -j4 -N1 "$variable" 2>/dev/null)"
done
[ -e /sys/kernel/security/ima ] && note 'say ima present'
note 'say crypto ended'
""",
        10_000,
    ),
)

_MALWARE = {
    "clamd": "clamav", "clamav": "clamav", "clamav-daemon": "clamav",
    "clamd@scan": "clamav", "edr_agent": "edr", "eps_services": "edr", "sfewatchd": "edr",
    "qaxsafed": "qianxin", "360entclient": "360", "ravservice": "rising", "asav": "asiainfo",
    "savd": "sophos", "ds_agent": "trend", "falcon-sensor": "crowdstrike", "mdatp": "defender",
    "wdavdaemon": "defender", "AliYunDun": "aegis", "hostguard": "hostguard",
    "YDService": "yunjing", "klnagent": "kaspersky", "rkhunter": "rkhunter",
}  # fmt: skip
_HIDS = {
    "ossec-syscheckd": "ossec", "ossec-agentd": "ossec", "wazuh-agentd": "wazuh",
    "wazuh-modulesd": "wazuh", "ossec-hids-agent": "ossec", "wazuh-agent": "wazuh",
    "osqueryd": "osquery", "osquery": "osquery", "titanagent": "titan", "aide": "aide",
    "tripwire": "tripwire", "fail2ban-server": "fail2ban", "fail2ban": "fail2ban",
    "samhain": "samhain", "falco": "falco", "edr_agent": "edr", "AliYunDun": "aegis",
    "hostguard": "hostguard", "YDService": "yunjing", "ds_agent": "trend",
}  # fmt: skip
_BACKUP = {
    "bareos-fd": "bareos", "bareos-filedaemon": "bareos", "bacula-fd": "bacula",
    "borgbackup": "borg", "restic": "restic", "nbdisco": "netbackup", "vnetd": "netbackup",
    "cvd": "commvault", "veeamservice": "veeam", "scutech-agent": "scutech",
}  # fmt: skip
_MONITORING = {
    "zabbix_agentd": "zabbix", "zabbix_agent2": "zabbix", "node_exporter": "prometheus",
    "prometheus-node": "prometheus", "snmpd": "snmp", "telegraf": "telegraf", "nrpe": "nagios",
    "collectd": "collectd", "categraf": "categraf",
}  # fmt: skip
_REDUNDANCY = {
    "keepalived": "keepalived", "pacemakerd": "pacemaker", "corosync": "corosync",
    "heartbeat": "heartbeat", "patroni": "patroni", "haproxy": "haproxy",
}  # fmt: skip
_KNOWN = {
    "malware": _MALWARE, "intrusion": _HIDS, "backup": _BACKUP, "monitoring": _MONITORING,
    "redundancy": _REDUNDANCY,
}  # fmt: skip
_JOBS = ("rsync", "borg", "restic", "bareos", "bacula", "mysqldump", "pg_dump", "tar ")
_DEBIANS = frozenset({"debian", "ubuntu"})
_DEBIAN_NAME = re.compile(r"[A-Za-z0-9_-]+")
_CRONIE_NAME = re.compile(r"(?![.#])(?!.*(?:~|\.rpm(?:save|orig|new))$).+")
_BY_JOB = {
    "aide": ("aide",), "tripwire": ("tripwire",), "rkhunter": ("rkhunter",),
    "clamav": ("clamscan", "clamdscan"), "clamav-daemon": ("clamdscan",), "osquery": ("osquery",),
}  # fmt: skip
"""Programs that are no daemons: the words by which a job names them."""
_DAY = 86_400


def read(sheets: Mapping[str, Sheet]) -> Iterator[Setting]:
    """Yield what protects the host."""
    if "mac" in sheets:
        yield from _mac(sheets["mac"])
    if "crypto" in sheets:
        yield from _crypto(sheets["crypto"])
    yield from _agents(sheets)


def _mac(sheet: Sheet) -> Iterator[Setting]:
    place = sheet.pieces[0].at() if sheet.pieces else None
    said = {p.name.partition(" ")[0]: p for p in sheet.says()}
    config = sheet.file("/etc/selinux/config")
    configured = ""
    for at, key, value in assignments(config) if config is not None else ():
        if key == "SELINUX" and config is not None:
            configured = value.lower()
            yield Setting("mac.selinux_configured", configured, source=config.at(at))
    enforce = said.get("/sys/fs/selinux/enforce")
    selinux = "disabled" if config is not None else "absent"
    if enforce is not None:
        selinux = "enforcing" if enforce.name.endswith(" 1") else "permissive"
    profiles = sheet.file("/sys/kernel/security/apparmor/profiles")
    enforced = 0
    if profiles is not None:
        enforced = sum(1 for _, text in profiles.lines if text.endswith("(enforce)"))
        yield Setting("mac.apparmor_enforced", enforced, source=profiles.at())
    if place is None:
        return
    yield Setting("mac.selinux", selinux, source=place)
    modules = said.get("/sys/kernel/security/lsm")
    if modules is not None:
        names = modules.name.partition(" ")[2].split(",")
        yield Setting("mac.modules", tuple(names), source=modules.at())
    yield Setting("mac.active", selinux == "enforcing" or enforced > 0, source=place)


def _crypto(sheet: Sheet) -> Iterator[Setting]:
    for name in ("/etc/crypto-policies/state/current", "/etc/crypto-policies/config"):
        piece = sheet.file(name)
        lines = list(statements(piece)) if piece is not None else []
        if piece is not None and lines:
            yield Setting("crypto.policy", lines[0][1].lower()[:80], source=piece.at(lines[0][0]))
            break
    if sheet.said("crypto") == "ended":
        place = sheet.pieces[0].at()
        for topic in ("tpm", "ima", "efi"):
            yield Setting(f"trust.{topic}", sheet.said(topic) == "present", source=place)
        yield Setting("trust.secure_boot", sheet.said("secureboot") == "1", source=place)


def _agents(sheets: Mapping[str, Sheet]) -> Iterator[Setting]:
    """Yield agents, only where both what runs and what is installed are known."""
    processes, packages = sheets.get("processes"), sheets.get("packages")
    running = processes.run("processes") if processes is not None else None
    if running is not None and packages is not None:
        installed = packages.run("packages")
        names = {text for _, text in running.lines}
        work = _work(sheets)
        for package in packages_of(installed) if installed is not None else ():
            # What runs now and then is at work where somebody makes it run.
            words = _BY_JOB.get(package, ())
            names |= {package} if any(word in text for word in words for text in work) else set()
        for topic, known in _KNOWN.items():
            found = sorted({agent for name, agent in known.items() if name in names})
            yield Setting(f"{topic}.agents", tuple(found), source=running.at())
    sheet, jobs = sheets.get("agents"), sheets.get("jobs")
    if sheet is not None:
        yield from _files(sheet)
    if jobs is not None:
        yield from _jobs(jobs, sheets)


def _work(sheets: Mapping[str, Sheet]) -> list[str]:
    """Return what is run at set times: scripts, lines of cron, timers that are enabled."""
    jobs, units = sheets.get("jobs"), sheets.get("units")
    timers = [name for name in (enabled_of(units) or () if units is not None else ())
              if name.endswith(".timer")]  # fmt: skip
    return [*_scripts(jobs), *_lines(jobs, sheets), *timers] if jobs is not None else timers


def _scripts(jobs: Sheet) -> list[str]:
    return [p.name.removeprefix("job ") for p in jobs.says() if p.name.startswith("job ")]


def _lines(jobs: Sheet, sheets: Mapping[str, Sheet]) -> list[str]:
    """Return lines of cron; Debian's passes over files whose names hold more than letters."""
    family, _ = family_and_version(sheets.get("system"))
    taken = _DEBIAN_NAME if family in _DEBIANS else _CRONIE_NAME
    pieces = [p for p in jobs.files() if not p.name.startswith("/etc/cron.d/")
              or taken.fullmatch(p.name.removeprefix("/etc/cron.d/"))]  # fmt: skip
    return [text.strip()[:200] for piece in pieces for _, text in statements(piece)]


def _jobs(sheet: Sheet, sheets: Mapping[str, Sheet]) -> Iterator[Setting]:
    place = sheet.pieces[0].at()
    named, lines = _scripts(sheet), _lines(sheet, sheets)
    copies = [text for text in lines if any(word in text for word in _JOBS)]
    yield Setting("backup.jobs", tuple(copies[:50]), source=place)
    units = sheets.get("units")
    enabled = enabled_of(units) if units is not None else None
    timers = [name for name in enabled or () if "aide" in name and name.endswith(".timer")]
    scheduled = bool(timers) or any("aide" in text for text in [*named, *lines])
    if scheduled or enabled is not None:
        yield Setting("integrity.scheduled", scheduled, source=place)


def _files(sheet: Sheet) -> Iterator[Setting]:
    piece, now = sheet.run("stat"), now_of(sheet)
    if piece is None:
        return
    found = {path: when for _, _, _, when, path in rows(piece)}
    signatures = [when for path, when in found.items() if "/clamav/" in path]
    if signatures and now is not None:
        age = within((now - max(signatures)) // _DAY)
        yield Setting("malware.signature_age_days", age, source=piece.at())
    config = any(path.endswith("aide.conf") for path in found)
    base = any("/aide.db" in path and ".new" not in path for path in found)
    yield Setting("integrity.configured", config, source=piece.at())
    yield Setting("integrity.database", base, source=piece.at())
