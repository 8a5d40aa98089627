"""The fixed sentences of the HTML report."""

from __future__ import annotations

from netops.findings import Text

PHRASES = {
    "audits": Text("审计", "Audits"),
    "registered": Text("登记设备", "devices registered"),
    "asked": Text("已询问", "asked"),
    "answered": Text("已应答", "answered"),
    "understood": Text("已读懂", "understood"),
    "unparsed_lines": Text("未识别的行", "lines not understood"),
    "coverage": Text("覆盖情况", "Coverage"),
    "verdict": Text("结论", "Verdict"),
    "rates": Text("指标与目标", "Rates against targets"),
    "rate": Text("指标", "Rate"),
    "level": Text("级别", "Level"),
    "reported": Text("上报值", "Reported"),
    "bounds": Text("下限～上限", "Floor to ceiling"),
    "drawn": Text("0 至 100 %", "0 to 100 %"),
    "exempt": Text("例外", "exempt"),
    "declared": Text("台账声明", "on record"),
    "target": Text("目标", "Target"),
    "closure": Text("闭合度", "Closure"),
    "no_target": Text("无目标，仅供参考", "none; information"),
    "no_subject": Text("无此级对象", "no such subject"),
    "sample_target": Text("样例目标", "sample target"),
    "rate_key": Text(
        "图示：粗条为下限（已实证），中条为上报值，细条至上限（不能排除），竖线为目标。"
        "百分比只舍不入；判定以分数精确比较，例外对象不计入目标的分母。",
        "Drawn: thick bar the floor (proven), medium bar what is reported, thin bar up to the "
        "ceiling (not excluded), upright line the target. Percentages are cut off, never rounded "
        "up; the judgement compares exact fractions, and exempt subjects are taken out of what a "
        "target asks for.",
    ),
    "undecided_closure": Text(
        "上报值已达目标，但读懂的设备不足：闭合度 {closure}，策略要求的闭合度更高。"
        "使未读懂的设备可读后即可判定。",
        "What is reported reaches the target, but too few devices were understood: closure "
        "{closure}, and the policy asks for more. Reading the missing devices decides it.",
    ),
    "undecided_gap": Text(
        "上报值未达目标，上限可达：查清“{names}”中的 {n} 个对象即可判定。",
        "What is reported falls short, the ceiling does not: what decides it is to settle the "
        "subjects listed as {names} ({n}).",
    ),
    "lists": Text("指标名单", "Lists of the rates"),
    "lists_note": Text(
        "每项指标中未计入上报值的对象，按市州排列；各市页面有全部对象的结论。",
        "The subjects that a rate does not count as reported, by prefecture; the city pages have "
        "the verdict on every subject.",
    ),
    "picture": Text("四级全景", "The four levels"),
    "picture_note": Text(
        "每格一个政府；标记自左至右依次为：{audits}。“乡镇 a/b”为已证实联通的乡镇数/乡镇总数。",
        "One cell a government; marks from left to right: {audits}. “townships a/b”: proven "
        "connected / all.",
    ),
    "townships": Text("乡镇", "townships"),
    "legend": Text("图例", "Legend"),
    "cities": Text("各市一览", "The prefectures"),
    "city": Text("市州", "Prefecture"),
    "governments": Text("政府", "Governments"),
    "departments": Text("接入单位", "Departments"),
    "applications": Text("纵向应用", "Vertical applications"),
    "applications_note": Text(
        "判定的是政府侧有无通往该应用的路由；访问控制列表未读，有路由不等于放行。",
        "Judged is whether a route leads to the application; filters were not read, so a route "
        "need not be open.",
    ),
    "application": Text("应用", "Application"),
    "prefix": Text("地址段", "Prefix"),
    "pairs": Text("政府数", "Governments"),
    "code": Text("代码", "Code"),
    "name": Text("名称", "Name"),
    "class": Text("类别", "Class"),
    "paths": Text("路径 可证/要求", "Paths sure/asked"),
    "exit": Text("出口", "Exit"),
    "found": Text("发现", "Findings"),
    "subordinate": Text("本页政府", "Governments of this page"),
    "not_judged": Text("未判定", "not judged"),
    "findings": Text("发现", "Findings"),
    "findings_note": Text(
        "先列已证实的问题，后列未知；同一原因的未知合为一组。编号是该项发现的 SM3 摘要前 12 位，"
        "完整编号、证据摘要与全部受影响对象见 JSON 文件。",
        "What was found comes first, then what is unknown, one group a cause. A number is the "
        "first 12 digits of the finding's SM3; the whole number, digests of evidence and all who "
        "are affected are in the JSON.",
    ),
    "no_findings": Text("没有发现。", "No finding."),
    "hidden": Text(
        "本组另有 {n} 条未列在本页，见各市页面、JSON 与 CSV 文件。",
        "{n} more of this group are not on this page; see the city pages, JSON and CSV.",
    ),
    "group": Text("发现类别", "Group"),
    "count": Text("条数", "Count"),
    "mechanisms": Text("机制", "Mechanisms"),
    "decides": Text("如何判定", "What would decide it"),
    "subject": Text("对象", "Subject"),
    "about": Text("设备或细节", "Device or detail"),
    "affected": Text("受影响", "Affected"),
    "affected_more": Text("等共 {n} 个", "… {n} in all"),
    "affected_here": Text("（本页 {k} 个，全省共 {n} 个）", " ({k} of this page, {n} in all)"),
    "number": Text("编号", "Number"),
    "observed": Text("所见", "Observed"),
    "mechanism": Text("机制", "Mechanism"),
    "also": Text("并见", "also"),
    "evidence": Text("证据", "Evidence"),
    "evidence_more": Text("另有 {n} 处证据见 JSON 文件。", "{n} more lines of evidence: see JSON."),
    "lines": Text("第 {first}～{last} 行", "lines {first} to {last}"),
    "line": Text("第 {first} 行", "line {first}"),
    "whole_answer": Text("整条应答", "the answer as a whole"),
    "quote_cut": Text("（其余行见快照）", "(the rest is in the snapshot)"),
    "quote_none": Text(
        "（原文在快照中；本页引文已达篇幅上限或快照未附）",
        "(the text is in the snapshot; this page quotes no more, or it was not at hand)",
    ),
    "remedy": Text("处置建议", "Proposed remedy"),
    "standards": Text("依据", "Reference"),
    "exemption": Text("例外", "Exemption"),
    "registers": Text("出口登记与例外", "Exits and exemptions on record"),
    "declared_exits": Text("已登记的出口", "Declared exits"),
    "declared_elsewhere": Text(
        "全省登记出口 {n} 个；本页列省级出口，其余见各市页面。",
        "Exits declared in the province: {n}; this page lists the province's own, the city "
        "pages have theirs.",
    ),
    "owner": Text("所属", "Owner"),
    "exit_lines": Text("登记线路", "Registered lines"),
    "seen": Text("本次所见", "Seen in this snapshot"),
    "not_seen": Text(
        "未见（设备未读到，或线路未承载）", "not seen (not read, or carrying nothing)"
    ),
    "latent": Text("潜在", "latent"),
    "exempt_points": Text("例外出口", "Exempt exit points"),
    "out_of_band": Text("登记的带外管理线路", "Declared out-of-band lines"),
    "private_lines": Text(
        "通向规划外私有地址的专线（不是互联网出口，不在此判定）",
        "Lines to private addresses outside the plan (no internet exit, not judged here)",
    ),
    "surplus_exits": Text("登记出口多于许可的政府", "Governments with more exits than allowed"),
    "allowed": Text("许可", "allowed"),
    "contradictions": Text(
        "SNMP与命令行对默认路由下一跳的说法不一（只列出）",
        "Default next hops that SNMP tells and the command line does not (listed only)",
    ),
    "dropped": Text(
        "到不了的单个目的（列出，不判定）", "Destinations that are dropped (listed, not judged)"
    ),
    "exemptions": Text("例外批准", "Exemptions"),
    "in_force": Text("判定日有效", "in force"),
    "not_in_force": Text("判定日无效", "not in force"),
    "approver": Text("批准", "Approver"),
    "term": Text("期限", "Term"),
    "reason": Text("理由", "Reason"),
    "rule": Text("规则", "Rule"),
    "state": Text("状态", "State"),
    "device": Text("设备", "Device"),
    "none_listed": Text("无。", "None."),
    "more_listed": Text("另有 {n} 项见 JSON 文件。", "{n} more: see JSON."),
    "exit_rate": Text(
        "全省发现出口 {found} 个，其中未登记 {undeclared} 个（{formula}；仅供参考，不判定）。",
        "Exits found: {found}, undeclared: {undeclared} ({formula}; information, never judged).",
    ),
    "exit_classes": Text(
        "互联网目的地址归为 {found} 类，其中各设备路由表不加区分的合并后，实际推演 {walked} 类"
        "（{family}）。",
        "{family}: {found} classes of internet destinations; {walked} were walked, after joining "
        "those that every device treats alike.",
    ),
    "single_points": Text(
        "单点（断开后与省核心失联的乡镇数；未要求第二路径，不作为问题）",
        "Single points (townships that lose the province core with it; no second path is asked "
        "for, so no finding)",
    ),
    "method": Text("方法与局限", "Method and limits"),
    "method_1": Text(
        "本报告由只读采集的设备文本判定得出，未向任何设备写入。同一快照、台账、策略与判定日，"
        "任何时候重新判定，结果相同。",
        "Made from device text that was collected read-only; nothing was written to any device. "
        "The same snapshot, inventory, policy and day give the same result whenever it is judged.",
    ),
    "method_2": Text(
        "“未知”从不计为符合：没有应答的设备、被拒绝的命令、未读懂的回答都降低覆盖，"
        "并列入“发现”及其判定办法。",
        "Unknown is never counted as met: a silent device, a refused command, an answer that was "
        "not understood lowers coverage and is listed with what would decide it.",
    ),
    "method_3": Text(
        "联通从两侧判定：本级设备带内应答且双向有路由为符合；本级全部无应答且对端均见断开为"
        "不符合；其余为未知。",
        "Connectivity is judged from both sides: met where a device answers in band and routes "
        "lead both ways; not met where all are silent and every other end sees the link down; "
        "unknown otherwise.",
    ),
    "method_4": Text(
        "出口结论的强度：已实证（有主动探测）、一致（配置与路由表一致）计为符合；"
        "可疑计为部分符合；违反计为不符合。本次没有主动探测。",
        "Strengths of exit verdicts: proven (with active probes) and consistent (configuration "
        "and tables agree) count as met; suspected as partly met; violated as not met. Nothing "
        "was probed this time.",
    ),
    "samples": Text("哪些数是样例", "Which numbers are samples"),
    "samples_text": Text(
        "下列取值是样例，不是任何标准的规定，使用单位应换为本地规定：",
        "These values are samples, not any standard's; a site replaces them by its own:",
    ),
    "samples_none": Text("本报告没有使用样例取值。", "No sample value was used."),
    "sample_plan": Text("地址规划", "address plan"),
    "sample_applications": Text(
        "{n} 个纵向应用的名称与地址段", "names and prefixes of {n} vertical applications"
    ),
    "none": Text("无", "none"),
    "invented": Text(
        "注意：网络为虚构，行政区划为真实名称。",
        "Note: the network is invented; the names of the divisions are real.",
    ),
    "provenance": Text("来源", "Provenance"),
    "tool": Text("工具", "Tool"),
    "snapshot": Text("快照", "Snapshot"),
    "taken": Text("采集时间", "Taken"),
    "as_of": Text("判定日", "As of"),
    "inventory": Text("台账摘要", "Inventory digest"),
    "policy": Text("策略摘要", "Policy digest"),
    "overridden": Text(
        "（台账已另行指定，非快照自带）", "(inventory overridden, not the snapshot's)"
    ),
    "back": Text("返回全省", "Back to the province"),
    "back_method": Text(
        "指标、方法与局限、样例取值和来源见全省页面。",
        "Rates, method, limits, sample values and provenance are on the page of the province.",
    ),
    "files": Text("附件", "Files"),
    "contents": Text("本页内容", "On this page"),
}

SAMPLES = {
    "policy.closure": Text("闭合度要求", "closure asked for"),
    "policy.minimum_strength": Text("计为符合的最低强度", "least strength that counts as met"),
    "policy.tolerated_unknown": Text("容许的未知对象数", "unknown subjects tolerated"),
    "policy.anchors": Text("代表互联网的地址段", "prefixes that stand for the internet"),
    "policy.allowed_exits": Text("可用谁的出口", "whose exits may be used"),
    "policy.evidence_valid_for": Text("报文证据的有效期", "how long packets speak"),
    "policy.quality": Text("各段线路质量阈值", "thresholds of quality by segment"),
}
