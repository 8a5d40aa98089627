"""VRP: version, device, serial number, clock, NTP, access lists.

Knows how a VRP device presents itself. Refuses to know networks.
"""

from __future__ import annotations

from netops.facts.policy_routes import Acl, AclRule
from netops.lab.render.huawei_vrp_spelling import CLOCK, ZONE, Vrp
from netops.lab.render.notation import V4, lines, uptime_units, wildcard_match, worded
from netops.lab.render.scene import acl_number, acls, is_basic

_DEFAULT_UPTIME = 273_660
_DASHES = "- " * 32 + "-"


def answers(vrp: Vrp) -> dict[str, str]:
    """Return the answers about the device itself."""
    found = {
        "display version": _version(vrp),
        "display device": _device(vrp),
        "display esn": _esn(vrp),
        "display clock": lines(f"{CLOCK}{ZONE}", "Saturday", "Time Zone(BJ) : UTC+08:00"),
        "display acl all": _acls(vrp, V4),
        "display acl ipv6 all": _acls(vrp, 6),
    }
    found["display ntp status" if vrp.is_vrp8 else "display ntp-service status"] = _ntp(vrp)
    return found


def model_of(vrp: Vrp) -> str:
    """Return the model name that the device shows."""
    return vrp.scene.model.identity.model or ("NE40E-X8A" if vrp.is_vrp8 else "AR6140")


def _family(model: str) -> str:
    """Return the product family of line 2: AR617VW is an AR610, NE40E-X8A an NE40E."""
    if not model.startswith("AR"):
        return model.partition("-")[0]
    digits = model[2:].partition("-")[0].rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f"AR{digits[:2]}{'0' * (len(digits) - 2)}"


def _version(vrp: Vrp) -> str:
    identity = vrp.scene.model.identity
    model = model_of(vrp)
    uptime = _DEFAULT_UPTIME if identity.uptime_s is None else identity.uptime_s
    version = identity.os_version or ("8.180" if vrp.is_vrp8 else "5.170")
    head = (
        "Huawei Versatile Routing Platform Software",
        f"VRP (R) software, Version {version} ({_family(model)} {vrp.scene.release})",
    )
    since = worded(uptime_units(uptime, weeks=not vrp.is_vrp8))
    return lines(*head, *(_boards8 if vrp.is_vrp8 else _boards5)(model, since))


def _boards8(model: str, since: str) -> tuple[str, ...]:
    return (
        "Copyright (C) 2012-2018 Huawei Technologies Co., Ltd.",
        f"HUAWEI {model} uptime is {since}",
        "",
        f"{model} version information:",
        _DASHES,
        "MPU version information:",
        "",
        f"MPU (Master) 9 : uptime is {since}",
        "  StartupTime 2024/05/01   06:20:11",
        "  SDRAM Memory Size   : 8192 M bytes",
        "  FLASH Memory Size   : 32 M bytes",
        "  NVRAM Memory Size   : 512 K bytes",
        "  CFCARD Memory Size  : 2048 M bytes",
        "  PCB         Version : CX68MPUK1 REV A",
        "  BootROM     Version : 06.14",
    )


def _boards5(model: str, since: str) -> tuple[str, ...]:
    role = "Router" if model.startswith("AR") else "Routing Switch"
    return (
        "Copyright (C) 2011-2022 HUAWEI TECH CO., LTD",
        f"Huawei {model} {role} uptime is {since}",
        "",
        f"MPU 0(Master) : uptime is {since}",
        "SDRAM Memory Size    : 1024    M bytes",
        "Flash 0 Memory Size  : 1024    M bytes",
        "MPU version information : ",
        f"1. PCB      Version  : AR-SRU{model[2:5]} VER.C",
        "2. MAB      Version  : 0",
        f"3. Board    Type     : {model}",
        "4. BootROM  Version  : 1",
    )


