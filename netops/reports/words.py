"""The words of a report in both languages: verdicts, strengths, levels, rules, mechanisms.

Data only: a word per value that an audit can give. The sentences of a page are in its phrases.
"""

from __future__ import annotations

from netops.divisions import Level
from netops.exits.findings import MECHANISMS as _MECHANISMS
from netops.findings import Severity, Strength, Text, Verdict

VERDICTS = {
    Verdict.MET: Text("符合", "met"),
    Verdict.PARTLY_MET: Text("部分符合", "partly met"),
    Verdict.NOT_MET: Text("不符合", "not met"),
    Verdict.NOT_APPLICABLE: Text("不适用", "not applicable"),
    Verdict.UNKNOWN: Text("未知", "unknown"),
    Verdict.NEEDS_PERSON: Text("待人工判定", "needs a person"),
}

STRENGTHS = {
    Strength.PROVEN: Text("已实证", "proven"),
    Strength.CONSISTENT: Text("一致", "consistent"),
    Strength.SUSPECTED: Text("可疑", "suspected"),
    Strength.VIOLATED: Text("违反", "violated"),
    Strength.UNKNOWN: Text("未知", "unknown"),
    Strength.EXEMPT: Text("例外", "exempt"),
}

SEVERITIES = {
    Severity.CRITICAL: Text("紧急", "critical"),
    Severity.HIGH: Text("高", "high"),
    Severity.MEDIUM: Text("中", "medium"),
    Severity.LOW: Text("低", "low"),
    Severity.INFO: Text("提示", "info"),
}

LEVELS = {
    Level.PROVINCE: Text("省级", "province"),
    Level.CITY: Text("市级", "city"),
    Level.COUNTY: Text("县级", "county"),
    Level.TOWNSHIP: Text("乡级", "township"),
}

AUDITS = {
    "baseline": Text("等级保护基线核查", "Baseline of tiered protection"),
    "connectivity": Text("四级联通审计", "Audit of four-level connectivity"),
    "exits": Text("互联网出口审计", "Audit of internet exits"),
}

RATES = {
    "connectivity.connected": Text("联通率", "connected"),
    "connectivity.redundant": Text("冗余率", "redundant"),
    "exits.unit": Text("部门整合率", "units integrated"),
    "exits.single": Text("单一出口率", "single exit"),
}

RULES = {
    "baseline.no_graded_object": Text("不属于任何定级对象", "Serves no graded object"),
    "baseline.person": Text("人工判定不符合", "Found not met by a person"),
    "baseline.unknown": Text("检查无法判定", "Checks that could not be judged"),
    "connectivity.disconnected": Text("与全网断开", "Cut off"),
    "connectivity.unknown": Text("联通情况未知", "Connectivity not known"),
    "connectivity.application": Text("纵向应用无路由", "No route to a vertical application"),
    "connectivity.application_unknown": Text(
        "纵向应用能否到达未知", "Not known whether vertical applications are reached"
    ),
    "connectivity.link_down": Text("登记线路断开", "A registered link is down"),
    "connectivity.snmp_contradicts": Text(
        "命令行与SNMP矛盾", "Command line and SNMP contradict one another"
    ),
    "connectivity.contradiction": Text(
        "路由与实测矛盾", "Routes and measurements contradict one another"
    ),
    "connectivity.quality": Text("线路质量不达标", "Quality below the policy's threshold"),
    "connectivity.single_point": Text(
        "要求双路径处存在单点", "A single point where two paths are asked"
    ),
    "exits.undeclared": Text("未登记的互联网出口", "Undeclared internet exit"),
    "exits.latent": Text("潜在的互联网出口", "Latent internet exit"),
    "exits.foreign": Text("从不允许的出口出网", "Leaves by an exit that is not allowed to it"),
    "exits.class": Text("与接入类别不符", "Contradicts the access class"),
    "exits.bypass": Text("存在绕过统一出口的路径", "A path around the consolidated exit"),
    "exits.measured": Text("实测从不应有之处出网", "Seen to leave where it must not"),
    "exits.contradiction": Text("证据互相矛盾", "Evidence that contradicts itself"),
    "exits.unknown": Text("出口情况未知", "Exits not known"),
}

MECHANISMS = {name.value: text for name, text in _MECHANISMS.items()}

SIGNALS = {
    **MECHANISMS,
    "nat": Text("地址转换", "address translation"),
    "nat_sessions": Text("存在转换会话", "live translation sessions"),
    "dhcp_client": Text("DHCP客户端", "a DHCP client"),
    "snmp": Text("SNMP所见", "seen by SNMP"),
}
"""What speaks for an exit point: mechanisms, and what else is seen beside them."""

