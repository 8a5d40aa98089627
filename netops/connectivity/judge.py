"""The connectivity audit: facts, measurements, inventory and policy in, findings out.

Knows the order of the questions. Refuses to know how any of them is answered, and any clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from netops.connectivity.applications import NO_ROUTE, Service, judge_services
from netops.connectivity.failure import Failures, failure_findings, find_failures
from netops.connectivity.findings import (
    APPLICATION,
    APPLICATION_UNKNOWN,
    contradiction_findings,
    cut_findings,
    link_findings,
    service_findings,
    unknown_findings,
)
from netops.connectivity.measured import Measured, contradicted, unsettled
from netops.connectivity.measured_findings import (
    CONTRADICTION,
    denial_findings,
    describe,
    quality_findings,
    row_of,
    stray_findings,
)
from netops.connectivity.network import Network
from netops.connectivity.quality import Sample, judge_quality
from netops.connectivity.rates import make_rates
from netops.connectivity.redundancy import Joined, count_paths, single_points
from netops.connectivity.standing import Standing, stand
from netops.facts.device import Contact, DeviceFacts
from netops.facts.measurements import NOTHING_MEASURED, Measurements
from netops.findings import (
    Coverage,
    Finding,
    Judged,
    SubjectRow,
    Text,
    Verdict,
)
from netops.inventory.model import Inventory
from netops.policy.model import Policy


def judge_connectivity(
    inventory: Inventory,
    facts: Mapping[str, DeviceFacts],
    policy: Policy,
    as_of: date,  # noqa: ARG001 - every audit has the same shape; no exemption bears on this one
    active: Measurements = NOTHING_MEASURED,
    *,
    against_failure: bool = False,
) -> Judged:
    """Judge four-level connectivity; pure, and the same whenever it runs.

    ``active`` stands beside the tables and can unsettle them; ``against_failure`` asks beside
    it which single failure cuts whom.
    """
    network = Network(inventory, facts)
    measured = Measured(network, active)
    modelled = stand(network)
    denied = contradicted(modelled, measured)
    standings = unsettled(modelled, denied)
    joined = count_paths(network)
    services = tuple(judge_services(network, standings))
    samples = tuple(judge_quality(network, measured.series, policy))
    failures = find_failures(network, policy) if against_failure else None
    findings = (
        *_of_tables(network, standings, services, denied),
        *denial_findings(network, denied, measured, active.digests),
        *stray_findings(network, measured.paths, active.digests),
        *quality_findings(network, samples, active.digests),
        *(failure_findings(network, failures) if failures is not None else ()),
    )
    named = _named(findings)
    rows = _rows(network, standings, (joined, measured), named)
    return Judged(
        coverage=_coverage(network),
        rates=tuple(make_rates(network, standings, joined, policy)),
        subjects=(*rows, *_service_rows(services, findings, named)),
        findings=findings,
        information=_information(network, measured, samples, failures),
    )


def _information(
    network: Network, measured: Measured, samples: tuple[Sample, ...], failures: Failures | None
) -> dict[str, Any]:
    """Return what is told beside the verdicts; what nobody measured or asked for is left out."""
    found: dict[str, Any] = {"single_points": single_points(network)}
    if not measured.is_empty:
        found["measured"] = describe(measured, samples)
    if failures is not None:
        found["against_failure"] = failures.to_json()
    return found


def _of_tables(
    network: Network,
    standings: Mapping[str, Standing],
    services: tuple[Service, ...],
    denied: Mapping[str, object],
) -> Iterator[Finding]:
    """Yield what the tables say; of whom packets deny them, that is told instead."""
    yield from cut_findings(network, standings)
    for finding in unknown_findings(network, standings):
        if finding.subject.id not in denied:
            yield finding
    yield from service_findings(network, services)
    yield from link_findings(network, standings)
    yield from contradiction_findings(network)


def _coverage(network: Network) -> Coverage:
    known = network.facts.values()
    return Coverage(
        registered=len(network.inventory.devices),
        asked=sum(1 for k in known if k.contact is not Contact.NOT_ASKED),
        answered=sum(1 for k in known if k.has_answered),
        understood=sum(1 for name in network.facts if network.has_tables(name)),
        unparsed_lines=sum(len(k.unread) for k in known),
    )


_WHY = ("connectivity.disconnected", "connectivity.unknown", CONTRADICTION)


def _named(findings: tuple[Finding, ...]) -> Mapping[str, list[str]]:
    """Return the findings that say of a government why it is not, or not known, connected."""
    named: dict[str, list[str]] = {}
    for finding in findings:
        if finding.rule in _WHY and finding.verdict is not Verdict.PARTLY_MET:
            for code in (finding.subject.id, *finding.affected):
                named.setdefault(code, []).append(finding.id)
    return named


def _rows(
    network: Network,
    standings: Mapping[str, Standing],
    beside: tuple[Mapping[str, Joined], Measured],
    named: Mapping[str, list[str]],
) -> Iterator[SubjectRow]:
    joined, measured = beside
    for code, standing in standings.items():
        paths = joined.get(code)
        yield SubjectRow(
            kind="government",
            id=code,
            name=network.inventory.governments[code].name,
            government=code,
            verdict=standing.verdict,
            reason=tuple(named[code]) if code in named else None,
            note=_note(standing),
            extra={
                "cause": standing.cause,
                "paths": None
                if paths is None
                else {"asked": paths.asked, "sure": paths.sure, "possible": paths.possible},
                **row_of(measured, code),
            },
        )


def _note(standing: Standing) -> Text | None:
    if not standing.trusted:
        return None
    names = "、".join(sorted(standing.trusted))
    return Text(
        zh=f"途中设备未给出路由表，该段以带内应答为据：{names}",
        en="Devices on the way gave no tables; for that part the in-band answer stands: "
        + ", ".join(sorted(standing.trusted)),
    )


def _service_rows(
    services: tuple[Service, ...], findings: tuple[Finding, ...], named: Mapping[str, list[str]]
) -> Iterator[SubjectRow]:
    """Yield a row a pair; one that is not met names the findings that say why."""
    of_application = _by_subject(findings, APPLICATION)
    of_device = _by_subject(findings, APPLICATION_UNKNOWN)
    for service in services:
        if service.cause == NO_ROUTE and service.verdict is Verdict.NOT_MET:
            reason = [of_application[service.application.id]]
        elif service.unread:
            reason = [of_device[device] for device in sorted(service.unread)]
        else:
            reason = named.get(service.government, [])
        yield SubjectRow(
            kind="application",
            id=service.application.id,
            name=service.application.name,
            government=service.government,
            verdict=service.verdict,
            reason=None if service.verdict is Verdict.MET else tuple(reason),
            extra={"cause": service.cause},
        )


def _by_subject(findings: tuple[Finding, ...], rule: str) -> dict[str, str]:
    return {finding.subject.id: finding.id for finding in findings if finding.rule == rule}
