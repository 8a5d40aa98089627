"""What the audit tells beside its verdicts: classes, lines, exempt points, limits.

Knows results. Refuses to judge: nothing here moves a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from netops.exits.closure import describe_closure
from netops.exits.findings import family_name
from netops.exits.points import ExitPoint, Status
from netops.exits.scene import Scene
from netops.exits.strengths import DepartmentResult
from netops.exits.terms import FAMILIES
from netops.findings import Text

LIMITS = (
    Text(
        "可能被过滤规则关闭的路径按路径计；本审计不读包过滤规则。",
        "A path that a filter may close counts as a path; packet filters are not read.",
    ),
    Text(
        "已登记出口的运营商经BGP下发的明细路由，除等同默认路由者外不作为独立的目的类别。",
        "Routes learnt by BGP from the provider of a declared exit are no classes of their own"
        " beyond what equals a default.",
    ),
    Text(
        "外部接口自身的互联网段不作为目的类别。",
        "The link networks of outside interfaces themselves are no destination classes.",
    ),
)
MODEL_LIMIT = Text(
    "结论来自配置与路由表，没有主动验证，因此不会得出“已实证”。",
    "Verdicts rest on configuration and tables; nothing was probed, so nothing is proven.",
)
MEASURED_LIMIT = Text(
    "“已实证”只说明测量过的来源、地址族与协议在有效期内经允许的出口出网；没有应答不说明任何事。",
    "Proven says that the sources, families and protocols measured left by an allowed exit, as long"
    " as the evidence is valid; silence says nothing.",
)
MOST_LISTED = 20


def inform(
    scene: Scene,
    results: Mapping[str, DepartmentResult],
    by_government: Mapping[str, Sequence[ExitPoint]],
    *,
    measured: bool,
) -> dict[str, Any]:
    """Return the information of the audit as plain JSON values."""
    points = [point for listed in by_government.values() for point in listed]
    limits = (*LIMITS, MEASURED_LIMIT if measured else MODEL_LIMIT)
    return {
        "classes": {
            family_name(family): {
                "found": scene.found_classes[family],
                "walked": len(scene.classes[family]),
            }
            for family in FAMILIES
        },
        "exit_rate": _exit_rate(points),
        "exempt_points": [_point(p) for p in points if p.status is Status.EXEMPT],
        "declared_points": [_point(p) for p in points if p.status is Status.DECLARED],
        "out_of_band": [_point(p) for p in points if p.status is Status.OUT_OF_BAND],
        "private_lines": [
            {"device": line.device, "line": line.line, "prefix": line.prefix}
            for line in scene.private_lines
        ],
        "surplus_exits": _surplus(scene),
        "contradictions": [
            {"device": device, "next_hop": hop} for device, hop in scene.contradictions
        ],
        "dropped": {
            name: list(result.dropped[:MOST_LISTED])
            for name, result in results.items()
            if result.dropped
        },
        "limits": [limit.to_json() for limit in limits],
        "closure": describe_closure(scene),
    }


def _exit_rate(points: Sequence[ExitPoint]) -> dict[str, Any]:
    """Count exits found: a declared exit is one, whatever its lines; exempt ones are left out."""
    declared = {p.exit for p in points if p.status is Status.DECLARED}
    undeclared = {
        (p.device, p.key.family, p.mechanism) for p in points if p.status is Status.UNDECLARED
    }
    found = len(declared) + len(undeclared)
    return {
        "found": found,
        "undeclared": len(undeclared),
        "verdict": "not_applicable" if not found else None,
        "formula": Text(
            "1 − 未登记出口数 ÷ 发现的出口数（例外不计）",
            "1 − undeclared exits ÷ exits found (exempt ones in neither)",
        ).to_json(),
    }


def _point(point: ExitPoint) -> dict[str, Any]:
    return {
        "device": point.device,
        "line": point.key.line,
        "family": family_name(point.key.family),
        "mechanism": point.mechanism.value,
        "latent": point.latent,
        "exit": point.exit,
        "exemption": point.exemption,
        "government": point.government,
    }


def _surplus(scene: Scene) -> list[dict[str, Any]]:
    """List governments with more declared exits than they are allowed."""
    found: dict[str, list[str]] = {}
    for made in scene.inventory.exits.values():
        if made.department is None:
            found.setdefault(made.government, []).append(made.id)
    governments = scene.inventory.governments
    return [
        {"government": code, "exits": ids, "allowed": governments[code].exits_allowed}
        for code, ids in found.items()
        if len(ids) > governments[code].exits_allowed
    ]
