"""Findings where packets and tables deny each other, and where packets are slow or lost.

Knows results. Refuses to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from netops.connectivity.measured import Measured, Series, Traced, strays
from netops.connectivity.network import Network
from netops.connectivity.quality import Sample
from netops.connectivity.standing import Standing
from netops.facts.measurements import Reach
from netops.facts.source import NOWHERE, Source
from netops.findings import Evidence, Finding, Severity, Subject, Text, Verdict

CONTRADICTION = "connectivity.contradiction"
QUALITY = "connectivity.quality"
MOST_EVIDENCE = 12

_WORDS = {
    "round_trip": Text("往返时延", "round trip"),
    "jitter": Text("抖动", "jitter"),
    "loss": Text("丢包", "loss"),
}


def denial_findings(
    network: Network,
    denied: Mapping[str, tuple[Standing, Reach]],
    measured: Measured,
    digests: Mapping[str, str],
) -> Iterator[Finding]:
    """Yield one finding for each government whose tables and packets deny each other."""
    for code, (standing, reach) in denied.items():
        series = measured.of(code)
        name = network.inventory.governments[code].name
        met = standing.verdict is Verdict.MET
        yield Finding(
            rule=CONTRADICTION,
            subject=Subject("government", code, name),
            verdict=Verdict.UNKNOWN,
            severity=Severity.MEDIUM,
            message=Text(
                zh=f"{name}：路由表表明已联通，但全部探测均无应答，无法判定"
                if met
                else f"{name}：对端显示线路断开，但探测有应答，无法判定",
                en=f"{name}: the tables say connected, yet no probe was answered; it is not known"
                if met
                else f"{name}: the other ends see its links down, yet probes are answered; it is "
                "not known",
            ),
            observed=_observed(standing.verdict, reach.value, series),
            cause="measured_fails" if met else "measured_works",
            evidence=_evidence(((s.echoes.vantage, s) for s in series), digests),
            standards=("HN 二(三)",),
        )


def stray_findings(
    network: Network, paths: Iterable[Traced], digests: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield one finding for each government to which packets went over devices of no table."""
    for code, found in strays(paths).items():
        name = network.inventory.governments[code].name
        devices = sorted({device for traced in found for device in traced.stray})
        yield Finding(
            rule=CONTRADICTION,
            subject=Subject("government", code, name),
            verdict=Verdict.PARTLY_MET,
            severity=Severity.LOW,
            message=Text(
                zh=f"到{name}的实测路径经过路由表未指向的设备：{'、'.join(devices)}",
                en=f"Packets to {name} passed devices that no table leads over: "
                + ", ".join(devices),
            ),
            observed={
                "model": "met",
                "measured": "stray",
                "vantages": sorted({traced.path.vantage for traced in found}),
                "targets": sorted({str(traced.path.target) for traced in found}),
                "devices": devices,
            },
            cause="stray_path",
            evidence=_evidence(((t.path.vantage, t) for t in found), digests),
            identity=("stray",),
        )


def quality_findings(
    network: Network, samples: Iterable[Sample], digests: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield one finding a government: its worst series, with all that are above a threshold."""
    groups: dict[str, list[Sample]] = {}
    for sample in samples:
        if sample.exceeded:
            code = sample.series.about or sample.series.there
            groups.setdefault(code, []).append(sample)
    for code, found in groups.items():
        yield _quality_finding(network, code, found, digests)


def _quality_finding(
    network: Network, code: str, found: list[Sample], digests: Mapping[str, str]
) -> Finding:
    worst = max(found, key=lambda s: (len(s.exceeded), s.percentile(95) or 0.0))
    plain = worst.to_json()
    name = network.inventory.governments[code].name
    words = [_WORDS[word] for word in worst.exceeded]
    vantage, target = plain["vantage"], plain["target"]
    trips = plain["round_trip_ms"] or {}
    return Finding(
        rule=QUALITY,
        subject=Subject("government", code, name),
        verdict=Verdict.PARTLY_MET,
        severity=Severity.LOW,
        message=Text(
            zh=f"{name}：从{vantage}到{target}的{'、'.join(w.zh for w in words)}超过策略阈值",
            en=f"{name}: {', '.join(w.en for w in words)} from {vantage} to {target} above the"
            " policy's threshold",
        ),
        observed={
            "vantage": vantage,
            "target": target,
            "segments": plain["segments"],
            "sent": plain["sent"],
            "received": plain["received"],
            "loss": plain["loss"],
            "round_trip_ms_p95": trips.get("p95"),
            "jitter_ms": plain["jitter_ms"],
            "exceeded": list(worst.exceeded),
        },
        evidence=_evidence(((s.series.echoes.vantage, s.series) for s in found), digests),
        standards=("extranet.md §5.1",),
    )


def describe(measured: Measured, samples: Iterable[Sample]) -> dict[str, Any]:
    """Return what was measured as plain JSON values, for the information of the audit."""
    return {
        "echoes": [sample.to_json() for sample in samples],
        "paths": [
            {
                "government": traced.government,
                "vantage": traced.path.vantage,
                "target": str(traced.path.target),
                "reached": traced.path.reached,
                "devices": list(traced.devices),
                "hidden": traced.hidden,
                "promised": traced.promised,
                "stray": list(traced.stray),
            }
            for traced in measured.paths
        ],
    }


def row_of(measured: Measured, code: str) -> dict[str, Any]:
    """Return what a government's row says of packets; nothing where nothing was measured."""
    if measured.is_empty:
        return {}
    series = [s.echoes for s in measured.of(code)]
    reach = measured.reach(code)
    return {
        "measured": {
            "reach": None if reach is None else reach.value,
            "sent": sum(echoes.sent for echoes in series),
            "received": sum(echoes.received for echoes in series),
            "vantages": sorted({echoes.vantage for echoes in series}),
        }
    }


def _observed(model: Verdict, said: str, series: Iterable[Series]) -> dict[str, Any]:
    listed = list(series)
    return {
        "model": model.value,
        "measured": said,
        "vantages": sorted({s.echoes.vantage for s in listed}),
        "targets": sorted({str(s.echoes.target) for s in listed}),
        "devices": [],
    }


def _evidence(
    found: Iterable[tuple[str, Series | Traced]], digests: Mapping[str, str]
) -> tuple[Evidence, ...]:
    """Quote the observations that are sealed."""
    made: dict[Evidence, None] = {}
    for vantage, item in found:
        source, command = _place(item)
        digest = digests.get(source.observation, "")
        if source != NOWHERE and digest:
            lines = (source.first, source.last)
            made[Evidence(source.observation, digest, vantage, command, lines)] = None
    return tuple(made)[:MOST_EVIDENCE]


def _place(item: Series | Traced) -> tuple[Source, str]:
    if isinstance(item, Traced):
        return item.path.evidence, f"path {item.path.target} {item.path.protocol}"
    return item.echoes.evidence, f"reach {item.echoes.target} {item.echoes.protocol}"
