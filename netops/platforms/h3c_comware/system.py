"""The device itself: version, serial numbers, clock of others it follows."""

from __future__ import annotations

import re

from netops.facts.system import Component, Identity, NtpStatus
from netops.platforms.answer import Answer, Parsed
from netops.platforms.h3c_comware.sheet import Sheet, value_of

_VERSION = re.compile(r"(.{0,60}?)\bSoftware, Version (\d+\.\d[\d.]*),? *(.*)", re.IGNORECASE)
_UPTIME = re.compile(
    r"\s*(?:(Slot \d+|Chassis \d+.*?): *)?(.{1,80}?) uptime is (.*)", re.IGNORECASE
)
_SPAN = re.compile(r"(\d{1,6}) *(year|week|day|hour|minute|second)s?", re.IGNORECASE)
_SECONDS = {"year": 31536000, "week": 604800, "day": 86400, "hour": 3600, "minute": 60, "second": 1}
_BRANDS = ("New H3C", "H3C", "HPE", "HP", "UNIS", "3Com")
_LONGEST_FURNITURE = 160
_VERSION_FURNITURE = re.compile(
    r"\s*(?:.*\bComware Platform Software.*|Copyright .*|Last reboot reason.*|Boot image.*"
    r"|System image.*|Patch image.*|Feature image.*|Compiled .*|flash:.*|cfa?\d?:.*|sd.?\d?:.*"
    r"|Slot .*|Chassis .*|Uptime is .*|.* with \d+ .*Processor.*|BOARD TYPE.*|DRAM.*|FLASH.*"
    r"|NVRAM.*|PCB.*|Bootrom.*|BootRom.*|CPLD.*|CPU .*|\d+[KMG]B? +bytes.*|\d+[KMG] .*|CFCard.*"
    r"|.*Hardware.*|.*[Vv]ersion.*|.*\bMemory\b.*|\[S(?:UB)?SLOT.*|.*Processor.*|Release .*|Config"
    r"|Board .*|Subslot.*|SubCard.*|SUBCARD.*|Power.*|\w+ (?:Board|Card|CPU) .*|MPU.*|RPE.*"
    r"|Basic .*|Extended .*|Temperature.*|Conf\w*.*|Driver.*|Nor Flash.*|eMMC.*|SSD.*|License.*"
    r"|Reboot Cause.*|OAA .*|\[SubSlot \d+\].*|(?:LPU|NPU|SFU|FAB|SRU|OAP)\b.{0,40}|FPGA.*"
    r"|PowChip.*"
    r"|With .*|.*Reserved.*|.*All rights reserved.*|Mirror.*|No\.? .*|None|Kernel.*|Web.*|usb.*)",
)


def parse_version(answer: Answer) -> Parsed:
    """Parse ``display version``: brand by the version line, model by the line of uptime."""
    sheet = Sheet(answer)
    told: dict[str, str] = {}
    first = last = 0
    uptime: int | None = None
    for number, line in sheet.rows():
        if "os" not in told and "ware, V" in line and (match := _VERSION.search(line)):
            told |= {"os": match[2].rstrip("."), "release": match[3].strip()}
            told.setdefault("brand", match[1].strip())
            first = last = number
        elif match := _UPTIME.fullmatch(line):
            if uptime is None and match[1] is None:
                uptime, last = _seconds(match[3]), number
                told["model"] = match[2].strip()
        elif "Comware" in line and "os" not in told:
            told.setdefault("brand", line.strip())
        elif len(line) > _LONGEST_FURNITURE or not _VERSION_FURNITURE.fullmatch(line):
            sheet.miss(number, line)
    if "os" in told:
        vendor, model = _vendor(told.get("brand", ""), told.get("model"))
        sheet.facts.append(
            Identity(vendor=vendor, model=model, os_version=told["os"], release=told["release"],
                     uptime_s=uptime, source=sheet.at(first, last))
        )  # fmt: skip
    return sheet.done(cut="" if "os" in told else "no version was told")


def _seconds(text: str) -> int | None:
    spans = _SPAN.findall(text)
    return sum(int(n) * _SECONDS[unit.lower()] for n, unit in spans) if spans else None


def _vendor(brand: str, model: str | None) -> tuple[str, str | None]:
    """Split the brand off the model; the words before ``Comware`` name the vendor."""
    vendor = "H3C"
    for name in _BRANDS:
        if (model or "").startswith(f"{name} ") or brand.startswith(f"{name} "):
            vendor = "H3C" if "H3C" in name else name
            break
    if model is not None:
        for name in _BRANDS:
            model = model.removeprefix(f"{name} ")
    return vendor, model