KINDS = {
    "graded_object": Text("定级对象", "graded object"),
    "object_item": Text("定级对象测评项", "item of a graded object"),
    "asset": Text("资产", "asset"),
    "item": Text("资产测评项", "item on an asset"),
    "government": Text("政府", "government"),
    "department": Text("接入单位", "department"),
    "application": Text("纵向应用", "vertical application"),
    "device": Text("设备", "device"),
    "link": Text("线路", "link"),
}

COUNTED = {
    "graded_object": Text("定级对象", "graded objects"),
    "object_item": Text("定级对象测评项", "items of graded objects"),
    "asset": Text("资产", "assets"),
    "item": Text("资产测评项", "items on assets"),
    "government": Text("政府", "governments"),
    "department": Text("接入单位", "departments"),
    "application": Text("纵向应用", "vertical applications"),
    "device": Text("设备", "devices"),
    "link": Text("线路", "links"),
}
"""Kinds of subjects where their number follows."""

COLUMNS = {
    "audit": Text("审计", "audit"),
    "registered": Text("登记设备", "devices registered"),
    "asked": Text("已询问", "asked"),
    "answered": Text("已应答", "answered"),
    "understood": Text("已读懂", "understood"),
    "unparsed_lines": Text("未识别的行", "lines not understood"),
    "snapshot": Text("快照", "snapshot"),
    "begin": Text("采集开始", "begin"),
    "end": Text("采集结束", "end"),
    "as_of": Text("判定日", "as of"),
    "inventory": Text("台账摘要", "inventory digest"),
    "policy": Text("策略摘要", "policy digest"),
    "samples": Text("样例取值", "sample values"),
    "tool": Text("工具", "tool"),
    "rate": Text("指标", "rate"),
    "level": Text("级别", "level"),
    "denominator": Text("总数", "of"),
    "floor": Text("下限", "floor"),
    "reported": Text("上报", "reported"),
    "ceiling": Text("上限", "ceiling"),
    "exempt": Text("例外", "exempt"),
    "declared": Text("台账声明", "on record"),
    "target": Text("目标", "target"),
    "plan": Text("依据", "plan"),
    "closure": Text("闭合度", "closure"),
    "sample": Text("样例目标", "sample target"),
    "formula": Text("公式", "formula"),
    "id": Text("编号", "id"),
    "rule": Text("规则", "rule"),
    "verdict": Text("结论", "verdict"),
    "severity": Text("严重程度", "severity"),
    "subject_kind": Text("对象种类", "kind"),
    "subject": Text("对象", "subject"),
    "name": Text("名称", "name"),
    "government": Text("政府", "government"),
    "strength": Text("强度", "strength"),
    "exit": Text("出口", "exit"),
    "reason": Text("发现编号", "findings"),
    "message": Text("说明", "message"),
    "affected": Text("受影响", "affected"),
    "cause": Text("原因", "cause"),
    "device": Text("设备", "device"),
    "command": Text("命令", "command"),
    "lines": Text("行", "lines"),
    "observation": Text("证据编号", "observation"),
    "exemption": Text("例外批准", "exemption"),
    "mechanism": Text("机制", "mechanism"),
    "digest": Text("摘要", "digest"),
    "remedy": Text("处置建议", "remedy"),
    "decides": Text("如何判定", "what would decide it"),
}
"""Headings of a workbook."""


def plain(text: Text | None, fallback: str) -> Text:
    """Return ``text``, or ``fallback`` in both languages."""
    return text if text is not None else Text(fallback, fallback)


def judged(verdict: Verdict, strength: Strength | None) -> Text:
    """Return a verdict with the strength that it rests on, where the audit has strengths."""
    word = VERDICTS[verdict]
    if strength is None or verdict is Verdict.UNKNOWN:
        return word
    how = STRENGTHS[strength]
    return Text(f"{word.zh}（{how.zh}）", f"{word.en} ({how.en})")


def lines(first: int, last: int) -> str:
    """Return lines of an answer as people name them; nothing where the whole answer is meant."""
    return f"{first}-{last}" if last else ""


def share(count: int, total: int) -> str:
    """Return a percentage cut off after one decimal, so that only a whole is 100 %."""
    if total == 0:
        return "–"
    tenths = 1000 * count // total
    return f"{tenths // 10} %" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10} %"
