"""Findings of the exits audit: what is wrong, where, by which lines, and what would end it.

Knows results of the judgement. Refuses to judge: every verdict was reached before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from netops.exits.devices import DeviceView
from netops.exits.dominance import Way
from netops.exits.points import ExitPoint
from netops.exits.remedies import remedy_of
from netops.exits.terms import V4, Mechanism, PointKey
from netops.exits.unknowns import reason_of, text_of
from netops.facts.device import DeviceFacts
from netops.facts.proof import prove
from netops.findings import Evidence, Finding, Severity, Subject, Text, Verdict
from netops.inventory.model import Inventory

UNDECLARED = "exits.undeclared"
LATENT = "exits.latent"
FOREIGN = "exits.foreign"
CLASS = "exits.class"
BYPASS = "exits.bypass"
UNKNOWN = "exits.unknown"

ONE_EXIT = ("HN 二(三)", "HN 三.3")
_STANDARDS: Mapping[str, tuple[str, ...]] = {
    Mechanism.DUAL_HOMED_HOST: (*ONE_EXIT, "GW 0015-2022", "GW 0206-2014"),
    Mechanism.VPN_LEAK: (*ONE_EXIT, "地方电子政务外网技术参考手册 ch. 2 §4"),
}
CLASSES = ("DB34/T 3607-2020 §4",)
MOST_EVIDENCE = 12
"""Lines of evidence that a finding quotes; the rest stand in the snapshot."""

MECHANISMS: Mapping[Mechanism, Text] = {
    Mechanism.DUAL_HOMED_HOST: Text("双网卡主机", "a host with two homes"),
    Mechanism.POLICY_ROUTE: Text("策略路由", "policy routing"),
    Mechanism.VPN_LEAK: Text("VPN实例路由泄漏", "a leak out of a private VPN instance"),
    Mechanism.SPLIT_DEFAULT: Text("拆分的默认路由", "a split default route"),
    Mechanism.SPECIFIC_ROUTE: Text("指向外部的明细路由", "a specific route to the outside"),
    Mechanism.PPPOE_DIALER: Text("PPPoE拨号", "a PPPoE dialer"),
    Mechanism.CELLULAR: Text("蜂窝移动网络", "a mobile network modem"),
    Mechanism.TUNNEL: Text("通向公网对端的隧道", "a tunnel to a public peer"),
    Mechanism.ISP_BGP: Text("与运营商的BGP会话", "a BGP session with a provider"),
    Mechanism.IPV6_DEFAULT: Text("IPv6默认路由", "an IPv6 default route"),
    Mechanism.FLOATING_STATIC: Text("浮动静态路由", "a floating static route"),
    Mechanism.STATIC_DEFAULT: Text("默认路由", "a default route"),
    Mechanism.PUBLIC_INTERFACE: Text("规划外地址的接口", "an interface with an outside address"),
}
_CLASS_TEXTS: Mapping[str, Text] = {
    "class": Text(
        "{0}属A类（不得访问互联网），但可到达互联网出口",
        "{0} is of class A (no internet), but reaches an exit",
    ),
    "no_exit": Text(
        "{0}应经统一出口访问互联网，但去往互联网的报文全部被丢弃",
        "{0} should leave by the unified exit, but all its ways to the internet are dropped",
    ),
    "no_exemption_in_force": Text(
        "{0}自建出口，但没有在有效期内的例外",
        "{0} has an exit of its own without an exemption in force",
    ),
    "vpn_leak": Text(
        "{0}的专用网络可到达互联网出口", "the private network of {0} reaches an internet exit"
    ),
}
_BEYOND = Text("{0}到达了例外之外的出口", "{0} reaches an exit beyond its exemption")


@dataclass(frozen=True, slots=True)
class Context:
    """What findings are written from."""

    inventory: Inventory
    facts: Mapping[str, DeviceFacts]
    views: Mapping[str, DeviceView]

    def subject(self, government: str) -> Subject:
        """Return a government as a subject."""
        known = self.inventory.governments.get(government)
        return Subject("government", government, known.name if known else "")

    def government_of(self, device: str) -> str:
        """Return the government of a device."""
        return self.inventory.devices[device].government

    def evidence(self, points: Iterable[ExitPoint]) -> tuple[Evidence, ...]:
        """Return the lines that the signals of points came from."""
        sources = [(p.device, signal.source) for p in points for signal in p.signals]
        return prove(self.facts, sources)[:MOST_EVIDENCE]


def point_findings(
    context: Context,
    points: Iterable[ExitPoint],
    affected: Mapping[PointKey, Sequence[str]],
) -> dict[PointKey, Finding]:
    """Return the finding of every point, one for all lines of a device with one mechanism."""
    groups: dict[tuple[bool, str, int, Mechanism], list[ExitPoint]] = {}
    for point in points:
        key = (point.latent, point.device, point.key.family, point.mechanism)
        groups.setdefault(key, []).append(point)
    found: dict[PointKey, Finding] = {}
    for members in groups.values():
        finding = _point_finding(context, members, affected)
        found.update((member.key, finding) for member in members)
    return found


def _point_finding(
    context: Context, members: list[ExitPoint], affected: Mapping[PointKey, Sequence[str]]
) -> Finding:
    first = members[0]
    latent, mechanism = first.latent, first.mechanism
    family = family_name(first.key.family)
    hit = sorted({d for m in members for d in affected.get(m.key, ())})
    exits = sorted({m.exit for m in members if m.exit is not None})
    lines = [m.key.line for m in members]
    return Finding(
        rule=LATENT if latent else UNDECLARED,
        subject=context.subject(first.government),
        verdict=Verdict.PARTLY_MET if latent else Verdict.NOT_MET,
        severity=Severity.MEDIUM if latent else Severity.HIGH,
        message=_point_message(context, first, lines),
        expected={"declared": True},
        observed={
            "mechanism": mechanism.value,
            "also": sorted({word for m in members for word in m.also}),
            "family": family,
            "device": first.device,
            "latent": latent,
            "lines": lines,
            "exit": exits[0] if len(exits) == 1 else None,
        },
        affected=tuple(hit),
        cause=next((m.cause for m in members if m.cause), None),
        evidence=context.evidence(members),
        standards=_STANDARDS.get(mechanism, ONE_EXIT),
        remedy=_remedy(context, members),
        identity=(first.device, family, mechanism.value),
    )


def _point_message(context: Context, point: ExitPoint, lines: list[str]) -> Text:
    name = context.subject(point.government).name or point.government
    word = MECHANISMS[point.mechanism]
    where = "、".join(lines)
    family = "IPv4" if point.key.family == V4 else "IPv6"
    kind_zh = "潜在的互联网出口" if point.latent else "未登记的互联网出口"
    kind_en = "latent internet exit" if point.latent else "undeclared internet exit"
    return Text(
        zh=f"{name}：设备{point.device}有{kind_zh}（{family}，{word.zh}，{where}）。",
        en=f"{name}: device {point.device} has an {kind_en}"
        f" ({family}, {word.en}, {', '.join(lines)}).".replace("an latent", "a latent"),
    )


def _remedy(context: Context, members: list[ExitPoint]) -> Text | None:
    platform = context.inventory.devices[members[0].device].platform
    found = [text for m in members if (text := remedy_of(platform, m)) is not None]
    if not found:
        return None
    return Text("；".join(t.zh for t in found), " ".join(t.en for t in found))


def family_name(family: int) -> str:
    """Return ``ipv4`` or ``ipv6``."""
    return f"ipv{family}"


def foreign_finding(
    context: Context, government: str, points: Sequence[ExitPoint], affected: Sequence[str]
) -> Finding:
    """Departments of a government leave by legal exits that are not allowed to them."""
    subject = context.subject(government)
    exits = sorted({p.exit for p in points if p.exit})
    shown = "、".join(exits)
    return Finding(
        rule=FOREIGN,
        subject=subject,
        verdict=Verdict.NOT_MET,
        severity=Severity.HIGH,
        message=Text(
            zh=f"{subject.name or government}：{len(affected)}个接入单位经不允许其使用的出口"
            f"（{shown}）访问互联网。",
            en=f"{subject.name or government}: {len(affected)} departments leave by exits that are"
            f" not allowed to them ({', '.join(exits)}).",
        ),
        observed={"exits": exits, "devices": sorted({p.device for p in points})},
        affected=tuple(sorted(affected)),
        evidence=context.evidence(points),
        standards=ONE_EXIT,
    )


def class_finding(context: Context, department: str, cause: str, verdict: Verdict) -> Finding:
    """What a department reaches, or does not, contradicts its access class."""
    known = context.inventory.departments[department]
    text = _CLASS_TEXTS.get(cause, _BEYOND)
    return Finding(
        rule=CLASS,
        subject=Subject("department", department, known.name),
        verdict=verdict,
        severity=Severity.HIGH if verdict is Verdict.NOT_MET else Severity.MEDIUM,
        message=Text(text.zh.format(known.name) + "。", text.en.format(known.name) + "."),
        expected={"access_class": known.access_class.value, "exit": known.exit},
        observed={"cause": cause},
        affected=(department,),
        cause=cause,
        standards=CLASSES,
    )


def bypass_finding(
    context: Context,
    government: str,
    ways: Sequence[tuple[Way, tuple[str, ...]]],
    *,
    latent: bool,
) -> Finding:
    """A way round the allowed exits that no other finding explains, as a path of one class."""
    subject = context.subject(government)
    way, path = ways[0]
    printed = " → ".join(path)
    return Finding(
        rule=BYPASS,
        subject=subject,
        verdict=Verdict.PARTLY_MET if latent else Verdict.NOT_MET,
        severity=Severity.MEDIUM if latent else Severity.HIGH,
        message=Text(
            zh=f"{subject.name or government}：存在绕过允许出口的路径"
            f"（目的{way.destination.label}）：{printed}。",
            en=f"{subject.name or government}: a way round the allowed exits"
            f" (destination {way.destination.label}): {printed}.",
        ),
        observed={
            "class": way.destination.label,
            "family": family_name(way.destination.family),
            "path": list(path),
            "latent": latent,
            "vertices": sorted({w.entry.vertex.device for w, _ in ways}),
            "ends": sorted({f"{w.end.device} {w.end.place}" for w, _ in ways}),
        },
        standards=ONE_EXIT,
        identity=("latent",) if latent else (),
    )


def unknown_finding(
    context: Context, cause: tuple[str, str], government: str, affected: Iterable[str]
) -> Finding:
    """Something that could not be judged, once for its cause."""
    device, word = cause
    text, reason = text_of(word), reason_of(word)
    place = device or government
    return Finding(
        rule=UNKNOWN,
        subject=context.subject(government),
        verdict=Verdict.UNKNOWN,
        severity=Severity.LOW,
        message=Text(
            zh=f"{place}无法判定：{text.zh}。", en=f"{place} cannot be judged: {text.en}."
        ),
        observed={"device": device or None, "reason": reason.value},
        affected=tuple(sorted(affected)),
        cause=word,
        identity=cause,
    )