_BLOCK = re.compile(
    r"\s*(?P<slot>(?:Chassis (?:self|\d+)(?: slot \d+)?|(?:Sub)?slot \d+|Fan(?:-tray)? \d+"
    r"|Power(?:-supply)? \d+|CPU \d+)(?: CPU \d+)?(?: subslot \d+)?) *:?\s*",
    re.IGNORECASE,
)
_INFO = re.compile(
    r"\s*(DEVICE[_ ]NAME|DEVICE[_ ]SERIAL[_ ]NUMBER|MAC[_ ]ADDRESS|MANUFACTURING[_ ]DATE"
    r"|VENDOR[_ ]NAME|PRODUCT[_ ]ID|PRODUCT[_ ]NUMBER|MANU[_ ]SERIAL[_ ]NUMBER|BOM[_ ]ID"
    r"|HARDWARE[_ ]VERSION|ELABEL\w*) *: *(.*)",
    re.IGNORECASE,
)
_NO_PART = re.compile(
    r"\s*(?:The operation is not supported on the specified .*|Only new chassis support.*"
    r"|The card does not support manufacture.*|(?:Error: )?Failed to display the manufacture.*"
    r"|No information.*|#.*)",
    re.IGNORECASE,
)


def parse_manuinfo(answer: Answer) -> Parsed:
    """Parse ``display device manuinfo``; the first slot's serial is the device's."""
    sheet = Sheet(answer)
    blocks: list[tuple[str, int, int, dict[str, str | None]]] = []
    for number, line in sheet.rows():
        if match := _BLOCK.fullmatch(line):
            blocks.append((" ".join(match["slot"].split()), number, number, {}))
        elif match := _INFO.fullmatch(line):
            key = match[1].upper().replace(" ", "_")
            if not blocks or key in blocks[-1][3]:
                blocks.append(("", number, number, {}))
            slot, first, _, told = blocks[-1]
            told[key] = value_of(match[2]) if match[2].upper() != "NO" else None
            blocks[-1] = (slot, first, number, told)
        elif not _NO_PART.fullmatch(line):
            sheet.miss(number, line)
    for slot, first, last, told in blocks:
        if told:
            serial = told.get("DEVICE_SERIAL_NUMBER") or told.get("MANU_SERIAL_NUMBER")
            kind = told.get("DEVICE_NAME") or told.get("PRODUCT_ID")
            component = Component(slot, kind, serial, source=sheet.at(first, last))
            sheet.facts.append(component)
    _device(sheet, blocks)
    return sheet.done()


def _device(sheet: Sheet, blocks: list[tuple[str, int, int, dict[str, str | None]]]) -> None:
    for slot, first, last, told in blocks:
        serial = told.get("DEVICE_SERIAL_NUMBER")
        if serial and not slot.lower().startswith(("fan", "power")):
            vendor, model = told.get("VENDOR_NAME"), told.get("DEVICE_NAME")
            sheet.facts.append(
                Identity(vendor=vendor, model=model, serial=serial, source=sheet.at(first, last))
            )
            return


_NTP_KEYS = frozenset(
    {"clock status", "clock stratum", "system peer", "local mode", "reference clock id",
     "leap indicator", "clock jitter", "stability", "clock precision", "root delay",
     "root dispersion", "reference time", "nominal frequency", "actual frequency",
     "clock offset", "peer dispersion", "system poll interval", "clock accuracy",
     "service", "source", "authentication state", "synchronization interval"}
)  # fmt: skip
_LOCAL_CLOCKS = ("127.127.", "local", "locl")


def parse_ntp_status(answer: Answer) -> Parsed:
    """Parse ``display ntp-service status``; a clock that follows itself is not synchronised."""
    sheet = Sheet(answer)
    told: dict[str, str] = {}
    first = last = 0
    for number, line in sheet.rows():
        key, colon, value = line.strip().partition(":")
        key = " ".join(key.lower().split())
        if colon and key in _NTP_KEYS:
            told.setdefault(key, value.strip())
            first, last = first or number, number
        else:
            sheet.miss(number, line)
    if "clock status" in told:
        peer = value_of(told.get("system peer", "")) or value_of(told.get("reference clock id", ""))
        own = (peer or "").lower().startswith(_LOCAL_CLOCKS)
        stratum = told.get("clock stratum", "")
        sheet.facts.append(
            NtpStatus(
                synchronized=told["clock status"].lower() == "synchronized" and not own,
                stratum=int(stratum) if stratum.isdecimal() else None,
                reference=peer,
                source=sheet.at(first, last),
            )
        )
    return sheet.done(cut="" if "clock status" in told else "no clock status was told")
