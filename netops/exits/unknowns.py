"""Why something could not be judged: one cause a device, or a gap of the registers.

Knows how contacts and answers end. Refuses to guess past them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from netops.exits.devices import DeviceView
from netops.exits.resolve import UNREADABLE
from netops.facts.answers import AnswerState
from netops.facts.device import Contact, DeviceFacts
from netops.facts.proof import prove
from netops.facts.routes import RouteRow
from netops.facts.source import Source
from netops.findings import Evidence, Text, UnknownReason

_REASONS: Mapping[str, UnknownReason] = {
    Contact.UNREACHABLE: UnknownReason.NOT_COLLECTED,
    Contact.NOT_ASKED: UnknownReason.NOT_COLLECTED,
    Contact.LOGIN_REFUSED: UnknownReason.REFUSED,
    Contact.NO_CREDENTIALS: UnknownReason.NOT_COLLECTED,
    Contact.PASSWORD_EXPIRED: UnknownReason.REFUSED,
    AnswerState.REFUSED: UnknownReason.REFUSED,
    AnswerState.NOT_UNDERSTOOD: UnknownReason.NOT_UNDERSTOOD,
    AnswerState.NOT_ASKED: UnknownReason.NOT_COLLECTED,
}
NO_OWNER = "no_owner:"
INCOMPLETE = "incomplete"
NO_FACTS = "no_facts"

_TEXTS: Mapping[str, Text] = {
    "unowned": Text(
        "下一跳{0}在地址规划内，但没有任何已采集设备拥有它",
        "next hop {0} is inside the plan, but no device that was read owns it",
    ),
    "unresolved": Text(
        "下一跳{0}无法解析到直连接口", "next hop {0} does not resolve to a connected interface"
    ),
    "no_owner": Text("没有任何已采集设备拥有子网{0}", "no device that was read owns subnet {0}"),
    "no_master": Text(
        "{0}只见备用网关，未见主用网关", "only waiting gateways of {0} were seen, no master"
    ),
    "no_exporter": Text(
        "找不到导出该路由的VPN实例（{0}）", "no VPN instance exports this route ({0})"
    ),
    "ambiguous_vpn": Text(
        "VPN实例{0}的路由可能来自多个实例且去向不同",
        "a route of VPN instance {0} may come from several instances that end differently",
    ),
    "nobody_at": Text("接口{0}的对端未知", "nobody is known at the far end of {0}"),
    "no_peer": Text("隧道{0}的对端地址未知", "the peer of tunnel {0} is not known"),
    "no_subnets": Text("接入单位没有登记子网", "departments without registered subnets"),
    "table": Text(
        "策略路由引用的路由表{0}未采集", "routing table {0} of a policy was not collected"
    ),
    "no_next_hop": Text("路由没有下一跳也没有接口", "a route has neither next hop nor interface"),
}
_CONTACTS: Mapping[str, Text] = {
    Contact.UNREACHABLE: Text("设备不可达", "the device cannot be reached"),
    Contact.LOGIN_REFUSED: Text("登录被拒绝", "the log-in was refused"),
    Contact.HOST_KEY_CHANGED: Text("主机密钥已改变", "the host key has changed"),
    Contact.HOST_KEY_UNKNOWN: Text("主机密钥未登记", "the host key is not registered"),
    Contact.HUNG: Text("设备接受连接后无响应", "the device accepted the connection and hung"),
    Contact.DROPPED: Text("设备中断了会话", "the device dropped the session"),
    Contact.UNUSABLE: Text("设备的应答不可用", "no answer of the device could be used"),
    Contact.PASSWORD_EXPIRED: Text("口令已过期", "the password has expired"),
    Contact.NO_CREDENTIALS: Text("没有登录凭据", "there are no credentials"),
    Contact.NOT_ASKED: Text("设备未被采集", "the device was not asked"),
    AnswerState.REFUSED: Text("必需的命令被拒绝", "a needed command was refused"),
    AnswerState.NOT_UNDERSTOOD: Text("必需的应答无法理解", "a needed answer was not understood"),
    AnswerState.ERROR: Text("必需的命令没有得到完整应答", "a needed command got no proper answer"),
    AnswerState.NOT_ASKED: Text("必需的命令未执行", "a needed command was not asked"),
    INCOMPLETE: Text("路由表不完整", "a routing table is incomplete"),
    NO_FACTS: Text("接口或路由表缺失", "interfaces or routing tables are missing"),
}


def cause_of(found: DeviceFacts | None, view: DeviceView | None) -> str:
    """Return in one word why a device could not be read for exits."""
    if found is None:
        return Contact.NOT_ASKED
    if view is None or not found.has_answered:
        return found.contact
    for answer in found.answers:
        if answer.command in view.bad_answers:
            return answer.state
    if not all(table.complete for table in found.routes.values()):
        return INCOMPLETE
    return NO_FACTS


def reason_of(cause: str) -> UnknownReason:
    """Return the reason of an unknown verdict for a cause."""
    if cause in (INCOMPLETE, NO_FACTS):
        return UnknownReason.NOT_UNDERSTOOD
    if cause in _CONTACTS:
        return _REASONS.get(cause, UnknownReason.ERROR)
    return UnknownReason.NOT_COLLECTED


def text_of(cause: str) -> Text:
    """Return a cause as a sentence's part in both languages."""
    known = _CONTACTS.get(cause)
    if known is not None:
        return known
    word, _, detail = cause.partition(":")
    pattern = _TEXTS.get(word, Text("{0}", "{0}"))
    return Text(pattern.zh.format(detail or word), pattern.en.format(detail or word))


