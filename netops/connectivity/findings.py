"""Words and evidence for what is not connected, not known, down or contradictory.

Refuses to judge: every standing comes from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from netops.connectivity.applications import NO_ROUTE, ON_THE_WAY, Service, target_of
from netops.connectivity.network import EndState, Network
from netops.connectivity.standing import Standing
from netops.connectivity.walks import dead_ends
from netops.facts.device import DeviceFacts
from netops.facts.interfaces import Interface
from netops.facts.proof import prove
from netops.facts.snmp import SnmpInterface, SnmpRoute
from netops.facts.source import Source
from netops.findings import Evidence, Finding, Severity, Subject, Text, Verdict
from netops.inventory.model import Link

APPLICATION = "connectivity.application"
APPLICATION_UNKNOWN = "connectivity.application_unknown"

MOST_EVIDENCE = 12
"""Lines of evidence that a finding quotes; the rest stand in the snapshot."""

_PLAN = ("HN 二(三)",)
_APPLICATIONS = ("HN 一(一)1",)
_SEVERITY = {"province": Severity.CRITICAL, "city": Severity.CRITICAL, "county": Severity.HIGH}


def cut_findings(network: Network, standings: Mapping[str, Standing]) -> Iterator[Finding]:
    """Yield one finding a cut: the government at its root, everything behind it as affected."""
    behind: dict[str, list[str]] = {}
    for standing in standings.values():
        if standing.verdict is Verdict.NOT_MET and standing.cause is not None:
            behind.setdefault(standing.cause, []).append(standing.government)
    for cause, members in sorted(behind.items()):
        root = standings[cause.partition(":")[2]]
        government = network.inventory.governments[root.government]
        others = tuple(sorted(code for code in members if code != root.government))
        yield Finding(
            rule="connectivity.disconnected",
            subject=Subject("government", government.code, government.name),
            verdict=Verdict.NOT_MET,
            severity=_SEVERITY.get(government.level, Severity.MEDIUM),
            message=Text(
                zh=f"{government.name}与全网断开：本级设备均无应答，所有登记上联在对端均为断开"
                + (f"；其后另有{len(others)}个政府随之断开" if others else ""),
                en=f"{government.name} is cut off: none of its devices answers and every "
                "registered uplink is seen down from the other end"
                + (f"; {_more(len(others))} cut off behind it" if others else ""),
            ),
            expected={"devices_answering": ">= 1"},
            observed={"silent_devices": list(root.silent)},
            affected=others,
            cause=cause,
            evidence=prove(network.facts, root.seen),
            standards=_PLAN,
            remedy=Text(
                zh="检查该节点供电、设备与上联线路；恢复后重新采集",
                en="Check power, devices and uplinks of this node; collect again when mended",
            ),
        )


_WORDS = {
    "login_refused": Text("设备拒绝登录", "its devices refuse the log-in"),
    "host_key_changed": Text(
        "设备主机密钥与登记不符，采集在发送口令前终止",
        "a host key differs from the pinned one; collection stopped before the password",
    ),
    "host_key_unknown": Text("设备主机密钥未登记", "its host key is not pinned"),
    "hung": Text("设备接受连接后无响应", "its devices accept a connection and then say nothing"),
    "dropped": Text("设备中途断开会话", "its devices close the session before answering"),
    "unusable": Text("设备的回答无法采信", "no answer of its devices can be accepted"),
    "password_expired": Text("采集账号口令到期待修改", "the account's password has expired"),
    "no_credentials": Text("凭据引用无法解析", "a credential reference cannot be resolved"),
    "tables_missing": Text(
        "设备应答但未给出接口表或路由表",
        "its devices answer but gave no interface or routing table",
    ),
    "no_route": Text(
        "设备应答，但路由表未能双向通到省核心",
        "it answers, but the tables do not lead both ways to the province core",
    ),
    "no_device": Text("未登记设备", "no device is registered"),
    "unreachable_unexplained": Text(
        "设备无应答，且对端未见线路断开", "it does not answer, and no other end sees a link down"
    ),
    "not_asked": Text("本次未采集", "it was not asked in this snapshot"),
}
_OTHER = Text("原因不明", "for a reason that was not established")


def unknown_findings(network: Network, standings: Mapping[str, Standing]) -> Iterator[Finding]:
    """Yield one finding for each government of which it is not known whether it is connected."""
    for standing in standings.values():
        if standing.verdict is not Verdict.UNKNOWN:
            continue
        government = network.inventory.governments[standing.government]
        words = _WORDS.get(standing.cause or "", _OTHER)
        yield Finding(
            rule="connectivity.unknown",
            subject=Subject("government", government.code, government.name),
            verdict=Verdict.UNKNOWN,
            severity=Severity.MEDIUM,
            message=Text(
                zh=f"无法判定{government.name}是否联通：{words.zh}",
                en=f"It is not known whether {government.name} is connected: {words.en}",
            ),
            observed={"silent_devices": list(standing.silent)},
            cause=standing.cause,
            standards=_PLAN,
        )


def service_findings(network: Network, services: Iterable[Service]) -> Iterator[Finding]:
    """Yield one finding an application that is missed, and one a device that hides the way.

    Governments that are cut off altogether stand under that cause already.
    """
    missing: dict[str, list[Service]] = {}
    hidden: dict[str, list[Service]] = {}
    for service in services:
        if service.cause == NO_ROUTE and service.verdict is Verdict.NOT_MET:
            missing.setdefault(service.application.id, []).append(service)
        for device in service.unread:
            hidden.setdefault(device, []).append(service)
    yield from (_missed(network, found) for found in missing.values())
    yield from (_hidden(device, found) for device, found in sorted(hidden.items()))


def _missed(network: Network, found: list[Service]) -> Finding:
    application = found[0].application
    return Finding(
        rule=APPLICATION,
        subject=Subject("application", application.id, application.name),
        verdict=Verdict.NOT_MET,
        severity=Severity.HIGH,
        message=Text(
            zh=f"{len(found)}个政府没有通往纵向应用“{application.name}”的路由",
            en=f"{counted(len(found), 'government has', 'governments have')} no route to the"
            f" vertical application “{application.name}”",
        ),
        expected={"prefix": str(application.prefix)},
        affected=tuple(sorted(service.government for service in found)),
        cause=NO_ROUTE,
        evidence=_where_it_ends(network, found),
        standards=_APPLICATIONS,
    )


def _where_it_ends(network: Network, found: list[Service]) -> tuple[Evidence, ...]:
    """Return the routes, or tables without one, that end the ways of all who miss a service."""
    places: dict[tuple[str, Source], None] = {}
    for service in found:
        for device in service.grounds:
            target = target_of(service.application)
            places.update(dict.fromkeys(dead_ends(network, device, target)))
        if len(places) >= MOST_EVIDENCE:
            break
    return prove(network.facts, places)[:MOST_EVIDENCE]


def _hidden(device: str, found: list[Service]) -> Finding:
    governments = sorted({service.government for service in found})
    applications = sorted({service.application.id for service in found})
    return Finding(
        rule=APPLICATION_UNKNOWN,
        subject=Subject("device", device, device),
        verdict=Verdict.UNKNOWN,
        severity=Severity.MEDIUM,
        message=Text(
            zh=f"途中设备{device}未给出路由表，{len(governments)}个政府能否到达"
            f"{len(applications)}个纵向应用无法判定",
            en=f"{device}, on the way, gave no routing table: whether"
            f" {counted(len(governments), 'government reaches', 'governments reach')}"
            f" {counted(len(applications), 'vertical application', 'vertical applications')}"
            " is not known",
        ),
        observed={"device": device, "applications": applications},
        affected=tuple(governments),
        cause=ON_THE_WAY,
        standards=_APPLICATIONS,
    )


def _more(number: int) -> str:
    return counted(number, "more government is", "more governments are")


def counted(number: int, one: str, many: str) -> str:
    """Return a number with the English word that fits it."""
    return f"{number} {one if number == 1 else many}"


def link_findings(network: Network, standings: Mapping[str, Standing]) -> Iterator[Finding]:
    """Yield one finding for each link seen down that no cut explains already."""
    for link in network.inside_links:
        if link.b is None or _is_explained(network, standings, link):
            continue
        down = [end for end in (link.a, link.b) if network.end(end).state is EndState.DOWN]
        if not down:
            continue
        seen = tuple(
            (end.device, source) for end in down if (source := network.end(end).source) is not None
        )
        yield Finding(
            rule="connectivity.link_down",
            subject=Subject("link", link.id, link.id),
            verdict=Verdict.PARTLY_MET,
            severity=Severity.MEDIUM,
            message=Text(
                zh=f"登记线路 {link.id} 断开（{down[0].device} {down[0].interface}）",
                en=f"The registered link {link.id} is down ({down[0].device} {down[0].interface})",
            ),
            expected={"state": "up"},
            observed={"down_at": [f"{end.device} {end.interface}" for end in down]},
            evidence=prove(network.facts, seen),
        )


def _is_explained(network: Network, standings: Mapping[str, Standing], link: Link) -> bool:
    ends = [link.a.device, link.b.device if link.b is not None else ""]
    for device in ends:
        standing = standings.get(network.government_of(device))
        if standing is not None and standing.verdict is Verdict.NOT_MET:
            return True
    return False


def contradiction_findings(network: Network) -> Iterator[Finding]:
    """Yield one finding for each device whose SNMP agent contradicts its own tables."""
    for name, known in network.facts.items():
        if not known.has_answered or known.snmp is None or not known.snmp.answered:
            continue
        against = [
            (f"{i.name}: {_word(i.link_up)} / {_word(row.oper_up)}", i.source, row.source)
            for i, row in _against_interfaces(known)
        ]
        against += [
            (f"{route.prefix} via {route.next_hop}", route.source, route.source)
            for route in _against_routes(known)
        ]
        if not against:
            continue
        words = "; ".join(text for text, _cli, _snmp in against)
        device = network.inventory.devices.get(name)
        yield Finding(
            rule="connectivity.snmp_contradicts",
            subject=Subject("device", name, name if device is None else device.name),
            verdict=Verdict.PARTLY_MET,
            severity=Severity.MEDIUM,
            message=Text(
                zh=f"{name} 的命令行与SNMP说法相互矛盾：{words}",
                en=f"On {name} command line and SNMP contradict one another: {words}",
            ),
            observed={"contradictions": [text for text, _cli, _snmp in against]},
            evidence=prove(
                network.facts,
                ((name, source) for _text, *sources in against for source in sources),
            ),
        )


def _word(up: bool | None) -> str:  # noqa: FBT001 - a state to be named
    return "up" if up else "down"


def _against_interfaces(known: DeviceFacts) -> Iterator[tuple[Interface, SnmpInterface]]:
    """Interfaces that one source calls up and the other down."""
    rows = known.snmp.interfaces if known.snmp is not None else ()
    told = {row.name: row for row in rows}
    for interface in known.interfaces:
        row = told.get(interface.name)
        if row is None or interface.link_up is None or interface.spoofing:
            continue
        if interface.link_up != row.oper_up:
            yield interface, row


def _against_routes(known: DeviceFacts) -> Iterator[SnmpRoute]:
    """Default routes that SNMP shows and no table or configured route of the device has."""
    if known.snmp is None or not known.routes:
        return
    hops = {row.next_hop for table in known.routes.values() for row in table.rows}
    hops |= {str(static.next_hop) for static in known.statics}
    for route in known.snmp.default_routes:
        if not route.next_hop.is_unspecified and str(route.next_hop) not in hops:
            yield route
