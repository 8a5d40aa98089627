"""Why something is unknown, and what would decide it, by the cause's word.

One entry a word that an audit can give. Refuses to know which audit gives it: the same silence
of a device means the same work for the people who read the report.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from netops.findings import Finding, Text


class Cause(NamedTuple):
    """A cause as a heading, and what would turn the unknown into an answer."""

    title: Text
    decides: Text


_RESTORE = Text(
    "恢复设备的管理通道后重新采集；或登记人工导出的命令输出（snapshot import）。",
    "Restore the way to manage the device and collect again; or import command output that was "
    "exported by hand (snapshot import).",
)
_TABLES = Text(
    "使采集账号能在该设备上读出接口表与全部实例的路由表，然后重新采集。",
    "Let the collecting account read the interface and routing tables of every instance on this "
    "device, then collect again.",
)
_RIGHTS = Text(
    "给采集账号补授只读命令权限，然后重新采集。",
    "Grant the collecting account the read-only command, then collect again.",
)
_PARSER = Text(
    "把该设备的原始回答作为样本交给解析器维护者；补上解析后可对同一快照重新判定，不必重新采集。",
    "Hand the raw answer to the maintainers of the parser; once it is understood, the same "
    "snapshot can be judged again without a new collection.",
)
_KEYS = Text(
    "由专人核对设备指纹，确认后用 inventory keys approve 登记新密钥，再重新采集；"
    "若无人更换过设备，按安全事件处理。",
    "Have a person check the fingerprint, approve the new key with inventory keys approve and "
    "collect again; where nobody replaced the device, treat it as a security incident.",
)
_REGISTER = Text(
    "核对台账与地址规划：补登记拥有该地址的设备或线路，或更正登记，然后重新判定。",
    "Check inventory and address plan: register the device or line that owns the address, or "
    "correct the entry, then judge again.",
)

CAUSES: Mapping[str, Cause] = {
    "unreachable": Cause(Text("设备不可达", "The device cannot be reached"), _RESTORE),
    "unreachable_unexplained": Cause(
        Text("设备无应答，且对端未见线路断开", "No answer, and no other end sees a link down"),
        _RESTORE,
    ),
    "not_asked": Cause(
        Text("本次未采集", "Not asked in this snapshot"),
        Text(
            "用 snapshot take --resume 补采，或重新采集。",
            "Finish the snapshot with snapshot take --resume, or take another.",
        ),
    ),
    "login_refused": Cause(
        Text("登录被拒绝", "The log-in was refused"),
        Text(
            "核对该设备的采集账号与口令（不要重复尝试，以免锁定），然后重新采集。",
            "Check account and password of the collector on this device (without repeated tries, "
            "which may lock it), then collect again.",
        ),
    ),
    "no_credentials": Cause(
        Text("没有登录凭据", "No credentials"),
        Text(
            "在台账中补上凭据引用，或使引用可以解析，然后重新采集。",
            "Register a credential reference, or make it resolve, then collect again.",
        ),
    ),
    "password_expired": Cause(
        Text("口令已过期", "The password has expired"),
        Text(
            "由管理员更换采集账号口令并更新凭据，然后重新采集。",
            "Have the administrator renew the account's password and the credential, then collect "
            "again.",
        ),
    ),
    "host_key_changed": Cause(Text("主机密钥已改变", "The host key has changed"), _KEYS),
    "host_key_unknown": Cause(Text("主机密钥未登记", "The host key is not registered"), _KEYS),
    "hung": Cause(
        Text("设备接受连接后无响应", "The device accepts a connection and says nothing"), _RESTORE
    ),
    "dropped": Cause(Text("设备中断会话", "The device drops the session"), _RESTORE),
    "unusable": Cause(
        Text("设备的应答无法采信", "No answer of the device can be accepted"),
        Text(
            "人工登录查看回显（分页、截断、乱码），排除后重新采集；或导入人工导出的输出。",
            "Log in and look at what it prints (pager, truncation, garbage), mend it and collect "
            "again; or import output exported by hand.",
        ),
    ),
    "refused": Cause(Text("必需的命令被拒绝", "A needed command was refused"), _RIGHTS),
    "not_understood": Cause(
        Text("必需的应答未能读懂", "A needed answer was not understood"), _PARSER
    ),
    "error": Cause(
        Text("必需的命令没有得到完整应答", "A needed command got no proper answer"), _RESTORE
    ),
    "incomplete": Cause(Text("路由表不完整", "A routing table is incomplete"), _PARSER),
    "no_facts": Cause(
        Text("接口表或路由表缺失", "Interfaces or routing tables are missing"), _TABLES
    ),
    "tables_missing": Cause(
        Text("设备应答但未给出接口表或路由表", "It answers without interface or routing table"),
        _TABLES,
    ),
    "tables_missing_on_the_way": Cause(
        Text("途中设备未给出路由表", "A device on the way gave no routing table"), _TABLES
    ),
    "no_route": Cause(
        Text("路由未能双向通到省核心", "Routes do not lead both ways to the province core"),
        Text(
            "核对该节点与上级之间的路由发布与登记线路，然后重新采集。",
            "Check the routes announced between this node and its superior, and the registered "
            "links, then collect again.",
        ),
    ),
    "no_device": Cause(
        Text("未登记设备", "No device is registered"),
        Text("在台账中登记该政府的设备，然后采集。", "Register its devices, then collect."),
    ),
    "no_owner": Cause(
        Text("没有任何已采集设备拥有该子网", "No device that was read owns the subnet"),
        Text(
            "恢复并采集其网关设备；若网关已采集，更正台账中的子网。",
            "Restore and collect the gateway; where the gateway was read, correct the subnet in "
            "the inventory.",
        ),
    ),
    "no_master": Cause(
        Text("只见备用网关，未见主用网关", "Only waiting gateways were seen, no master"),
        Text("采集该网段的主用网关。", "Collect the master gateway of the segment."),
    ),
    "no_subnets": Cause(
        Text("接入单位没有登记子网", "Departments without registered subnets"),
        Text("在台账中登记其子网。", "Register their subnets."),
    ),
    "unowned": Cause(
        Text(
            "下一跳在地址规划内，但没有任何已采集设备拥有它",
            "The next hop is inside the plan, but no device that was read owns it",
        ),
        _REGISTER,
    ),
    "unresolved": Cause(
        Text("下一跳无法解析到直连接口", "The next hop resolves to no connected interface"), _TABLES
    ),
    "nobody_at": Cause(
        Text("接口的对端未知", "Nobody is known at the far end of an interface"), _REGISTER
    ),
    "no_peer": Cause(
        Text("隧道的对端地址未知", "The peer of a tunnel is not known"),
        Text(
            "在设备上查明隧道对端并登记，然后重新采集。",
            "Find the tunnel's peer on the device, register it and collect again.",
        ),
    ),
    "no_exporter": Cause(
        Text("找不到导出该路由的VPN实例", "No VPN instance exports the route"), _TABLES
    ),
    "ambiguous_vpn": Cause(
        Text(
            "路由可能来自去向不同的多个VPN实例",
            "A route may come from several VPN instances that end differently",
        ),
        Text(
            "使设备显示该路由的RD或标签（VPNv4路由表），然后重新采集。",
            "Let the device show route distinguisher or label (the VPNv4 table), then collect "
            "again.",
        ),
    ),
    "table": Cause(
        Text("策略路由引用的路由表未采集", "A routing table of a policy was not collected"), _TABLES
    ),
    "no_graded_object": Cause(
        Text("不属于任何定级对象", "No graded object is served"),
        Text(
            "在graded.yaml中登记定级对象及其设备，或用--profile指定基线。",
            "Register the graded object with its devices in graded.yaml, or name a --profile.",
        ),
    ),
    "not_collected": Cause(
        Text("证据未采集", "The evidence was not collected"),
        Text(
            "用netops baseline scan采集（或导入采集脚本的输出），然后重新判定。",
            "Collect it with netops baseline scan, or import what the collector script wrote; "
            "then judge again.",
        ),
    ),
    "no_next_hop": Cause(
        Text("路由没有下一跳也没有接口", "A route has neither next hop nor interface"), _PARSER
    ),
}

_OTHER = Cause(
    Text("原因不明", "The cause was not established"),
    Text("由人工核查该对象后重新采集。", "Have a person look at it, then collect again."),
)


def word_of(finding: Finding) -> str:
    """Return the word of a finding's cause, without what the word is about."""
    return (finding.cause or "").partition(":")[0]


def detail_of(finding: Finding) -> str:
    """Return what the cause's word is about: a subnet, a next hop, a device."""
    named = (finding.cause or "").partition(":")[2]
    device = finding.observed.get("device")
    more = len(finding.observed.get("devices", ())) - 1
    if device and more > 0:
        device = f"{device} (+{more})"
    silent = finding.observed.get("silent_devices")
    if named or device:
        return "  ".join(str(part) for part in (device, named) if part)
    return ", ".join(str(name) for name in silent) if isinstance(silent, list) else ""


def cause_of(word: str) -> Cause:
    """Return the words of a cause; a word that nobody wrote down here is said to be unclear."""
    return CAUSES.get(word, _OTHER)
