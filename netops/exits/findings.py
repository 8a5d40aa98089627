"""Findings of the exits audit: what is wrong, where, by which lines, and what would end it.

Knows results of the judgement. Refuses to judge: every verdict was reached before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from netops.exits.devices import DeviceView
from netops.exits.dominance import Way
from netops.exits.entries import Entry
from netops.exits.gaps import Gap, Noted
from netops.exits.points import ExitPoint
from netops.exits.remedies import remedy_of
from netops.exits.signals import NAT
from netops.exits.terms import V4, Mechanism, PointKey
from netops.exits.unknowns import evidence_of, reason_of, text_of
from netops.facts.device import DeviceFacts
from netops.facts.proof import prove
from netops.facts.routes import RouteRow, RouteTable
from netops.facts.source import Source
from netops.findings import Evidence, Finding, Severity, Subject, Text, Verdict
from netops.inventory.model import Department, Inventory

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
class Reaching:
    """Whom a finding of class is about: what it reaches and what lets it out, or its entries."""

    department: Department
    points: tuple[ExitPoint, ...]
    rules: tuple[tuple[str, Source], ...]
    entries: tuple[Entry, ...]


def _without_translations(point: ExitPoint) -> ExitPoint:
    """Return a point by its routes and lines only: the rule that decided is named apart."""
    return replace(point, signals=tuple(s for s in point.signals if s.kind != NAT))


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
        """Return the lines of the signals of points, the mechanism's first, or of the routes."""
        sources = [pair for point in points for pair in self._sources(point)]
        return prove(self.facts, sources)[:MOST_EVIDENCE]

    def _sources(self, point: ExitPoint) -> Iterator[tuple[str, Source]]:
        first = sorted(point.signals, key=lambda signal: signal.kind != point.mechanism)
        for signal in first:
            yield point.device, signal.source
            yield point.device, signal.whose
        if not point.signals:
            for row, observation in self._rows(point.device):
                if row.family == point.key.family and row.interface == point.key.line:
                    yield point.device, row.source(observation)

    def _rows(self, device: str) -> Iterator[tuple[RouteRow, str]]:
        for table in self.facts[device].routes.values():
            yield from ((row, table.observation) for row in table.rows if row.active)

    def let_out(self, reached: Reaching) -> tuple[Evidence, ...]:
        """Return the translations and routes by which a department reaches points."""
        routes = [
            (device, source)
            for point in reached.points
            for device, source in self._sources(_without_translations(point))
        ]
        return prove(self.facts, (*reached.rules, *routes))[:MOST_EVIDENCE]

    def nowhere(self, entries: Iterable[Entry]) -> tuple[Evidence, ...]:
        """Return the default routes of the gateways, or the whole tables that have none."""
        found: dict[Evidence, None] = {}
        for entry in entries:
            vertex = entry.vertex
            table = self.facts[vertex.device].routes.get((vertex.vpn, entry.family))
            if table is not None:
                found.update(dict.fromkeys(self._ways_out(vertex.device, table)))
        return tuple(found)[:MOST_EVIDENCE]

    def _ways_out(self, device: str, table: RouteTable) -> tuple[Evidence, ...]:
        defaults = [row.source(table.observation) for row in table.rows if row.length == 0]
        if not defaults:
            answers = self.facts[device].answers
            whole = next((a for a in answers if a.observation == table.observation), None)
            lines = (whole.first, whole.last) if whole is not None else (0, 0)
            defaults = [Source(table.observation, *lines)]
        return prove(self.facts, ((device, source) for source in defaults))


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
        remedy=remedy_of(context.inventory.devices[first.device].platform, members),
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
            en=f"{subject.name or government}: {len(affected)}"
            f" {'department leaves' if len(affected) == 1 else 'departments leave'} by exits that"
            f" are not allowed to them ({', '.join(exits)}).",
        ),
        observed={"exits": exits, "devices": sorted({p.device for p in points})},
        affected=tuple(sorted(affected)),
        evidence=context.evidence(points),
        standards=ONE_EXIT,
    )


def class_finding(context: Context, reaching: Reaching, cause: str, verdict: Verdict) -> Finding:
    """What a department reaches, or does not, contradicts its access class."""
    known = reaching.department
    text = _CLASS_TEXTS.get(cause, _BEYOND)
    return Finding(
        rule=CLASS,
        subject=Subject("department", known.id, known.name),
        verdict=verdict,
        severity=Severity.HIGH if verdict is Verdict.NOT_MET else Severity.MEDIUM,
        message=Text(text.zh.format(known.name) + "。", text.en.format(known.name) + "."),
        expected={"access_class": known.access_class.value, "exit": known.exit},
        observed={"cause": cause},
        affected=(known.id,),
        cause=cause,
        evidence=context.let_out(reaching)
        if reaching.points
        else context.nowhere(reaching.entries),
        standards=CLASSES,
    )


def bypass_finding(
    context: Context,
    government: str,
    ways: Sequence[tuple[Way, tuple[str, ...]]],
    points: Iterable[ExitPoint],
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
        evidence=context.evidence(points),
        standards=ONE_EXIT,
        identity=("latent",) if latent else (),
    )


def unknown_finding(context: Context, gap: Gap, noted: Noted) -> Finding:
    """Something that could not be judged, once for its cause."""
    word, government, _ = gap
    devices = sorted(noted.devices, key=lambda d: (context.government_of(d) != government, d))
    contact = context.facts[devices[0]].contact if devices and devices[0] in context.facts else None
    behind = devices if len(devices) > 1 else []
    return Finding(
        rule=UNKNOWN,
        subject=context.subject(government),
        verdict=Verdict.UNKNOWN,
        severity=Severity.LOW,
        message=_unknown_message(devices or [government], text_of(word)),
        observed={
            "device": devices[0] if devices else None,
            "devices": devices,
            "contact": None if contact is None else contact.value,
            "reason": reason_of(word).value,
        },
        affected=(*behind, *sorted(noted.departments)),
        cause=word,
        evidence=evidence_of(word, devices, context.facts, context.views)[:MOST_EVIDENCE],
        identity=(gap.device, word),
    )


def _unknown_message(places: list[str], why: Text) -> Text:
    first, more = places[0], len(places) - 1
    if not more:
        return Text(f"{first}无法判定：{why.zh}。", f"{first} cannot be judged: {why.en}.")
    return Text(
        f"{first}等{len(places)}台设备无法判定：{why.zh}。",
        f"{first} and {more} more {'device' if more == 1 else 'devices'} cannot be judged:"
        f" {why.en}.",
    )