def spelled(
    cause: tuple[str, str],
    facts: Mapping[str, DeviceFacts],
    views: Mapping[str, DeviceView],
) -> tuple[str, str]:
    """Replace "unreadable" by why the device could not be read."""
    device, word = cause
    if word != UNREADABLE:
        return cause
    return device, cause_of(facts.get(device), views.get(device))


def evidence_of(
    word: str,
    devices: Iterable[str],
    facts: Mapping[str, DeviceFacts],
    views: Mapping[str, DeviceView],
) -> tuple[Evidence, ...]:
    """Return what stands in the place of an answer: the refusal, the cut table, the route.

    Of a device that was never reached there is nothing; the finding names its contact.
    """
    found: list[Evidence] = []
    for device in devices:
        known, view = facts.get(device), views.get(device)
        if known is None:
            continue
        if word in set(AnswerState) and view is not None:
            found += _bad_answers(known, view, word)
        else:
            # Sorted: the order in which a device was read says nothing.
            sources = ((device, source) for source in sorted(_sources(known, word)))
            found += prove(facts, sources)
    return tuple(found)


def _bad_answers(known: DeviceFacts, view: DeviceView, word: str) -> Iterator[Evidence]:
    for answer in sorted(known.answers, key=lambda answer: answer.command):
        if answer.command in view.bad_answers and answer.state == word and answer.observation:
            lines = (answer.first, answer.last)
            yield Evidence(answer.observation, answer.digest, known.device, answer.command, lines)


def _sources(known: DeviceFacts, word: str) -> Iterator[Source]:
    """Return the lines that lead to where the walk could not go on."""
    kind, _, detail = word.partition(":")
    if word == INCOMPLETE:
        for table in known.routes.values():
            if not table.complete and table.rows:
                first = min(row.line for row in table.rows)
                last = max(row.last or row.line for row in table.rows)
                yield Source(table.observation, first, last)
    elif kind in _ROWS:
        yield from _rows(known, lambda row: _ROWS[kind](row, detail))
    elif kind == "no_peer":
        yield from (tunnel.source for tunnel in known.tunnels if tunnel.name == detail)
    elif kind == "no_master":
        yield from (group.source for group in known.vrrp)
    elif kind == "table":
        yield from (node.source for node in known.policy_routes if node.table == detail)
    elif kind in ("no_exporter", "ambiguous_vpn"):
        vpn = detail.partition(":")[0]
        yield from _rows(known, lambda row: "bgp" in row.protocol, vpn)


_ROWS: Mapping[str, Callable[[RouteRow, str], bool]] = {
    "unowned": lambda row, hop: row.next_hop == hop,
    "unresolved": lambda row, hop: row.next_hop == hop,
    "nobody_at": lambda row, line: row.interface == line and row.protocol != "direct",
    "no_next_hop": lambda row, _: not (row.next_hop or row.interface or row.blackhole),
}
"""Which rows lead to a place, by the word of the cause."""


def _rows(
    known: DeviceFacts, leads: Callable[[RouteRow], bool], vpn: str | None = None
) -> Iterator[Source]:
    for (instance, _family), table in known.routes.items():
        if vpn in (None, instance):
            rows = (row for row in table.rows if row.active and leads(row))
            yield from (row.source(table.observation) for row in rows)