def _device(vrp: Vrp) -> str:
    model = model_of(vrp)
    title = f"{model}'s Device status:"
    if vrp.is_vrp8:
        return lines(
            title,
            "-" * 79,
            "Slot #    Type       Online    Register      Status      Role   LsId   Primary",
            "-" * 79,
            "1         LPU        Present   Registered    Normal      LC     0      NA",
            "9         MPU        Present   NA            Normal      MMB    0      Master",
            "-" * 79,
        )
    width = max(21, len(model))
    return lines(
        title,
        f"Slot Sub  {'Type':<{width}} Online    Power    Register     Status   Role  ",
        "-" * 79,
        f"0    -    {model:<{width}} Present   PowerOn  Registered   Normal   Master",
    )


def _esn(vrp: Vrp) -> str:
    serial = vrp.scene.model.identity.serial or ""
    if vrp.is_vrp8:
        return lines(f" ESN of master: {serial}")
    if model_of(vrp).startswith("AR"):
        return lines(f"ESN of device: {serial}")
    return lines(f" ESN of slot 0: {serial}")


def _ntp(vrp: Vrp) -> str:
    status = vrp.scene.model.ntp
    if status is None or not status.synchronized:
        return lines(
            " clock status: unsynchronized ",
            " clock stratum: 16 ",
            " reference clock ID: none",
            " nominal frequency: 100.0000 Hz ",
            " actual frequency: 100.0000 Hz ",
            " clock precision: 2^18",
            " clock offset: 0.0000 ms ",
            " root delay: 0.00 ms ",
            " root dispersion: 0.00 ms ",
            " peer dispersion: 0.00 ms ",
            " reference time: 00:00:00.000 UTC Jan 1 1900(00000000.00000000)",
        )
    return lines(
        " clock status: synchronized ",
        f" clock stratum: {status.stratum or 3} ",
        f" reference clock ID: {status.reference or 'LOCAL(0)'}",
        " nominal frequency: 100.0000 Hz ",
        " actual frequency: 100.0000 Hz ",
        " clock precision: 2^18",
        " clock offset: 0.4102 ms ",
        " root delay: 1.83 ms ",
        " root dispersion: 10.91 ms ",
        " peer dispersion: 10.94 ms ",
        " reference time: 09:12:55.331 UTC May 11 2024(E9E9E9E7.54BC6A7E)",
        *((" synchronization state: clock synchronized",) if vrp.is_vrp8 else ()),
    )


def _acls(vrp: Vrp, family: int) -> str:
    found = acls(vrp.scene, family, every_source=family == V4)
    if family == V4:
        out = [f" Total quantity of nonempty ACL number is {len(found)} "]
    else:
        out = [f" Total nonempty acl6 number is {len(found)}"]
    for place, acl in enumerate(found):
        count = len(acl.rules)
        out += ["", f"{_title(acl, place)}, {count} rule{'s' if count > 1 else ''}"]
        out.append("Acl's step is 5")
        out.extend(f" {text} " for text in rules(acl))
    return lines(*out)


def _title(acl: Acl, place: int) -> str:
    kind = "Basic" if is_basic(acl) else "Advanced"
    if acl.family == V4:
        return f"{kind} ACL {numbered(acl, place)}"
    named = "" if acl.name.isdigit() else f"{acl_number(acl, place)} name "
    return f"{kind} IPv6 ACL {named}{acl.name}"


def numbered(acl: Acl, place: int) -> str:
    """Return a list's number, or its name with the number that the device gave it."""
    number = acl_number(acl, place)
    return number if acl.name == number else f"{acl.name} {number}"


def rules(acl: Acl) -> list[str]:
    """Return the rules of a list as the display and the configuration spell them."""
    return [_rule(acl, rule, 5 * place) for place, rule in enumerate(acl.rules, start=1)]


def _rule(acl: Acl, rule: AclRule, step: int) -> str:
    number = step if rule.number is None else rule.number
    words = [f"rule {number}", "permit" if rule.permit else "deny"]
    if not is_basic(acl):
        words.append(rule.protocol or ("ip" if acl.family == V4 else "ipv6"))
    if rule.source is not None:
        words.append(f"source {wildcard_match(rule.source)}")
    if rule.destination is not None and not is_basic(acl):
        words.append(f"destination {wildcard_match(rule.destination)}")
    return " ".join(words)
