"""Comware: version, serial number, clock, NTP, access lists, stack.

Knows how a Comware device presents itself. Refuses to know networks.
"""

from __future__ import annotations

from netops.facts.policy_routes import Acl, AclRule
from netops.lab.render.h3c_comware_spelling import Comware
from netops.lab.render.notation import (
    V4,
    WILDCARDS,
    lines,
    mac_of,
    uptime_units,
    worded,
)
from netops.lab.render.scene import acl_number, acls, is_basic

_DEFAULT_UPTIME = 1_915_740


def answers(device: Comware) -> dict[str, str]:
    """Return the answers about the device itself."""
    found = {
        "display version": _version(device),
        "display device manuinfo": _manuinfo(device),
        "display clock": _clock(device),
        "display ntp-service status": _ntp(device),
        "display acl all": _acls(device, V4),
        "display acl ipv6 all": _acls(device, 6),
    }
    if not device.is_router:
        found["display irf"] = _irf(device)
    return found


def version_words(device: Comware) -> str:
    """Return "7.1.064, Release 0821P16" from whichever field of the model holds it."""
    identity = device.scene.model.identity
    version = identity.os_version or "7.1.064"
    if "," in version:
        return version
    release = identity.release or "0821P16"
    named = release if not release[:1].isdigit() else f"Release {release}"
    return f"{version}, {named}"


def _version(device: Comware) -> str:
    identity = device.scene.model.identity
    uptime = _DEFAULT_UPTIME if identity.uptime_s is None else identity.uptime_s
    units = uptime_units(uptime, weeks=True)
    words = version_words(device)
    release = words.rpartition(" ")[2]
    stem = f"flash:/{device.model_name.lower()}-cmw710"
    years = "2004-2014 Hangzhou" if device.is_early else "2004-2021 New"
    company = "H3C Tech. Co., Ltd." if device.is_early else "H3C Technologies Co., Ltd."
    return lines(
        f"H3C Comware Software, Version {words}",
        f"Copyright (c) {years} {company} All rights reserved.",
        f"H3C {device.model_name} uptime is {worded(units)}",
        "Last reboot reason : User reboot",
        "",
        f"Boot image: {stem}-boot-{release.lower()}.bin",
        f"Boot image version: {words}",
        "  Compiled Feb 03 2021 11:00:00",
        f"System image: {stem}-system-{release.lower()}.bin",
        f"System image version: {words}",
        "  Compiled Feb 03 2021 11:00:00",
        "",
        f"Slot {_slot(device)}:",
        f"Uptime is {worded(units, ',')}",
        f"H3C {device.model_name} with 1 Processor",
        f"BOARD TYPE:         {device.model_name}",
    )


def _slot(device: Comware) -> int:
    return 0 if device.is_router else 1


def _manuinfo(device: Comware) -> str:
    model = device.scene.model
    return lines(
        f"Slot {_slot(device)}:" if device.is_router else f"Slot {_slot(device)} CPU 0:",
        f"DEVICE_NAME          : {device.model_name}",
        f"DEVICE_SERIAL_NUMBER : {model.identity.serial or ''}",
        f"MAC_ADDRESS          : {mac_of(model.id, 'chassis').upper()}",
        "MANUFACTURING_DATE   : 2021-08-09",
        "VENDOR_NAME          : H3C",
    )


def _clock(device: Comware) -> str:
    fraction = "" if device.is_early else ".258"
    return lines(f"09:14:02{fraction} BJ Sat 05/11/2024", "Time Zone : BJ add 08:00:00")


def _ntp(device: Comware) -> str:
    status = device.scene.model.ntp
    if status is None or not status.synchronized:
        return lines(
            " Clock status: unsynchronized",
            " Clock stratum: 16",
            " Reference clock ID: none",
            " Clock jitter: 0.000000 s",
            " Stability: 0.000 pps",
            " Clock precision: 2^-18",
            " Root delay: 0.00000 ms",
            " Root dispersion: 0.00000 ms",
            " Reference time: 00000000.00000000  Thu, Feb  7 2036  6:28:16.000",
        )
    return lines(
        " Clock status: synchronized",
        f" Clock stratum: {status.stratum or 3}",
        f" System peer: {status.reference or 'LOCAL(0)'}",
        " Local mode: client",
        f" Reference clock ID: {status.reference or 'LOCAL(0)'}",
        " Leap indicator: 00",
        " Clock jitter: 0.000977 s",
        " Stability: 0.000 pps",
        " Clock precision: 2^-18",
        " Root delay: 0.00183 ms",
        " Root dispersion: 0.01091 ms",
        " Reference time: e9e9e9e7.54bc6a7e  Sat, May 11 2024  9:12:55.331",
    )


def _acls(device: Comware, family: int) -> str:
    out: list[str] = []
    for place, acl in enumerate(acls(device.scene, family)):
        kind = "Basic" if is_basic(acl) else "Advanced"
        count = len(acl.rules)
        number = acl_number(acl, place)
        named = "" if acl.name == number else f", named -{acl.name}-"
        out += [""] if out else []
        out.append(
            f"{kind} IPv{family} ACL {number}{named}, {count} rule{'s' if count > 1 else ''},"
        )
        out.append("ACL's step is 5")
        out.extend(f" {text}" for text in rules(acl))
    return lines(*out)


def rules(acl: Acl) -> list[str]:
    """Return the rules of a list as the display and the configuration spell them."""
    return [_rule(acl, rule, 5 * place) for place, rule in enumerate(acl.rules)]


def _rule(acl: Acl, rule: AclRule, step: int) -> str:
    number = step if rule.number is None else rule.number
    words = [f"rule {number}", "permit" if rule.permit else "deny"]
    if not is_basic(acl):
        words.append(rule.protocol or ("ip" if acl.family == V4 else "ipv6"))
    for side, network in (("source", rule.source), ("destination", rule.destination)):
        if network is None or (side == "destination" and is_basic(acl)):
            continue
        if network.version == V4:
            words.append(f"{side} {network.network_address} {WILDCARDS[network.prefixlen]}")
        else:
            words.append(f"{side} {network}")
    return " ".join(words)


def _irf(device: Comware) -> str:
    mac = mac_of(device.scene.model.id, "chassis")
    return lines(
        "MemberID  Role     Priority    CPU-Mac           Description",
        f" *+1      Master   32          {mac}    -----",
        "-" * 56,
        " * indicates the device is the master.",
        " + indicates the device through which the user logs in.",
        "",
        f" The Bridge MAC of the IRF is: {mac}",
        " Auto upgrade                   : yes",
        " Mac persistent                 : always",
        " Domain ID                      : 0",
    )
